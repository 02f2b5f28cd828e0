/**
 * Stands before a player's connection for one view, and keeps what was handed on. To have it comparable it asks for a whole
 * one, as the client itself does by `resync`; everything else passes through as it comes. It is there only while somebody looks.
 */
import type { TickNumber, ZoneId } from '../ids.js';
import type { Viewing } from '../steps.js';
import type { Listener, Presence } from './presence.js';

/** A whole view as the player's connection got it: what stands in its message behind the type and the `ack`. */
export interface SentView {
  readonly zone: ZoneId;
  readonly tick: TickNumber;
  readonly encoding: Viewing['encoding'];
  readonly body: Uint8Array;
}

export class Witness implements Listener {
  #asked: Pick<SentView, 'tick' | 'encoding'> | null = null;
  #seen: ((view: SentView | null) => void) | null;

  private constructor(
    private readonly presence: Presence,
    private readonly listener: Listener,
    seen: (view: SentView | null) => void,
  ) {
    this.#seen = seen;
  }

  /** Before this player's connection, until `seen` is called: once, with null when no view came. null: nobody is there, or a witness is. */
  static before(presence: Presence, seen: (view: SentView | null) => void): Witness | null {
    const { listener } = presence;
    if (!listener || listener instanceof Witness) return null;
    const witness = new Witness(presence, listener, seen);
    presence.listener = witness;
    return witness;
  }

  /** A connection that has taken over, or nobody, stays where it is. */
  leave(view: SentView | null = null): void {
    if (this.presence.listener === this) this.presence.listener = this.listener;
    const seen = this.#seen;
    this.#seen = null;
    seen?.(view);
  }

  get run(): number {
    return this.listener.run;
  }

  viewing(zone: ZoneId, tick: TickNumber): Viewing | null {
    const viewing = this.listener.viewing(zone, tick);
    if (!viewing) return null;
    this.#asked = { tick, encoding: viewing.encoding };
    return { ...viewing, base: null, lastTick: null };
  }

  tick(zone: ZoneId, tick: TickNumber, body: Uint8Array, isDelta: boolean): void {
    this.listener.tick(zone, tick, body, isDelta);
    // One that was under way when the witness came is not what it asked for.
    if (this.#asked?.tick === tick && !isDelta)
      this.leave({ zone, tick, encoding: this.#asked.encoding, body: Uint8Array.from(body) });
  }

  viewFailed(zone: ZoneId): void {
    this.listener.viewFailed(zone);
    this.leave();
  }

  gameMessage(zone: ZoneId, text: string): void {
    this.listener.gameMessage(zone, text);
  }

  applied(seq: number): void {
    this.listener.applied(seq);
  }

  dropped(seq: number | null, reason?: string): void {
    this.listener.dropped(seq, reason);
  }

  handedOver(from: ZoneId, to: ZoneId, x: number, y: number): void {
    this.listener.handedOver(from, to, x, y);
  }

  zoneUnavailable(zone: ZoneId): void {
    this.listener.zoneUnavailable(zone);
  }

  zoneDeleted(zone: ZoneId): void {
    this.listener.zoneDeleted(zone);
  }

  cannotLeave(zone: ZoneId): void {
    this.listener.cannotLeave(zone);
  }
}
