import { expect } from 'chai';
import type { JsonObject } from '../../../games/contract.js';
import type { TestWorld } from '../../../src/testing/index.js';
import { field, fieldWith } from './field.js';

/** All that lasts: entities and documents. */
const everything = (bench: TestWorld) =>
  JSON.stringify([bench.zones().map(({ name }) => bench.entities(name)), ['ada', 'ben'].map((name) => bench.player(name))]);

const refusals = (bench: TestWorld, name: string) => bench.messages(name).filter(({ type }) => type === 'refused');

/** Ada in the middle, a wall to her right, Ben up and to the left. */
function situation(): TestWorld {
  const bench = fieldWith('ada', 'ben');
  bench.add('meadow', { x: 11, y: 9, width: 1, height: 3, metadata: { kind: 'wall' } });
  return bench;
}

describe('movement: what is not granted', () => {
  for (const [what, intent, reason] of [
    ['a step into a wall', { type: 'move', dx: 1, dy: 0 }, 'blocked'],
    ['a step onto somebody', { type: 'move', dx: -1, dy: -1 }, 'blocked'],
    ['to take what is not there', { type: 'pick_up' }, 'nothing_here'],
    ['to lay down what somebody else carries', { type: 'drop', item: 'daisy' }, 'not_carried'],
  ] as const) {
    it(`${what} changes nothing, and the one who asked is told why`, () => {
      const bench = situation();
      const before = everything(bench);
      bench.intent('ada', intent);

      bench.tick();

      expect(everything(bench)).to.equal(before);
      expect(refusals(bench, 'ada').map(({ intent: asked, reason: why }) => [asked, why])).to.deep.equal([[intent.type, reason]]);
      expect(refusals(bench, 'ada')[0]?.message).to.be.a('string');
      expect(refusals(bench, 'ben')).to.deep.equal([]);
    });
  }

  it('faster and further than one cell is refused before it is queued, and so is whatever no schema has', () => {
    const bench = situation();
    const cheats: JsonObject[] = [
      { type: 'move', dx: 2, dy: 0 },
      { type: 'move', dx: 0.5, dy: 0 },
      { type: 'move', dx: 1, dy: 0, times: 10 },
      { type: 'move', dx: 1, dy: 0, player: bench.player('ben').id },
      { type: 'teleport', x: 1, y: 1 },
      { type: 'pick_up', entity: 'any' },
    ];

    expect(cheats.map((cheat) => bench.intent('ada', cheat))).to.deep.equal(cheats.map(() => false));
  });

  it('a second step in a tick is refused, and the number says which', () => {
    const bench = fieldWith('ada');
    for (const seq of [4, 5, 6]) bench.intent('ada', { type: 'move', dx: 1, dy: 0 }, seq);

    bench.tick();

    expect(bench.viewOf('ada').you).to.include({ x: 11, y: 10 });
    expect(refusals(bench, 'ada').map(({ seq, reason }) => [seq, reason])).to.deep.equal([
      [5, 'one_step'],
      [6, 'one_step'],
    ]);
  });

  it('over the edge of the world nobody comes', () => {
    const bench = fieldWith('ada');
    for (let tick = 0; tick < 12; tick++) {
      bench.intent('ada', { type: 'move', dx: -1, dy: 0 });
      bench.tick();
    }

    expect(bench.viewOf('ada').you).to.include({ x: 0, y: 10 });
    expect(refusals(bench, 'ada').map(({ reason }) => reason)).to.deep.equal(['blocked', 'blocked']);
  });

  it('an eleventh thing to carry, and a second one on a cell, are refused', () => {
    const bench = fieldWith('ada');
    const daisy = { x: 10, y: 10, width: 0, height: 0, metadata: { kind: 'item', name: 'daisy' } };
    for (let taken = 0; taken < 11; taken++) {
      bench.add('meadow', daisy);
      bench.intent('ada', { type: 'pick_up' });
      bench.tick();
    }
    bench.intent('ada', { type: 'drop', item: 'daisy' });
    bench.tick();

    expect(refusals(bench, 'ada').map(({ reason }) => reason)).to.deep.equal(['hands_full', 'no_space']);
  });

  it('what comes after going through a gate is too late, and told before the other side is seen', () => {
    const bench = fieldWith('ada');
    const { id } = bench.addZone({ name: 'hill', width: 6, height: 6 });
    bench.add('meadow', { x: 11, y: 10, metadata: { kind: 'gate', name: 'hill', to: id, x: 2, y: 2 } });
    bench.intent('ada', { type: 'move', dx: 1, dy: 0 });
    bench.intent('ada', { type: 'pick_up' });

    bench.tick();

    expect(refusals(bench, 'ada').map(({ intent, reason }) => [intent, reason])).to.deep.equal([['pick_up', 'gone']]);
  });

  it('whoever found no room in a zone is told so, whatever it asks for', () => {
    const bench = field();
    bench.addZone({ name: 'closet', width: 1, height: 1 });
    for (const name of ['ada', 'ben']) {
      bench.join(name, 'closet');
      bench.tick();
    }
    bench.intent('ben', { type: 'say', text: 'hello?' });

    bench.tick();

    expect(refusals(bench, 'ben').map(({ reason }) => reason)).to.deep.equal(['no_walker']);
  });
});
