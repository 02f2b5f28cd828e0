/**
 * Frontier in little, for kills: nine cells of eight metres under fast walkers, so that somebody crosses a border all the time,
 * and things that are carried about. Bots come and never go, so that one that is missing was lost.
 */
import { frontier } from '../../../games/frontier/frontier.js';
import items from '../../../games/frontier/items.json' with { type: 'json' };
import { readRules } from '../../../games/frontier/rules.js';
import settings from '../../../games/frontier/settings.json' with { type: 'json' };

export const LITTLE = {
  ...settings,
  world: { columns: 3, rows: 3, cellCm: 800 },
  spawns: [{ column: 1, row: 1, xCm: 400, zCm: 400 }],
  // Any two who begin see one another.
  spawnSpreadCm: 130,
  movement: { tickMs: 20, speedCmPerS: 1000 },
  sightCm: 400,
  reachCm: 250,
  handover: { marginCm: 20, epsilonCm: 1, restMs: 100 },
  bots: { min: 3, max: 1000, spawnsPerTick: 1, removeEveryTicks: 1000, speedCmPerS: 1000, turnEveryTicks: 40 },
  equipment: { ...settings.equipment, cooldownMs: 100 },
  groundPerCell: [
    { template: 'apple', quantity: 2, count: 2 },
    { template: 'arrow', quantity: 10, count: 2 },
    { template: 'boots', quantity: 1, count: 1 },
  ],
};

export default frontier(readRules(LITTLE, items));
