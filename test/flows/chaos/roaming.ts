/**
 * Traffic of frontier over a server that is killed again and again: roamers, and the look at the whole world, held still, in
 * between. What is found is judged by `frontier-checks.ts`.
 */
import type { Document } from '../../../games/frontier/document.js';
import { LITTLE } from '../../support/flow-games/little-frontier.js';
import type { TestServer } from '../../support/server.js';
import { until } from '../../support/until.js';
import type { Chance } from './chance.js';
import { botsStay, eachInOnePlace, type Saved, sumsHold, type Thing, viewsGoOn } from './frontier-checks.js';
import { Roamer } from './roamer.js';
import { WatchedWorld } from './watched-world.js';

const ROAMERS = ['anna', 'bert', 'carla', 'dora', 'emil', 'fleur'];
/** Each roamer does something this often. */
const BEAT_MS = 20;

export class RoamingRun {
  readonly #roamers: Roamer[] = [];
  readonly #faults: string[] = [];
  readonly #world: WatchedWorld;
  #bots: readonly Thing[] = [];
  #beat: NodeJS.Timeout | undefined;

  constructor(
    server: TestServer,
    private readonly chance: Chance,
  ) {
    this.#world = new WatchedWorld(server);
  }

  async begin(): Promise<void> {
    const accounts = await this.#world.open(ROAMERS);
    const { server } = this.#world;
    for (const account of accounts) this.#roamers.push(new Roamer(account, this.chance, () => server.socketUrl));
    await until(() => this.#roamers.every(({ isThere }) => isThere));
  }

  /** Everybody roams for so long, and then until `quiet`. */
  async traffic(durationMs: number): Promise<void> {
    this.roam();
    await new Promise((resolve) => setTimeout(resolve, durationMs));
  }

  roam(): void {
    this.quiet();
    this.#beat = setInterval(() => {
      for (const roamer of this.#roamers) roamer.act();
    }, BEAT_MS);
  }

  quiet(): void {
    clearInterval(this.#beat);
  }

  /** Everybody has been shown something since that instant. */
  async seeAgain(): Promise<void> {
    const counts = this.#roamers.map(({ sightings }) => sightings.length);
    await until(() => this.#roamers.every(({ sightings }, i) => sightings.length > (counts[i] ?? 0)));
  }

  /** Sees that everything is in one place, and that nothing was made or lost. */
  async inspect(): Promise<void> {
    const { things, saved } = await this.#world.heldStill(() => this.#look());
    const broken = [
      ...eachInOnePlace(things, saved),
      ...botsStay(this.#bots, things),
      ...sumsHold(things, saved, this.#expected()),
    ];
    this.#faults.push(...broken);
    this.#bots = things.filter(({ metadata }) => metadata.kind === 'bot');
  }

  async #look(): Promise<{ readonly things: readonly Thing[]; readonly saved: readonly Saved[] }> {
    const things = await this.#world.entities<Thing>();
    const saved: Saved[] = [];
    for (const { account } of this.#roamers)
      saved.push(savedOf(await this.#world.debug('POST', `players/${account.id}/checkpoint`)));
    return { things, saved };
  }

  async stop(): Promise<void> {
    this.quiet();
    await Promise.all(this.#roamers.map((roamer) => roamer.stop()));
  }

  /** Everything that was broken so far. */
  faults(): readonly string[] {
    return [...this.#faults, ...this.#roamers.flatMap(({ name, sightings }) => viewsGoOn(name, sightings))];
  }

  /** For a look at whether there was traffic at all. */
  totals() {
    const sum = (count: (roamer: Roamer) => number) => this.#roamers.reduce((total, roamer) => total + count(roamer), 0);
    return {
      views: sum(({ sightings }) => sightings.length),
      handovers: sum(({ handovers }) => handovers),
      joins: sum(({ resumes }) => resumes),
      picked: sum(({ picked }) => picked),
      bots: this.#bots.length,
    };
  }

  #expected(): Record<string, number> {
    const sums: Record<string, number> = {};
    const add = (template: string, quantity: number) => {
      sums[template] = (sums[template] ?? 0) + quantity;
    };
    for (const { template, quantity, count } of LITTLE.groundPerCell) add(template, quantity * count * this.#world.zones.length);
    for (const { template, quantity } of LITTLE.newcomer.items) add(template, quantity * this.#roamers.length);
    return sums;
  }
}

function savedOf({ player_id, state }: { player_id: string; state: Document }): Saved {
  const { zone, avatar, inventory, equipment } = state;
  return { player: player_id, zone, avatar, stacks: [...inventory, ...Object.values(equipment.slots)] };
}
