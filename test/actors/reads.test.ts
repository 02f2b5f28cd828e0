import { expect } from 'chai';
import { HostLostError, StoreUnavailableError } from '../../actors/errors.js';
import { type EntityId, newUuid, type ZoneId } from '../../actors/ids.js';
import { Reads, type ReadsDeps } from '../../actors/reads.js';
import type { StoredEntity } from '../../actors/records.js';
import { ZoneSlot } from '../../actors/zone/slot.js';
import { FakeClock } from '../support/fake-clock.js';

const ball: StoredEntity = {
  id: newUuid<EntityId>(),
  x: 1,
  y: 1,
  width: 1,
  height: 1,
  metadata: {},
  createdAtMs: 0,
  updatedAtMs: 0,
};

/** Two live zones; `residents` answers for each read of one, and may move things meanwhile. */
function reading(residents: (zone: ZoneId, slots: readonly ZoneSlot[], crossings: { count: number }) => readonly StoredEntity[]) {
  const slots = ['here', 'there'].map((name) => {
    const slot = new ZoneSlot(
      { id: newUuid<ZoneId>(), name, width: 9, height: 9, metadata: {}, createdAtMs: 0, updatedAtMs: 0 },
      1,
    );
    slot.epoch = 1;
    slot.restored = true;
    slot.enter('live');
    return slot;
  });
  const crossings = { count: 0 };
  const entities = async (zone: ZoneId) => residents(zone, slots, crossings);
  const deps = {
    supervisor: { slots, find: (zone: ZoneId) => slots.find((slot) => slot.zone === zone) },
    crossings,
    catalog: { entity: async () => null },
    unfolded: { settle: async () => {}, settleAll: async () => {} },
    simulation: { entities, entity: async (zone: ZoneId) => (await entities(zone))[0] ?? null },
    clock: new FakeClock(),
  };
  // The parts that reading asks; the rest of the world is not there.
  return { slots, reads: new Reads(deps as unknown as ReadsDeps) };
}

describe('reading a world that moves', () => {
  it('reads the rows of sleeping zones once a journal that a kill left is folded into them', async () => {
    const asleep = newUuid<ZoneId>();
    for (const read of ['zone', 'entity'] as const) {
      const rows = new Map<ZoneId, StoredEntity>();
      const fold = async () => {
        await Promise.resolve();
        rows.set(asleep, ball);
      };
      const deps = {
        supervisor: { slots: [], find: () => undefined },
        crossings: { count: 0 },
        catalog: {
          entities: async (zone: ZoneId) => [rows.get(zone)].filter(Boolean),
          entity: async () => (rows.has(asleep) ? { zone: asleep, entity: ball } : null),
        },
        unfolded: { settle: fold, settleAll: fold },
        clock: new FakeClock(),
      };
      const reads = new Reads(deps as unknown as ReadsDeps); // the parts that reading asks

      if (read === 'zone') expect(await reads.entities(asleep, null)).to.deep.equal([ball]);
      else expect(await reads.entity(ball.id)).to.deep.equal({ zone: asleep, entity: ball });
    }
  });

  it('finds an entity that crossed the border behind the back of the search', async () => {
    let looks = 0;
    const { reads, slots } = reading((zone, [here], crossings) => {
      looks += 1;
      if (looks === 2) crossings.count += 1;
      // At first it leaves each zone just before that one is asked.
      return looks > 2 && zone === here?.zone ? [ball] : [];
    });

    expect(await reads.entity(ball.id)).to.deep.equal({ zone: slots[0]?.zone, entity: ball });
  });

  it('gives up on one that is nowhere, when nothing has crossed meanwhile', async () => {
    let looks = 0;
    const { reads } = reading(() => {
      looks += 1;
      return [];
    });

    expect(await reads.entity(ball.id)).to.equal(null);
    expect(looks).to.equal(2);
  });

  it('waits for a zone whose host is lost by another’s fault, and asks it again', async () => {
    const { reads, slots } = reading((zone, [here]) => {
      if (here?.phase === 'restoring') throw new HostLostError(zone);
      return zone === here?.zone ? [ball] : [];
    });
    const here = slots[0] as ZoneSlot; // there are two
    here.enter('restoring');

    const answers = Promise.all([reads.entities(here.zone, null), reads.entity(ball.id)]);
    await new Promise(setImmediate);
    here.enter('live');

    expect(await answers).to.deep.equal([[ball], { zone: here.zone, entity: ball }]);
  });

  it('finds an entity although another zone cannot be read, and says so only of one that may be in there', async () => {
    const { reads, slots } = reading((zone, [here]) => {
      if (zone === here?.zone) throw new HostLostError(zone);
      return [ball].filter(() => isThere);
    });
    const [here, there] = slots as [ZoneSlot, ZoneSlot]; // there are two
    let isThere = true;
    here.enter('quarantined');

    expect(await reads.entity(ball.id)).to.deep.equal({ zone: there.zone, entity: ball });
    isThere = false;
    const failure = await reads.entity(ball.id).catch((error: unknown) => error);

    expect(failure).to.be.instanceOf(StoreUnavailableError);
  });

  it('reads a zone again that has ticked meanwhile', async () => {
    let looks = 0;
    const { reads, slots } = reading((_zone, [here]) => {
      looks += 1;
      if (here && looks === 1) here.timings.lastTick += 1;
      return looks === 1 ? [] : [ball];
    });

    expect(await reads.entities(slots[0]?.zone ?? newUuid(), null)).to.deep.equal([ball]);
  });
});
