/**
 * The checks themselves, with a planted fault each: what would pass everything proves nothing.
 */
import { expect } from 'chai';
import { botsStay, eachInOnePlace, type Saved, sumsHold, type Thing, viewsGoOn } from './frontier-checks.js';
import type { Sighting } from './roamer.js';

describe('the checks of the frontier kills', () => {
  it('find nothing where a player walks on, over a border and a kill', () => {
    const views = [
      view({ tick: 5, x: 100 }),
      view({ tick: 6, x: 120 }),
      view({ zone: 'b', tick: 7, x: 140 }),
      view({ zone: 'b', tick: 1001, x: 160 }),
    ];

    expect(viewsGoOn('anna', views)).to.deep.equal([]);
  });

  it('find a tick that comes again, an inventory that gets older, and a place that is taken back', () => {
    expect(viewsGoOn('anna', [view({ tick: 5 }), view({ tick: 5 })])).to.have.length(1);
    expect(viewsGoOn('anna', [view({ tick: 5, version: 4 }), view({ tick: 6, version: 3 })])).to.have.length(1);
    expect(viewsGoOn('anna', [view({ tick: 5, x: 120 }), view({ tick: 1001, x: 100 })])).to.have.length(1);
  });

  it('find no fault in a player who turned meanwhile, or may have', () => {
    expect(viewsGoOn('anna', [view({ tick: 5, x: 120 }), view({ tick: 6, x: 100, headings: 2 })])).to.deep.equal([]);
    expect(viewsGoOn('anna', [view({ tick: 5, x: 120, settled: false }), view({ tick: 6, x: 100 })])).to.deep.equal([]);
  });

  it('find an entity in two zones, a second avatar, and a document that names another one', () => {
    const world = [avatar('a1', 'p1', 'west'), thing('i1', 'item', 'west')];
    const saved = [document('p1', 'west', 'a1')];

    expect(eachInOnePlace(world, saved)).to.deep.equal([]);
    expect(eachInOnePlace([...world, thing('i1', 'item', 'east')], saved)).to.deep.equal(['i1 is in west and east']);
    expect(eachInOnePlace([...world, avatar('a2', 'p1', 'east')], saved)).to.deep.equal(['player p1 has two avatars']);
    expect(eachInOnePlace(world, [document('p1', 'east', 'a1')])).to.have.length(1);
    expect(eachInOnePlace([], saved)).to.have.length(1);
  });

  it('do not miss the avatar of a player who is away', () => {
    expect(eachInOnePlace([], [document('p1', 'west', null)])).to.deep.equal([]);
  });

  it('find a bot that is lost', () => {
    expect(botsStay([thing('b1', 'bot', 'west')], [thing('b1', 'bot', 'east')])).to.deep.equal([]);
    expect(botsStay([thing('b1', 'bot', 'west')], [])).to.deep.equal(['bot b1 is lost']);
  });

  it('find pieces that were lost or made, on the ground or in a hand, and a stack in two hands', () => {
    const ground = [thing('i1', 'item', 'west', { template: 'apple', quantity: 3 })];
    const saved = [document('p1', 'west', null, [{ id: 's1', template: 'apple', quantity: 2 }])];

    expect(sumsHold(ground, saved, { apple: 5 })).to.deep.equal([]);
    expect(sumsHold(ground, saved, { apple: 6 })).to.deep.equal(['of 6 apple there are 5']);
    expect(sumsHold([], saved, { apple: 5 })).to.deep.equal(['of 5 apple there are 2']);
    expect(sumsHold(ground, [...saved, ...saved], { apple: 7 })).to.deep.equal(['stack s1 is in two hands']);
    expect(sumsHold([thing('i2', 'item', 'west', { template: 'pear', quantity: 1 })], [], {})).to.deep.equal([
      'of 0 pear there are 1',
    ]);
  });
});

function view(facts: Partial<Sighting>): Sighting {
  return { zone: 'a', tick: 1, x: 0, z: 0, vx: 1000, vz: 0, headings: 1, settled: true, version: 1, ...facts };
}

function thing(id: string, kind: string, zone_id: string, more: object = {}): Thing {
  return { id, zone_id, metadata: { kind, ...more } };
}

function avatar(id: string, player: string, zone: string): Thing {
  return thing(id, 'player', zone, { player });
}

function document(player: string, zone: string, avatarId: string | null, stacks: Saved['stacks'] = []): Saved {
  return { player, zone, avatar: avatarId, stacks };
}
