/**
 * Errors that somebody decides about, each with a stable `code`, the ids involved and its cause.
 * What is expected (a full mailbox, a duplicate intent) is a value, not an error. The edges turn
 * codes into HTTP statuses and close codes; no message here reaches a client.
 */
import type { TickNumber, ZoneId } from './ids.js';

export abstract class WorldError extends Error {
  abstract readonly code: string;
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** The game threw, or returned something malformed. The zone's fault: it restarts from the last commit. */
export class GameStepError extends WorldError {
  readonly code = 'WORLD_GAME_STEP_FAILED';
  constructor(
    readonly zone: ZoneId,
    readonly tick: TickNumber,
    message: string,
    options?: ErrorOptions,
  ) {
    super(`game step failed in zone ${zone} at tick ${tick}: ${message}`, options);
  }
}

/** The database is busy, full, down or slow. Nobody's fault: hold what is staged and try again. */
export class StoreUnavailableError extends WorldError {
  readonly code = 'STORE_UNAVAILABLE';
}

/** Another server owns this world now (its epoch moved on). All zones stop, the process ends. */
export class OwnershipLostError extends WorldError {
  readonly code = 'STORE_OWNERSHIP_LOST';
}

/** The store refused one zone's writes: its epoch moved on, or a player's or row's holder is not what the zone thinks. */
export class CommitRefusedError extends WorldError {
  readonly code = 'STORE_COMMIT_REFUSED';
  constructor(
    readonly zone: ZoneId,
    readonly reason: 'epoch' | 'conflict',
  ) {
    super(`commit of zone ${zone} refused: ${reason}`);
  }
}

/** A route of the game asked for a zone that is not there: its caller named it. */
export class UnknownZoneError extends WorldError {
  readonly code = 'WORLD_ZONE_UNKNOWN';
}

/** A route of the game passed on what its schemas refuse: its caller sent that. The message may be shown to clients. */
export class IntentRefusedError extends WorldError {
  readonly code = 'WORLD_INTENT_REFUSED';
}

/** One intent fails the tick of its zone, whatever the others are: it is taken out, and does not count against the zone. */
export class PoisonError extends WorldError {
  readonly code = 'WORLD_POISON';
  constructor(
    readonly zone: ZoneId,
    readonly tick: TickNumber,
    error: string,
    options?: ErrorOptions,
  ) {
    super(`an intent fails zone ${zone} at tick ${tick}: ${error}`, options);
  }
}

/** Rows of its inbox fail the tick of a zone: it goes on without them, and they go back. */
export class PoisonedInboxError extends WorldError {
  readonly code = 'WORLD_POISONED_INBOX';
  constructor(
    readonly zone: ZoneId,
    readonly tick: TickNumber,
  ) {
    super(`what came to zone ${zone} fails its tick ${tick}`);
  }
}

/** The thread that hosted the zone is gone, through no fault of this zone's: it is restored elsewhere, and loses nothing. */
export class HostLostError extends WorldError {
  readonly code = 'WORLD_HOST_LOST';
  constructor(readonly zone: ZoneId) {
    super(`the host of zone ${zone} is gone`);
  }
}

/** An operator took the zone out of the world for a while. */
export class QuarantineOrder extends WorldError {
  readonly code = 'WORLD_QUARANTINE_ORDERED';
  constructor(readonly zone: ZoneId) {
    super(`zone ${zone} was quarantined by an operator`);
  }
}

/** Makes a `switch` over a union complete: a new member fails to compile here. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}
