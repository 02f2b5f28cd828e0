/** Walking: what it teaches, and what it wears out. */
import { expect } from 'chai';
import fc from 'fast-check';
import type { JsonObject } from '../../../games/contract.js';
import type { TestWorld } from '../../../src/testing/index.js';
import { everything, fieldWith, instanceOf, pieces, place, SETTINGS, walkTo } from './field.js';

const { milestoneCm } = SETTINGS.training;
const HEAVY = { items: [{ template: 'anvil', quantity: 1 }], skills: {} };
/** The way of a tick under that load. */
const HEAVY_STEP_CM = 26;
const CLOTHED = { items: [{ template: 'cap', quantity: 1 }], skills: {} };

describe('frontier: milestones', () => {
  it('teach who is slowed by a load, at each of them one point', async () => {
    const bench = await fieldWith(['ada'], { newcomer: HEAVY });
    const start = place(bench, 'ada').x;

    walkTo(bench, 'ada', start + milestoneCm - 10, HEAVY_STEP_CM);
    const before = skills(bench, 'ada');
    walkTo(bench, 'ada', start + milestoneCm, HEAVY_STEP_CM);
    const first = skills(bench, 'ada');
    walkTo(bench, 'ada', start, HEAVY_STEP_CM);

    expect(before).to.deep.equal({ levels: {}, points: {} });
    expect(first).to.deep.equal({ levels: { survival: 0 }, points: { survival: 1 } });
    // Over the border and back: the way is the same one in both cells.
    expect(skills(bench, 'ada')).to.deep.equal({ levels: { survival: 1 }, points: { survival: 0 } });
  });

  it('are none for who walks to and fro without getting anywhere', async () => {
    const bench = await fieldWith(['ada'], { newcomer: HEAVY });
    const { x } = place(bench, 'ada');

    for (let leg = 0; leg < 6; leg++) walkTo(bench, 'ada', leg % 2 === 0 ? x + 300 : x, HEAVY_STEP_CM);

    expect(skills(bench, 'ada').points).to.deep.equal({});
  });

  it('wear what a player is clothed in, until it breaks: it is told and counted, and the slot is free', async () => {
    const bench = await fieldWith(['ada'], { newcomer: CLOTHED });
    const cap = instanceOf(bench, 'ada', 'cap');
    bench.intent('ada', { type: 'equip', instance_id: cap, slot: 'head' });
    bench.tick();
    const start = place(bench, 'ada').x;

    const left = [1, 2, 3].map((milestone) => {
      walkTo(bench, 'ada', milestone === 2 ? start : start + milestoneCm);
      return worn(bench, 'ada').head?.durability;
    });

    expect(left).to.deep.equal([2, 1, undefined]);
    const broken = bench.messages('ada').filter(({ type }) => type === 'item_broken');
    expect(broken.map(({ slot, instance_id, template }) => ({ slot, instance_id, template }))).to.deep.equal([
      { slot: 'head', instance_id: cap, template: 'cap' },
    ]);
    expect(pieces(bench, ['ada']).cap ?? 0).to.equal(0);
    // A cap is no load.
    expect(skills(bench, 'ada')).to.deep.equal({ levels: {}, points: {} });
  });

  it('write nothing to the document of who carries little and wears nothing', async () => {
    const bench = await fieldWith(['ada']);
    const before = bench.player('ada');

    walkTo(bench, 'ada', place(bench, 'ada').x + 500);

    expect(bench.player('ada')).to.equal(before);
  });

  it('begin anew where a player puts its load down and takes it up again', async () => {
    const bench = await fieldWith(['ada'], { newcomer: HEAVY });
    const { x } = place(bench, 'ada');
    walkTo(bench, 'ada', x + 300, HEAVY_STEP_CM);
    bench.intent('ada', { type: 'drop', instance_id: instanceOf(bench, 'ada', 'anvil') });
    bench.tick();
    const anvil = everything(bench).find(({ metadata }) => metadata.template === 'anvil');
    bench.intent('ada', { type: 'pick_up', item: String(anvil?.id) });
    bench.tick();

    walkTo(bench, 'ada', x + milestoneCm + 200, HEAVY_STEP_CM);

    expect(skills(bench, 'ada').points).to.deep.equal({});
    walkTo(bench, 'ada', x + milestoneCm + 300, HEAVY_STEP_CM);
    expect(skills(bench, 'ada').points).to.deep.equal({ survival: 1 });
  });

  it('and uses lose no piece but those that broke, and were counted, whatever is done', async () => {
    const slot = fc.constantFrom('head', 'main_hand', 'off_hand');
    const nth = fc.nat(5);
    const deed = fc.oneof(
      fc.record({ type: fc.constant('equip' as const), nth, slot }),
      fc.record({ type: fc.constant('unequip' as const), slot }),
      fc.record({ type: fc.constant('use' as const), slot }),
      fc.record({ type: fc.constant('drop' as const), nth }),
      fc.record({ type: fc.constant('pick_up' as const), nth }),
      fc.record({ type: fc.constant('input' as const), x: fc.integer({ min: -1, max: 1 }), z: fc.integer({ min: -1, max: 1 }) }),
    );
    const kinds = ['sword', 'great_sword', 'cap', 'cap', 'anvil', 'shield'];
    const newcomer = { items: kinds.map((template) => ({ template, quantity: 1 })), skills: { blades: 1 } };
    let broke = 0;
    let views = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(deed, { minLength: 10, maxLength: 50 }), async (deeds) => {
        const bench = await fieldWith(['ada', 'ben'], {
          newcomer,
          equipment: { ...SETTINGS.equipment, cooldownMs: 0 },
          training: { ...SETTINGS.training, milestoneCm: 100 },
        });
        const before = pieces(bench, ['ada', 'ben']);
        for (const [i, { type, ...wish }] of deeds.entries()) {
          const name = i % 3 === 0 ? 'ben' : 'ada';
          bench.intent(name, orderOf(bench, name, type, wish));
          bench.tick(5);

          const gone = ['ada', 'ben'].flatMap((one) => bench.messages(one)).filter(({ type: told }) => told === 'item_broken');
          const now = pieces(bench, ['ada', 'ben']);
          for (const { template } of gone) now[String(template)] = (now[String(template)] ?? 0) + 1;
          expect(now).to.deep.equal(before);
          for (const one of ['ada', 'ben']) {
            const { player, inventory } = bench.viewOf(one) as unknown as View; // the game's own; views are any JSON to the world
            // On its way into the next cell it sees neither of the two.
            if (player !== null) {
              expect(inventory.compartments.every(({ free }) => free >= 0)).to.equal(true);
              views += 1;
            }
            expect(Object.values(worn(bench, one)).every(({ durability }) => durability !== 0)).to.equal(true);
          }
          broke = Math.max(broke, gone.length);
        }
      }),
      { numRuns: 40 },
    );
    expect(broke).to.be.greaterThan(0);
    expect(views).to.be.greaterThan(0);
  }).timeout(20_000);
});

