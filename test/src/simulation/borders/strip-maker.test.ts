import { expect } from 'chai';
import type { EntityId, TickNumber } from '../../../../actors/ids.js';
import { MAX_STRIP_ENTITIES, StripMaker } from '../../../../src/simulation/borders/strip-maker.js';
import { ResidentEntity } from '../../../../src/simulation/resident-entity.js';
import { AWAY, entity, entityId, zoneId } from '../support.js';

const CELLS = 2;
const EAST = { id: AWAY, name: 'east', width: 20, height: 10, dx: 20, dy: 0 };
const SOUTH = { id: zoneId(3), name: 'south', width: 20, height: 10, dx: 0, dy: 10 };

/** A zone of 20×10 cells in which these stand, by number and place. */
function standing(...places: readonly (readonly [number: number, x: number, y: number])[]) {
  return new Map(
    places.map(([number, x, y]) => {
      const made = new ResidentEntity(entity(number, { x, y }), number);
      return [made.id, made] as [EntityId, ResidentEntity];
    }),
  );
}

function tickOf(tick: TickNumber, entities: ReadonlyMap<EntityId, ResidentEntity>, before: typeof entities) {
  const keys = [...new Set([...before.keys(), ...entities.keys()])];
  const changes = keys.flatMap((key) => {
    const change = { key, before: before.get(key), after: entities.get(key) };
    return change.before === change.after ? [] : [change];
  });
  return { tick, entities, changes, through: [tick - 1], sends: [], hasArrived: () => false };
}

describe('the strip of a zone', () => {
  it('has what lies within the reach of a zone beside it, across a corner too', () => {
    const all = standing([1, 17, 5], [2, 18, 5], [3, 0, 8], [4, 0, 7], [5, 19, 9]);
    const maker = new StripMaker(CELLS, [EAST, SOUTH], { tick: 4, through: [3, 3], entities: all, departed: [] });

    expect(maker.strip.sorted().map(({ id }) => id)).to.deep.equal([2, 3, 5].map(entityId));
    expect(maker.strip.tick).to.equal(4);
  });

  it('leaves out what was created last where there are too many, and shows it when there is room', () => {
    const crowd = standing(...Array.from({ length: MAX_STRIP_ENTITIES }, (_, i) => [i + 1, 19, 5] as const));
    const maker = new StripMaker(CELLS, [EAST], { tick: 1, through: [0], entities: crowd, departed: [] });
    const last = MAX_STRIP_ENTITIES + 1;

    const more = new Map([...crowd, ...standing([last, 18, 5])]);
    const full = maker.stage(tickOf(2, more, crowd));
    expect([full.set, full.gone, maker.hidden]).to.deep.equal([[], [], 1]);
    maker.adopt();

    const fewer = new Map([...more].filter(([id]) => id !== entityId(7)));
    const change = maker.stage(tickOf(3, fewer, more));
    maker.adopt();

    expect(change.set.map(({ id }) => id)).to.deep.equal([entityId(last)]);
    expect(change.gone).to.deep.equal([entityId(7)]);
    expect([maker.hidden, maker.strip.entities.size]).to.deep.equal([0, MAX_STRIP_ENTITIES]);
  });

  it('is as before after a tick that is taken back', () => {
    const before = standing([1, 19, 5]);
    const maker = new StripMaker(CELLS, [EAST], { tick: 1, through: [0], entities: before, departed: [] });

    maker.stage(tickOf(2, standing([2, 19, 6]), before));
    maker.discard();
    maker.adopt();

    expect(maker.strip.whole()).to.deep.include({ tick: 1, set: [...before.values()] });
  });

  it('has what it sent to a zone beside it until that is there, is back, went anew, or that zone lies there no more', () => {
    const [all, none] = [standing([1, 19, 5]), standing()];
    const send = (tick: TickNumber) => {
      const parcel = { entity: entity(1, { x: 0, y: 5 }), origin: { x: 19, y: 5 }, followers: [] };
      return { to: EAST.id, tick, kind: 'arrival', parcel } as const;
    };
    const leftAfter = (what: (maker: StripMaker) => Parameters<StripMaker['stage']>[0]) => {
      const maker = new StripMaker(CELLS, [EAST, SOUTH], { tick: 1, through: [0, 0], entities: all, departed: [] });
      maker.stage({ ...tickOf(2, none, all), sends: [send(2)] });
      maker.adopt();
      maker.stage(what(maker));
      maker.adopt();
      return maker.departed.map(({ entity: { id, x }, tick }) => [id, x, tick]);
    };

    const outAt = (tick: TickNumber) => [[entityId(1), 20, tick]];
    expect(leftAfter(() => tickOf(3, none, none))).to.deep.equal(outAt(2));
    expect(
      leftAfter(() => ({ ...tickOf(3, none, none), hasArrived: () => true })),
      'there',
    ).to.deep.equal([]);
    expect(
      leftAfter(() => tickOf(3, all, none)),
      'back',
    ).to.deep.equal([]);
    expect(
      leftAfter(() => ({ ...tickOf(3, none, none), sends: [send(3)] })),
      'went anew',
    ).to.deep.equal(outAt(3));
    const laid = (maker: StripMaker) => {
      maker.lay([SOUTH]);
      return tickOf(3, none, none);
    };
    expect(leftAfter(laid), 'no zone').to.deep.equal([]);
  });

  it('is made anew when the zones beside it are others', () => {
    const all = standing([1, 19, 1], [2, 0, 9]);
    const maker = new StripMaker(CELLS, [EAST, SOUTH], { tick: 1, through: [0, 0], entities: all, departed: [] });

    maker.lay([SOUTH]);
    const change = maker.stage(tickOf(2, all, all));
    maker.adopt();

    expect(change).to.deep.include({ neighbors: [SOUTH.id], set: [], gone: [entityId(1)] });
    expect(maker.stage(tickOf(3, all, all)), 'once').to.not.have.property('neighbors');
  });
});
