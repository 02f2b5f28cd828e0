/** States as JSON text, read without parsing them: all that is needed of 8 kB is one pair of numbers. */
import type { Cell } from '../../../games/arena/rules.js';

const X = Buffer.from('"x":');
const Y = Buffer.from('"y":');

/** Finds the walker of one player in texts where `x` and `y` stand before the metadata that names the player. */
export class OwnWalker {
  readonly #mark: Buffer;

  constructor(player: string) {
    this.#mark = Buffer.from(`"player":${JSON.stringify(player)}`);
  }

  cellIn(state: Buffer): Cell | null {
    const mark = state.indexOf(this.#mark);
    const x = mark < 0 ? -1 : state.lastIndexOf(X, mark);
    const y = x < 0 ? -1 : state.indexOf(Y, x);
    return y < 0 ? null : { x: numberAt(state, x + X.length), y: numberAt(state, y + Y.length) };
  }
}

/** Whether a message that begins at `start` begins with this text. */
export function startsWith(bytes: Buffer, start: number, text: Buffer): boolean {
  const end = start + text.length;
  return end <= bytes.length && bytes.compare(text, 0, text.length, start, end) === 0;
}

function numberAt(bytes: Buffer, at: number): number {
  let value = 0;
  for (let i = at; i < bytes.length; i++) {
    const digit = (bytes[i] ?? 0) - 48;
    if (digit < 0 || digit > 9) break;
    value = 10 * value + digit;
  }
  return value;
}
