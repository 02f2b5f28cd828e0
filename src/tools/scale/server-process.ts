/**
 * A server of this project as a process of its own, watched from outside: what it prints, what `/status` and `/metrics`
 * say, and the processor time of all its threads (Linux keeps that in /proc).
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The built server beside this file, with the flags of `npm run serve`. */
const SERVER = ['--max-semi-space-size=64', join(import.meta.dirname, '../../main.js')];
const START_LIMIT_MS = 120_000;

export interface ServerSettings {
  readonly databaseFile: string;
  readonly env?: Readonly<Record<string, string>>;
  /** More flags of node: to profile it, say. */
  readonly flags?: readonly string[];
  /** Something in it answers what `ask` sends. */
  readonly isAsked?: boolean;
}

export class ServerProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
    private readonly startedMs: number,
    /** From its birth to the ready line. */
    readonly readyMs: number,
  ) {}

  get ageMs(): number {
    return performance.now() - this.startedMs;
  }

  /** Resolves when it listens. */
  static async start({ databaseFile, env, flags = [], isAsked = false }: ServerSettings): Promise<ServerProcess> {
    const startedMs = performance.now();
    const child = spawn(process.execPath, [...flags, ...SERVER], {
      // Nothing of the caller's environment: settings in it would be measured too.
      env: { PORT: '0', LOG_LEVEL: 'warn', DATABASE_URL: `sqlite:${databaseFile}`, ...env },
      stdio: ['ignore', 'pipe', 'inherit', ...(isAsked ? ['ipc' as const] : [])],
    });
    const url = await ready(child);
    return new ServerProcess(child, url, startedMs, performance.now() - startedMs);
  }

  /** `/status`, whole. */
  async status(): Promise<Status> {
    return (await fetch(`${this.url}/status`)).json() as Promise<Status>; // what `src/http/routes/operation.ts` answers
  }

  /** Counters of `/metrics`. */
  async counters(names: readonly string[]): Promise<readonly number[]> {
    const text = await (await fetch(`${this.url}/metrics`)).text();
    return names.map((name) => Number(new RegExp(`^gridstead_${name} (\\S+)$`, 'm').exec(text)?.[1]));
  }

  /** Sends it a message; resolves with the next one that comes back. Rejects when it has ended. */
  ask<Answer>(message: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const ended = () => reject(new Error('the server has ended'));
      this.child.once('exit', ended);
      this.child.once('message', (answer) => {
        this.child.off('exit', ended);
        resolve(answer as Answer); // what was loaded into the server sends nothing else
      });
      this.child.send(message, (error) => error && reject(error));
    });
  }

  /** Milliseconds of processor time that its threads, those that live, have used. */
  cpuMs(): number {
    const tasks = `/proc/${this.child.pid}/task`;
    const nanoseconds = readdirSync(tasks).map((task) =>
      Number(readFileSync(`${tasks}/${task}/schedstat`, 'utf8').split(' ', 1)[0]),
    );
    return nanoseconds.reduce((sum, ns) => sum + ns, 0) / 1e6;
  }

  /** Of resident memory. */
  megabytes(): number {
    const status = readFileSync(`/proc/${this.child.pid}/status`, 'utf8');
    return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024);
  }

  async end(signal: 'SIGTERM' | 'SIGKILL' = 'SIGKILL'): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill(signal);
    await ended;
  }
}

export interface Status {
  readonly tick_loop: {
    readonly tick_number: number;
    readonly skipped_ticks: number;
    readonly drift_ms: number;
    readonly p99_duration_ms: number;
  };
  readonly live_zones: number;
  readonly connections: number;
}

function ready(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const limit = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`the server did not listen within ${START_LIMIT_MS / 1000} s`));
    }, START_LIMIT_MS);
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk;
      const url = /listening on (\S+)/.exec(said)?.[1];
      if (url) resolve(url);
    });
    child.once('exit', (status) => reject(new Error(`the server ended with ${status}`)));
    child.once('exit', () => clearTimeout(limit));
    child.stdout?.once('data', () => clearTimeout(limit));
  });
}
