/**
 * A newcomer's terminal: it types commands only as a page of the documentation has them, one at a time, and shows what they said.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

export interface Running {
  /** All that it has said so far. */
  readonly output: string;
  readonly hasEnded: boolean;
  /** With its status; null: by a signal. */
  readonly ended: Promise<number | null>;
}

export class Terminal {
  #child: ChildProcess | null = null;

  /** `page`: the text that has the commands, each indented by four spaces. */
  constructor(
    private readonly folder: string,
    private readonly page: () => string,
  ) {}

  /** The one command of the page that matches. Throws where there is none, or are several. */
  type(command: RegExp): Running {
    const lines = this.page().matchAll(/^ {4}(\S.*)$/gm);
    const found = Array.from(lines, ([, line = '']) => line).filter((line) => command.test(line));
    if (found.length !== 1) throw new Error(`the page has ${found.length} commands that match ${command}`);
    // A group of its own: what Ctrl-C reaches in a terminal is all of it.
    const child = spawn('sh', ['-c', found[0] ?? ''], { cwd: this.folder, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    return follow(child);
  }

  /** Ctrl-C; resolves when what runs has ended. */
  async interrupt(): Promise<void> {
    const child = this.#child;
    if (!child?.pid || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    process.kill(-child.pid, 'SIGINT');
    await ended;
  }
}

function follow(child: ChildProcess): Running {
  let output = '';
  let hasEnded = false;
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (data: Buffer) => {
      output += data;
    });
  }
  const ended = once(child, 'close').then(([status]) => {
    hasEnded = true;
    return status as number | null; // As Node's documentation has it.
  });
  return {
    get output() {
      return output;
    },
    get hasEnded() {
      return hasEnded;
    },
    ended,
  };
}
