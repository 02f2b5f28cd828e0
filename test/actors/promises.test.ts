import { expect } from 'chai';
import fc from 'fast-check';
import type { Simulation, WorldStore, ZoneStore } from '../../actors/ports.js';
import type { StepRequest } from '../../actors/steps.js';
import type { Store } from '../../src/store/store.js';
import { type CourierIntent, courierGame } from '../support/courier-game.js';
import { overlaid } from '../support/ports.js';
import { Promises } from '../support/promises.js';
import type { TestClient } from '../support/test-client.js';
import { TestWorld, type TestWorldOptions } from '../support/world.js';

const ZONES = ['a', 'b', 'c'] as const;
/** The one that an operator may delete. */
const DELETED = 'c';
const PLAYERS = ['ann', 'bob', 'cid'] as const;
/** Past every retry of a commit, and past the first quarantines. */
const LONG_MS = 65_000;

type Step =
  | { readonly do: 'tick'; readonly times: number }
  | { readonly do: 'join' | 'resume' | 'drop' | 'unsubscribe'; readonly who: number }
  | { readonly do: 'subscribe'; readonly who: number; readonly zone: number }
  | { readonly do: 'fail'; readonly zone: number }
  | { readonly do: 'intent'; readonly who: number; readonly kind: CourierIntent['type']; readonly zone: number }
  | { readonly do: 'trouble'; readonly calls: string; readonly trouble: 'away' | 'unknown'; readonly times: number }
  | { readonly do: 'hold'; readonly calls: string; readonly what: 'call' | 'answer' }
  | { readonly do: 'release' | 'heal' | 'crash' | 'pause' | 'unpause' | 'step' | 'wait' | 'delete' };

const who = fc.nat(PLAYERS.length - 1);
const zone = fc.nat(ZONES.length - 1);
const calls = fc.constantFrom('zones.commit', 'zones.claim', 'zones.turnRound', 'zones.checkpoint', 'zones', 'places', '');
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ do: fc.constant('tick' as const), times: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('join', 'drop', 'unsubscribe'), who }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('resume' as const), who }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('subscribe' as const), who, zone }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('fail' as const), zone }) },
  {
    weight: 16,
    arbitrary: fc.record({
      do: fc.constant('intent' as const),
      who,
      kind: fc.constantFrom('note', 'note', 'note', 'go', 'go', 'ship', 'crate', 'boom', 'sign'),
      zone,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('trouble' as const),
      calls,
      trouble: fc.constantFrom('away', 'unknown'),
      times: fc.integer({ min: 1, max: 3 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('hold' as const), calls, what: fc.constantFrom('call', 'answer') }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constantFrom('release', 'heal', 'crash', 'pause', 'unpause', 'step', 'wait') }) },
  { weight: 1, arbitrary: fc.constant({ do: 'delete' as const }) },
);

/** A world, its players, and who watches the promises. */
class Run {
  readonly promises: Promises;
  readonly #clients: readonly TestClient[];
  #releases: (() => void)[] = [];
  #notes = 0;

  private constructor(
    private readonly world: TestWorld,
    private readonly failing: Set<string>,
  ) {
    this.promises = new Promises(world.stored, (name) => world.player(name));
    this.#clients = PLAYERS.map((name) => world.client(name));
  }

  static async begin(options: TestWorldOptions): Promise<Run> {
    let run: Run | null = null;
    const heard: TestWorldOptions['heard'] = ({ name }, message) => run?.promises.heard(name, message);
    const failing = new Set<string>();
    const world = await TestWorld.create(courierGame({ failing }), {
      resumeWindowMs: 10_000_000,
      ...options,
      zones: ZONES,
      heard,
    });
    run = new Run(world, failing);
    for (const [i, client] of run.#clients.entries()) {
      await run.#join(client);
      await run.do({ do: 'subscribe', who: i, zone: i });
      await run.do({ do: 'intent', who: i, kind: 'crate', zone: i });
    }
    await world.tick();
    return run;
  }

