/**
 * Everything of one run, built from its seed and in place: a founded world, a machine to run the server on, a
 * network, players, and what was witnessed of them so far. What happens on it, and for how long, is
 * `simulation.ts` and `isolation.ts`.
 */
import type { ZoneId } from '../../actors/ids.js';
import type { WorldSettings } from '../../actors/world.js';
import type { GameModule } from '../../games/contract.js';
import type { MemoryWorld } from '../../src/store/memory/open.js';
import { gameChecks } from '../../src/ws/checks.js';
import { BANK_ZONES } from '../support/flow-games/bank.js';
import { viewKey, type Witnessed } from './checks.js';
import { Crowd, type Habits, identitiesOf } from './crowd.js';
import { foundWorld } from './founding.js';
import { Haunting, hauntedBank } from './haunted-bank.js';
import { Host } from './host.js';
import { Network } from './network.js';
import type { Lies } from './process.js';
import { ProcessClock } from './process-clock.js';
import { Seeds } from './seeds.js';
import { Storm } from './storm.js';
import { type Survey, Surveyor } from './survey.js';
import { Timeline } from './timeline.js';
import { Trace } from './trace.js';

/** Puts a bug between the server and what it stands on. */
export type PlantedLies = Lies & { readonly game?: (game: GameModule) => GameModule };

export interface StageOptions {
  /** Gets each line of the trace. */
  readonly print?: (line: string) => void;
  readonly lies?: PlantedLies;
  /** Everybody keeps to this zone's side of a wall: it, or all the others. And the store is always as quick. */
  readonly walledOff?: ZoneId;
  readonly habits?: (name: string) => Habits;
  /** Zones live in threads that can be lost, and operators give orders. */
  readonly hasThreads?: boolean;
}

const INTERVAL_MS = 100;
const MIDNIGHT_MS = Date.UTC(2026, 0, 1);

export function zonesOf(seed: number): readonly ZoneId[] {
  return BANK_ZONES.map((name) => new Seeds(seed).uuid<ZoneId>(`zone ${name}`));
}

/** Does this player live inside the wall, where there is one? Every second one does. */
export function isInside(index: number): boolean {
  return index % 2 === 1;
}

export class Stage {
  readonly timeline = new Timeline();
  readonly seeds: Seeds;
  readonly trace: Trace;
  readonly zones: readonly ZoneId[];
  readonly crowd: Crowd;
  readonly host: Host;
  readonly storm: Storm;
  readonly #founded: Survey;
  readonly #returned = new Map<string, object[]>();
  readonly #overheard: { name: string; bytes: Buffer }[] = [];
  readonly #unreadable: string[] = [];

  static async set(seed: number, options: StageOptions = {}): Promise<Stage> {
    const seeds = new Seeds(seed);
    const world = hauntedBank({ haunting: new Haunting(), shown: () => {}, mayCross: () => true, homeOf: () => null });
    const stored = await foundWorld(world, new ProcessClock(new Timeline(), MIDNIGHT_MS), seeds);
    return new Stage(seeds, stored, options);
  }

  private constructor(
    seeds: Seeds,
    stored: MemoryWorld,
    private readonly options: StageOptions,
  ) {
    this.seeds = seeds;
    this.trace = new Trace(this.timeline, options.print ?? null);
    this.zones = zonesOf(seeds.seed);
    this.#founded = new Surveyor(stored).survey();
    const haunting = new Haunting();
    const game = this.#haunted(haunting);
    const { timeline, trace, zones } = this;
    const network = this.#wired(game);
    this.crowd = new Crowd({ seeds, timeline, network, zonesOf: (name) => this.zonesOf(name), habits: options.habits });
    this.host = this.#hosted(stored, options.lies?.game?.(game) ?? game, () => network.serverGone());
    this.storm = new Storm({ host: this.host, network, haunting, timeline, trace, zones, players: this.crowd.players });
  }

  #haunted(haunting: Haunting): GameModule {
    const wall = this.options.walledOff;
    return hauntedBank({
      haunting,
      shown: ({ zone, tick, player, state }) => {
        const key = viewKey(zone, tick, player);
        this.#returned.set(key, [...(this.#returned.get(key) ?? []), state]);
      },
      mayCross: (from, to) => wall === undefined || (from === wall) === (to === wall),
      homeOf: (name) => this.zonesOf(name)[0] ?? null,
    });
  }

  #wired(game: GameModule): Network {
    const { seeds, timeline, trace } = this;
    return new Network({
      ...{ seeds, timeline, trace, checks: gameChecks(game) },
      host: () => this.host.sockets,
      overheard: (name, bytes) => this.#overheard.push({ name, bytes }),
      unreadable: (name, error) => this.#unreadable.push(`${name} got a frame that it cannot read: ${error}`),
    });
  }

  #hosted(stored: MemoryWorld, game: GameModule, socketsGone: () => void): Host {
    const { seeds, timeline, trace, options } = this;
    const isSteady = options.walledOff !== undefined;
    const identities = identitiesOf(seeds);
    const deps = {
      stored,
      game,
      settings: this.#settings(),
      identities,
      lies: options.lies ?? {},
      hasThreads: options.hasThreads === true,
    };
    return new Host({ ...deps, seeds, timeline, trace, isSteady, socketsGone }, MIDNIGHT_MS);
  }

  /** What differs from world to world. */
  #settings(): WorldSettings {
    const chance = this.seeds.chance('settings');
    return {
      tickIntervalMs: INTERVAL_MS,
      snapshotEveryTicks: chance.oneOf([1, 1, 2]),
      persistEveryTicks: 1,
      zoneGraceMs: chance.oneOf([0, 150, 1_000]),
      maxIntentsPerTick: 32,
      helloTimeoutMs: 2_000,
      resumeWindowMs: 1_000_000,
      journalKeepMinutes: 10,
      journalMaxMb: 512,
    };
  }

  /** Where this player may go. */
  zonesOf(name: string): readonly string[] {
    const wall = this.options.walledOff;
    if (!wall) return this.zones;
    const index = [...identitiesOf(this.seeds).keys()].indexOf(name);
    return this.zones.filter((zone) => (zone === wall) === isInside(index));
  }

  witnessed(): Witnessed {
    const players = this.crowd.players.map(({ name, id, teller }) => ({
      name,
      id,
      asked: teller.asked,
      evidence: teller.evidence,
    }));
    return {
      ...{ players, returned: this.#returned, overheard: this.#overheard, unreadable: this.#unreadable },
      ...{ founded: this.#founded, surveys: this.host.surveys },
    };
  }
}
