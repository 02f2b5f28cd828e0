/**
 * One player as the running world knows it: who holds it, where it wants to be, and which
 * connection speaks for it. A player is in one zone at a time: `holder` is where it is by the last
 * commit, `wanted` where it is going. Rules that move it are in `presences.ts`.
 */
import type { JsonObject } from '../../games/contract.js';
import type { PlayerId, TickNumber, ZoneId } from '../ids.js';
import type { HeldPlayer, ResumeToken, SeqMark, ZoneInfo } from '../records.js';
import type { Viewing } from '../steps.js';
import type { SeqLedger } from './seq-ledger.js';

/** A connection, as zones see it: plain calls, because they are made for each player and tick. */
export interface Listener {
  readonly run: number;
  /** How this listener wants that tick, to be read at once; null: no view is to be made (not subscribed here, or it reads too slowly). */
  viewing(zone: ZoneId, tick: TickNumber): Viewing | null;
  /** A committed tick: the body of its message, without the listener's own `ack`. */
  tick(zone: ZoneId, tick: TickNumber, body: Uint8Array, isDelta: boolean): void;
  viewFailed(zone: ZoneId): void;
  gameMessage(zone: ZoneId, text: string): void;
  /** The intent of this number was applied. */
  applied(seq: number): void;
  dropped(seq: number | null, reason?: string): void;
  handedOver(from: ZoneId, to: ZoneId, x: number, y: number): void;
  zoneUnavailable(zone: ZoneId): void;
  zoneDeleted(zone: ZoneId): void;
  /** That zone holds the player and cannot let it go now: it enters no other. */
  cannotLeave(zone: ZoneId): void;
}

export class Presence {
  readonly number: number;
  /** By the last commit; null: nobody, and `document` and `mark` are here. */
  holder: ZoneId | null;
  stay: number;
  document: JsonObject | null;
  mark: SeqMark;
  /** A zone whose running tick is about to hold this player. */
  claimedBy: ZoneId | null = null;
  /** Where its connection is subscribed, or will be once the player has left where it is. */
  wanted: ZoneId | null = null;
  /** Called once, when `wanted` may have it: now it is subscribed. */
  onEntered: ((zone: ZoneInfo) => void) | null = null;
  listener: Listener | null = null;
  /** The zone in whose set of present players it is. */
  presentIn: ZoneId | null = null;
  /** Its row was read: run, zone and tokens here are the newest there are. */
  complete = false;
  /** The zone to resume in. */
  zone: ZoneId | null;
  ledger: SeqLedger;
  newest: ResumeToken | null;
  spoken: ResumeToken | null;
  droppedAtMs: number | null;
  /** A release is being written. */
  releasing = false;
  /** Connections that are joining and not attached yet. */
  joining = 0;

  constructor(
    readonly id: PlayerId,
    readonly username: string,
    place: {
      number: number;
      holder: ZoneId | null;
      stay: number;
      document: JsonObject | null;
      mark: SeqMark;
      zone: ZoneId | null;
      newest: ResumeToken | null;
      spoken: ResumeToken | null;
      droppedAtMs: number | null;
    },
    ledger: SeqLedger,
  ) {
    this.number = place.number;
    this.holder = place.holder;
    this.stay = place.stay;
    this.document = place.document;
    this.mark = place.mark;
    this.zone = place.zone;
    this.newest = place.newest;
    this.spoken = place.spoken;
    this.droppedAtMs = place.droppedAtMs;
    this.ledger = ledger;
  }

  /** Whole, as a joining tick takes it over. Only while nobody holds it. */
  asHeld(): HeldPlayer {
    return {
      id: this.id,
      username: this.username,
      number: this.number,
      stay: this.stay,
      document: this.document,
      mark: this.mark,
    };
  }

  /** Nothing in memory is needed that the row does not have. */
  get forgettable(): boolean {
    const idle = this.claimedBy === null && this.listener === null && !this.releasing && this.joining === 0;
    return idle && this.holder === null;
  }
}
