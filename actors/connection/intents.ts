/**
 * An intent on its way from a connection into its zone's mailbox. Its number decides first: one that
 * was taken before is answered with its fate; one that is refused counts as dropped.
 */
import type { ClientMessage } from '../control.js';
import type { Connection, JoinedState } from './connection.js';
import type { ConnectionDeps } from './deps.js';
import { type ErrorCode, errorText, intentReceivedText } from './messages.js';

type IntentMessage = Extract<ClientMessage, { type: 'intent' }>;

export function offerIntent(connection: Connection, joined: JoinedState, message: IntentMessage, deps: ConnectionDeps): void {
  const { presence, subscription } = joined;
  const { seq } = message;
  const fate = seq === null ? 'fresh' : presence.ledger.fate(seq);
  if (fate === 'dropped') return connection.dropped(seq);
  if (fate === 'taken') {
    const zone = subscription?.zone ?? presence.zone;
    if (zone) connection.send(intentReceivedText(zone, deps.scheduler.next, seq, true));
    return;
  }
  if (!subscription) return refuse('not_subscribed', 'no zone is subscribed');
  const slot = deps.slots.find(subscription.zone);
  if (!slot || slot.closing || slot.phase === 'quarantined') return refuse('zone_unavailable', 'the zone cannot run now');
  const queued = slot.mailbox.offer({
    player: presence.id,
    run: connection.run,
    seq,
    data: message.data,
    receivedAtMs: deps.clock.epochMs(),
  });
  if (queued === 'full') return refuse('rate_limited', 'too many intents for one tick');
  if (seq !== null) presence.ledger.take(seq);
  deps.telemetry.count('intents_total');
  if (subscription.acks === 'each') connection.send(intentReceivedText(subscription.zone, deps.scheduler.next, seq, false));

  function refuse(code: ErrorCode, text: string): void {
    if (seq !== null) presence.ledger.refuse(seq);
    deps.telemetry.count('intents_refused_total');
    connection.send(errorText(code, text, { seq }));
  }
}