  async do(step: Step): Promise<void> {
    const { world } = this;
    switch (step.do) {
      case 'tick':
        await world.tick(step.times);
        break;
      case 'intent':
        await this.#intent(this.#client(step.who), step.kind, ZONES[step.zone] ?? 'a');
        break;
      case 'subscribe':
        await this.#client(step.who).subscribe(world.zone(ZONES[step.zone] ?? 'a'));
        break;
      case 'fail':
        await this.#fail(ZONES[step.zone] ?? 'a');
        break;
      case 'unsubscribe':
        await this.#client(step.who).unsubscribe();
        break;
      case 'drop':
        await this.#client(step.who).drop();
        break;
      case 'join':
        await this.#join(this.#client(step.who));
        break;
      case 'resume':
        await this.#resume(this.#client(step.who));
        break;
      default:
        await this.#trouble(step);
    }
    this.promises.checkStored();
  }

  async #trouble(step: Step): Promise<void> {
    const { world } = this;
    // What the operator asks for may have to wait for a store that is away: nobody waits for the answer here.
    const ask = (answer: Promise<unknown>) => void answer.catch(() => {});
    if (step.do === 'trouble') world.store.fail(step.calls, step.trouble, { times: step.times });
    if (step.do === 'hold') this.#releases.push(world.store.hold(step.calls, step.what));
    if (step.do === 'release') this.#releaseAll();
    if (step.do === 'heal') world.store.heal();
    if (step.do === 'pause') ask(world.world.pause());
    if (step.do === 'unpause') world.world.resume();
    if (step.do === 'delete') ask(world.world.deleteZone(world.zone(DELETED)));
    if (step.do === 'step') ask(world.world.step());
    if (step.do === 'wait') world.clock.stall(LONG_MS);
    if (step.do === 'crash') await world.crash();
    await world.settle();
  }

  async #fail(zone: string): Promise<void> {
    this.failing.add(zone);
    await this.world.tick();
    this.failing.delete(zone);
  }

  #releaseAll(): void {
    for (const release of this.#releases.splice(0)) release();
  }

  async #join(client: TestClient): Promise<void> {
    this.promises.joins(client.name, false);
    await client.connect();
  }

  /** As a client does: it sends again, under its own number, whatever nobody told it of. */
  async #resume(client: TestClient): Promise<void> {
    if (client.connected) return;
    this.promises.joins(client.name, client.resumeToken !== null);
    await client.resume();
    for (const { seq, note } of this.promises.open(client.name))
      await client.intent(note ? noting(note) : { type: 'sign', text: '' }, seq);
  }

  async #intent(client: TestClient, kind: CourierIntent['type'], zone: string): Promise<void> {
    if (!client.connected || !client.joined) return;
    this.#notes += 1;
    const note = `n${this.#notes}`;
    const seq = this.promises.sends(client.name, kind === 'note' ? note : null);
    await client.intent(kind === 'note' ? noting(note) : { type: kind, to: this.world.zone(zone), text: note }, seq);
  }

  #client(index: number): TestClient {
    const client = this.#clients[index];
    if (!client) throw new Error('the test has not so many players');
    return client;
  }

  /** All troubles end, everybody comes back, and everything is settled. */
  async end(): Promise<readonly string[]> {
    const { world } = this;
    this.#releaseAll();
    world.store.heal();
    world.world.resume();
    for (let i = 0; i < 3; i += 1) await this.#long();
    for (const client of this.#clients) {
      await client.drop();
      await this.#resume(client);
      await client.subscribe(world.zone('a'));
    }
    await world.tick(4);
    for (const client of this.#clients) {
      await client.drop();
      await this.#resume(client);
    }
    this.promises.checkEnd();
    const restless = ZONES.filter((name) => (world.actor(name)?.state ?? null) === 'restoring');
    for (const name of restless) this.promises.broken.push(`zone ${name} does not come back`);
    for (const error of world.fatal) this.promises.broken.push(`the process would have ended: ${error}`);
    await world.stop();
    if (world.clock.pendingTimers > 0) this.promises.broken.push('a timer was left behind');
    return this.promises.broken;
  }

  async #long(): Promise<void> {
    this.world.clock.stall(LONG_MS);
    await this.world.settle();
    await this.world.tick(3);
  }
}

const noting = (note: string) => ({ type: 'note', note });

async function brokenBy(steps: readonly Step[], options: TestWorldOptions = {}): Promise<readonly string[]> {
  const run = await Run.begin(options);
  for (const one of steps) await run.do(one);
  return run.end();
}

