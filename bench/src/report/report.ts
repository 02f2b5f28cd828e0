/** What a run found, as it is written to the JSON file: everything measured, and everything one needs to judge it. */
import type { Form } from '../contestants.js';
import type { PairFigures } from '../measure/pair.js';

export interface Report {
  /** ISO 8601. */
  readonly startedAt: string;
  /** A run that only shows that all works: no figure of it means anything. */
  readonly quick: boolean;
  readonly machine: Machine;
  readonly versions: Readonly<Record<string, string>>;
  readonly conditions: Conditions;
  readonly rows: readonly Row[];
}

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly kernel: string;
  readonly node: string;
  /** A small write made durable, in the folder of the databases; the median. */
  readonly flushMs: number;
  /** Nothing there is durable: what durability costs was not measured. */
  readonly inMemory: boolean;
}

export interface Conditions {
  readonly players: number;
  readonly tickIntervalMs: number;
  readonly pairs: number;
  readonly warmupMs: number;
  readonly windowMs: number;
  /** null: not pinned. */
  readonly serverCore: number | null;
  readonly generatorCore: number | null;
  readonly nodeFlags: readonly string[];
  readonly gridstead: { readonly entry: string; readonly settings: Readonly<Record<string, string>> };
  /** null: the search was not asked for. */
  readonly holdRungs: readonly number[] | null;
  readonly idleConnections: number;
}

/** One contestant in one form. */
export interface Row {
  readonly id: string;
  readonly title: string;
  readonly form: Form;
  readonly pairs: readonly PairFigures[];
  /** Why there is nothing, or less than there should be; null: all was measured. */
  readonly missing: string | null;
  /** Players held on one core; null: not even the lowest rung. Absent: not searched. */
  readonly held?: number | null;
  /** KiB for each idle connection. Absent: not measured, or measured in the other form's row. */
  readonly idleKiB?: number;
}
