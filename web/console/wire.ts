/** What a server tells a console, and is asked by one: the other end is `src/console/`. */

export interface LookMessage {
  readonly type: 'look';
  readonly map: readonly string[];
  readonly lanes: readonly string[];
  readonly tree: boolean;
  readonly connections: boolean;
}

export type Told = ZonesMessage | PulseMessage;

export interface ZonesMessage {
  readonly type: 'zones';
  readonly zones: readonly { readonly id: string; readonly name: string; readonly width: number; readonly height: number }[];
  /** `[zone, neighbor, dx, dy]`, by place in `zones`. */
  readonly links: readonly (readonly [number, number, number, number])[];
}

/** The kinds of cost, in the order in which they come. */
export const COSTS = ['intents', 'rules', 'views', 'encoding', 'commit', 'send'] as const;

/** Zones by their place in the zones message; times in milliseconds since 1970. */
export type Happened =
  | {
      readonly type: 'tick';
      readonly zone: number;
      readonly tick: number;
      readonly at: number;
      readonly costs: readonly number[];
    }
  | { readonly type: 'missed'; readonly zone: number; readonly tick: number; readonly at: number }
  | { readonly type: 'failed'; readonly zone: number; readonly at: number; readonly message: string }
  | { readonly type: 'handover'; readonly zone: number; readonly to?: number; readonly player_id: string; readonly at: number };

/** `[zone, phase, tick, missed, restarts, present, mailbox]`; `[zone, 'asleep']`. */
export type AwakeRow = readonly [number, string, number?, number?, number?, number?, number?];
/** `[id, x, y, width, height, metadata]` */
export type EntityRow = readonly [string, number, number, number, number, Readonly<Record<string, unknown>>];

export interface PulseMessage {
  readonly type: 'pulse';
  readonly at: number;
  readonly status: {
    readonly tick: {
      readonly paused: boolean;
      readonly tick_number: number;
      readonly tick_interval_ms: number;
      readonly drift_ms: number;
      readonly p99_duration_ms: number;
      readonly skipped_ticks: number;
    };
    readonly live_zones: number;
    readonly connections: number;
  };
  readonly down: readonly string[];
  readonly loop_delay_ms: { readonly mean: number; readonly max: number };
  readonly game: {
    readonly version: number;
    readonly state: string;
    readonly refused: { readonly version: number; readonly error: string } | null;
  } | null;
  readonly awake: readonly AwakeRow[];
  readonly happened: readonly Happened[];
  readonly lost: number;
  /** Of the views that were looked at: how many were what the game shows, and what was sent instead of one. */
  readonly views: { readonly same: number; readonly strange: string | null };
  readonly entities: readonly { readonly zone: number; readonly count: number; readonly list: readonly EntityRow[] }[];
  readonly tree?: TreeNode;
  readonly connections?: readonly ConnectionRow[];
}

export interface TreeNode {
  readonly id: string;
  readonly kind: string;
  readonly state: unknown;
  readonly mailbox_length: number;
  readonly restarts: number;
  readonly last_error: { readonly message: string; readonly at: string } | null;
  readonly name?: string;
  readonly children?: readonly TreeNode[];
}

export interface ConnectionRow {
  readonly connection_id: string;
  readonly player_id: string;
  readonly username: string;
  readonly zone_id: string | null;
  readonly rtt_ms: number | null;
  readonly buffered_bytes: number;
  readonly dropped_snapshots: number;
  /** By kind of message; `tick` stands for all views. */
  readonly sent_bytes?: Readonly<Record<string, number>>;
}