describe('the promises of the contract', () => {
  it('hold whatever players, the store, the operator and the end of the process do', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
        expect(await brokenBy(steps)).to.deep.equal([]);
      }),
      { numRuns: 120, seed: 20_261_120 },
    );
  }).timeout(30_000);
});

/** A checker that finds nothing is worth nothing: each of these servers breaks one promise, and is found out. */
describe('whoever checks the promises', () => {
  const note: Step = { do: 'intent', who: 0, kind: 'note', zone: 0 };
  const tick: Step = { do: 'tick', times: 2 };

  it('finds a tick that is shown before it is durable', async () => {
    const broken = await brokenBy([note, { do: 'intent', who: 0, kind: 'crate', zone: 0 }, tick], {
      lyingStore: (store) => lyingAbout(store, { commit: async (batch) => batch.map(() => ({ type: 'committed', sent: [] })) }),
    });

    expect(broken.some((line) => line.startsWith('1: '))).to.equal(true);
  });

  it('finds an entity that has arrived and is still on its way', async () => {
    const broken = await brokenBy([{ do: 'intent', who: 0, kind: 'ship', zone: 1 }, tick, tick], {
      lyingStore: (store) =>
        lyingAbout(store, { commit: (batch) => store.zones.commit(batch.map((commit) => ({ ...commit, takes: [] }))) }),
    });

    expect(broken.some((line) => /^2: entity .* is in zone .* and row /.test(line))).to.equal(true);
  });

  it('finds an entity that was lost on its way', async () => {
    const broken = await brokenBy([{ do: 'intent', who: 0, kind: 'ship', zone: 1 }, tick, tick], {
      lyingStore: (store, stored) =>
        lyingAbout(store, {
          commit: async (batch) => {
            const outcomes = await store.zones.commit(batch);
            stored.inbox.clear();
            return outcomes;
          },
        }),
    });

    expect(broken.some((line) => /^2: entity .* is gone/.test(line))).to.equal(true);
  });

  it('finds an intent that was applied twice', async () => {
    const twice = ({ intents, ...request }: StepRequest) => ({ ...request, intents: [...intents, ...intents] });
    const broken = await brokenBy([note, tick], { lyingSimulation: (simulation) => stepping(simulation, twice) });

    expect(broken.some((line) => /^3: ann's n\d+ was applied more than once/.test(line))).to.equal(true);
  });

  it('finds an intent that was said to be applied, and was not', async () => {
    const none = (request: StepRequest) => ({ ...request, intents: [] });
    const broken = await brokenBy([note, tick], { lyingSimulation: (simulation) => stepping(simulation, none) });

    expect(broken.some((line) => /^3: ann's \d+ is not applied/.test(line))).to.equal(true);
  });

  it('finds an acknowledged intent that a kill took back', async () => {
    const broken = await brokenBy([note, tick, { do: 'crash' }], { persistEveryTicks: 1_000, lyingSimulation: unsaving });

    expect(broken.some((line) => /^3: ann was told that \d+ is applied, then that \d+ is the last/.test(line))).to.equal(true);
  });

  it('finds tick numbers that come again after a kill', async () => {
    const broken = await brokenBy([tick, { do: 'crash' }, { do: 'resume', who: 0 }, tick], {
      lyingStore: (store) => ({ ...store, world: withFirstTick(store.world, 1) }),
    });

    expect(broken.some((line) => line.startsWith('5: '))).to.equal(true);
  });
});

function lyingAbout(store: Store, lies: Partial<ZoneStore>): Store {
  return { ...store, zones: overlaid(store.zones, lies) };
}

function stepping(simulation: Simulation, change: (request: StepRequest) => StepRequest): Simulation {
  return overlaid(simulation, { step: (request) => simulation.step(change(request)) });
}

/** A saved document does not make its tick be written at once. */
function unsaving(simulation: Simulation): Simulation {
  return overlaid(simulation, { step: async (request) => ({ ...(await simulation.step(request)), savesPlayers: false }) });
}

function withFirstTick(world: WorldStore, firstTick: number): WorldStore {
  return overlaid(world, { firstTick });
}
