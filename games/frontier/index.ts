/**
 * Frontier: a world of cells that is one. Players walk over borders that nobody can tell, among passers-by, and carry, wear, drop and
 * pick up things. All numbers are in settings.json and all kinds of items in items.json; `frontier.ts` is where to begin to read,
 * and docs/frontier.md says what clients send and get.
 */
import { frontier } from './frontier.js';
import items from './items.json' with { type: 'json' };
import { readRules } from './rules.js';
import settings from './settings.json' with { type: 'json' };

export default frontier(readRules(settings, items));
