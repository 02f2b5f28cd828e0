/**
 * One worker thread, seen from the main thread: calls with answers, sent one message a turn; and its
 * end, with the mark of whoever's code ran then. It knows no zones; the pool does.
 */
import { Worker } from 'node:worker_threads';
import type { Clock } from '../../../actors/ports.js';
import type { Log } from '../../../actors/telemetry.js';
import type { OnStray } from '../strays.js';
import { Batch } from './batch.js';
import { PendingCalls } from './pending-calls.js';
import {
  type FromWorker,
  type Outcome,
  type Question,
  receiveError,
  sendError,
  type ToWorker,
  type WorkerStart,
} from './protocol.js';
import { Watchdog } from './watchdog.js';

export interface PoolWorkerDeps {
  readonly start: PoolWorkerStart;
  readonly heapMb: number;
  /** Memory of the process, in megabytes. */
  residentMb(): number;
  readonly clock: Clock;
  readonly log: Log;
  readonly onStray: OnStray;
  /** Answers what a route handler asks. */
  ask(question: Question): Promise<unknown>;
  /** The thread is gone: hung, out of memory, or broken. `mark`: whose code ran then; 0: nobody's. */
  onGone(worker: PoolWorker, mark: number, why: string): void;
}

/** `entry`: another build of `worker.ts` than the one beside this file. */
export type PoolWorkerStart = Omit<WorkerStart, 'entry' | 'busy'> & Partial<Pick<WorkerStart, 'entry'>>;

interface Pending {
  readonly mark: number;
  readonly lost: LostCall;
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** What a call is rejected with when the thread is gone. `why` is null for all but the one that it was gone for. */
export type LostCall = (why: string | null) => Error;

/** A built server has .js beside this file, one that runs from source .ts. */
const ENTRY = new URL(`./worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url).href;

type Sent = ToWorker extends infer Message ? (Message extends { call: number } ? Omit<Message, 'call'> : never) : never;

export class PoolWorker {
  readonly ready: Promise<void>;
  readonly #thread: Worker;
  readonly #watchdog: Watchdog;
  readonly #pending = new PendingCalls<Pending>();
  readonly #batch = new Batch();
  #gone = false;
  #retired = false;

  constructor(private readonly deps: PoolWorkerDeps) {
    const shared = new SharedArrayBuffer(8);
    const workerData: WorkerStart = { entry: ENTRY, ...deps.start, busy: shared };
    this.#thread = new Worker(new URL('./boot.mjs', import.meta.url), {
      workerData,
      resourceLimits: { maxOldGenerationSizeMb: deps.heapMb },
    });
    const budgetMs = deps.start.tickBudgetMs;
    this.#watchdog = new Watchdog({
      busy: new Int32Array(shared),
      clock: deps.clock,
      budgetMs,
      growthMb: deps.heapMb,
      residentMb: deps.residentMb,
      onHang: (mark) => this.#end(mark, `it did not come back within ${budgetMs} ms`),
      onGrowth: (mark) => this.#end(mark, `the process grew by more than ${deps.heapMb} MB while it ran`),
    });
    this.ready = new Promise((resolve, reject) => {
      this.#thread.on('message', (messages: readonly FromWorker[]) => {
        for (const message of messages) this.#receive(message, resolve, reject);
      });
      this.#thread.on('error', (error) => {
        reject(error);
        this.#end(this.#watchdog.running, error.message);
      });
      this.#thread.on('exit', () => {
        reject(new Error('its thread has ended'));
        this.#end(this.#watchdog.running, 'its thread has ended');
      });
    });
    // Whoever needs the worker waits for this; nobody may be waiting when it breaks.
    this.ready.catch(() => undefined);
    this.#watchdog.start();
  }

  get gone(): boolean {
    return this.#gone;
  }

  /** It was ended by nobody's fault, perhaps before it could be asked anything. */
  get retired(): boolean {
    return this.#retired;
  }

  /** Calls that have no answer yet. */
  get load(): number {
    return this.#pending.size;
  }

  /** Sends a call with the others of this turn; rejects with what it throws, or with what `lost` makes when the thread is gone. */
  call(message: Sent, lost: LostCall): Promise<unknown> {
    if (this.#gone) return Promise.reject(lost(null));
    return new Promise((resolve, reject) => {
      const call = this.#pending.add({ mark: message.mark, lost, resolve, reject });
      this.tell({ call, ...message } as ToWorker); // a call with its number back; spread last, which leaves no hidden class behind
    });
  }

  /** Sends what needs no answer. */
  tell(message: ToWorker): void {
    if (this.#gone) return;
    if (!this.#batch.mayHold(message)) this.#flush();
    this.#batch.add(message);
    // All zones of a tick call in one turn: they go as one message.
    if (this.#batch.length === 1) queueMicrotask(() => this.#flush());
  }

  /** Ends by nobody's fault: what has no answer yet is lost with it. */
  async retire(): Promise<void> {
    if (this.#gone) return;
    this.#retired = true;
    const ended = this.stop();
    for (const pending of this.#pending.takeAll()) pending.reject(pending.lost(null));
    await ended;
  }

  async stop(): Promise<void> {
    this.#gone = true;
    this.#watchdog.stop();
    await this.#thread.terminate();
  }

  #flush(): void {
    const batch = this.#batch.take();
    if (!this.#gone && batch.length > 0) this.#thread.postMessage(batch);
  }

  #receive(message: FromWorker, ready: () => void, unusable: (error: Error) => void): void {
    switch (message.type) {
      case 'ready':
        return ready();
      case 'unusable':
        return unusable(new Error(message.message));
      case 'stepped':
        return this.#settle(message.call, { ok: true, value: message.answer });
      case 'answered':
        return this.#settle(message.call, message.outcome);
      case 'warned':
        return this.deps.log.warn(message.fields, message.message);
      case 'stray':
        return this.deps.onStray(message.zone, new Error(message.message));
      case 'ask':
        this.#answer(message.ask, message.question);
    }
  }

  #settle(call: number, outcome: Outcome): void {
    const pending = this.#pending.take(call);
    if (outcome.ok) pending?.resolve(outcome.value);
    else pending?.reject(receiveError(outcome.error));
  }

  #answer(ask: number, question: Question): void {
    const tell = (outcome: Outcome) => this.tell({ type: 'told', ask, outcome });
    this.deps.ask(question).then(
      (value) => tell({ ok: true, value }),
      (error: unknown) => tell({ ok: false, error: sendError(error) }),
    );
  }

  #end(mark: number, why: string): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#watchdog.stop();
    void this.#thread.terminate();
    this.deps.onGone(this, mark, why);
    for (const pending of this.#pending.takeAll()) pending.reject(pending.lost(pending.mark === mark ? why : null));
  }
}
