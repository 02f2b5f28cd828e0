/**
 * Promise 6, for one seed: one zone is struck again and again (it throws, answers nonsense, is refused by the store,
 * is sent poison, its players lose their connections), and then the same run once more without any of it.
 *
 * That the other zones do not notice can be asked exactly where nothing crosses into them: a wall keeps players,
 * coins and intents on their side, the store answers as fast whatever it is asked, and nobody draws on anybody
 * else's chance. Then every committed tick of the other zones has to be the same, number, inputs and result to the
 * byte, and every message to their players.
 */
import { createHash } from 'node:crypto';
import type { ZoneId } from '../../actors/ids.js';
import { drawStrikes, type Fault } from './faults.js';
import { FIRST_TROUBLE_MS, TROUBLED_MS } from './simulation.js';
import { isInside, type PlantedLies, Stage, zonesOf } from './stage.js';

export interface IsolationOptions {
  readonly lies?: PlantedLies;
}

export interface IsolationVerdict {
  readonly seed: number;
  /** In words, each beginning with `6`; [] when nobody noticed. */
  readonly broken: readonly string[];
  /** Did the strikes change anything where they struck? */
  readonly isStruck: boolean;
}

/** What was committed in each zone, and what each player was sent. */
interface Course {
  readonly zones: ReadonlyMap<ZoneId, string>;
  readonly players: ReadonlyMap<string, string>;
}

export async function isolate(seed: number, options: IsolationOptions = {}): Promise<IsolationVerdict> {
  const zones = zonesOf(seed);
  const struckZone = zones[seed % zones.length];
  if (!struckZone) throw new Error('there is no zone to strike');
  const calm = await courseOf(seed, struckZone, false, options);
  const struck = await courseOf(seed, struckZone, true, options);
  const isSame = (pick: (course: Course) => string | undefined) => pick(calm) === pick(struck);
  const names = [...calm.players.keys()];
  return {
    seed,
    broken: [
      ...zones
        .filter((zone) => zone !== struckZone && !isSame((course) => course.zones.get(zone)))
        .map((zone) => `6: zone ${zone} took another course when ${struckZone} was struck`),
      ...names
        .filter((name, index) => !isInside(index) && !isSame((course) => course.players.get(name)))
        .map((name) => `6: ${name} was sent something else when ${struckZone} was struck`),
    ],
    isStruck: !isSame((course) => course.zones.get(struckZone)),
  };
}

async function courseOf(seed: number, walledOff: ZoneId, isStruck: boolean, { lies }: IsolationOptions): Promise<Course> {
  const habits = (name: string) => ({ isRestless: false, spoils: isStruck && stage.zonesOf(name).includes(walledOff) });
  const stage: Stage = await Stage.set(seed, { walledOff, lies, habits });
  const { host, crowd, storm, timeline, seeds, zones } = stage;
  const inside = crowd.players.flatMap((_, index) => (isInside(index) ? index : []));
  const range = { fromMs: FIRST_TROUBLE_MS, toMs: TROUBLED_MS, zone: zones.indexOf(walledOff), players: inside };
  const strikes: readonly Fault[] = isStruck ? drawStrikes(seeds.chance('strikes'), range) : [];
  host.boot();
  crowd.start();
  storm.begin(strikes);
  await timeline.run(TROUBLED_MS);
  host.switchOff();
  host.kill(0);
  return {
    zones: new Map(zones.map((zone) => [zone, committedIn(stage, zone)])),
    players: new Map(crowd.players.map(({ name, teller }) => [name, digestOf(JSON.stringify(teller.evidence))])),
  };
}

function committedIn({ host }: Stage, zone: ZoneId): string {
  const rows = [...(host.stored.journal.get(zone)?.values() ?? [])].sort((a, b) => a.tick - b.tick);
  return digestOf(rows.map(({ tick, inputs, body }) => `${tick} ${withoutRowIds(inputs)} ${Buffer.from(body)}`).join('\n'));
}

/** What crosses from zone to zone is counted over the whole world: the only thing by which zones may tell. */
function withoutRowIds(inputs: string): string {
  return inputs.replaceAll(/"id":\d+/g, '"id":0');
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
