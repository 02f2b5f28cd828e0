/**
 * What one client of the bank saw and did, in order: the evidence that `checks.ts` judges. Nothing in it is
 * interpreted; a client that reconnects goes on in the same history.
 */
import type { BankView } from '../../support/flow-games/bank.js';

export type Evidence =
  /** `asked`: with a resume token. */
  | { readonly type: 'joined'; readonly asked: boolean; readonly lastSeq: number; readonly dropped: readonly number[] }
  | { readonly type: 'sent'; readonly seq: number; readonly op: number }
  | { readonly type: 'received'; readonly seq: number }
  /** An `error` that names the number. */
  | { readonly type: 'refused'; readonly seq: number; readonly code: string }
  /** An `error` that names none. */
  | { readonly type: 'troubled'; readonly code: string }
  | { readonly type: 'subscribed'; readonly zone: string }
  | { readonly type: 'view'; readonly zone: string; readonly tick: number; readonly ack: number | null; readonly view: BankView }
  | { readonly type: 'handover'; readonly from: string; readonly to: string }
  | { readonly type: 'closed'; readonly code: number };

export interface History {
  readonly name: string;
  readonly evidence: readonly Evidence[];
}
