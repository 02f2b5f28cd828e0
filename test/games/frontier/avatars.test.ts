import { expect } from 'chai';
import type { JsonObject, Tick } from '../../../games/contract.js';
import { frontier } from '../../../games/frontier/frontier.js';
import type { Message } from '../../../games/frontier/messages.js';
import { readRules } from '../../../games/frontier/rules.js';
import { createTestWorld } from '../../../src/testing/index.js';
import {
  CELL_CM,
  carried,
  field,
  fieldWith,
  head,
  ITEMS,
  instanceOf,
  ofKind,
  place,
  rulesWith,
  SETTINGS,
  TICK_MS,
  walkTo,
} from './field.js';

describe('frontier: avatars', () => {
  it('begin at the chosen place, with what newcomers bring', async () => {
    const bench = await fieldWith(['ada']);

    expect(place(bench, 'ada')).to.deep.equal({ x: 1000, z: 1000 });
    expect(carried(bench, 'ada')).to.deep.equal(['sword 1', 'shield 1', 'arrow 30']);
    expect(bench.viewOf('ada').cell).to.deep.equal({ column: 0, row: 0 });
  });

  it('are strewn around the place where there are many', async () => {
    const bench = await fieldWith(['ada', 'ben', 'cho'], { spawnSpreadCm: 500 });

    const places = ['ada', 'ben', 'cho'].map((name) => place(bench, name));

    expect(new Set(places.map(({ x }) => x)).size).to.equal(3);
    for (const { x, z } of places) expect([x, z].every((at) => at >= 500 && at <= 1500)).to.equal(true);
  });

  it('walk at full speed while their player says nothing else', async () => {
    const bench = await fieldWith(['ada']);
    head(bench, 'ada', 1, 0);

    bench.tick(10);

    expect(place(bench, 'ada')).to.deep.equal({ x: 1300, z: 1000 });
    expect(bench.viewOf('ada').player).to.include({ vx: 600, vz: 0 });
  });

  it('stand still when told so', async () => {
    const bench = await fieldWith(['ada']);
    head(bench, 'ada', 1, 0);
    bench.tick();

    head(bench, 'ada', 0, 0);
    bench.tick(5);

    expect(place(bench, 'ada')).to.deep.equal({ x: 1030, z: 1000 });
    expect(bench.viewOf('ada').player).to.include({ vx: 0, vz: 0 });
  });

  it('are not faster by what the client says about time, nor by saying it twice', async () => {
    const bench = await fieldWith(['ada']);
    for (const dt of [100, 1e9, -5]) bench.intent('ada', { type: 'input', dt, intent: { x: 1, z: 0 } });

    bench.tick();

    expect(place(bench, 'ada').x).to.equal(1030);
  });

  it('are refused a wish that is longer than one, or no number', async () => {
    const bench = await fieldWith(['ada']);
    const wishes: JsonObject[] = [{ x: 1.1, z: 0 }, { x: '1', z: 0 }, { x: 0 }, { x: 0, z: 0, y: 1 }];

    expect(wishes.map((intent) => bench.intent('ada', { type: 'input', intent }))).to.deep.equal([false, false, false, false]);
  });

  it('are slowed by what they carry', async () => {
    const heavy = { ...SETTINGS.newcomer, items: [{ template: 'anvil', quantity: 1 }] };
    const bench = await fieldWith(['ada'], { newcomer: heavy });
    head(bench, 'ada', 1, 0);

    bench.tick();

    // 60 % of the weight limit is 10 % over the light part: a fifth of the worst penalty of 60 %.
    expect(bench.viewOf('ada').player).to.include({ vx: 520 });
    expect((bench.viewOf('ada').inventory as { encumbrance: object }).encumbrance).to.deep.equal({
      weight_g: 12_000,
      weight_percent: 60,
      penalty_percent: 12,
    });
  });

  it('stop at the end of the world', async () => {
    const bench = await fieldWith(['ada']);
    head(bench, 'ada', -1, -1);

    bench.tick(200);

    expect(place(bench, 'ada')).to.deep.equal({ x: 0, z: 0 });
    expect(bench.viewOf('ada').player).to.include({ vx: 0, vz: 0 });
  });

  it('go with their player, and are back where they were, with what they had', async () => {
    const bench = await fieldWith(['ada']);
    walkTo(bench, 'ada', 1444);
    bench.intent('ada', { type: 'equip', instance_id: instanceOf(bench, 'ada', 'sword'), slot: 'main_hand' });
    bench.tick();

    bench.leave('ada');
    bench.tick(3);
    const away = ofKind(bench, 'player');
    bench.join('ada');
    bench.tick();

    expect(away).to.deep.equal([]);
    expect(place(bench, 'ada')).to.deep.equal({ x: 1444, z: 1000 });
    expect(carried(bench, 'ada')).to.deep.equal(['shield 1', 'arrow 30']);
    expect((bench.viewOf('ada').equipment as { slots: object }).slots).to.have.property('main_hand');
  });

  it('are back where they were when the server was started again with another item file while their players were there', async () => {
    for (const version of [ITEMS.version + 1, ITEMS.version - 1]) {
      let game = frontier(rulesWith());
      const bench = await createTestWorld(
        { ...game, onTick: (tick: Tick<Message>) => game.onTick(tick) },
        { intervalMs: TICK_MS },
      );
      bench.join('ada');
      bench.tick();
      walkTo(bench, 'ada', 1444);
      await bench.kill();
      game = frontier(readRules(SETTINGS, { ...ITEMS, version, renamed: [] }));

      bench.tick();
      bench.join('ada');
      bench.tick();

      expect(place(bench, 'ada'), `version ${version}`).to.deep.equal({ x: 1444, z: 1000 });
    }
  });

  it('are back in the cell where they were, also past its edge', async () => {
    const bench = await fieldWith(['ada']);
    walkTo(bench, 'ada', CELL_CM + 30);
    bench.leave('ada');
    bench.tick();

    bench.join('ada');
    bench.tick();

    expect(place(bench, 'ada')).to.deep.equal({ x: CELL_CM + 30, z: 1000 });
    expect(bench.where('ada')).to.equal('cell 0,0');
  });

  it('are let into the cell where they are, and where newcomers begin, and nowhere else', async () => {
    const bench = await fieldWith(['ada']);
    const game = frontier(rulesWith());
    const admits = (name: string) => game.admit?.(bench.zone(name), bench.player('ada'), 0);

    expect([admits('cell 0,0'), admits('cell 1,0')]).to.deep.equal([true, false]);
    walkTo(bench, 'ada', CELL_CM + 300);
    expect([admits('cell 0,0'), admits('cell 1,0'), admits('cell 1,1')]).to.deep.equal([true, true, false]);
  });

  it('write no document for a step', async () => {
    const bench = await fieldWith(['ada']);
    const before = bench.player('ada');
    head(bench, 'ada', 1, 0);

    bench.tick(3);

    expect(bench.player('ada')).to.equal(before);
  });

  it('do nothing in a zone that is no cell', async () => {
    const bench = await field();
    bench.addZone({ name: 'market', width: 10, height: 10 });
    bench.join('ada', 'market');

    bench.tick(2);

    expect(bench.viewOf('ada')).to.include({ cell: null, player: null });
    expect(bench.entities('market')).to.deep.equal([]);
  });
});