interface View {
  readonly player: object | null;
  readonly inventory: { readonly compartments: readonly { readonly free: number }[] };
}

function orderOf(bench: TestWorld, name: string, type: string, { nth = 0, x, z, ...rest }: Record<string, unknown>): JsonObject {
  const { inventory } = bench.player(name).state as unknown as { inventory: { id: string }[] };
  const carried = inventory[Number(nth) % (inventory.length || 1)]?.id ?? 'nothing';
  const items = everything(bench).filter(({ metadata }) => metadata.kind === 'item');
  const lying = items[Number(nth) % (items.length || 1)]?.id ?? 'nothing';
  switch (type) {
    case 'input':
      return { type, intent: { x: Number(x), z: Number(z) } };
    case 'pick_up':
      return { type, item: lying };
    case 'drop':
      return { type, instance_id: carried };
    case 'equip':
      return { type, instance_id: carried, slot: String(rest.slot) };
    default:
      return { type, slot: String(rest.slot) };
  }
}

function skills(bench: TestWorld, name: string) {
  return (bench.player(name).state as unknown as { skills: { levels: object; points: object } }).skills;
}

function worn(bench: TestWorld, name: string): Record<string, { durability: number | null }> {
  const { equipment } = bench.player(name).state as unknown as {
    equipment: { slots: Record<string, { durability: number | null }> };
  };
  return equipment.slots;
}
