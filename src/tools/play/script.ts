/**
 * Played moves instead of keys, for tests and demonstrations: `"right right wait say:hi quit"`.
 */
import type { IntentOf } from '../../../client/index.js';
import type movement from '../../../games/movement/index.js';
import { UsageError } from '../arguments.js';

/** One step of a script. `intent`: sent, and waited for until its fate is known. */
export type Step =
  | { readonly type: 'intent'; readonly word: string; readonly data: IntentOf<typeof movement> }
  | { readonly type: 'wait'; readonly ticks: number }
  | { readonly type: 'quit' };

export const SCRIPT_WORDS = 'up down left right pick_up drop:ITEM say:TEXT wait wait:TICKS quit';

const MOVES: ReadonlyMap<string, { readonly dx: number; readonly dy: number }> = new Map([
  ['up', { dx: 0, dy: -1 }],
  ['down', { dx: 0, dy: 1 }],
  ['left', { dx: -1, dy: 0 }],
  ['right', { dx: 1, dy: 0 }],
]);
const MOST_TICKS_TO_WAIT = 10_000;

/** Words are parted by spaces; text with spaces stands in double quotes: `say:"good morning"`. */
export function parseScript(script: string): Step[] {
  const words = script.match(/(?:"[^"]*"|[^\s"])+/g) ?? [];
  return words.map((word) => stepOf(word.replaceAll('"', '')));
}

function stepOf(word: string): Step {
  const [, name = '', argument] = /^([a-z_]+)(?::(.+))?$/su.exec(word) ?? [];
  const move = MOVES.get(name);
  if (move && argument === undefined) return { type: 'intent', word, data: { type: 'move', ...move } };
  if (name === 'pick_up' && argument === undefined) return { type: 'intent', word, data: { type: 'pick_up' } };
  if (name === 'drop' && argument !== undefined) return { type: 'intent', word, data: { type: 'drop', item: argument } };
  if (name === 'say' && argument !== undefined) return { type: 'intent', word, data: { type: 'say', text: argument } };
  if (name === 'wait' && isTicks(argument ?? '1')) return { type: 'wait', ticks: Number(argument ?? '1') };
  if (word === 'quit') return { type: 'quit' };
  throw new UsageError(`--script: "${word}" is none of ${SCRIPT_WORDS}`);
}

function isTicks(text: string): boolean {
  return /^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= MOST_TICKS_TO_WAIT;
}
