import { expect } from 'chai';
import type { TestWorld } from '../../../src/testing/index.js';
import { cell, fieldWith, ofKind, walk } from './field.js';

function daisy(bench: TestWorld, x: number, y: number, { regrows = false } = {}): string {
  const kind = { kind: 'item', name: 'daisy' };
  return bench.add('meadow', { x, y, width: 0, height: 0, metadata: regrows ? { ...kind, regrows } : kind });
}

function pickUp(bench: TestWorld, name = 'ada'): void {
  bench.intent(name, { type: 'pick_up' });
  bench.tick();
}

const carried = (bench: TestWorld, name = 'ada') => bench.player(name).state?.items;

describe('movement: items', () => {
  it('are taken from the ground into the document, and the player is told', () => {
    const bench = fieldWith('ada');
    daisy(bench, 10, 10);

    pickUp(bench);

    expect(carried(bench)).to.deep.equal(['daisy']);
    expect(ofKind(bench, 'item')).to.deep.equal([]);
    expect(bench.messages('ada').at(-1)).to.deep.include({ type: 'inventory', items: ['daisy'] });
    expect(bench.viewOf('ada').you).to.deep.include({ items: ['daisy'] });
  });

  it('are taken after a step in the same tick', () => {
    const bench = fieldWith('ada');
    daisy(bench, 11, 10);
    bench.intent('ada', { type: 'move', dx: 1, dy: 0 });

    pickUp(bench);

    expect(carried(bench)).to.deep.equal(['daisy']);
  });

  it('are not reached from the next cell', () => {
    const bench = fieldWith('ada');
    daisy(bench, 11, 10);

    pickUp(bench);

    expect(carried(bench)).to.deep.equal([]);
  });

  it('are taken once, however often it is asked for', () => {
    const bench = fieldWith('ada');
    daisy(bench, 10, 10);
    bench.intent('ada', { type: 'pick_up' });
    bench.intent('ada', { type: 'pick_up' });

    bench.tick();

    expect(carried(bench)).to.deep.equal(['daisy']);
  });

  it('are too many when ten are carried', () => {
    const bench = fieldWith('ada');
    for (let i = 0; i < 11; i++) {
      daisy(bench, 10, 10);
      pickUp(bench);
    }

    expect(carried(bench)).to.have.length(10);
    expect(ofKind(bench, 'item')).to.have.length(1);
  });

  it('lie where they were dropped, and are taken for good from there', () => {
    const bench = fieldWith('ada');
    daisy(bench, 10, 10);
    pickUp(bench);
    bench.intent('ada', { type: 'drop', item: 'daisy' });

    bench.tick();
    const lying = ofKind(bench, 'item');
    pickUp(bench);

    expect(lying).to.have.length(1);
    expect(lying[0]).to.deep.include({ x: 10, y: 10, width: 0, height: 0, metadata: { kind: 'item', name: 'daisy' } });
    expect(bench.entities('meadow').filter(({ width }) => width === 0)).to.deep.equal([]);
  });

  it('are dropped one to a cell, and only by who has one', () => {
    const bench = fieldWith('ada');
    for (let i = 0; i < 2; i++) {
      daisy(bench, 10, 10);
      pickUp(bench);
    }
    for (const item of ['daisy', 'daisy', 'unicorn']) bench.intent('ada', { type: 'drop', item });

    bench.tick();
    bench.intent('ada', { type: 'drop', item: 'daisy' });
    bench.tick();

    expect(ofKind(bench, 'item')).to.have.length(1);
    expect(carried(bench)).to.deep.equal(['daisy']);
  });

  it('that grow come back after a minute', () => {
    const bench = fieldWith('ada');
    const id = daisy(bench, 10, 10, { regrows: true });

    pickUp(bench);
    const picked = ofKind(bench, 'sprout').map((entity) => entity.id);
    bench.tick(59);
    const early = ofKind(bench, 'item');
    bench.tick();

    expect(picked).to.deep.equal([id]);
    expect(early).to.deep.equal([]);
    expect(ofKind(bench, 'item').map((entity) => entity.id)).to.deep.equal([id]);
  });

  it('that grow are ripe for who comes back, although the zone slept', () => {
    const bench = fieldWith('ada');
    daisy(bench, 10, 10, { regrows: true });
    pickUp(bench);
    bench.leave('ada');
    bench.tick();
    const asleep = !bench.isLive('meadow');

    bench.sleep(3_600_000);
    bench.join('ada');
    bench.tick();

    expect(asleep).to.equal(true);
    expect(ofKind(bench, 'item')).to.have.length(1);
  });

  it('are remembered while the player is away, and told on return', () => {
    const bench = fieldWith('ada');
    daisy(bench, 10, 10);
    pickUp(bench);
    walk(bench, 'ada', 1, 0);
    bench.leave('ada');
    bench.tick();

    bench.join('ada');
    bench.tick();

    expect(cell(bench, 'ada')).to.deep.equal([11, 10]);
    expect(bench.messages('ada').at(-1)).to.deep.include({ type: 'inventory', items: ['daisy'] });
  });

  it('go through a gate with their player', () => {
    const bench = fieldWith('ada');
    const { id } = bench.addZone({ name: 'hill', width: 9, height: 9 });
    bench.add('meadow', { x: 11, y: 10, metadata: { kind: 'gate', name: 'hill', to: id, x: 3, y: 4 } });
    daisy(bench, 10, 10);
    bench.intent('ada', { type: 'pick_up' });
    bench.intent('ada', { type: 'move', dx: 1, dy: 0 });

    bench.tick(2);

    expect(bench.where('ada')).to.equal('hill');
    expect(bench.viewOf('ada').you).to.deep.include({ items: ['daisy'] });
  });
});
