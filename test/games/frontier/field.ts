/** A small world to arrange situations in: cells of 20 m, nobody but players, and a few kinds of items. */
import type { Entity, JsonObject } from '../../../games/contract.js';
import { frontier } from '../../../games/frontier/frontier.js';
import { type Rules, readRules } from '../../../games/frontier/rules.js';
import { createTestWorld, type TestWorld } from '../../../src/testing/index.js';

export const CELL_CM = 2000;
export const TICK_MS = 50;

export const SETTINGS = {
  world: { columns: 2, rows: 2, cellCm: CELL_CM },
  spawns: [{ column: 0, row: 0, xCm: 1000, zCm: 1000 }],
  spawnSpreadCm: 0,
  movement: { tickMs: TICK_MS, speedCmPerS: 600 },
  sightCm: 800,
  reachCm: 250,
  handover: { marginCm: 50, epsilonCm: 1, restMs: 500 },
  bots: { min: 0, max: 100, spawnsPerTick: 1, removeEveryTicks: 5, speedCmPerS: 200, turnEveryTicks: 40 },
  inventory: {
    compartments: [
      { name: 'belt', bulk: 8 },
      { name: 'backpack', bulk: 20 },
    ],
    weightLimitG: 20_000,
    lightPercent: 50,
    worstPenaltyPercent: 60,
  },
  equipment: { slots: ['head', 'main_hand', 'off_hand'], cooldownMs: 1000 },
  skills: ['blades', 'archery', 'survival'],
  training: { pointsPerLevel: 2, maxLevel: 3, milestoneCm: 500, loadedSkill: 'survival' },
  wear: { perUse: 1, perMilestone: 1, milestoneSlots: ['head'] },
  newcomer: {
    items: [
      { template: 'sword', quantity: 1 },
      { template: 'shield', quantity: 1 },
      { template: 'arrow', quantity: 30 },
    ],
    skills: { blades: 1 } as Record<string, number>,
  },
  groundPerCell: [] as { template: string; quantity: number; count: number }[],
};

export const ITEMS = {
  version: 3,
  renamed: [
    { in: 2, from: 'knife', to: 'dagger' },
    { in: 3, from: 'dagger', to: 'sword' },
  ],
  items: [
    {
      id: 'sword',
      name: 'sword',
      slots: ['main_hand', 'off_hand'],
      weightG: 1500,
      bulk: 4,
      durability: 100,
      skills: { blades: 1 },
      damageType: 'slashing',
      trains: 'blades',
    },
    {
      id: 'great_sword',
      name: 'great sword',
      slots: ['main_hand', 'off_hand'],
      twoHanded: true,
      weightG: 3000,
      bulk: 8,
      durability: 2,
      trains: 'blades',
    },
    { id: 'bow', name: 'bow', slots: ['main_hand'], weightG: 900, bulk: 6, skills: { archery: 2 } },
    { id: 'shield', name: 'shield', slots: ['off_hand'], weightG: 3000, bulk: 6 },
    { id: 'cap', name: 'cap', slots: ['head'], weightG: 200, bulk: 2, durability: 3 },
    { id: 'arrow', name: 'arrow', slots: [], weightG: 40, bulk: 1, stack: 50 },
    { id: 'anvil', name: 'anvil', slots: [], weightG: 12_000, bulk: 4 },
  ],
};

type Changes = { [Name in keyof typeof SETTINGS]?: (typeof SETTINGS)[Name] };

export function rulesWith(changes: Changes = {}): Rules {
  return readRules({ ...SETTINGS, ...changes }, ITEMS);
}

/** A world made of these settings; one tick of the bench is one of the world. */
export async function field(changes: Changes = {}): Promise<TestWorld> {
  return await createTestWorld(frontier(rulesWith(changes)), { intervalMs: TICK_MS });
}

