/**
 * Traffic of frontier over a server that is killed again and again: roamers, and the look at the whole world, held still, in
 * between. What is found is judged by `frontier-checks.ts`.
 */
import type { Document } from '../../../games/frontier/document.js';
import { LITTLE } from '../../support/flow-games/little-frontier.js';
import { type Account, call, register } from '../../support/player.js';
import type { TestServer } from '../../support/server.js';
import { until } from '../../support/until.js';
import type { Chance } from './chance.js';
import { botsStay, eachInOnePlace, type Saved, sumsHold, type Thing, viewsGoOn } from './frontier-checks.js';
import { Roamer } from './roamer.js';

const ROAMERS = ['anna', 'bert', 'carla', 'dora', 'emil', 'fleur'];
/** Each roamer does something this often. */
const BEAT_MS = 20;

export class RoamingRun {
  readonly #roamers: Roamer[] = [];
  readonly #faults: string[] = [];
  #zones: string[] = [];
  #bots: readonly Thing[] = [];
  #operator = '';
  #beat: NodeJS.Timeout | undefined;

  constructor(
    private readonly server: TestServer,
    private readonly chance: Chance,
  ) {}

  async begin(): Promise<void> {
    this.#operator = (await register(this.server.url, 'operator')).token;
    const { body } = await call(this.server.url, 'GET', '/api/zones', { token: this.#operator });
    this.#zones = body.zones.map(({ id }: { id: string }) => id);
    const accounts: Account[] = [];
    for (const name of ROAMERS) accounts.push(await register(this.server.url, name));
    for (const account of accounts) this.#roamers.push(new Roamer(account, this.chance, () => this.server.socketUrl));
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
    await this.#debug('POST', 'tick/pause');
    const things: Thing[] = [];
    for (const zone of this.#zones) things.push(...(await this.#debug('GET', `zones/${zone}/state`)).entities);
    const saved: Saved[] = [];
    for (const { account } of this.#roamers) saved.push(savedOf(await this.#debug('POST', `players/${account.id}/checkpoint`)));
    await this.#debug('POST', 'tick/resume');
    const broken = [
      ...eachInOnePlace(things, saved),
      ...botsStay(this.#bots, things),
      ...sumsHold(things, saved, this.#expected()),
    ];
    this.#faults.push(...broken);
    this.#bots = things.filter(({ metadata }) => metadata.kind === 'bot');
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
    for (const { template, quantity, count } of LITTLE.groundPerCell) add(template, quantity * count * this.#zones.length);
    for (const { template, quantity } of LITTLE.newcomer.items) add(template, quantity * this.#roamers.length);
    return sums;
  }

  async #debug(method: string, path: string) {
    const { status, body } = await call(this.server.url, method, `/api/debug/${path}`, { token: this.#operator });
    if (status !== 200) throw new Error(`${path} answered ${status}: ${JSON.stringify(body)}`);
    return body;
  }
}

function savedOf({ player_id, state }: { player_id: string; state: Document }): Saved {
  const { zone, avatar, inventory, equipment } = state;
  return { player: player_id, zone, avatar, stacks: [...inventory, ...Object.values(equipment.slots)] };
}
