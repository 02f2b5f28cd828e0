/**
 * Traffic of the bank over a server that is killed again and again: tellers that send, walk, lose their sockets and
 * resume, and the look at the whole world, paused, in between. What is found is judged by `checks.ts`.
 */
import { COINS_PER_ZONE } from '../../support/flow-games/bank.js';
import type { TestServer } from '../../support/server.js';
import type { Chance } from './chance.js';
import { allBooked, booksGrow, chainsHold, eachOnce, type Found, fatesAgree, pursesStay, ticksRise } from './checks.js';
import { overSockets } from './line.js';
import { Teller } from './teller.js';
import { WatchedWorld } from './watched-world.js';

const TELLERS = ['anna', 'bert', 'carla', 'dora', 'emil'];
/** Each teller does something this often. */
const BEAT_MS = 15;
const SETTLE_LIMIT_MS = 10_000;

export class BankRun {
  readonly #tellers: Teller[] = [];
  readonly #faults: string[] = [];
  readonly #world: WatchedWorld;
  #coins: ReadonlySet<string> = new Set();
  #seen: readonly Found[] = [];
  #beat: NodeJS.Timeout | undefined;

  constructor(
    server: TestServer,
    private readonly chance: Chance,
  ) {
    this.#world = new WatchedWorld(server);
  }

  /** Opens the accounts, and counts what there is. */
  async begin(): Promise<void> {
    const accounts = await this.#world.open(TELLERS);
    const { server, zones } = this.#world;
    const found = await this.#look();
    this.#coins = new Set(found.filter(({ metadata }) => metadata.kind === 'coin').map(({ id }) => id));
    if (this.#coins.size !== COINS_PER_ZONE * zones.length) this.#faults.push(`the world began with ${this.#coins.size} coins`);
    for (const account of accounts) {
      const surroundings = overSockets(() => server.socketUrl);
      this.#tellers.push(new Teller({ account, zones, chance: this.chance, surroundings }));
    }
    for (const teller of this.#tellers) teller.start();
  }

  /** Everybody sends, walks and loses sockets for so long, and then until `quiet`. */
  async traffic(durationMs: number): Promise<void> {
    this.quiet();
    this.#beat = setInterval(() => {
      for (const teller of this.#tellers) this.#act(teller);
    }, BEAT_MS);
    await new Promise((resolve) => setTimeout(resolve, durationMs));
  }

  quiet(): void {
    clearInterval(this.#beat);
  }

  #act(teller: Teller): void {
    const mood = this.chance.next();
    if (mood < 0.015) teller.drop();
    else if (mood < 0.03) teller.takeOver();
    else if (mood < 0.045) teller.wander();
    else if (mood < 0.055) teller.send(40);
    else if (mood < 0.6) teller.send(this.chance.between(1, 4));
  }

  /** Sees that every entity is in one place. */
  async inspect(): Promise<void> {
    const found = await this.#look();
    this.#faults.push(...eachOnce(found, { coins: this.#coins, zones: this.#world.zones }), ...pursesStay(this.#seen, found));
    this.#seen = found;
  }

  /** All zones at one instant: no tick runs while they are read. */
  #look(): Promise<readonly Found[]> {
    return this.#world.heldStill(() => this.#world.entities<Found>());
  }

  /** Nothing new any more: resolves when every operation is applied. */
  async settle(): Promise<void> {
    const untilMs = performance.now() + SETTLE_LIMIT_MS;
    while (performance.now() < untilMs) {
      for (const teller of this.#tellers) teller.send(0);
      if (this.#tellers.every(({ settled }) => settled)) return;
      await new Promise((resolve) => setTimeout(resolve, BEAT_MS));
    }
    for (const teller of this.#tellers)
      if (!teller.settled) this.#faults.push(`${teller.name} does not come to rest: ${teller.rest}`);
  }

  stop(): void {
    this.quiet();
    for (const teller of this.#tellers) teller.stop();
  }

  /** Everything that was broken so far. */
  faults(): readonly string[] {
    const each = this.#tellers.flatMap((teller) => [...ticksRise(teller), ...booksGrow(teller), ...fatesAgree(teller)]);
    return [...this.#faults, ...each, ...chainsHold(this.#tellers)];
  }

  /** After `settle`. */
  unbooked(): readonly string[] {
    return this.#tellers.flatMap((teller) => allBooked(teller, teller.asked));
  }

  /** For a look at whether there was traffic at all. */
  totals(): {
    readonly asked: number;
    readonly views: number;
    readonly handovers: number;
    readonly refused: number;
    readonly resumes: number;
  } {
    const evidence = this.#tellers.flatMap((teller) => teller.evidence);
    const count = (type: string) => evidence.filter((item) => item.type === type).length;
    return {
      asked: this.#tellers.reduce((sum, { asked }) => sum + asked, 0),
      views: count('view'),
      handovers: count('handover'),
      refused: count('refused'),
      resumes: evidence.filter((item) => item.type === 'joined' && item.asked).length,
    };
  }
}
