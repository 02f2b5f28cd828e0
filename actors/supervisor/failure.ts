/**
 * What follows when an incarnation of a zone has failed: another try, at once or after a pause, or quarantine. Whose fault it
 * was decides; what is the zone's own counts against it (`zone/restart-policy.ts`).
 */
import { CommitRefusedError, HostLostError, PoisonError, PoisonedInboxError, QuarantineOrder } from '../errors.js';
import type { Opening } from '../events.js';
import type { ZoneId } from '../ids.js';
import type { Clock } from '../ports.js';
import type { Log, Telemetry } from '../telemetry.js';
import { FIRST_QUARANTINE_MS, onFailure } from '../zone/restart-policy.js';
import type { ZoneSlot } from '../zone/slot.js';

export interface FailureDeps {
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly telemetry: Telemetry;
  readonly log: Log;
  /** A tick failed by the fault of the game, or of what it was asked. */
  gameFailed?(zone: ZoneId, error: unknown): void;
}

export const AT_ONCE: Opening = { pauseMs: 0, quarantineMs: 0 };
/** After a refusal by the store, which is nobody's fault. */
const REFUSED_PAUSE_MS = 100;

export function openingAfter(slot: ZoneSlot, error: unknown, deps: FailureDeps): Opening {
  const { telemetry, log } = deps;
  slot.restarts += 1;
  telemetry.count('zone_restarts_total');
  if (error instanceof HostLostError) return AT_ONCE;
  if (error instanceof QuarantineOrder) {
    telemetry.count('zone_quarantines_total');
    return { pauseMs: 0, quarantineMs: FIRST_QUARANTINE_MS };
  }
  if (error instanceof PoisonError || error instanceof PoisonedInboxError) {
    log.warn({ zone: slot.zone, err: error }, 'a tick was failed by what came in, which was taken out');
    deps.gameFailed?.(slot.zone, error);
    return AT_ONCE;
  }
  if (error instanceof CommitRefusedError) {
    log.warn({ zone: slot.zone, err: error }, 'the store refused a commit: the zone is read again');
    return { pauseMs: REFUSED_PAUSE_MS, quarantineMs: 0 };
  }
  return afterOwnFault(slot, error, deps);
}

function afterOwnFault(slot: ZoneSlot, error: unknown, deps: FailureDeps): Opening {
  const { clock, telemetry, log } = deps;
  telemetry.count('zone_failures_total');
  const { history, decision } = onFailure(slot.failures, clock.monotonicMs());
  slot.failures = history;
  log.warn({ zone: slot.zone, err: error, decision }, 'a zone failed');
  deps.gameFailed?.(slot.zone, error);
  if (decision.type === 'restart') return { pauseMs: decision.pauseMs, quarantineMs: 0 };
  telemetry.count('zone_quarantines_total');
  return { pauseMs: 0, quarantineMs: decision.durationMs };
}
