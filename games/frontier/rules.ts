/** Everything that is fixed while a server runs: the settings, the items, and the plane they make. Read and checked at the start. */
import { Grid } from './grid.js';
import { putAll, type Stack } from './inventory.js';
import { readSettings, type Settings } from './settings.js';
import { type Catalogue, readCatalogue } from './templates.js';

export interface Rules {
  readonly settings: Settings;
  readonly catalogue: Catalogue;
  readonly grid: Grid;
  /** As the inventory and the equipment ask for them. */
  readonly compartments: Settings['inventory']['compartments'];
  readonly equipment: Settings['equipment'];
}

/** From what the two files hold. Throws one line that says what is wrong with them. */
export function readRules(settingsFile: unknown, itemsFile: unknown): Rules {
  const settings = readSettings(settingsFile);
  const catalogue = readCatalogue(itemsFile, settings);
  const { inventory, equipment, newcomer, groundPerCell } = settings;
  const rules = { settings, catalogue, grid: new Grid(settings), compartments: inventory.compartments, equipment };
  const unknown = [...newcomer.items, ...groundPerCell].find(({ template }) => !catalogue.templates.has(template));
  if (unknown) throw new Error(`settings of frontier: there is no item ${unknown.template}`);
  const skill = Object.keys(newcomer.skills).find((name) => !settings.skills.includes(name));
  if (skill) throw new Error(`settings of frontier: newcomers have the skill ${skill}, which is none`);
  if (!putAll([], newcomerStacks(rules, String), rules))
    throw new Error('settings of frontier: newcomers cannot carry their items');
  return rules;
}

/** What a newcomer brings; `nextId` is asked once for each. */
export function newcomerStacks(
  { settings, catalogue }: Pick<Rules, 'settings' | 'catalogue'>,
  nextId: (index: number) => string,
): Stack[] {
  return settings.newcomer.items.map(({ template, quantity }, index) => {
    return { id: nextId(index), template, quantity, durability: catalogue.templates.get(template)?.durability ?? null };
  });
}
