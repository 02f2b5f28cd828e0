/**
 * Somebody who comes and goes: joins, plays faster than is allowed, loses the line and resumes, leaves and joins again, logs out
 * and in. For an hour, if need be. How many of them there are and how long they stay is the soak's.
 */
import { WebSocket } from 'ws';
import {
  connect,
  patiently,
  type RestClient,
  type SocketConstructor,
  UnreachableError,
  type WorldClient,
} from '../../../client/index.js';
import type { Mind } from '../minds/mind.js';

export interface VisitorOptions {
  readonly url: string;
  readonly rest: RestClient;
  readonly name: string;
  readonly password: string;
  readonly mind: Mind;
  /** [0, 1), its own. */
  readonly random: () => number;
  readonly tally: VisitTally;
}

/** What all visitors did and saw. */
export class VisitTally {
  joins = 0;
  drops = 0;
  leaves = 0;
  logouts = 0;
  ticks = 0;
  intents = 0;
  readonly errors = new Map<string, number>();

  error(code: string): void {
    this.errors.set(code, (this.errors.get(code) ?? 0) + 1);
  }
}

/** Between two things that it does of its own accord. Milliseconds. */
const SHORTEST_STAY_MS = 1_000;
const LONGEST_STAY_MS = 8_000;

export class Visitor {
  #stopping = false;
  #wake: () => void = () => {};
  #token: string | null = null;
  #socket: WebSocket | null = null;

  constructor(private readonly options: VisitorOptions) {}

  /** Resolves when it was stopped and has left. A server that does not answer is asked again later: it has too much to do. */
  async visit(): Promise<void> {
    while (!this.#stopping) {
      try {
        await this.#visitOnce();
      } catch (error) {
        if (!(error instanceof UnreachableError)) throw error;
        this.options.tally.error('unreachable');
        await this.#stay();
      }
    }
  }

  async #visitOnce(): Promise<void> {
    const { random, tally } = this.options;
    const client = await this.#join();
    await this.#stay();
    // Twice in three the line is lost once or twice, and it resumes by itself.
    for (let drops = Math.floor(random() * 3); drops > 0 && !this.#stopping; drops--) {
      tally.drops++;
      this.#socket?.terminate();
      await this.#stay();
    }
    await client.close();
    tally.leaves++;
    if (random() < 0.3) await this.#logout();
  }

  stop(): void {
    this.#stopping = true;
    this.#wake();
  }

  async #join(): Promise<WorldClient> {
    const { url, rest, name, password, mind, tally } = this.options;
    this.#token ??= (await patiently(() => rest.login(name, password))).token;
    const token = this.#token;
    const held = (socket: WebSocket) => {
      this.#socket = socket;
    };
    const client = connect({ url, token, WebSocket: heldBy(held), acks: 'tick' });
    client.on('link', ({ type }) => {
      if (type === 'joined') tally.joins++;
    });
    client.on('error', ({ code }) => tally.error(code));
    client.on('state', ({ tick, state }) => {
      tally.ticks++;
      for (const { data } of mind.wishes({ tick, state, atMs: performance.now() })) {
        if (client.intent(data) !== null) tally.intents++;
      }
    });
    return client;
  }

  async #logout(): Promise<void> {
    if (this.#token === null) return;
    await this.options.rest.logout(this.#token);
    this.#token = null;
    this.options.tally.logouts++;
  }

  #stay(): Promise<void> {
    const ms = SHORTEST_STAY_MS + this.options.random() * (LONGEST_STAY_MS - SHORTEST_STAY_MS);
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** The sockets of a client, for whoever wants to cut them. */
function heldBy(hold: (socket: WebSocket) => void): SocketConstructor {
  return class extends WebSocket {
    constructor(url: string, protocols: string[]) {
      super(url, protocols);
      hold(this);
    }
  };
}
