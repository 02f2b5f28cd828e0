/**
 * One run from one seed: a server runs, players play, and what the plan says goes wrong. Then all troubles end,
 * everybody comes back, and what was witnessed is judged. Nothing in it waits for real time or draws on any chance
 * but the seed's: the same seed is the same run, to the last message.
 */
import { brokenPromises, type Witnessed } from './checks.js';
import { NAMES } from './crowd.js';
import { drawFaults, drawOrders, type Fault } from './faults.js';
import { type PlantedLies, Stage } from './stage.js';

export interface SimulationOptions {
  /** Gets each line of the trace. */
  readonly print?: (line: string) => void;
  readonly lies?: PlantedLies;
  /** Zones live in threads that can be lost, and operators give orders. */
  readonly hasThreads?: boolean;
}

export interface Verdict {
  readonly seed: number;
  /** In words, each beginning with the number of the promise or with `liveness`; [] when all is well. */
  readonly broken: readonly string[];
  /** Of all that happened, in order: two runs with the same are the same. */
  readonly digest: string;
  readonly faults: readonly Fault[];
  readonly witnessed: Witnessed;
}

/** Long enough for a few lives of the server. */
export const TROUBLED_MS = 2_500;
export const FIRST_TROUBLE_MS = 300;
/** After this, what was frozen, or went wrong by itself, has come to its end. */
const CALM_MS = 600;
/** When all troubles are over, everything is settled within this, but for zones in quarantine. */
const SETTLE_MS = 10_000;
/** Past a first quarantine: nobody is there to see how the time goes by. */
const QUARANTINE_MS = 31_000;
/** A last look at each zone. */
const VISIT_MS = 500;
const STOP_MS = 5_000;

/** Runs the seed to its end. */
export async function simulate(seed: number, options: SimulationOptions = {}): Promise<Verdict> {
  return new Simulation(await Stage.set(seed, options), options.hasThreads === true).run();
}

class Simulation {
  readonly #faults: readonly Fault[];
  readonly #restless: string[] = [];

  constructor(
    private readonly stage: Stage,
    hasOrders: boolean,
  ) {
    const { seeds, zones } = stage;
    const range = { fromMs: FIRST_TROUBLE_MS, toMs: TROUBLED_MS, zones: zones.length, players: NAMES.length };
    this.#faults = [
      ...drawFaults(seeds.chance('faults'), range),
      ...(hasOrders ? drawOrders(seeds.chance('orders'), range) : []),
    ];
  }

  async run(): Promise<Verdict> {
    const { host, crowd, storm, timeline, trace, seeds } = this.stage;
    host.boot();
    crowd.start();
    storm.begin(this.#faults);
    await timeline.run(TROUBLED_MS);
    crowd.calm();
    await this.#settle();
    await this.#visit();
    await this.#stop();

    const witnessed = this.stage.witnessed();
    const broken = [...brokenPromises(witnessed), ...this.#restless.map((fault) => `liveness: ${fault}`)];
    return { seed: seeds.seed, broken, digest: trace.digest(), faults: this.#faults, witnessed };
  }

  /** All troubles end, and everybody comes back. A zone in quarantine is waited for. */
  async #settle(): Promise<void> {
    const { storm, timeline, host, zones, crowd } = this.stage;
    storm.end();
    await timeline.run(timeline.nowMs + CALM_MS);
    storm.end();
    if (zones.some((zone) => host.process?.world?.zoneActor(zone)?.state === 'quarantined')) timeline.stall(QUARANTINE_MS);
    await timeline.run(timeline.nowMs + SETTLE_MS, () => crowd.isSettled);
    for (const { name, teller } of crowd.players) {
      if (!teller.settled) this.#restless.push(`${name} does not come to rest: ${teller.rest}`);
    }
  }

  /** Every zone ticks for somebody, and everybody sees one. */
  async #visit(): Promise<void> {
    const { crowd, timeline, zones } = this.stage;
    const visits = crowd.players.map(({ name, teller }, index) => {
      const zone = zones[index % zones.length] ?? '';
      teller.wander(zone);
      return { name, teller, zone, since: teller.evidence.length };
    });
    await timeline.run(timeline.nowMs + VISIT_MS);
    for (const { name, teller, zone, since } of visits) {
      const isShown = teller.evidence.slice(since).some((item) => item.type === 'view' && item.zone === zone);
      if (!isShown) this.#restless.push(`${name} sees no tick of ${zone}`);
    }
  }

  async #stop(): Promise<void> {
    const { host, crowd, timeline } = this.stage;
    const clock = host.process?.clock;
    let end: 'stopped' | 'failed' | null = null;
    host.switchOff();
    host.stop(0).then(
      () => {
        end = 'stopped';
      },
      () => {
        end = 'failed';
      },
    );
    await timeline.run(timeline.nowMs + STOP_MS, () => end !== null);
    crowd.stop();
    // What it had asked of the store in the background is answered.
    await timeline.run(timeline.nowMs + STOP_MS);
    if (end !== 'stopped') this.#restless.push('the server does not stop');
    if (clock && clock.pendingTimers > 0) this.#restless.push('a timer was left behind');
  }
}
