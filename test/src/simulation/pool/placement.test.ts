import { expect } from 'chai';
import { newUuid, type ZoneId } from '../../../../actors/ids.js';
import { Placement } from '../../../../src/simulation/pool/placement.js';

const INTERVAL_MS = 100;

/** Zones whose steps are known to take so long, in this order; on workers as they were placed. */
function placed(workers: number, stepsMs: readonly number[]): { placement: Placement; zones: ZoneId[] } {
  const placement = new Placement(workers);
  const zones = stepsMs.map(() => newUuid<ZoneId>());
  zones.forEach((zone, index) => {
    placement.place(zone);
    for (let i = 0; i < 200; i++) placement.measured(zone, stepsMs[index] ?? 0);
  });
  return { placement, zones };
}

describe('the placement of zones', () => {
  it('puts each new zone where least work is measured, and leaves it there', () => {
    const { placement, zones } = placed(2, [30, 5, 5, 5]);

    expect(zones.map((zone) => placement.workerOf(zone))).to.deep.equal([0, 1, 1, 1]);
    placement.measured(zones[1] ?? newUuid(), 900);
    expect(placement.workerOf(zones[1] ?? newUuid())).to.equal(1);
  });

  it('spreads zones of which nothing is known yet', () => {
    const placement = new Placement(3);
    const workers = Array.from({ length: 6 }, () => placement.place(newUuid<ZoneId>()));

    expect(workers).to.deep.equal([0, 1, 2, 0, 1, 2]);
  });

  it('keeps what was measured of a zone whose worker is gone, and forgets one that sleeps', () => {
    const { placement, zones } = placed(2, [30, 5]);
    const [heavy = newUuid<ZoneId>(), light = newUuid<ZoneId>()] = zones;

    placement.vacate(heavy);
    expect([placement.workerOf(heavy), Math.round(placement.stepMs(heavy))]).to.deep.equal([undefined, 30]);
    expect(placement.loadsMs().map(Math.round)).to.deep.equal([0, 5]);
    expect(placement.place(heavy)).to.equal(0);
    placement.remove(heavy);
    placement.remove(light);

    expect(placement.loadsMs().map(Math.round)).to.deep.equal([0, 0]);
    expect(placement.stepMs(heavy)).to.be.below(1);
  });

  it('counts a zone once that is placed again, on whichever worker it was', () => {
    const { placement, zones } = placed(2, [30, 5]);
    const [heavy = newUuid<ZoneId>()] = zones;

    placement.place(heavy);
    placement.place(heavy);

    expect(placement.loadsMs().reduce((sum, ms) => sum + ms, 0)).to.be.closeTo(35, 1);
  });

  it('moves nothing while no worker is overloaded, however uneven they are', () => {
    const { placement } = placed(2, [50]);

    expect(placement.moves(INTERVAL_MS)).to.deep.equal([]);
  });

  it('moves nothing off a worker that can do it all, although a move would even things out', () => {
    const placement = new Placement(2);
    const zones = Array.from({ length: 3 }, () => newUuid<ZoneId>());
    for (const zone of zones) placement.place(zone);
    for (const zone of placement.zonesOf(0)) for (let i = 0; i < 200; i++) placement.measured(zone, 20);

    expect(placement.zonesOf(0)).to.have.lengthOf(2);
    expect(placement.moves(INTERVAL_MS)).to.deep.equal([]);
  });

  it('moves what evens out an overloaded worker, and no zone that would only overload another', () => {
    const { placement, zones } = placed(2, [1, 1]);
    const [first = newUuid<ZoneId>(), second = newUuid<ZoneId>()] = zones;
    const third = newUuid<ZoneId>();
    placement.place(third);
    for (let i = 0; i < 200; i++) {
      placement.measured(first, 70);
      placement.measured(third, 30);
    }

    expect(placement.workerOf(first)).to.equal(placement.workerOf(third));
    expect(placement.moves(INTERVAL_MS)).to.deep.equal([third]);
    placement.place(third);
    expect(placement.workerOf(third)).to.equal(placement.workerOf(second));
    expect(placement.moves(INTERVAL_MS)).to.deep.equal([]);
  });

  it('moves several small zones at once, and not all of them', () => {
    const placement = new Placement(2);
    const zones = Array.from({ length: 100 }, () => newUuid<ZoneId>());
    for (const zone of zones) placement.place(zone);
    for (const zone of zones) if (placement.workerOf(zone) === 0) for (let i = 0; i < 200; i++) placement.measured(zone, 2);

    const moved = placement.moves(INTERVAL_MS);

    expect(moved.length).to.equal(16);
    expect(new Set(moved).size).to.equal(16);
  });
});
