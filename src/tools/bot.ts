/**
 * One player of the bots: does what its mind says at each state that it gets, and tells the tally what it gets and how
 * fast. Making accounts and counting seconds is `bots.ts`'s, what to do in a game `minds/`'s.
 */
import { WebSocket } from 'ws';
import {
  connect,
  type LinkState,
  type ProtocolMessages,
  type SettledIntent,
  type Snapshot,
  type WorldClient,
} from '../../client/index.js';
import type { Mind, Wish } from './minds/mind.js';
import type { Tally } from './tally.js';

export interface BotOptions {
  readonly url: string;
  readonly token: string;
  readonly home: () => Promise<string | null>;
  readonly tally: Tally;
  readonly mind: Mind;
}

export class Bot {
  readonly #options: BotOptions;
  #client: WorldClient | null = null;
  readonly #sentAtMs = new Map<number, number>();
  /** The last tick of the zone it is in; null: the next one is the first of a row. */
  #last: { readonly zoneId: string; readonly tick: number; readonly atMs: number } | null = null;
  #stopping = false;

  constructor(options: BotOptions) {
    this.#options = options;
  }

  start(): void {
    const { url, token, home } = this.#options;
    const client = connect({ url, token, home, WebSocket, acks: 'tick' });
    this.#client = client;
    client.on('state', (state) => this.#onState(state));
    // After a change of zone the numbers of the new one begin wherever it is.
    client.on('subscribed', () => this.#startAfresh());
    client.on('handover', () => {
      this.#startAfresh();
      this.#options.mind.crossed?.(performance.now());
    });
    client.on('error', (error) => this.#onError(error));
    client.on('settled', (intent) => this.#onSettled(intent));
    client.on('link', (link) => this.#onLink(link));
  }

  /** Leaves. What comes meanwhile is not counted any more. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#client?.close();
  }

  #startAfresh(): void {
    this.#last = null;
  }

  #onError({ code, message, seq }: ProtocolMessages['error']): void {
    if (this.#stopping) return;
    if (seq === undefined) this.#options.tally.error(code);
    else this.#options.tally.refusal(code, message);
  }

  #onSettled({ seq, fate }: SettledIntent): void {
    const sentAtMs = this.#sentAtMs.get(seq);
    this.#sentAtMs.delete(seq);
    if (this.#stopping) return;
    if (fate === 'applied' && sentAtMs !== undefined) this.#options.tally.latencies.add(performance.now() - sentAtMs);
    if (fate === 'unknown') this.#options.tally.error('intent_unknown');
  }

  #onLink(link: LinkState): void {
    if (this.#stopping) return;
    if (link.type === 'joined') this.#options.tally.joins++;
    if (link.type === 'lost' || link.type === 'ended') {
      this.#options.tally.error(`closed_${link.code}`);
      this.#last = null;
    }
  }

  #onState({ zone: zoneId, tick, state }: Snapshot): void {
    if (this.#stopping) return;
    const { tally } = this.#options;
    const atMs = performance.now();
    tally.ticks++;
    if (this.#last?.zoneId === zoneId) {
      const by = tick - this.#last.tick;
      if (by > 0) tally.step(by);
      else tally.error('tick_went_back');
      tally.intervals.add(atMs - this.#last.atMs);
    }
    this.#last = { zoneId, tick, atMs };
    for (const wish of this.#options.mind.wishes({ tick, state, atMs })) this.#send(wish);
  }

  #send({ form, data }: Wish): void {
    const seq = form === 'intent' ? this.#client?.intent(data) : this.#client?.message(data);
    if (seq === null || seq === undefined) return;
    this.#options.tally.intents++;
    this.#sentAtMs.set(seq, performance.now());
  }
}

/** A small generator of even numbers in [0, 1), the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
