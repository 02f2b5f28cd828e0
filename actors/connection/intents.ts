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

export function offerIntent(
  sender: IntentSender,
  presence: Presence,
  message: IntentMessage,
  deps: Pick<ConnectionDeps, 'slots' | 'scheduler' | 'clock' | 'telemetry' | 'presences'>,
): void {
  const { subscription, run } = sender.listener;
  const { seq } = message;
  const { next } = deps.scheduler;
  const fate = seq === null ? 'fresh' : presence.ledger.fate(seq);
  if (fate === 'dropped') return sender.listener.dropped(seq);
  if (fate === 'taken') return sender.send(intentReceivedText(subscription?.zone ?? presence.zone, next, seq, true));
  if (!subscription) return refuse('not_subscribed', 'no zone is subscribed');
  const slot = deps.slots.find(subscription.zone);
  if (!slot || slot.closing || slot.phase === 'quarantined') return refuse('zone_unavailable', 'the zone cannot run now');
  if (deps.presences.strikes.waits(presence.id, deps.clock.monotonicMs())) {
    return refuse('rate_limited', 'your intents have failed the zone: wait a while');
  }
  const receivedAtMs = deps.clock.epochMs();
  const queued = slot.mailbox.offer({ player: presence.id, run, seq, data: message.data, receivedAtMs });
  if (queued === 'full') return refuse('rate_limited', 'too many intents for one tick');
  if (seq !== null) presence.ledger.take(seq);
  deps.telemetry.count('intents_total');
  if (subscription.acks === 'each') sender.send(intentReceivedText(subscription.zone, next, seq, false));

  function refuse(code: ErrorCode, text: string): void {
    if (seq !== null) presence.ledger.refuse(seq);
    deps.telemetry.count('intents_refused_total');
    sender.send(errorText(code, text, { seq }));
  }
}
