/**
 * Players of the clockwork in zones of their own, who see all that a fault elsewhere does to them: which ticks came, what they
 * showed, whether each word was heard once. And somebody who asks the server over HTTP all along.
 */
import { expect } from 'chai';
import { AT_FIRST, type Clock, turned } from '../support/flow-games/clockwork.js';
import { type Account, call, type JoinedSocket, type Message, PlayerSocket, register } from '../support/player.js';
import type { TestServer } from '../support/server.js';

interface Seen {
  readonly tick: number;
  readonly clock: Clock;
  readonly atMs: number;
}

/** What may have happened to a witness's zone. */
export interface Allowed {
  /** Ticks that the zone says itself it missed. 0 where the machine is left alone. */
  readonly missed: number;
}

/** Three of them, each alone in a zone, which `zone` makes for a name. */
export async function enterWitnesses(
  { url, socketUrl }: TestServer,
  zone: (name: string) => Promise<string>,
): Promise<readonly Witness[]> {
  const entered: Witness[] = [];
  for (const name of ['anna', 'bert', 'carla']) {
    entered.push(await Witness.enter(socketUrl, await register(url, name), await zone(name)));
  }
  return entered;
}

export class Witness {
  readonly #seen: Seen[] = [];
  #words = 0;
  #seq = 0;

  private constructor(
    readonly account: Account,
    readonly zone: string,
    public socket: JoinedSocket,
  ) {
    this.#listen();
  }

  /** A player who is in the zone, and has seen a first tick of it. */
  static async enter(socketUrl: string, account: Account, zone: string): Promise<Witness> {
    const witness = new Witness(account, zone, await PlayerSocket.join(socketUrl, account.token));
    witness.socket.send({ type: 'subscribe', zone_id: zone, acks: 'tick' });
    await witness.socket.next('tick', ({ zone_id }) => zone_id === zone);
    return witness;
  }

  /** Comes back after the server was away. */
  async resume(socketUrl: string): Promise<void> {
    const token: string = this.socket.joinAck.resume_token;
    this.socket = await PlayerSocket.join(socketUrl, this.account.token, token);
    this.#listen();
    await this.socket.next('tick');
  }

  #listen(): void {
    const { socket } = this.socket;
    socket.on('message', (data) => {
      const message: Message = JSON.parse(String(data));
      if (message.type !== 'tick' || message.zone_id !== this.zone || !message.state.clock) return;
      this.#seen.push({ tick: message.tick_number, clock: message.state.clock, atMs: performance.now() });
    });
  }

  /** The newest state it was shown. */
  get last(): Clock {
    return this.#seen.at(-1)?.clock ?? AT_FIRST;
  }

  get lastTick(): number {
    return this.#seen.at(-1)?.tick ?? 0;
  }

  /** The longest time between two ticks. */
  get longestSilenceMs(): number {
    return Math.max(0, ...this.#seen.slice(1).map(({ atMs }, i) => atMs - (this.#seen[i]?.atMs ?? atMs)));
  }

  /** Sends a word, which must be heard sooner or later; it is not waited for. */
  say(): void {
    this.#words += 1;
    this.order('say', { word: `w${this.#words}` });
  }

  /** Sends an order under the next number, which is the answer. */
  order(type: string, more: object = {}): number {
    this.#seq += 1;
    this.socket.send({ type: 'intent', data: { type, ...more }, seq: this.#seq });
    return this.#seq;
  }

  /** Says one more word, and waits until a tick has it, and with it all before. */
  async heard(): Promise<void> {
    this.say();
    const word = `w${this.#words}`;
    await this.socket.next('tick', ({ state }) => state.clock?.words.some(([, said]: [number, string]) => said === word));
  }

  /** Forgets what it has seen, but for the newest. */
  forget(): void {
    this.#seen.splice(0, this.#seen.length - 1);
  }

  /** Fails unless its zone's history is the one that it would have had without the fault. */
  expectUnharmed({ missed }: Allowed): void {
    this.expectUnbroken();
    const words = this.last.words.map(([, word]) => word);
    expect(words, 'each word once, in order').to.deep.equal(Array.from({ length: this.#words }, (_, i) => `w${i + 1}`));
    expect(this.#gaps('count'), 'states that were not shown, or shown again').to.deep.equal([]);
    const skipped = this.#gaps('tick').reduce((sum, gap) => sum + gap, 0);
    expect(skipped, 'ticks that did not come').to.be.at.most(missed);
  }

  /** As far as that can be said over a kill: then ticks are committed that nobody was shown, and what was queued is lost. */
  expectUnbroken(): void {
    expect(this.socket.all('error'), 'errors').to.deep.equal([]);
    expect(this.socket.all('handover'), 'handovers').to.deep.equal([]);
    expect(this.#gaps('rising'), 'tick numbers that do not rise').to.deep.equal([]);
    expect(
      this.#gaps('count').filter((gap) => gap < 0),
      'states that were taken back',
    ).to.deep.equal([]);
    expect(this.last.digest, 'the state, by its digest').to.equal(withoutFault(this.last).digest);
  }

  /** Between each two that came one after the other: what is not as it must be. */
  #gaps(of: 'count' | 'rising' | 'tick'): number[] {
    return this.#seen.slice(1).flatMap((seen, i) => {
      const before = this.#seen[i] ?? seen;
      const ticks = seen.tick - before.tick - 1;
      const counts = seen.clock.count - before.clock.count - 1;
      if (of === 'rising') return ticks < 0 ? [seen.tick] : [];
      const gap = of === 'count' ? counts : ticks;
      return gap === 0 ? [] : [gap];
    });
  }
}

/** The same words at the same counts, run through the rules of the game by themselves. */
export function withoutFault({ count, words }: Clock): Clock {
  let clock = AT_FIRST;
  while (clock.count < count) {
    clock = turned(
      clock,
      words.filter(([at]) => at === clock.count + 1).map(([, word]) => word),
    );
  }
  return clock;
}

/** Asks for the server's health all along. */
export class Caller {
  readonly #timer: NodeJS.Timeout;
  #slowestMs = 0;
  #failures = 0;
  #answers = 0;

  constructor(url: string) {
    this.#timer = setInterval(() => void this.#ask(url), 50);
  }

  async #ask(url: string): Promise<void> {
    const startedMs = performance.now();
    const answer = await call(url, 'GET', '/healthz').catch(() => null);
    if (answer?.status === 200) this.#answers += 1;
    else this.#failures += 1;
    this.#slowestMs = Math.max(this.#slowestMs, performance.now() - startedMs);
  }

  /** Fails unless each call was answered, none of them late. */
  expectAnswered(limitMs: number): void {
    clearInterval(this.#timer);
    expect(this.#failures, 'calls without an answer').to.equal(0);
    expect(this.#answers).to.be.above(0);
    expect(this.#slowestMs, 'the slowest answer').to.be.below(limitMs);
  }
}
