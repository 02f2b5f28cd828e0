import { expect } from 'chai';
import type { ZoneId } from '../../../../actors/ids.js';
import type { InboxRow, StoredZone } from '../../../../actors/records.js';
import { Board } from '../../../../src/simulation/borders/board.js';
import { Strip } from '../../../../src/simulation/borders/strip.js';
import { ZoneBorder } from '../../../../src/simulation/borders/zone-border.js';
import { restoreZone } from '../../../../src/simulation/fold.js';
import { AWAY, arrival, entity, HOME, request, stored, zoneId } from '../support.js';

const EAST = { id: AWAY, name: 'east', width: 20, height: 10, dx: 20, dy: 0 };
const FAR = { id: zoneId(3), name: 'far', width: 20, height: 10, dx: 0, dy: 10 };

/** A zone of 20×10 cells that sees two cells over its edge; `beside`: what the board has of other zones. */
function borderOf(beside: ReadonlyMap<ZoneId, Strip>, fields: Partial<StoredZone> = {}): ZoneBorder {
  const board = new Board<Strip>();
  board.host(HOME, [EAST.id, FAR.id]);
  for (const [zone, strip] of beside) board.set(zone, strip);
  const zone = stored({ neighbors: [EAST, FAR], ...fields });
  return new ZoneBorder(zone, restoreZone(zone).state, { cells: 2, board, hasCopies: false });
}

function stripAt(tick: number, ...places: readonly (readonly [number: number, x: number, y: number])[]): Strip {
  const set = places.map(([number, x, y]) => entity(number, { x, y }));
  return new Strip({ tick, neighbors: [HOME], through: [0], set, gone: [], departed: [] });
}

const rowAt = (tick: number): InboxRow => arrival(7, 1, [], { tick });

describe('what a zone sees over its border', () => {
  it('is what lies within its reach, in its own coordinates, with its age', () => {
    const border = borderOf(new Map([[AWAY, stripAt(3, [1, 1, 4], [2, 2, 4])]]));

    const seen = border.begin(request(5));

    expect([...seen].map(({ id, x, y, zoneId: zone, age }) => [id, x, y, zone, age])).to.deep.equal([
      [entity(1).id, 21, 4, AWAY, 2],
    ]);
    expect(seen.inArea({ x: 21, y: 4, width: 1, height: 1 })).to.have.lengthOf(1);
    expect(border.ages(5)).to.deep.equal([2, null]);
  });

  it('is never what the zone has itself', () => {
    const checkpoint = { tick: 4, body: Buffer.from(JSON.stringify(checkpointWith(1))) };
    const border = borderOf(new Map([[AWAY, stripAt(4, [1, 0, 4], [2, 0, 5])]]), { checkpoint });

    expect([...border.begin(request(5))].map(({ id }) => id)).to.deep.equal([entity(2).id]);
  });

  it('is not what the zone has sent and has itself again', () => {
    const checkpoint = { tick: 4, body: Buffer.from(JSON.stringify(checkpointWith(1))) };
    const row: InboxRow = { ...rowAt(3), from: HOME, to: AWAY };
    const border = borderOf(new Map([[AWAY, stripAt(4)]]), { checkpoint, departed: [{ ...row, parcel: near(row) }] });

    expect([...border.begin(request(5))]).to.deep.equal([]);
  });

  it('is nothing any more of what has gone over it, once the zone there has that: it may be gone there, too', () => {
    const row = { ...rowAt(3), from: HOME, to: AWAY };
    const departed = [{ ...row, parcel: near(row) }];
    const over = (there: Strip) => [...borderOf(new Map([[AWAY, there]]), { departed }).begin(request(5))].map(({ id }) => id);
    const through = (tick: number) => new Strip({ tick: 4, neighbors: [HOME], through: [tick], set: [], gone: [], departed: [] });

    expect([2, 3].map((tick) => over(through(tick)))).to.deep.equal([[entity(1).id], []]);
  });

  it('is nothing that was sent further than it reaches', () => {
    const departed = [{ ...arrival(7, 1, [], { to: AWAY, from: HOME, tick: 3 }) }];
    const border = borderOf(new Map([[AWAY, stripAt(4)]]), { departed });

    expect([...border.begin(request(5))]).to.deep.equal([]);
  });

  it('is the later of two states of one entity', () => {
    const [old, late] = [stripAt(2, [1, 0, 9]), stripAt(4, [1, 19, 0])];
    const border = borderOf(
      new Map([
        [AWAY, old],
        [FAR.id, late],
      ]),
    );

    expect([...border.begin(request(5))].map(({ zoneId: zone }) => zone)).to.deep.equal([FAR.id]);
  });

  it('is the very same object again while nothing about it changes', () => {
    const strip = stripAt(4, [1, 0, 4]);
    const border = borderOf(new Map([[AWAY, strip]]));
    const [first] = border.begin(request(5));
    strip.apply({ tick: 5, through: [0], set: [], gone: [] });
    const [again] = border.begin(request(6));
    const [older] = border.begin(request(7));

    expect(again).to.equal(first);
    expect(older?.age).to.equal(2);
  });

  it('is no younger than it is when the zone itself is behind', () => {
    const border = borderOf(new Map([[AWAY, stripAt(9, [1, 0, 4])]]));

    expect([...border.atRest()].map(({ age }) => age)).to.deep.equal([0]);
  });
});

