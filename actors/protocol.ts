/**
 * The message types that the protocol keeps for itself, in both directions.
 * A game may neither declare one of them as a message of its clients nor send one to a player. How each
 * message looks is the edge's knowledge (`src/ws`), when it is sent the actors'.
 */

/** Types that are never a game's. */
export const RESERVED_MESSAGE_TYPES: ReadonlySet<string> = new Set([
  'hello',
  'subscribe',
  'unsubscribe',
  'resync',
  'intent',
  'ping',
  'join_ack',
  'subscribed',
  'unsubscribed',
  'intent_received',
  'pong',
  'tick',
  'delta',
  'telemetry',
  'handover',
  'error',
]);
