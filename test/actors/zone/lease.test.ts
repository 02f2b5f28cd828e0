import { expect } from 'chai';
import fc from 'fast-check';
import { newUuid, type PlayerId, type ZoneId } from '../../../actors/ids.js';
import type { Listener, Presence } from '../../../actors/players/presence.js';
import type { Presences } from '../../../actors/players/presences.js';
import type { Simulation } from '../../../actors/ports.js';
import type { StepRequest, ViewerGroup, Viewing } from '../../../actors/steps.js';
import { type Lease, leaseTick } from '../../../actors/zone/lease.js';
import { ZoneSlot } from '../../../actors/zone/slot.js';
import type { Tick } from '../../../games/contract.js';
import { FakeClock } from '../../support/fake-clock.js';
import { scripted } from '../../support/games.js';
import { overlaid } from '../../support/ports.js';
import { TestWorld } from '../../support/world.js';

describe('what a tick of a zone is given', () => {
  it('is no intent of a player who is neither here nor coming: that one is reported dropped', async () => {
    const { world, given } = await makeWorld();
    const phone = await world.join('anna', 'a');
    await phone.intent({ type: 'wave' }, 1);
    const laptop = world.client('anna');
    laptop.resumeToken = phone.resumeToken;
    const letGo = world.store.hold('places.note');

    // The join is under way, and has taken the player out of a zone that no tick has brought it into.
    await laptop.resume();
    await world.tick();
    letGo();
    await world.settle();
    await laptop.intent({ type: 'wave' }, 1);

    expect(given).to.deep.equal([]);
    expect(laptop.last('join_ack')?.last_seq).to.equal(0);
    expect([laptop.errors(), laptop.last('error')?.seq]).to.deep.equal([['intent_dropped'], 1]);
  });

  it('is an intent of a player who went and was back before the tick', async () => {
    const { world, given } = await makeWorld();
    const anna = await world.join('anna', 'a');
    await anna.intent({ type: 'wave' }, 1);
    await anna.drop();
    await anna.resume();
    await anna.intent({ type: 'wave' }, 1);

    await world.tick();

    expect(given).to.deep.equal(['anna 1']);
    expect(anna.last('tick')?.ack).to.equal(1);
  });

  it('is every intent of a player whose socket went, in the tick that has it in left', async () => {
    const { world, given } = await makeWorld();
    const anna = await world.join('anna', 'a');
    await world.tick();
    await anna.intent({ type: 'wave' }, 1);
    await anna.drop();

    await world.tick();
    await anna.resume();

    expect(given).to.deep.equal(['anna 1']);
    expect(anna.last('join_ack')?.last_seq).to.equal(1);
  });

  it('is who watches, each as it was shown last, and those together who want the same and follow one another', async () => {
    const asked: StepRequest[] = [];
    const world = await TestWorld.create(
      scripted(() => ({})),
      { lyingSimulation: (real) => noting(real, asked) },
    );
    await world.join('anna', 'a');
    const ben = await world.join('ben', 'a');
    await world.tick();
    const cleo = world.client('cleo');
    await cleo.connect();
    await cleo.say({ type: 'subscribe', zoneId: world.zone('a'), sync: 'delta', acks: 'tick' });
    await world.join('dora', 'a');
    await world.tick(2);
    await ben.say({ type: 'resync' });
    await world.tick();

    const since = (tick: number) => ({ sinceTick: tick, lastTick: tick, encoding: 'json', sync: 'snapshot', base: tick });
    const first = { ...since(0), lastTick: null, base: null };
    const anew = { ...first, sinceTick: 1 };
    expect(asked.map(({ viewers }) => viewers)).to.deep.equal([
      [{ ...first, numbers: [1, 2] }],
      [
        { ...since(1), numbers: [1, 2] },
        { ...anew, sync: 'delta', numbers: [3] },
        { ...anew, numbers: [4] },
      ],
      [
        { ...since(2), numbers: [1, 2] },
        { ...since(2), sync: 'delta', numbers: [3] },
        { ...since(2), numbers: [4] },
      ],
      [
        { ...since(3), numbers: [1] },
        { ...since(3), lastTick: null, base: null, numbers: [2] },
        { ...since(3), sync: 'delta', numbers: [3] },
        { ...since(3), numbers: [4] },
      ],
    ]);
  });

  it('is every viewer in order, in groups that differ from the next one, whatever each of them wants', () => {
    const anyViewing = fc.record({
      sinceTick: fc.integer({ min: 0, max: 1 }),
      lastTick: fc.option(fc.constant(2)),
      encoding: fc.constantFrom<Viewing['encoding']>('json', 'binary'),
      sync: fc.constantFrom<Viewing['sync']>('snapshot', 'delta'),
      base: fc.option(fc.constant(1)),
    });
    const flat = (groups: readonly ViewerGroup[]) => groups.flatMap(({ numbers, ...viewing }) => numbers.map(() => viewing));
    fc.assert(
      fc.property(fc.array(anyViewing), (wishes) => {
        const { viewers } = leased(wishes).request;

        expect(flat(viewers)).to.deep.equal(wishes);
        expect(viewers.flatMap(({ numbers }) => numbers)).to.deep.equal(wishes.map((_, index) => index));
        const kinds = viewers.map(({ numbers: _, ...viewing }) => JSON.stringify(viewing));
        expect(kinds.filter((kind, index) => kind === kinds[index + 1])).to.deep.equal([]);
      }),
    );
  });

  it('is no intent of a player who is still on its way, and that one goes back with its player', async () => {
    const { world, given } = await makeWorld();
    const anna = await world.join('anna', 'a');
    await world.tick();
    await anna.intent({ type: 'go', to: world.zone('b') }, 1);
    // b fails with the arrival, is restarted without it, and sends it back.
    await world.tick(2);
    await anna.intent({ type: 'wave' }, 2);
    await world.tick(4);

    expect(anna.all('handover').map(({ to }) => to?.zone_id)).to.deep.equal([world.zone('b'), world.zone('a')]);
    expect(given).to.deep.equal(['anna 1', 'anna 2']);
    expect([anna.errors(), anna.last('tick')?.zone_id]).to.deep.equal([[], world.zone('a')]);
  });
});

