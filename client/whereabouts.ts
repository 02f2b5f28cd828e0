/**
 * In which zone this connection is, and how it gets into one. Games may place a player when it joins, and a
 * resume does; where neither happens soon, it asks. What the server chose comes with the options of no message,
 * so it asks once more for the same zone, with its own.
 */

export interface WhereaboutsDeps {
  readonly wish: { readonly sync: 'delta' | 'snapshot'; readonly acks: 'each' | 'tick' };
  /** How long the server has to put the player somewhere. */
  readonly patienceMs?: number;
  /** The zone to ask for; null: none. */
  readonly home: () => Promise<string | null>;
  readonly tickIntervalMs: () => number | null;
  readonly send: (message: object) => boolean;
  /** The server did not put the player anywhere in time. */
  readonly nowhere: () => void;
}

const PATIENCE_MS = 1000;
const TICK_MS = 1000;

export class Whereabouts {
  #zoneId: string | null = null;
  /** Something of a zone came since the last join. */
  #placed = false;
  /** The zone that this connection was asked for, and has not answered. */
  #asked: string | null = null;
  /** The one that the application asked for: over lost connections, until it is there or refused. */
  #wanted: string | null = null;
  /** The application left, and wants to be nowhere. */
  #away = false;
  #connected = false;
  #lobby: ReturnType<typeof setTimeout> | undefined;
  #again: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly deps: WhereaboutsDeps) {}

  get zoneId(): string | null {
    return this.#zoneId;
  }

  subscribe(zoneId: string): void {
    this.#away = false;
    this.#wanted = zoneId;
    this.#ask(zoneId);
  }

  unsubscribe(): void {
    this.#away = true;
    this.#zoneId = null;
    this.#wanted = null;
    this.#asked = null;
    this.deps.send({ type: 'unsubscribe' });
  }

  /** The connection was let in. */
  joined(): void {
    this.#connected = true;
    if (this.#wanted !== null) this.#ask(this.#wanted);
    this.#lookForHome();
  }

  /** The connection is gone. */
  left(): void {
    this.#connected = false;
    this.#asked = null;
    clearTimeout(this.#lobby);
    clearTimeout(this.#again);
  }

  /** A `subscribed`: the answer to what was asked for, or what the server chose. */
  subscribed(zoneId: string): void {
    this.isIn(zoneId);
    if (zoneId === this.#wanted) this.#wanted = null;
    const { sync, acks } = this.deps.wish;
    if (zoneId === this.#asked) this.#asked = null;
    else if (this.#asked === null && (sync !== 'snapshot' || acks !== 'each')) this.#ask(zoneId);
  }

  isIn(zoneId: string): void {
    this.#zoneId = zoneId;
    this.#placed = true;
  }

  /** An `error` that names no intent. */
  refused(code: string): void {
    if (code === 'zone_deleted') {
      this.#zoneId = null;
      this.#lookForHome();
    } else if (code === 'rate_limited' && this.#asked !== null) {
      const asked = this.#asked;
      clearTimeout(this.#again);
      this.#again = setTimeout(() => this.#ask(asked), this.deps.tickIntervalMs() ?? TICK_MS);
    } else if (REFUSALS.has(code)) this.#giveUp();
  }

  #giveUp(): void {
    const asked = this.#asked;
    this.#asked = null;
    this.#wanted = null;
    if (this.#placed || this.#away || asked === null || asked !== this.#zoneId) return;
    // Where it was last is no place to go back to; the home may still be.
    this.#zoneId = null;
    void this.#goHome();
  }

  #ask(zoneId: string): void {
    if (!this.#connected) return;
    this.#asked = zoneId;
    this.deps.send({ type: 'subscribe', zone_id: zoneId, ...this.deps.wish });
  }

  #lookForHome(): void {
    this.#placed = false;
    clearTimeout(this.#lobby);
    this.#lobby = setTimeout(() => {
      if (this.#placed) return;
      this.deps.nowhere();
      if (!this.#away) void this.#goHome();
    }, this.deps.patienceMs ?? PATIENCE_MS);
  }

  async #goHome(): Promise<void> {
    // A server that cannot say now will be asked again after the next join.
    const zoneId = this.#wanted ?? this.#zoneId ?? (await this.deps.home().catch(() => null));
    if (zoneId !== null && !this.#placed) this.#ask(zoneId);
  }
}

/** Why a `subscribe` fails. */
const REFUSALS: ReadonlySet<string> = new Set(['zone_not_found', 'zone_unavailable', 'forbidden']);
