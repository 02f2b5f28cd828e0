/**
 * Making the world, once at each start, and the doors into it. Cells that are there already stay as players left them; a
 * database whose cells have another size is another world, and refused.
 */
import type { Player, WorldSetup, Zone } from '../contract.js';
import { homeOf } from './avatars.js';
import { zoneIn } from './document.js';
import type { Cell } from './grid.js';
import { strewn } from './ground.js';
import { neighborOf } from './handover.js';
import type { Rules } from './rules.js';

export async function furnish(rules: Rules, world: WorldSetup): Promise<void> {
  const { grid } = rules;
  const zones = new Map<string, Zone>();
  for (const cell of grid.cells()) {
    const { column, row } = cell;
    const zone = await world.createZone({
      name: grid.nameOf(cell),
      width: grid.sideCm,
      height: grid.sideCm,
      metadata: { column, row },
    });
    if (!grid.cellOf(zone))
      throw new Error(`${zone.name} is of another world: it is ${zone.width} by ${zone.height}, not ${grid.sideCm}`);
    zones.set(zone.name, zone);
  }
  for (const cell of grid.cells()) {
    const zone = zones.get(grid.nameOf(cell));
    if (!zone) continue;
    await world.createEntities(zone.id, strewn(cell, rules));
    for (const way of HALF_OF_THE_WAYS) {
      const next = zones.get(grid.nameOf(neighborOf(cell, way)));
      if (next) await world.connect(zone.id, next.id, { dx: way.columns * grid.cellCm, dy: way.rows * grid.cellCm });
    }
  }
}

/** Where it was, or where newcomers begin. */
export function place(rules: Rules, player: Player, zones: readonly Zone[]): string | null {
  return homeOf(player, cellsAmong(zones, rules), rules);
}

/**
 * A player is let in where it is, and where newcomers begin: who asks for another cell would be there without having gone
 * there. One who goes over a border is told by its document where it is before it arrives.
 */
export function admit({ grid, settings }: Rules, zone: Zone, player: Player): boolean {
  const cell = grid.cellOf(zone);
  if (!cell) return false;
  return (
    zoneIn(player.state) === zone.id || settings.spawns.some(({ column, row }) => column === cell.column && row === cell.row)
  );
}

function cellsAmong(zones: readonly Zone[], { grid }: Rules): ReadonlyMap<string, Cell> {
  const cells = new Map<string, Cell>();
  for (const zone of zones) {
    const cell = grid.cellOf(zone);
    if (cell) cells.set(zone.id, cell);
  }
  return cells;
}

/** `connect` works both ways. */
const HALF_OF_THE_WAYS = [
  { columns: 1, rows: 0 },
  { columns: -1, rows: 1 },
  { columns: 0, rows: 1 },
  { columns: 1, rows: 1 },
] as const;
