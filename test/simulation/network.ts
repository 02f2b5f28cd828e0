/**
 * The network between players and the server: every message takes its own time, connections overtake one another,
 * and each can be lost at any moment, noticed by the server at once or much later. Frames are real: what clients
 * send passes the server's parser and the game's schemas, what they get the decoders of `client/`.
 */

import { LAGGING_BYTES } from '../../actors/connection/outbox.js';
import type { ConnectionHost, ConnectionInput } from '../../actors/control.js';
import type { CloseCode, Wire } from '../../actors/ports.js';
import type { GameChecks } from '../../src/ws/checks.js';
import { parseMessage } from '../../src/ws/parse.js';
import type { Chance } from '../flows/chaos/chance.js';
import type { Line, LineEvents } from '../flows/chaos/line.js';
import { Pipe } from './pipe.js';
import { type Encoding, Reader, textFrame } from './reader.js';
import type { Seeds } from './seeds.js';
import type { Timeline } from './timeline.js';
import { type Trace, withoutTokens } from './trace.js';

/** Usual times of one message on its way, in milliseconds. */
const QUICK_MS = 0.2;
const SLOW_MS = 12;
/** How long a server may take to notice that a socket is gone. */
const UNNOTICED_MS = 1_500;
/** What a refused connection, and a lost one, is closed with. */
const ABNORMAL = 1006;

export interface NetworkDeps {
  readonly seeds: Seeds;
  readonly timeline: Timeline;
  readonly trace: Trace;
  readonly checks: GameChecks;
  /** Who listens; null: nobody. */
  readonly host: () => ConnectionHost | null;
  /** Every byte that reached a client. */
  overheard(name: string, bytes: Buffer): void;
  /** A frame that the client could not read. */
  unreadable(name: string, error: unknown): void;
}

export class Network {
  readonly #links = new Map<string, Link>();
  readonly #dialled = new Map<string, number>();

  constructor(private readonly deps: NetworkDeps) {}

  /** A new connection of this player; it hears of it later. */
  dial(name: string, encoding: Encoding, events: LineEvents): Line {
    const count = (this.#dialled.get(name) ?? 0) + 1;
    this.#dialled.set(name, count);
    const link = new Link(name, encoding, events, this.deps, `${name} ${count}`);
    this.#links.set(name, link);
    return link;
  }

  /** The newest connection of this player is lost. */
  lose(name: string): void {
    this.#links.get(name)?.lose();
  }

  /** The player reads nothing for so long. */
  stopReading(name: string, ms: number): void {
    this.#links.get(name)?.stopReading(ms);
  }

  /** Everybody reads again. */
  heal(): void {
    for (const link of this.#links.values()) link.readAgain();
  }

  /** The server is gone with all its sockets: what it had sent may still arrive. */
  serverGone(): void {
    for (const link of this.#links.values()) link.serverGone();
  }
}

class Link implements Line, Wire {
  readonly #up: Pipe;
  readonly #down: Pipe;
  readonly #reader: Reader;
  readonly #chance: Chance;
  #input: ConnectionInput | null = null;
  #isServerGone = false;
  #isClientGone = false;

  constructor(
    private readonly name: string,
    readonly encoding: Encoding,
    private readonly events: LineEvents,
    private readonly deps: NetworkDeps,
    id: string,
  ) {
    const { seeds, timeline } = deps;
    this.#chance = seeds.chance(`link ${id}`);
    this.#up = new Pipe(timeline, delays(seeds.chance(`up ${id}`)));
    this.#down = new Pipe(timeline, delays(seeds.chance(`down ${id}`)));
    this.#reader = new Reader(encoding);
    this.#up.send(() => this.#arrive());
  }

  #arrive(): void {
    const host = this.#isServerGone ? null : this.deps.host();
    if (!host) return this.#down.send(() => this.#close(ABNORMAL));
    this.#input = host.accept(this, { identity: null, badToken: false });
    this.#down.send(() => {
      if (!this.#isClientGone) this.events.opened();
    });
  }

  // ─── the client's end ───

  say(message: object): void {
    if (this.#isClientGone) return;
    const text = JSON.stringify(message);
    this.deps.trace.add(`${this.name} -> ${withoutTokens(message)}`);
    this.#up.send(() => this.#hear(text));
  }

  drop(): void {
    if (this.#isClientGone) return;
    this.#endUp();
    this.deps.timeline.after(0, () => this.#close(ABNORMAL));
  }

  /** What it sent last may be lost too. Often a server learns of it only when it has waited in vain. */
  #endUp(): void {
    const laterMs = this.#chance.next() < 0.2 ? this.#chance.between(0, UNNOTICED_MS) : 0;
    this.#up.cut(this.#chance.next(), () => this.deps.timeline.after(laterMs, () => this.#input?.closed()));
  }

  #close(code: number): void {
    if (this.#isClientGone) return;
    this.#isClientGone = true;
    this.deps.trace.add(`${this.name} -- closed ${code}`);
    this.events.closed(code);
  }

  lose(): void {
    if (this.#isClientGone) return;
    this.#endUp();
    this.#down.cut(this.#chance.next(), () => this.#close(ABNORMAL));
  }

  stopReading(ms: number): void {
    this.#down.hold(ms);
    this.#down.send(() => this.#input?.drained());
  }

  readAgain(): void {
    this.#down.release();
    this.#input?.drained();
  }

  // ─── the server's end ───

  #hear(text: string): void {
    if (this.#isServerGone) return;
    const parsed = parseMessage(text, this.deps.checks);
    if (parsed.type === 'message') this.#input?.message(parsed.message);
    else this.#input?.refused(parsed.refusal);
  }

  send(text: string): void {
    this.#carry(textFrame(this.encoding, text));
  }

  sendParts(head: string, body: Uint8Array): void {
    this.#carry(Buffer.concat([Buffer.from(head, 'latin1'), body]));
  }

  #carry(frame: Buffer): void {
    if (this.#isServerGone) return;
    this.#down.send(() => {
      if (!this.#isClientGone) this.#receive(frame);
    });
  }

  #receive(frame: Buffer): void {
    this.deps.overheard(this.name, frame);
    try {
      const message = this.#reader.read(frame);
      this.deps.trace.add(`${this.name} <- ${withoutTokens(message)}`);
      this.events.heard(message);
    } catch (error) {
      this.deps.unreadable(this.name, error);
    }
  }

  together(write: () => void): void {
    write();
  }

  /** One that does not read is behind by as much as it takes to be noticed. */
  bufferedBytes(): number {
    return this.#down.isHeld ? LAGGING_BYTES + 1 : 0;
  }

  close(code: CloseCode): void {
    this.#down.send(() => {
      this.#close(code);
      this.#up.cut(1, () => this.#input?.closed());
    });
  }

  serverGone(): void {
    if (this.#isServerGone) return;
    this.#isServerGone = true;
    this.#up.cut(0, () => {});
    this.#down.cut(this.#chance.next(), () => this.#close(ABNORMAL));
  }
}

/** Mostly quick, now and then slow. */
function delays(chance: Chance): () => number {
  return () => QUICK_MS + (SLOW_MS - QUICK_MS) * chance.next() ** 3;
}
