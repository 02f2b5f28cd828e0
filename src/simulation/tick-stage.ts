/**
 * One tick of one zone while it is being made: what it was given, who comes and goes, and what it will answer.
 * It holds; `presence.ts` fills in who is there, `apply-result.ts` what the game wants, `resident-zone.ts` says in which order.
 */
import type { PlayerId, TickNumber } from '../../actors/ids.js';
import type { HeldPlayer, InboxRow, InboxSend, SeqMark } from '../../actors/records.js';
import type { Effect, ReturnedTransfer, ReturnReason } from '../../games/contract.js';
import type { TickRandom } from './random.js';
import { type ResidentPlayer, withMark } from './resident-player.js';
import type { ZoneState } from './zone-state.js';

/** A player of the committed state who is not here any more. `gone`: in other hands, nothing is said of it. */
export interface Leaving {
  readonly player: ResidentPlayer;
  readonly gone: boolean;
}

/** An inbox row that this zone does not take in, with those who still follow it. */
export interface TurnedRow {
  readonly row: InboxRow;
  readonly reason: ReturnReason;
  readonly followers: readonly HeldPlayer[];
}

export class TickStage {
  readonly joined: ResidentPlayer[] = [];
  readonly leaving = new Map<PlayerId, Leaving>();
  readonly returned: ReturnedTransfer[] = [];
  readonly effects: Effect[] = [];
  readonly turned: TurnedRow[] = [];
  readonly sends: InboxSend[] = [];
  readonly messages: { readonly player: PlayerId; readonly text: string }[] = [];
  /** Parts of the result that were passed over. */
  ignored = 0;

  constructor(
    readonly state: ZoneState,
    readonly tick: TickNumber,
    /** Milliseconds since 1970, never before the zone's last tick. */
    readonly nowMs: number,
    readonly elapsedMs: number,
    readonly random: TickRandom,
    readonly maxZoneBytes: number,
  ) {}

  /** Does a result's document for this player count: is it here, or leaving by this very tick? */
  holder(id: PlayerId): ResidentPlayer | null {
    const leaving = this.leaving.get(id);
    return this.state.players.get(id) ?? (leaving && !leaving.gone ? leaving.player : null);
  }

  /** Puts the changed player where it is: in the state, or among those who leave. */
  put(player: ResidentPlayer): void {
    if (this.state.players.has(player.held.id)) this.state.putPlayer(player);
    else this.leaving.set(player.held.id, { player, gone: false });
  }

  /** The marks after this tick's intents: each is consumed by it, whatever the game makes of it. */
  putMark(id: PlayerId, advance: (mark: SeqMark) => SeqMark): void {
    const here = this.state.players.get(id);
    const player = here ?? this.holder(id);
    if (player) {
      const mark = advance(player.held.mark);
      if (mark === player.held.mark) return;
      if (here) this.state.replacePlayer(here, withMark(here, mark));
      else this.put(withMark(player, mark));
      return;
    }
    // One whose entity is sent back is nobody's here, but what it asked for is used up all the same.
    for (const [index, turned] of this.turned.entries()) {
      const followers = turned.followers.map((held) => (held.id === id ? { ...held, mark: advance(held.mark) } : held));
      this.turned[index] = { ...turned, followers };
    }
  }
}
