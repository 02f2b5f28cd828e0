/**
 * The contract's promises as functions over what players of frontier saw, and over the world held still: each answers what was
 * broken, in words; [] when nothing was. They know the game and the wire, and nothing of how the server works.
 */
import type { Sighting } from './roamer.js';

/** An entity as the debug endpoints show it. */
export interface Thing {
  readonly id: string;
  readonly zone_id: string;
  readonly metadata: { readonly kind?: string; readonly player?: string; readonly template?: string; readonly quantity?: number };
}

/** A player's document, as far as it is looked at; null: it was never here. */
export interface Saved {
  readonly player: string;
  readonly zone: string | null;
  readonly avatar: string | null;
  readonly stacks: readonly { readonly id: string; readonly template: string; readonly quantity: number }[];
}

/** Promises 1 and 5, for one player: ticks of a zone rise, what it has never gets older, and it never stands further back on its way. */
export function viewsGoOn(name: string, sightings: readonly Sighting[]): string[] {
  const faults: string[] = [];
  const ticks = new Map<string, number>();
  let before: Sighting | undefined;
  for (const now of sightings) {
    const last = ticks.get(now.zone) ?? Number.NEGATIVE_INFINITY;
    if (now.tick <= last) faults.push(`${name} got tick ${now.tick} of ${now.zone} after ${last}`);
    ticks.set(now.zone, Math.max(last, now.tick));
    if (before && now.version < before.version) {
      faults.push(`${name}: its inventory of tick ${before.version} became that of ${now.version} at tick ${now.tick}`);
    }
    if (before?.settled && before.headings === now.headings) {
      const onwards = (now.x - before.x) * before.vx + (now.z - before.z) * before.vz;
      if (onwards < 0) faults.push(`${name} was at ${where(before)} and walked on, and is at ${where(now)}`);
    }
    before = now;
  }
  return faults;
}

/** Promise 2: at one instant every entity is in one zone, and every player has at most one avatar, which its document names. */
export function eachInOnePlace(things: readonly Thing[], saved: readonly Saved[]): string[] {
  const zones = new Map<string, string[]>();
  for (const { id, zone_id } of things) zones.set(id, [...(zones.get(id) ?? []), zone_id]);
  const doubled = [...zones]
    .filter(([, places]) => places.length > 1)
    .map(([id, places]) => `${id} is in ${places.join(' and ')}`);
  const avatars = things.filter(({ metadata }) => metadata.kind === 'player');
  const owners = avatars.map(({ metadata }) => metadata.player);
  const twice = owners.filter((owner, i) => owners.indexOf(owner) !== i).map((owner) => `player ${owner} has two avatars`);
  const strays = saved.flatMap(({ player, zone, avatar }) => {
    const own = avatars.find(({ metadata }) => metadata.player === player);
    if (avatar === null || (own?.id === avatar && own.zone_id === zone)) return [];
    return `player ${player} should have ${avatar} in ${zone}, and has ${own?.id ?? 'nothing'} in ${own?.zone_id ?? 'no zone'}`;
  });
  return [...doubled, ...twice, ...strays];
}

/** Promise 2, for what comes to be while the test runs: a bot that was there once is there always. */
export function botsStay(before: readonly Thing[], now: readonly Thing[]): string[] {
  const there = new Set(now.map(({ id }) => id));
  return before.filter(({ id, metadata }) => metadata.kind === 'bot' && !there.has(id)).map(({ id }) => `bot ${id} is lost`);
}

/** Nothing is made and nothing is lost: pieces of each kind, on the ground, carried and worn. And no stack is in two hands. */
export function sumsHold(
  things: readonly Thing[],
  saved: readonly Saved[],
  expected: Readonly<Record<string, number>>,
): string[] {
  const sums = new Map<string, number>();
  const add = (template: string, quantity: number) => sums.set(template, (sums.get(template) ?? 0) + quantity);
  for (const { metadata } of things) {
    if (metadata.kind === 'item') add(String(metadata.template), Number(metadata.quantity));
  }
  const stacks = saved.flatMap((each) => each.stacks);
  for (const { template, quantity } of stacks) add(template, quantity);
  const ids = stacks.map(({ id }) => id);
  const kinds = new Set([...sums.keys(), ...Object.keys(expected)]);
  return [
    ...[...kinds].flatMap((kind) => {
      const [is, was] = [sums.get(kind) ?? 0, expected[kind] ?? 0];
      return is === was ? [] : `of ${was} ${kind} there are ${is}`;
    }),
    ...ids.filter((id, i) => ids.indexOf(id) !== i).map((id) => `stack ${id} is in two hands`),
  ];
}

function where({ tick, x, z, vx, vz }: Sighting): string {
  return `${x},${z} (tick ${tick}, going ${vx},${vz})`;
}
