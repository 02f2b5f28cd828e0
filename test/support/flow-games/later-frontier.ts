/** `little-frontier` a year later: bread is called loaf now, and nobody makes leather caps any more. */
import { frontier } from '../../../games/frontier/frontier.js';
import items from '../../../games/frontier/items.json' with { type: 'json' };
import { readRules } from '../../../games/frontier/rules.js';
import { LITTLE } from './little-frontier.js';

const version = items.version + 1;
const renamed = [...items.renamed, { in: version, from: 'bread', to: 'loaf' }];
const made = items.items
  .filter(({ id }) => id !== 'leather_cap')
  .map((item) => (item.id === 'bread' ? { ...item, id: 'loaf' } : item));
const newcomer = { ...LITTLE.newcomer, items: [{ template: 'loaf', quantity: 1 }] };

export default frontier(readRules({ ...LITTLE, newcomer }, { version, renamed, items: made }));
