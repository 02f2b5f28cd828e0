/**
 * Who has the debug role: the names that the operator wrote down, and nobody else.
 * Nothing in the database gives the role, so nothing written to the database can.
 */
import type { Log } from '../../actors/telemetry.js';
import type { AccountStore } from './ports.js';
import { usernameKey } from './usernames.js';

/** The names of DEBUG_USER, however they are spelled. */
export class DebugUsers {
  readonly #keys: ReadonlySet<string>;

  constructor(names: readonly string[]) {
    this.#keys = new Set(names.map(usernameKey));
  }

  has(key: string): boolean {
    return this.#keys.has(key);
  }
}

/** At start: whoever registers such a name first has the role, so the operator should know which are free. */
export async function warnOfUnregisteredDebugUsers(names: readonly string[], store: AccountStore, log: Log): Promise<void> {
  for (const name of names) {
    if (await store.byKey(usernameKey(name))) continue;
    log.warn({ debug_user: name }, 'a name of DEBUG_USER is not registered yet: register it from a loopback address');
  }
}