describe('what a zone says it has taken in', () => {
  it('is all that was sent up to the tick that it sees, but for rows that are held back', () => {
    const border = borderOf(new Map([[AWAY, stripAt(5)]]));
    const change = { entities: [], players: [], before: FACTS, after: FACTS };

    border.begin({ ...request(6), heldBack: [rowAt(3)] });
    border.stage(change, []);
    border.adopt();
    expect([2, 3].map((tick) => border.strip.hasTaken(AWAY, tick))).to.deep.equal([true, false]);

    border.begin(request(7));
    border.stage(change, []);
    border.adopt();
    expect([5, 6].map((tick) => border.strip.hasTaken(AWAY, tick))).to.deep.equal([true, false]);
    expect(border.strip.hasTaken(FAR.id, 1), 'of which nothing is known').to.equal(false);
  });

  it('is after a restore no more than what others had published, and what waits', () => {
    const known = { tick: 8, posted: [6, undefined] };
    const taken = (fields: Partial<StoredZone>, zone: ZoneId, tick: number) =>
      borderOf(new Map(), fields).strip.hasTaken(zone, tick);

    expect([6, 7].map((tick) => taken({ known }, AWAY, tick))).to.deep.equal([true, false]);
    expect([3, 4].map((tick) => taken({ known, inbox: [rowAt(4)] }, AWAY, tick))).to.deep.equal([true, false]);
    expect(
      [7, 8].map((tick) => taken({ known }, FAR.id, tick)),
      'it has not ticked in this process',
    ).to.deep.equal([true, false]);
  });

  it('leaves in sight what it sent itself and nobody has taken yet, also after a restore', () => {
    const row: InboxRow = { ...rowAt(3), from: HOME, to: AWAY };
    const border = borderOf(new Map([[AWAY, stripAt(4)]]), { departed: [{ ...row, parcel: near(row) }] });

    const [seen] = border.begin(request(5));

    expect(seen).to.include({ x: 20, zoneId: AWAY, age: 2 });
  });
});

const FACTS = { tick: 6, tickedAtMs: 0, wakeAtMs: null, zone: stored().info };

/** As it arrives right behind the edge. */
function near(row: InboxRow): InboxRow['parcel'] {
  return 'entity' in row.parcel ? { ...row.parcel, entity: { ...row.parcel.entity, x: 0 } } : row.parcel;
}

function checkpointWith(number: number): object {
  const { createdAtMs, updatedAtMs, ...shown } = entity(number, { x: 19, y: 4 });
  const entities = [[createdAtMs, updatedAtMs, shown]];
  return { v: 1, kind: 'checkpoint', tick: 4, at: 0, wake: null, metadata: {}, entities, players: [] };
}
