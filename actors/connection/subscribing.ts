/**
 * From a wish for a zone to being subscribed: checks first, so that one that fails leaves things as
 * they were; then where to resume is made durable; then the player leaves where it is, and enters.
 */
import type { ZoneId } from '../ids.js';
import type { ZoneInfo } from '../ports.js';
import type { Connection, Subscription } from './connection.js';
import type { ConnectionDeps } from './deps.js';
import { type ErrorCode, errorText } from './messages.js';

export type SubscribeOptions = Pick<Subscription, 'acks' | 'sync'> & {
  /** It resumes: nobody is asked whether it may be there. */
  readonly back: boolean;
};

/** true: subscribed (or the connection went meanwhile). false: refused, and the client was told. */
export async function subscribeTo(
  connection: Connection,
  zoneId: ZoneId,
  options: SubscribeOptions,
  deps: ConnectionDeps,
): Promise<boolean> {
  const joined = connection.joined;
  if (!joined) return false;
  const refusal = await refusalOf(connection, zoneId, options, deps);
  if (refusal) {
    if (connection.open) connection.send(errorText(refusal, REFUSALS[refusal]));
    return false;
  }
  await deps.places.note(joined.presence.id, { zone: zoneId });
  if (!connection.open) return true;
  joined.subscription = null;
  const zone = await entered(connection, zoneId, deps);
  // null: it was deleted meanwhile, which the connection has been told.
  if (zone && connection.open) enter(connection, zone, options, deps);
  return true;
}

const REFUSALS = {
  zone_not_found: 'there is no such zone',
  zone_unavailable: 'the zone cannot run now',
  forbidden: 'you may not enter this zone',
} as const satisfies Partial<Record<ErrorCode, string>>;

async function refusalOf(
  connection: Connection,
  zoneId: ZoneId,
  { back }: SubscribeOptions,
  deps: ConnectionDeps,
): Promise<keyof typeof REFUSALS | null> {
  const zone = deps.slots.find(zoneId)?.info ?? deps.directory.get(zoneId);
  if (!zone || !deps.directory.get(zoneId)) return 'zone_not_found';
  const slot = deps.slots.find(zoneId);
  if (back) return null;
  if (slot?.phase === 'quarantined' || slot?.closing) return 'zone_unavailable';
  const presence = connection.joined?.presence;
  if (!presence || presence.wanted === zoneId) return null;
  const player = { id: presence.id, username: presence.username, document: await deps.presences.document(presence) };
  return (await deps.simulation.admit(zone, player, slot?.present.size ?? 0)) ? null : 'forbidden';
}

/** Resolves when the player has left where it was, and is present in the zone; null: there is none any more. */
function entered(connection: Connection, zoneId: ZoneId, deps: ConnectionDeps): Promise<ZoneInfo | null> {
  return new Promise((resolve) => {
    const presence = connection.joined?.presence;
    if (!presence) return resolve(null);
    connection.whenGone(() => resolve(null));
    if (presence.presentIn === zoneId && presence.wanted === zoneId) {
      // It is there already, and asks for other options.
      return resolve(deps.slots.find(zoneId)?.info ?? null);
    }
    deps.presences.enter(presence, zoneId, resolve);
  });
}

function enter(connection: Connection, zone: ZoneInfo, options: SubscribeOptions, deps: ConnectionDeps): void {
  connection.enterZone(zone, options);
  if (deps.slots.find(zone.id)?.phase === 'quarantined') connection.zoneUnavailable(zone.id);
}
