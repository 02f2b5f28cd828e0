/**
 * What the main thread and a worker say to each other. Everything of one turn goes as one message: an
 * array, worked off in order. Results are plain data; an error travels as its kind and its text.
 */
import {
  GameStepError,
  HostLostError,
  IntentRefusedError,
  StoreUnavailableError,
  UnknownZoneError,
} from '../../../actors/errors.js';
import type { PlayerId, TickNumber, ZoneId } from '../../../actors/ids.js';
import type { Simulation } from '../../../actors/ports.js';
import type { Spoiling, StepAnswer } from '../../../actors/steps.js';
import type { RouteRequest } from '../../../games/contract.js';
import type { PackedStep } from './packed-step.js';
import type { ZoneNews } from './zone-offer.js';

/** What a worker is started with. */
export interface WorkerStart {
  /** The module that runs in it; `boot.mjs` imports it. */
  readonly entry: string;
  readonly game: string;
  readonly cwd: string;
  readonly gamesDir: string;
  readonly secret: string;
  readonly maxZoneBytes: number;
  readonly tickBudgetMs: number;
  /** Ticks may be spoilt on purpose. */
  readonly spoilable: boolean;
  /** There are other workers, and zones in them may lie beside zones of this one. */
  readonly hasOtherHosts: boolean;
  /** Two 32-bit cells: whose game code runs now (0: nobody's), and how often that has changed. */
  readonly busy: SharedArrayBuffer;
}

/** Cells of `WorkerStart.busy`. */
export const RUNNING = 0;
export const CHANGES = 1;

/** Calls of the port that a worker answers, with their arguments as they are. */
export type CallName = PortCall | 'strip' | 'place';
type PortCall = 'load' | 'probe' | 'checkpoint' | 'entities' | 'entity' | 'view' | 'showStored' | 'admit';
export type CallArguments = { readonly [Name in PortCall]: Parameters<Simulation[Name]> } & {
  /** What this worker knows of a zone's border, for another one. */
  readonly strip: readonly [zone: ZoneId];
  readonly place: readonly [player: Parameters<Simulation['place']>[0], zones: ZoneNews];
};

export type ToWorker =
  | { readonly type: 'spoil'; readonly zone: ZoneId; readonly how: Spoiling }
  /** `mark`: what stands in the shared cell while it runs. */
  | {
      readonly type: 'step';
      readonly call: number;
      readonly mark: number;
      readonly expectedMs: number;
      readonly step: PackedStep;
    }
  | {
      readonly type: 'call';
      readonly call: number;
      readonly mark: number;
      readonly name: CallName;
      readonly args: readonly unknown[];
    }
  | {
      readonly type: 'route';
      readonly call: number;
      readonly mark: number;
      readonly index: number;
      readonly request: RouteRequest;
    }
  | { readonly type: 'adopt' | 'abandon'; readonly zone: ZoneId; readonly tick: TickNumber }
  | { readonly type: 'drop' | 'forget'; readonly zone: ZoneId }
  /** What zones beside those of this worker show: a change of what it knows, or a whole strip. */
  | { readonly type: 'border' | 'whole-border'; readonly zone: ZoneId; readonly text: string }
  /** The answer to what a route of the game asked of the world. */
  | { readonly type: 'told'; readonly ask: number; readonly outcome: Outcome };

export type FromWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'unusable'; readonly message: string }
  | { readonly type: 'stepped'; readonly call: number; readonly answer: StepAnswer }
  | { readonly type: 'answered'; readonly call: number; readonly outcome: Outcome }
  /** A line for the log. */
  | { readonly type: 'warned'; readonly fields: object; readonly message: string }
  /** Game code left something behind that failed; the thread goes on. */
  | { readonly type: 'stray'; readonly zone: ZoneId | null; readonly message: string }
  | { readonly type: 'ask'; readonly ask: number; readonly question: Question };

/** What a route handler asks of the world. */
export type Question =
  | { readonly type: 'view'; readonly zoneId: string; readonly player: { readonly id: PlayerId; readonly username: string } }
  | {
      readonly type: 'intent';
      readonly zoneId: string;
      readonly player: { readonly id: PlayerId; readonly username: string };
      readonly data: object;
    };

export type Outcome = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: SentError };

/** `game`: the zone's own failure at that tick; `store`, `unknown` and `refused`: what a route asked of the world, see `errors.ts`. */
export interface SentError {
  readonly kind: 'game' | 'lost' | 'store' | 'unknown' | 'refused' | 'other';
  readonly message: string;
  /** Of what the game threw: where in its own code that was is what its author looks for in the log. */
  readonly stack?: string | undefined;
  readonly zone: ZoneId | null;
  readonly tick: TickNumber;
}

export function sendError(error: unknown): SentError {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof GameStepError) {
    const cause = error.cause instanceof Error ? error.cause : { message, stack: undefined };
    return { kind: 'game', message: cause.message, stack: cause.stack, zone: error.zone, tick: error.tick };
  }
  if (error instanceof HostLostError) return { kind: 'lost', message, zone: error.zone, tick: 0 };
  return { kind: kindOf(error), message, zone: null, tick: 0 };
}

function kindOf(error: unknown): SentError['kind'] {
  if (error instanceof StoreUnavailableError) return 'store';
  if (error instanceof IntentRefusedError) return 'refused';
  return error instanceof UnknownZoneError ? 'unknown' : 'other';
}

export function receiveError({ kind, message, stack, zone, tick }: SentError): Error {
  if (kind === 'game' && zone)
    return new GameStepError(zone, tick, message, stack === undefined ? {} : { cause: thrown(message, stack) });
  if (kind === 'lost' && zone) return new HostLostError(zone);
  if (kind === 'store') return new StoreUnavailableError(message);
  if (kind === 'refused') return new IntentRefusedError(message);
  return kind === 'unknown' ? new UnknownZoneError(message) : new Error(message);
}

/** What was thrown in the other thread, with the stack that it had there. */
function thrown(message: string, stack: string): Error {
  return Object.assign(new Error(message), { stack });
}