/** A world that notes who asked for what, in the ticks that were given it. `go` walks to a zone; b takes in nobody. */
async function makeWorld() {
  const given: string[] = [];
  const game = scripted(({ zone, entities, intents, players, joined, left, newId }: Tick) => {
    if (zone.name === 'b' && joined.length > 0) throw new Error('b takes in nobody');
    for (const { playerId, seq } of intents) {
      given.push(`${[...players, ...left].find(({ id }) => id === playerId)?.username ?? 'nobody'} ${seq}`);
    }
    const go = intents.find(({ data }) => data.type === 'go');
    const [walker] = entities;
    return {
      creates: walker || zone.name === 'b' ? [] : [{ id: newId(), x: 0, y: 0 }],
      transfers: go && walker ? [{ id: walker.id, toZone: String(go.data.to), x: 0, y: 0, follow: [go.playerId] }] : [],
    };
  });
  return { world: await TestWorld.create(game), given };
}

/** A simulation that notes what each step is asked for. */
function noting(real: Simulation, asked: StepRequest[]): Simulation {
  return overlaid(real, {
    step: (request) => {
      asked.push(request);
      return real.step(request);
    },
  });
}

/** The lease of a tick of a zone whose players are numbered from 0, and want it as these say. */
function leased(wishes: readonly Viewing[]): Lease {
  const times = { createdAtMs: 0, updatedAtMs: 0 };
  const slot = new ZoneSlot({ id: newUuid<ZoneId>(), name: 'home', width: 1, height: 1, metadata: {}, ...times }, 1);
  for (const [number, wish] of wishes.entries()) {
    const id = newUuid<PlayerId>();
    const listener: Partial<Listener> = { viewing: () => wish };
    slot.present.set(id, { id, number, holder: slot.zone, listener } as Presence); // all that a lease looks at
  }
  const presences = {} as Presences; // nobody has left
  return leaseTick(3, slot, { presences, clock: new FakeClock(), snapshotEveryTicks: 1 });
}
