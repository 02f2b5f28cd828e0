/**
 * Child processes of the benchmark: pinned to a core, tied to this process, spoken to over IPC, and all of them ended
 * together. Nothing else starts a process that lasts.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';

export interface ChildOptions {
  /** Arguments of node: flags, script, arguments. */
  readonly args: readonly string[];
  /** null: not pinned. */
  readonly core: number | null;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** As much of a child's last words as is kept, for the message of its failure. */
const LAST_WORDS = 2000;

/** Whether this machine can pin processes to cores. */
export function canPin(): boolean {
  return spawnSync('taskset', ['-c', '0', 'true'], { stdio: 'ignore' }).status === 0;
}

export class Child {
  static readonly #living = new Set<Child>();

  readonly #process: ChildProcess;
  readonly #ended: Promise<string>;
  #stdout = '';
  #lastWords = '';

  constructor({ args, core, env = {}, cwd }: ChildOptions) {
    const [command, ...rest] =
      core === null ? [process.execPath, ...args] : ['taskset', '-c', `${core}`, process.execPath, ...args];
    // Nothing of the caller's environment but the path: settings in it would be measured too.
    this.#process = spawn(command ?? process.execPath, rest, {
      cwd,
      env: { PATH: process.env.PATH, ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#process.stdout?.on('data', (chunk: Buffer) => {
      this.#stdout = (this.#stdout + chunk).slice(-LAST_WORDS);
    });
    this.#process.stderr?.on('data', (chunk: Buffer) => {
      this.#lastWords = (this.#lastWords + chunk).slice(-LAST_WORDS);
    });
    Child.#living.add(this);
    this.#ended = new Promise((resolve) => {
      this.#process.on('error', (error) => this.#gone(error.message, resolve));
      this.#process.on('close', (status, signal) => this.#gone(`ended with ${signal ?? status}`, resolve));
    });
  }

  /** Ends every child there is, at once. Resolves when they are gone. */
  static async endAll(): Promise<void> {
    await Promise.all(Array.from(Child.#living, (child) => child.kill()));
  }

  /** -1 where it could not be started. */
  get pid(): number {
    return this.#process.pid ?? -1;
  }

  /** The first match of this in what it prints. Rejects when it ends before, or after `limitMs`. */
  async printed(pattern: RegExp, limitMs: number): Promise<string> {
    return await this.#within(limitMs, `print ${pattern}`, (found) => {
      const look = () => {
        const match = pattern.exec(this.#stdout)?.[1];
        if (match !== undefined) found(match);
      };
      this.#process.stdout?.on('data', look);
      look();
      return () => this.#process.stdout?.off('data', look);
    });
  }

  /** Sends a message, and answers the next one that comes. Rejects as `printed` does. */
  async ask<Reply>(message: object | string, limitMs: number): Promise<Reply> {
    return await this.#within<Reply>(limitMs, 'answer', (found) => {
      this.#process.once('message', found);
      this.#process.send(message);
      return () => this.#process.off('message', found);
    });
  }

  /** Ends it at once, whatever it is doing. */
  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#ended;
  }

  /** Waits for what `listen` finds; `listen` answers how to stop listening. */
  async #within<Found>(limitMs: number, what: string, listen: (found: (value: Found) => void) => () => void): Promise<Found> {
    let stopListening = () => {};
    let impatience: NodeJS.Timeout | undefined;
    try {
      return await new Promise<Found>((resolve, reject) => {
        impatience = setTimeout(() => reject(new Error(`did not ${what} within ${limitMs / 1000} s`)), limitMs);
        this.#ended.then((how) => reject(new Error(`${how}: ${this.#lastWords.trim() || 'it said nothing'}`)));
        stopListening = listen(resolve);
      });
    } finally {
      clearTimeout(impatience);
      stopListening();
    }
  }

  #gone(how: string, resolve: (how: string) => void): void {
    Child.#living.delete(this);
    resolve(how);
  }
}
