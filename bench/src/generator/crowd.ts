/**
 * All players of one server: lets them join a few at a time, makes each of them move once a period, and counts what
 * comes. Where the time goes is the caller's: it opens and closes the window.
 */
import { spawnOf } from '../../games/arena/rules.js';
import { Connection } from './connection.js';
import { Histogram } from './histogram.js';
import { Sightings, stepOf } from './lap.js';
import { Pace } from './pace.js';
import type { Tally } from './tally.js';
import { nameOf, type Venue, type Voice } from './voices/voice.js';

export interface CrowdOptions {
  readonly url: URL;
  readonly players: number;
  readonly periodMs: number;
  readonly subprotocol: string | null;
}

/** Where what comes is counted while a window is open. */
export interface Window {
  readonly tally: Tally;
  readonly latency: Histogram;
  readonly paceLag: Histogram;
}

/**
 * One in so many players looks for its walker in every state: about two in a zone, and little to do for the generator.
 * A prime, so that watchers are spread over all the slots in which players send.
 */
const WATCHER_EVERY = 23;
const JOINING_AT_ONCE = 32;
const JOIN_LIMIT_MS = 20_000;

export class Crowd {
  readonly #options: CrowdOptions;
  readonly #members: Member[] = [];
  #window: Window | null = null;
  #timer: NodeJS.Timeout | null = null;
  /** Since the start, not only in the window: a run with any of them is not clean. */
  #errors = 0;
  #lost: string[] = [];

  constructor(options: CrowdOptions) {
    this.#options = options;
  }

  get errors(): number {
    return this.#errors;
  }

  /** Why sockets were lost after they had joined. */
  get lost(): readonly string[] {
    return this.#lost;
  }

  get watchers(): number {
    return this.#members.filter(({ watches }) => watches).length;
  }

  /** Lets players `from` to `to` join. Rejects with the first reason why one could not. */
  async join(venue: Venue, from: number, to: number): Promise<void> {
    let next = from;
    const worker = async () => {
      while (next < to) {
        const index = next++;
        this.#members[index] = await this.#admit(await venue.voice(index), index);
      }
    };
    await Promise.all(Array.from({ length: JOINING_AT_ONCE }, worker));
  }

  /** From now on each player moves once a period. */
  move(): void {
    const pace = new Pace(this.#members.length, this.#options.periodMs, performance.now());
    const unobserved = new Histogram();
    const run = () => {
      const nowMs = performance.now();
      pace.advance(nowMs, (index) => this.#members[index]?.move(nowMs), this.#window?.paceLag ?? unobserved);
      this.#timer = setTimeout(run, pace.nextAtMs - performance.now());
    };
    run();
  }

  /** null: nothing is counted. */
  observe(window: Window | null): void {
    this.#window = window;
  }

  /** Ends all sockets at once. */
  leave(): void {
    if (this.#timer) clearTimeout(this.#timer);
    for (const member of this.#members) member?.leave();
  }

  #admit(voice: Voice, index: number): Promise<Member> {
    return new Promise((resolve, reject) => {
      const impatience = setTimeout(() => reject(new Error('a player was not let in in time')), JOIN_LIMIT_MS);
      const member = new Member(voice, index, this.#options, {
        joined: () => {
          clearTimeout(impatience);
          resolve(member);
        },
        state: (size, nowMs) => this.#window?.tally.state(index, size, nowMs),
        latency: (ms) => this.#window?.latency.add(ms),
        error: () => this.#errors++,
        ended: (why, joined) => {
          clearTimeout(impatience);
          if (joined) this.#lost.push(why);
          else reject(new Error(why));
        },
      });
    });
  }
}

interface MemberEvents {
  joined(): void;
  state(size: number, nowMs: number): void;
  latency(ms: number): void;
  error(): void;
  ended(why: string, joined: boolean): void;
}

class Member {
  readonly watches: boolean;
  readonly #voice: Voice;
  readonly #events: MemberEvents;
  readonly #sightings: Sightings;
  readonly #connection: Connection;
  #joined = false;
  #moves = 0;

  constructor(voice: Voice, index: number, { url, subprotocol }: CrowdOptions, events: MemberEvents) {
    this.watches = index % WATCHER_EVERY === 0;
    this.#voice = voice;
    this.#events = events;
    this.#sightings = new Sightings(spawnOf(nameOf(index)));
    const { path, headers } = voice;
    this.#connection = new Connection({ host: url.hostname, port: Number(url.port), path, headers, subprotocol }, this);
  }

  get whole(): boolean {
    return this.watches || !this.#joined;
  }

  opened(): void {
    if (this.#voice.greeting !== null) this.#connection.send(this.#voice.greeting);
  }

  message(bytes: Buffer, start: number, size: number): void {
    if (this.#joined) this.#play(bytes, start, size);
    else this.#join(bytes.subarray(start, start + size));
  }

  ended(why: string): void {
    this.#events.ended(why, this.#joined);
  }

  move(nowMs: number): void {
    const step = stepOf(this.#moves++);
    this.#connection.send(this.#voice.move(step, this.#moves));
    if (this.watches) this.#sightings.sent(nowMs);
  }

  leave(): void {
    this.#connection.destroy();
  }

  #join(message: Buffer): void {
    const { reply, joined } = this.#voice.join(message);
    if (reply !== undefined) this.#connection.send(reply);
    if (!joined) return;
    this.#joined = true;
    this.#events.joined();
  }

  #play(bytes: Buffer, start: number, size: number): void {
    switch (this.#voice.kindOf(bytes, start)) {
      case 'state': {
        const nowMs = performance.now();
        this.#events.state(size, nowMs);
        if (this.watches) this.#look(bytes.subarray(start, start + size), nowMs);
        break;
      }
      case 'error':
        this.#events.error();
        break;
      case 'other': {
        const answer = this.#voice.answer(bytes, start);
        if (answer !== null) this.#connection.send(answer);
      }
    }
  }

  #look(state: Buffer, nowMs: number): void {
    const cell = this.#voice.ownCell(state);
    if (cell) this.#sightings.seen(cell, nowMs, this.#events.latency);
  }
}