/** A world in which these players have arrived, one after the other. */
export async function fieldWith(names: readonly string[], changes: Changes = {}): Promise<TestWorld> {
  const bench = await field(changes);
  for (const name of names) {
    bench.join(name);
    bench.tick();
  }
  return bench;
}

/** Where the player sees itself; throws while it is on its way from one zone to another. */
export function place(bench: TestWorld, name: string): { x: number; z: number } {
  const { x, z } = bench.viewOf(name).player as { x: number; z: number };
  return { x, z };
}

/** In a zone, and shown something: not on its way between two. */
export function isHere(bench: TestWorld, name: string): boolean {
  return bench.viewOf(name).player !== null;
}

/** The ids of what the player sees. */
export function seen(bench: TestWorld, name: string): string[] {
  return (bench.viewOf(name).entities as { id: string }[]).map(({ id }) => id);
}

export function head(bench: TestWorld, name: string, x: number, z: number): void {
  bench.intent(name, { type: 'input', dt: 0.05, intent: { x, z } });
}

/** Walks until the player has come that far in x, and stops there; throws when it never does. `stepCm`: its way in a tick. */
export function walkTo(bench: TestWorld, name: string, x: number, stepCm = 30): void {
  for (let tick = 0; tick < 2000; tick++) {
    const left = x - place(bench, name).x;
    head(bench, name, Math.max(-1, Math.min(1, left / stepCm)), 0);
    bench.tick();
    if (left === 0) return;
  }
  throw new Error(`${name} does not come to ${x}: it is at ${place(bench, name).x}`);
}

export function everything(bench: TestWorld): Entity[] {
  return bench.zones().flatMap(({ name }) => bench.entities(name));
}

export function ofKind(bench: TestWorld, kind: string): Entity[] {
  return everything(bench).filter(({ metadata }) => metadata.kind === kind);
}

/** Puts a stack on the ground; `x`, `z` in the world. Answers its entity's id. */
export function lay(bench: TestWorld, template: string, x: number, z: number, quantity = 1, templates = ITEMS.version): string {
  const { grid } = rulesWith();
  const cell = { column: Math.floor(x / CELL_CM), row: Math.floor(z / CELL_CM) };
  const metadata = { kind: 'item', name: template, stack: `laid ${x},${z}`, template, templates, quantity, durability: null };
  return bench.add(grid.nameOf(cell), { ...grid.toZone(cell, { x, z }), width: 0, height: 0, metadata });
}

/** What a player carries, as `template quantity`. */
export function carried(bench: TestWorld, name: string): string[] {
  const { inventory } = bench.player(name).state as unknown as { inventory: { template: string; quantity: number }[] };
  return inventory.map(({ template, quantity }) => `${template} ${quantity}`);
}

/** The id of the first stack of that kind that the player carries. */
export function instanceOf(bench: TestWorld, name: string, template: string): string {
  const { inventory } = bench.player(name).state as unknown as { inventory: { id: string; template: string }[] };
  return inventory.find((stack) => stack.template === template)?.id ?? 'none';
}

/** The codes that the player was answered with, by the type of message, the oldest first. */
export function codes(bench: TestWorld, name: string, type: string): unknown[] {
  return bench.messages(name).flatMap((message) => (message.type === type ? [message.code] : []));
}

/** Pieces of each kind, wherever they are: carried, worn, or on the ground. */
export function pieces(bench: TestWorld, names: Iterable<string>): Record<string, number> {
  const sums: Record<string, number> = {};
  const add = ({ template, quantity }: JsonObject) => {
    sums[String(template)] = (sums[String(template)] ?? 0) + Number(quantity);
  };
  for (const item of ofKind(bench, 'item')) add(item.metadata);
  for (const name of names) {
    const state = bench.player(name).state as {
      inventory?: JsonObject[];
      equipment?: { slots: Record<string, JsonObject> };
    } | null;
    for (const stack of [...(state?.inventory ?? []), ...Object.values(state?.equipment?.slots ?? {})]) add(stack);
  }
  return sums;
}
