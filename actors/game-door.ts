/**
 * What the routes of a game may do in the world: queue an intent and wait for its fate, and see a zone as one player sees
 * it. Nothing else of a running world is open to them.
 */
import type { JsonObject } from '../games/contract.js';
import type { PlayerId, ZoneId } from './ids.js';
import type { Presences, Slots } from './players/presences.js';
import type { Clock, Simulation } from './ports.js';
import type { Reads } from './reads.js';
import type { Telemetry } from './telemetry.js';

/** On whose behalf a route was called. */
export interface Caller {
  readonly id: PlayerId;
  readonly username: string;
}

export interface GameDoorDeps {
  readonly zones: Pick<Slots, 'open'>;
  readonly presences: Presences;
  readonly reads: Reads;
  readonly simulation: Pick<Simulation, 'view'>;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

export class GameDoor {
  constructor(private readonly deps: GameDoorDeps) {}

  /** Queues the intent; resolves after the commit, or when it was dropped. */
  intent(zone: ZoneId, player: Caller, data: JsonObject): Promise<'applied' | 'dropped'> {
    const { zones, presences, clock, telemetry } = this.deps;
    const slot = zones.open(zone);
    if (!slot || slot.closing || slot.phase === 'quarantined') return Promise.resolve('dropped');
    // No way around the wait that its sockets are told of: each failure costs the whole zone a restart.
    if (presences.strikes.waits(player.id, clock.monotonicMs())) return Promise.resolve('dropped');
    const intent = { player: player.id, number: null, run: null, seq: null, data, receivedAtMs: clock.epochMs() };
    return new Promise((resolve) => {
      presences.fates.follow(intent, resolve);
      if (slot.mailbox.offer(intent) === 'full') presences.fates.drop([intent]);
      else telemetry.count('intents_total');
    });
  }

  /** What the player would see of the zone now. Rejects with `StoreUnavailableError` while it cannot be read; undefined: no such zone. */
  async view(zone: ZoneId, player: Caller): Promise<JsonObject | undefined> {
    const { zones, presences, reads, simulation } = this.deps;
    const slot = zones.open(zone);
    if (!slot) return undefined;
    await reads.settled(slot);
    const presence = await presences.load(player.id, player.username);
    const document = presences.document(presence);
    presences.reconcile(presence);
    return reads.asked(slot, () => simulation.view(zone, { ...player, document }));
  }
}
