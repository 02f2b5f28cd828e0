/** An empty field to arrange one situation on: a zone called meadow, whose middle (10, 10) is where newcomers stand. */
import type { Entity } from '../../../games/contract.js';
import movement from '../../../games/movement/index.js';
import { TestWorld } from '../../../src/testing/index.js';

export function field(): TestWorld {
  const bench = new TestWorld(movement);
  bench.addZone({ name: 'meadow', width: 20, height: 20 });
  return bench;
}

/** A field where these players have arrived: the first in the middle, the others around. */
export function fieldWith(...names: string[]): TestWorld {
  const bench = field();
  for (const name of names) {
    bench.join(name);
    bench.tick();
  }
  return bench;
}

/** The player's walker, in whatever zone it is. */
export function walker(bench: TestWorld, name: string): Entity {
  const all = bench.zones().flatMap((zone) => bench.entities(zone.name));
  const found = all.filter(({ metadata }) => metadata.kind === 'walker' && metadata.name === name);
  if (!found[0] || found.length > 1) throw new Error(`${name} has ${found.length} walkers`);
  return found[0];
}

export function cell(bench: TestWorld, name: string): [number, number] {
  const { x, y } = walker(bench, name);
  return [x, y];
}

/** Asks for a step and runs the tick. */
export function walk(bench: TestWorld, name: string, dx: number, dy: number): void {
  bench.intent(name, { type: 'move', dx, dy });
  bench.tick();
}

export function ofKind(bench: TestWorld, kind: string, zone = 'meadow'): Entity[] {
  return bench.entities(zone).filter(({ metadata }) => metadata.kind === kind);
}
