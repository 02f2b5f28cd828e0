/** Deletes sessions that have expired, now and then; they are refused from the moment they have. */
import type { Clock } from '../../actors/ports.js';
import type { Log } from '../../actors/telemetry.js';
import type { PlayerAccounts } from './accounts.js';

const EXPIRE_EVERY_MS = 600_000;

/** The answer ends it. */
export function expireSessions(
  accounts: Pick<PlayerAccounts, 'dropExpiredSessions'>,
  clock: Pick<Clock, 'after'>,
  log: Log,
): () => void {
  let cancel = () => {};
  const arm = () => {
    cancel = clock.after(EXPIRE_EVERY_MS, () => {
      accounts.dropExpiredSessions().catch((error: unknown) => log.warn({ err: error }, 'expired sessions were not deleted'));
      arm();
    });
  };
  arm();
  return () => cancel();
}
