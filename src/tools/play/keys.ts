/**
 * From key presses to what the player wants. Knows two ways of reading keys: as commands, and as text that
 * is being typed.
 */

export type Wish =
  | { readonly type: 'move'; readonly dx: number; readonly dy: number }
  | { readonly type: 'pick_up' }
  | { readonly type: 'put_down' }
  | { readonly type: 'say'; readonly text: string }
  | { readonly type: 'quit' };

/** What the game takes. */
const MAX_TEXT_LENGTH = 120;

const UP: Wish = { type: 'move', dx: 0, dy: -1 };
const DOWN: Wish = { type: 'move', dx: 0, dy: 1 };
const LEFT: Wish = { type: 'move', dx: -1, dy: 0 };
const RIGHT: Wish = { type: 'move', dx: 1, dy: 0 };
const QUIT: Wish = { type: 'quit' };

const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
const ESCAPE = '\u001b';

/** Some terminals send ESC [ A for an arrow, others ESC O A. */
const COMMANDS: ReadonlyMap<string, Wish> = new Map([
  ...(['[', 'O'] as const).flatMap((kind): [string, Wish][] => [
    [`${ESCAPE}${kind}A`, UP],
    [`${ESCAPE}${kind}B`, DOWN],
    [`${ESCAPE}${kind}C`, RIGHT],
    [`${ESCAPE}${kind}D`, LEFT],
  ]),
  ['w', UP],
  ['s', DOWN],
  ['a', LEFT],
  ['d', RIGHT],
  ['g', { type: 'pick_up' }],
  ['f', { type: 'put_down' }],
  ['q', QUIT],
  [CTRL_C, QUIT],
  [CTRL_D, QUIT],
]);

export class Keyboard {
  #draft: string | null = null;

  /** What is being typed; null: keys are commands. */
  get draft(): string | null {
    return this.#draft;
  }

  /** Takes what the terminal sent: one key or several, also pasted text. */
  press(input: string): Wish[] {
    return keysOf(input).flatMap((key) => (this.#draft === null ? this.#command(key) : this.#type(key, this.#draft)));
  }

  #command(key: string): Wish[] {
    if (key === 't') this.#draft = '';
    const wish = COMMANDS.get(key) ?? COMMANDS.get(key.toLowerCase());
    return wish ? [wish] : [];
  }

  #type(key: string, draft: string): Wish[] {
    switch (key) {
      case CTRL_C:
        return [QUIT];
      case '\r':
      case '\n':
        this.#draft = null;
        return draft.trim() === '' ? [] : [{ type: 'say', text: draft.trim() }];
      case ESCAPE:
        this.#draft = null;
        return [];
      case '\u007f':
      case '\b':
        this.#draft = [...draft].slice(0, -1).join('');
        return [];
      default:
        if (!/\p{C}/u.test(key) && draft.length + key.length <= MAX_TEXT_LENGTH) this.#draft = draft + key;
        return [];
    }
  }
}

/** Escape sequences whole, everything else character by character. */
function keysOf(input: string): string[] {
  return input.match(KEY) ?? [];
}

const KEY = new RegExp(`${ESCAPE}(?:\\[[0-9;]*[A-Za-z~]|O[A-Za-z])|.`, 'gsu');
