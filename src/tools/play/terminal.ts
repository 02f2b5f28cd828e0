/**
 * The terminal: keys one by one, a screen of its own, and everything as it was when the game ends, however
 * it ends. What is drawn and what keys mean is others'.
 */
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

const ENTER_SCREEN = '\u001b[?1049h\u001b[?25l';
const LEAVE_SCREEN = '\u001b[?25h\u001b[?1049l';
const HOME = '\u001b[H';
const REST_OF_LINE = '\u001b[K';
const REST_OF_SCREEN = '\u001b[J';

const FALLBACK_COLUMNS = 80;
const FALLBACK_ROWS = 24;

export interface TerminalStreams {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
}

export class Terminal {
  readonly #input: NodeJS.ReadStream;
  readonly #output: NodeJS.WriteStream;
  readonly #colour: boolean;
  #isOpen = false;
  readonly #restore = (): void => this.close();

  /** `colour` false: none, whatever the terminal can do. */
  constructor({ input, output }: TerminalStreams, colour: boolean) {
    this.#input = input;
    this.#output = output;
    this.#colour = colour;
  }

  get columns(): number {
    return this.#output.columns || FALLBACK_COLUMNS;
  }

  get rows(): number {
    return this.#output.rows || FALLBACK_ROWS;
  }

  /** As the terminal and the user's wishes (NO_COLOR) have it. */
  get hasColours(): boolean {
    return this.#colour && (this.#output.hasColors?.() ?? false);
  }

  open(onKeys: (keys: string) => void, onResize: () => void): void {
    this.#isOpen = true;
    this.#input.setRawMode(true);
    this.#input.setEncoding('utf8');
    this.#input.on('data', onKeys);
    // A question asked before has left it paused.
    this.#input.resume();
    this.#output.on('resize', onResize);
    this.#output.write(ENTER_SCREEN);
    // Also when something throws: a shell without echo is a poor last impression.
    process.once('exit', this.#restore);
  }

  draw(lines: readonly string[]): void {
    if (!this.#isOpen) return;
    this.#output.write(HOME + lines.map((line) => line + REST_OF_LINE).join('\r\n') + REST_OF_SCREEN);
  }

  /** Leaves the terminal as it was found. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    process.off('exit', this.#restore);
    this.#input.removeAllListeners('data');
    this.#output.removeAllListeners('resize');
    this.#output.write(LEAVE_SCREEN);
    this.#input.setRawMode(false);
    this.#input.pause();
  }
}

/** Asks one question on the terminal. `hidden`: what is typed is not shown. */
export async function ask({ input, output }: TerminalStreams, question: string, { hidden = false } = {}): Promise<string> {
  output.write(question);
  const silence = new Writable({ write: (_chunk, _encoding, done) => done() });
  const asking = createInterface({ input, output: hidden ? silence : output, terminal: true });
  try {
    return await asking.question('');
  } finally {
    asking.close();
    if (hidden) output.write('\n');
  }
}
