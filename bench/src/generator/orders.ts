/** What the measuring process says to a generator, and what it is answered. One order at a time, each answered once. */
import type { Form, ServerName } from '../contestants.js';

export type Order =
  | {
      readonly type: 'prepare';
      readonly server: ServerName;
      readonly form: Form;
      readonly url: string;
      readonly players: number;
      readonly periodMs: number;
      readonly subprotocol: string | null;
      readonly idle: boolean;
    }
  /** Lets players `from` to `to` join. */
  | { readonly type: 'join'; readonly from: number; readonly to: number }
  /** Everybody moves; after the warm-up a window is counted. `serverPid` is whose CPU time is read at its edges. */
  | { readonly type: 'measure'; readonly warmupMs: number; readonly windowMs: number; readonly serverPid: number };

export type Answer =
  | { readonly type: 'done' }
  | { readonly type: 'measured'; readonly window: WindowFigures }
  /** The server does not offer what was asked for. That is no failure. */
  | { readonly type: 'unavailable'; readonly why: string }
  | { readonly type: 'failed'; readonly why: string };

/** What one generator saw in one window. */
export interface WindowFigures {
  readonly players: number;
  readonly windowMs: number;
  readonly states: number;
  readonly bytesPerState: number;
  /** Of the states that were due, 0 to 1. */
  readonly delivered: number;
  readonly intervalP50Ms: number | null;
  readonly intervalP99Ms: number | null;
  /** From sending an intent to receiving the state that shows it; null where states are not decoded. */
  readonly latencyP50Ms: number | null;
  readonly latencyP99Ms: number | null;
  /** Of all threads. */
  readonly serverCpuMs: number;
  /** Of one core, 0 to 1. */
  readonly generatorCpu: number;
  /** How late intents were sent, the worst hundredth. */
  readonly paceLagP99Ms: number | null;
  /** Error messages and lost sockets since the start. */
  readonly errors: number;
  readonly lost: number;
  readonly firstLoss: string | null;
}
