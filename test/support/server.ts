/**
 * The real server as a child process, for whole-path tests: started on a free port over a database in
 * a temporary folder, killed or stopped at will, and started again over the same data. It is the built one
 * (`built.ts` has seen to that): a start from source costs three times as much, and there are many.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { BUILT, EMPTY_DATABASE, ROOT } from './built.js';

/** By its address: a server that runs in another folder would not find it by name. */
const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const FROM_SOURCE = ['--import', TSX, join(ROOT, 'src/main.ts')];
const AS_BUILT = [join(BUILT, 'src/main.js')];
const START_LIMIT_MS = 30_000;

export interface ServerOptions {
  /** Settings over the test's defaults: a free port, fast ticks, cheap hashes, silent logs. */
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  /** Runs the sources under tsx instead of what was built of them. */
  readonly fromSource?: boolean;
  /** Where it runs; the project's folder unless said otherwise. */
  readonly cwd?: string;
  /** How many files it may have open, sockets among them. */
  readonly openFiles?: number;
}

/** How a process ended, with all it wrote. */
export interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

const DEFAULTS = {
  PORT: '0',
  TICK_INTERVAL_MS: '50',
  BCRYPT_COST: '4',
  AUTH_PER_MINUTE: '0',
  LOG_LEVEL: 'warn',
  DEBUG_USER: 'operator',
  // Threads cost each start half a second; tests of isolation ask for them.
  ZONE_WORKERS: '0',
};

export class TestServer {
  url = '';
  #child: ChildProcess | null = null;
  #ended: Promise<Ended> = Promise.resolve({ status: 0, signal: null, stdout: '', stderr: '' });
  #stdout = '';
  #stderr = '';

  private constructor(
    private readonly folder: string,
    private readonly options: ServerOptions,
  ) {}

  /** A server that listens, over an empty database of its own; one that runs from source makes it itself. */
  static async start(options: ServerOptions = {}): Promise<TestServer> {
    const server = new TestServer(mkdtempSync(join(tmpdir(), 'gridstead-')), options);
    if (!options.fromSource) copyFileSync(EMPTY_DATABASE, server.databaseFile);
    await server.start();
    return server;
  }

  /** A process that has only just begun, over an empty database of its own. */
  static launch(options: ServerOptions = {}): TestServer {
    const server = new TestServer(mkdtempSync(join(tmpdir(), 'gridstead-')), options);
    server.#spawn();
    return server;
  }

  /** Runs it without waiting for it to listen: for starts that are to be refused. */
  static run(options: ServerOptions & { readonly folder?: string } = {}): Promise<Ended> {
    const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'gridstead-'));
    const server = new TestServer(folder, options);
    server.#spawn();
    return server.#ended.finally(() => {
      if (!options.folder) rmSync(folder, { recursive: true, force: true });
    });
  }

  get databaseFile(): string {
    return join(this.folder, 'world.db');
  }

  get dataFolder(): string {
    return this.folder;
  }

  get socketUrl(): string {
    return `${this.url.replace('http', 'ws')}/ws`;
  }

  /** Everything it has written to standard output and standard error so far. */
  get output(): { readonly stdout: string; readonly stderr: string } {
    return { stdout: this.#stdout, stderr: this.#stderr };
  }

  get pid(): number {
    return this.#child?.pid ?? -1;
  }

  /** Starts it again over the same data. */
  async start(): Promise<void> {
    this.#spawn();
    const [, url = ''] = await this.says(/listening on (\S+)/);
    this.url = url;
  }

  /** Resolves when what it has written to standard output or standard error matches. Rejects when it ends before. */
  says(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolveSaid, reject) => {
      const look = () => {
        const said = pattern.exec(this.#stdout) ?? pattern.exec(this.#stderr);
        if (said) resolveSaid(said);
      };
      look();
      this.#child?.stdout?.on('data', look);
      this.#child?.stderr?.on('data', look);
      this.#ended.then(({ status, stderr }) => reject(new Error(`the server ended with ${status}: ${stderr}`)));
      setTimeout(() => reject(new Error(`it did not say ${pattern}: ${this.#stderr}`)), START_LIMIT_MS).unref();
    });
  }

  /** Starts it over the same data and kills it after so long, wherever its start is then. */
  async killDuringStart(afterMs: number): Promise<void> {
    this.#spawn();
    await new Promise((resolve) => setTimeout(resolve, afterMs));
    await this.signal('SIGKILL');
  }

  /** Sends a signal and answers how the process ended. */
  async signal(signal: NodeJS.Signals): Promise<Ended> {
    this.#child?.kill(signal);
    return this.#ended;
  }

  /** Sends a signal that does not end it. */
  poke(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  get ended(): Promise<Ended> {
    return this.#ended;
  }

  /** Ends it whatever state it is in, and removes its data. */
  async dispose(): Promise<void> {
    this.#child?.kill('SIGCONT');
    this.#child?.kill('SIGKILL');
    await this.#ended;
    rmSync(this.folder, { recursive: true, force: true });
  }

  #spawn(): void {
    this.#stdout = '';
    this.#stderr = '';
    const env = { PATH: process.env.PATH, DATABASE_URL: `sqlite:${this.databaseFile}`, ...DEFAULTS, ...this.options.env };
    const { openFiles, fromSource = false } = this.options;
    const args = [...(fromSource ? FROM_SOURCE : AS_BUILT), ...(this.options.args ?? [])];
    const command = openFiles ? ['sh', '-c', `ulimit -n ${openFiles} && exec "$0" "$@"`, process.execPath] : [process.execPath];
    const [program = '', ...before] = command;
    const child = spawn(program, [...before, ...args], { cwd: this.options.cwd ?? ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    child.stdout.on('data', (chunk: Buffer) => {
      this.#stdout += chunk;
    });
    child.stderr.on('data', (chunk: Buffer) => {
      this.#stderr += chunk;
    });
    this.#ended = new Promise((resolveEnd) => {
      child.on('close', (status, signal) => resolveEnd({ status, signal, stdout: this.#stdout, stderr: this.#stderr }));
    });
  }
}
