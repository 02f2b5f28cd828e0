/**
 * Which version of a game runs while its author works on it. A new one is on trial for its first ticks: when anything
 * fails by its fault meanwhile, the last good one runs again. Versions are tried one after the other, and of those that
 * come in while one is being tried only the newest is.
 */
import type { ZoneId } from '../../actors/ids.js';
import type { Clock } from '../../actors/ports.js';
import type { Log } from '../../actors/telemetry.js';

export interface LiveGameDeps<Game> {
  /** Imports a version. Rejects with what is wrong with it. */
  load(source: string): Promise<Game>;
  /** Lets it run in place of what runs, and says when it does: from then on what fails is its fault. Rejects, and changes nothing, where it cannot start. */
  run(game: Game, runs: () => void): Promise<void>;
  /** How long a version has to run without a failure to be a good one. */
  readonly trialMs: number;
  readonly clock: Pick<Clock, 'after'>;
  readonly log: Log;
}

export interface LiveGameView {
  /** Counts from 1; those that could not even be imported count too. */
  readonly version: number;
  readonly state: 'good' | 'trial';
  /** The newest one that was refused or taken back, and why; null: none since the last good one. */
  readonly refused: { readonly version: number; readonly error: string } | null;
}

interface Version<Game> {
  readonly number: number;
  readonly game: Game;
}

export class LiveGame<Game> {
  #good: Version<Game>;
  #running: Version<Game>;
  #refused: LiveGameView['refused'] = null;
  #newest = 1;
  #work: Promise<void> = Promise.resolve();
  #cancelTrial: () => void = () => {};

  /** `first` runs already, and counts as good. */
  constructor(
    first: Game,
    private readonly deps: LiveGameDeps<Game>,
  ) {
    this.#good = { number: 1, game: first };
    this.#running = this.#good;
  }

  view(): LiveGameView {
    const state = this.#running === this.#good ? 'good' : 'trial';
    return { version: this.#running.number, state, refused: this.#refused };
  }

  /** Tries another version. Resolves when it runs, or was refused. */
  offer(source: string): Promise<void> {
    const number = ++this.#newest;
    return this.#next(async () => {
      if (number === this.#newest) await this.#try(number, source);
    });
  }

  /** It could not even be compiled. */
  refuse(error: unknown): void {
    this.#refuse(++this.#newest, error);
  }

  /** Something of the running game has failed in this zone. */
  failed(zone: ZoneId, error: unknown): void {
    const culprit = this.#running;
    if (culprit === this.#good) return;
    void this.#next(async () => {
      if (this.#running !== culprit) return;
      this.#cancelTrial();
      this.#refuse(culprit.number, error, zone);
      this.#running = this.#good;
      await this.deps.run(this.#good.game, () => {});
      this.deps.log.info({ version: this.#good.number }, 'the last good version of the game runs again');
    });
  }

  stop(): void {
    this.#cancelTrial();
  }

  async #try(number: number, source: string): Promise<void> {
    const { load, run, clock, log, trialMs } = this.deps;
    try {
      const game = await load(source);
      await run(game, () => {
        this.#cancelTrial();
        this.#running = { number, game };
      });
      log.info({ version: number }, 'the game runs in a new version');
      this.#cancelTrial = clock.after(trialMs, () => this.#pass(number));
    } catch (error) {
      this.#refuse(number, error);
    }
  }

  #pass(number: number): void {
    if (this.#running.number !== number) return;
    this.#good = this.#running;
    this.#refused = null;
    this.deps.log.info({ version: number }, 'the new version of the game is a good one');
  }

  #refuse(version: number, error: unknown, zone?: ZoneId): void {
    const text = error instanceof Error ? error.message : String(error);
    this.#refused = { version, error: text };
    this.deps.log.error({ version, zone, err: error }, 'a version of the game was refused');
  }

  #next(job: () => Promise<void>): Promise<void> {
    this.#work = this.#work.then(job).catch((error: unknown) => {
      this.deps.log.error({ err: error }, 'the game could not be changed');
    });
    return this.#work;
  }
}
