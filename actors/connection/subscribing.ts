/**
 * From a wish for a zone, the client's or after a join the server's own, to being subscribed: checks first, so that one that
 * fails leaves things as they were; then where to resume is made durable; then the player leaves where it is, and enters.
 */
import type { ZoneId } from '../ids.js';
import type { Joined } from '../players/joining.js';
import type { Presence } from '../players/presence.js';
import type { HeldPlayer, ZoneInfo } from '../records.js';
import type { ConnectionDeps } from './deps.js';
import type { Feed, SubscriptionOptions } from './feed.js';
import { type ErrorCode, errorText } from './messages.js';

export interface SubscribeOptions extends SubscriptionOptions {
  /** It resumes: nobody is asked whether it may be there. */
  readonly back: boolean;
}

/** The connection that subscribes. */
export interface Subscriber {
  /** false: its socket is gone, and whatever is still under way for it must touch nothing any more. */
  readonly open: boolean;
  readonly listener: Feed;
  send(text: string): void;
  entered(zone: ZoneInfo, options: SubscriptionOptions): void;
  /** `giveUp` is called, once, when the zone that is being entered is gone, or the connection is. */
  whenGone(giveUp: () => void): void;
}

type SubscribeDeps = Pick<ConnectionDeps, 'presences' | 'places' | 'simulation' | 'directory' | 'slots'>;

/** Of subscriptions that no message asked for. */
const BY_DEFAULT: SubscriptionOptions = { acks: 'each', sync: 'snapshot' };

/** After a resume, back to where it was; on a fresh join, where the game puts it. */
export async function goToFirstZone(
  subscriber: Subscriber,
  { presence, resume, zone }: Joined,
  deps: SubscribeDeps,
): Promise<void> {
  if (resume === 'resumed' && zone) await subscribeTo(subscriber, presence, zone, { ...BY_DEFAULT, back: true }, deps);
  if (resume !== 'fresh') return;
  const placed = await deps.simulation.place(playerOf(presence, deps), deps.directory.all());
  if (placed) await subscribeTo(subscriber, presence, placed, { ...BY_DEFAULT, back: false }, deps);
}

/** true: subscribed (or the connection went meanwhile). false: refused, and the client was told. */
export async function subscribeTo(
  subscriber: Subscriber,
  presence: Presence,
  zoneId: ZoneId,
  options: SubscribeOptions,
  deps: SubscribeDeps,
): Promise<boolean> {
  const refusal = await refusalOf(presence, zoneId, options, deps);
  if (refusal) {
    subscriber.send(errorText(refusal, REFUSALS[refusal]));
    return false;
  }
  // Who resumes is there already, by its row; and a store that is away must not keep it out.
  if (subscriber.open && presence.zone !== zoneId) await deps.places.note(presence.id, { zone: zoneId });
  if (!subscriber.open) return true;
  subscriber.listener.unsubscribe();
  const zone = await entered(subscriber, presence, zoneId, deps);
  // null: it was deleted meanwhile, which the connection has been told.
  if (!zone || !subscriber.open) return true;
  subscriber.entered(zone, options);
  if (deps.slots.find(zone.id)?.phase === 'quarantined') subscriber.listener.zoneUnavailable(zone.id);
  return true;
}

const REFUSALS = {
  zone_not_found: 'there is no such zone',
  zone_unavailable: 'the zone cannot run now',
  forbidden: 'you may not enter this zone',
} as const satisfies Partial<Record<ErrorCode, string>>;

async function refusalOf(
  presence: Presence,
  zoneId: ZoneId,
  { back }: SubscribeOptions,
  deps: SubscribeDeps,
): Promise<keyof typeof REFUSALS | null> {
  const slot = deps.slots.find(zoneId);
  const known = deps.directory.get(zoneId);
  if (!known) return 'zone_not_found';
  if (back) return null;
  if (slot?.phase === 'quarantined' || slot?.closing) return 'zone_unavailable';
  if (presence.wanted === zoneId) return null;
  const player = playerOf(presence, deps);
  return (await deps.simulation.admit(slot?.info ?? known, player, slot?.present.size ?? 0)) ? null : 'forbidden';
}

/** As the game is asked about it. */
function playerOf(presence: Presence, { presences }: SubscribeDeps): Pick<HeldPlayer, 'id' | 'username' | 'document'> {
  return { id: presence.id, username: presence.username, document: presences.document(presence) };
}

/** Resolves when the player has left where it was, and is present in the zone; null: there is none any more. */
function entered(
  subscriber: Subscriber,
  presence: Presence,
  zoneId: ZoneId,
  { presences, slots }: SubscribeDeps,
): Promise<ZoneInfo | null> {
  return new Promise((resolve) => {
    subscriber.whenGone(() => resolve(null));
    // It is there already, and asks for other options.
    if (presence.presentIn === zoneId && presence.wanted === zoneId) resolve(slots.find(zoneId)?.info ?? null);
    else presences.enter(presence, zoneId, resolve);
  });
}
