/**
 * What a player was sent of a zone, beside what the game answers when it is asked again for that very tick. Only for
 * somebody who looks: nothing here is on the way of a tick that nobody has asked about.
 */
import type { JsonObject } from '../games/contract.js';
import type { PlayerId, ZoneId } from './ids.js';
import type { Presence } from './players/presence.js';
import type { Presences } from './players/presences.js';
import { type SentView, Witness } from './players/witness.js';
import type { Clock, Simulation } from './ports.js';
import type { Reads } from './reads.js';
import type { ZoneSlot } from './zone/slot.js';

export interface Witnessed {
  readonly player: PlayerId;
  readonly sent: SentView;
  /** What `getPlayerState` answers for this player at that tick, to somebody who has been sent nothing yet. */
  readonly shown: JsonObject;
}

export interface WitnessingDeps {
  readonly zones: { find(zone: ZoneId): ZoneSlot | undefined };
  readonly presences: Pick<Presences, 'document'>;
  readonly reads: Pick<Reads, 'settled'>;
  readonly simulation: Pick<Simulation, 'view'>;
  readonly clock: Pick<Clock, 'after'>;
  /** A view that has not come by then is waited for no longer. */
  readonly patienceMs: number;
}

export class Witnessing {
  constructor(private readonly deps: WitnessingDeps) {}

  /**
   * `player`: that one, or else anyone who is there. null: there is nobody, no view came, or the zone has ticked on before the
   * game could be asked. Rejects when the game fails at the view.
   */
  async look(zone: ZoneId, player: PlayerId | null): Promise<Witnessed | null> {
    const slot = this.deps.zones.find(zone);
    const presence = slot && (player === null ? anyOf(slot.present) : slot.present.get(player));
    if (!slot || !presence) return null;
    const sent = await this.#nextViewOf(presence);
    if (sent?.zone !== zone) return null;
    await this.deps.reads.settled(slot);
    const { id, username } = presence;
    const shown = await this.deps.simulation.view(zone, { id, username, document: this.deps.presences.document(presence) });
    const isSameTick = !slot.busy && slot.timings.lastTick === sent.tick;
    return isSameTick ? { player: id, sent, shown } : null;
  }

  async #nextViewOf(presence: Presence): Promise<SentView | null> {
    let cancel = () => {};
    const sent = await new Promise<SentView | null>((resolve) => {
      const witness = Witness.before(presence, resolve);
      if (witness) cancel = this.deps.clock.after(this.deps.patienceMs, () => witness.leave());
      else resolve(null);
    });
    cancel();
    return sent;
  }
}

function anyOf(present: ReadonlyMap<PlayerId, Presence>): Presence | undefined {
  return [...present.values()][Math.floor(Math.random() * present.size)];
}
