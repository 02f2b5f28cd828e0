/**
 * An intent on its way from a connection into its zone's mailbox. Its number decides first: one that
 * was taken before is answered with its fate; one that is refused counts as dropped.
 */
import type { ClientMessage } from '../control.js';
import type { Presence } from '../players/presence.js';
import type { ConnectionDeps } from './deps.js';
import type { Feed } from './feed.js';
import { type ErrorCode, errorText, intentReceivedText } from './messages.js';

type IntentMessage = Extract<ClientMessage, { type: 'intent' }>;

/** The sender, as an intent sees it. */
export interface IntentSender {
  readonly listener: Feed;
  send(text: string): void;
}

type IntentDeps = Pick<ConnectionDeps, 'slots' | 'scheduler' | 'clock' | 'telemetry' | 'presences'>;

export function offerIntent(sender: IntentSender, presence: Presence, message: IntentMessage, deps: IntentDeps): void {
  const { subscription } = sender.listener;
  const { seq } = message;
  const { next } = deps.scheduler;
  const fate = seq === null ? 'fresh' : presence.ledger.fate(seq);
  if (fate === 'dropped') return sender.listener.dropped(seq);
  if (fate === 'taken') return sender.send(intentReceivedText(subscription?.zone ?? presence.zone, next, seq, true));
  const refusal = queue(sender, presence, message, deps);
  if (refusal) return refuse(sender, presence, seq, refusal, deps);
  if (seq !== null) presence.ledger.take(seq);
  deps.telemetry.count('intents_total');
  if (subscription?.acks === 'each') sender.send(intentReceivedText(subscription.zone, next, seq, false));
}

interface IntentRefusal {
  readonly code: ErrorCode;
  readonly text: string;
}

const NOT_SUBSCRIBED: IntentRefusal = { code: 'not_subscribed', text: 'no zone is subscribed' };
const UNAVAILABLE: IntentRefusal = { code: 'zone_unavailable', text: 'the zone cannot run now' };
const STRUCK: IntentRefusal = { code: 'rate_limited', text: 'your intents have failed the zone: wait a while' };
const FULL: IntentRefusal = { code: 'rate_limited', text: 'too many intents for one tick' };

/** null: it waits for the zone's next tick. */
function queue(
  { listener }: IntentSender,
  presence: Presence,
  { seq, data }: IntentMessage,
  deps: IntentDeps,
): IntentRefusal | null {
  const { subscription, run } = listener;
  if (!subscription) return NOT_SUBSCRIBED;
  const slot = deps.slots.find(subscription.zone);
  if (!slot || slot.closing || slot.phase === 'quarantined') return UNAVAILABLE;
  if (deps.presences.strikes.waits(presence.id, deps.clock.monotonicMs())) return STRUCK;
  const receivedAtMs = deps.clock.epochMs();
  const { id: player, number } = presence;
  return slot.mailbox.offer({ player, number, run, seq, data, receivedAtMs }) === 'full' ? FULL : null;
}

function refuse(
  sender: IntentSender,
  presence: Presence,
  seq: number | null,
  { code, text }: IntentRefusal,
  deps: IntentDeps,
): void {
  if (seq !== null) presence.ledger.refuse(seq);
  deps.telemetry.count('intents_refused_total');
  sender.send(errorText(code, text, { seq }));
}
