import { expect } from 'chai';
import type { JsonObject } from '../../../games/contract.js';
import type { TestWorld } from '../../../src/testing/index.js';
import { everything, fieldWith, instanceOf, lay, place, SETTINGS } from './field.js';

/** All that lasts: entities and documents. */
const lasting = (bench: TestWorld) => JSON.stringify([everything(bench), ['ada', 'ben'].map((name) => bench.player(name).state)]);

describe('frontier: what is not granted', () => {
  for (const [what, order, code] of [
    ['to take what is out of reach', ({ far }) => ({ type: 'pick_up', item: far }), 'out_of_reach'],
    ['to take what is gone', () => ({ type: 'pick_up', item: 'gone' }), 'item_not_found'],
    ['to take another player', ({ bens }) => ({ type: 'pick_up', item: bens.avatar }), 'item_not_found'],
    ['to take out of another’s hands', ({ bens }) => ({ type: 'pick_up', item: bens.sword }), 'item_not_found'],
    ['to lay down what another carries', ({ bens }) => ({ type: 'drop', instance_id: bens.sword }), 'item_not_found'],
    ['to lay down more than there is', ({ arrows }) => ({ type: 'drop', instance_id: arrows, quantity: 31 }), 'item_not_found'],
    [
      'to wear what another carries',
      ({ bens }) => ({ type: 'equip', instance_id: bens.sword, slot: 'main_hand' }),
      'item_not_found',
    ],
    ['to wear it where it does not go', ({ arrows }) => ({ type: 'equip', instance_id: arrows, slot: 'head' }), 'illegal_slot'],
    ['to take off what is not worn', () => ({ type: 'unequip', slot: 'head' }), 'item_not_found'],
  ] as [string, (known: Known) => JsonObject, string][]) {
    it(`${what} changes nothing, and the one who asked is told why`, async () => {
      const bench = await fieldWith(['ada', 'ben']);
      const known = knownIn(bench);
      const before = lasting(bench);
      bench.intent('ada', order(known));

      bench.tick();

      expect(lasting(bench)).to.equal(before);
      const told = bench.messages('ada').filter(({ success }) => success === false);
      expect(told.map((message) => message.code)).to.deep.equal([code]);
      expect(told[0]?.message).to.be.a('string');
      expect(bench.messages('ben').filter(({ success }) => success !== undefined)).to.deep.equal([]);
    });
  }

  it('to be faster: what is more than a wish for a direction is refused, and a wish goes no further than its tick', async () => {
    const bench = await fieldWith(['ada']);
    const cheats: JsonObject[] = [
      { type: 'input', intent: { x: 2, z: 0 } },
      { type: 'input', intent: { x: 1, z: 0, y: 1 } },
      { type: 'input', intent: { x: 1, z: 0 }, x: 1999, z: 1999 },
      { type: 'teleport', x: 0, z: 0 },
    ];
    const taken = cheats.map((cheat) => bench.intent('ada', cheat));
    const from = place(bench, 'ada');
    for (let i = 0; i < 20; i++) bench.intent('ada', { type: 'input', dt: 3600, intent: { x: 1, z: 1 } });

    bench.tick();

    const to = place(bench, 'ada');
    const { speedCmPerS, tickMs } = SETTINGS.movement;
    expect(taken).to.deep.equal(cheats.map(() => false));
    expect(Math.hypot(to.x - from.x, to.z - from.z)).to.be.within(1, (speedCmPerS * tickMs) / 1000);
  });
});

interface Known {
  readonly far: string;
  readonly arrows: string;
  readonly bens: { readonly avatar: string; readonly sword: string };
}

/** The ids that a cheat may have got hold of. */
function knownIn(bench: TestWorld): Known {
  const avatar = everything(bench).find(({ metadata }) => metadata.player === bench.player('ben').id);
  return {
    far: lay(bench, 'cap', 1001 + SETTINGS.reachCm, 1000),
    arrows: instanceOf(bench, 'ada', 'arrow'),
    bens: { avatar: avatar?.id ?? '', sword: instanceOf(bench, 'ben', 'sword') },
  };
}
