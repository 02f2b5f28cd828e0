/**
 * What the server sends, as the tools read it. They trust it to keep to its protocol (docs/protocol.md), so
 * the fields are named here and not checked.
 */
import type { RestZone } from './rest.js';

export type ServerMessage =
  | {
      readonly type: 'join_ack';
      readonly player_id: string;
      readonly connection_id: string;
      readonly resume_token: string;
      readonly last_seq: number;
      readonly dropped: readonly number[];
      readonly tick_interval_ms: number;
    }
  | { readonly type: 'subscribed'; readonly zone_id: string; readonly zone: RestZone }
  | { readonly type: 'unsubscribed'; readonly zone_id: string }
  | {
      readonly type: 'tick';
      readonly zone_id: string;
      readonly tick_number: number;
      readonly state: object;
      readonly ack?: number;
    }
  | { readonly type: 'intent_received'; readonly seq?: number }
  | { readonly type: 'handover'; readonly from: { readonly zone_id: string }; readonly to: { readonly zone_id: string } }
  | { readonly type: 'pong'; readonly t: unknown }
  | { readonly type: 'telemetry'; readonly tick_rate: number; readonly rtt_ms: number | null }
  | { readonly type: 'error'; readonly code: string; readonly message: string; readonly seq?: number; readonly reason?: string }
  | GameEvent;

/** A message of the game to this player; its `type` is none of the above. */
export interface GameEvent {
  readonly type: 'game';
  readonly event: { readonly type: string; readonly [field: string]: unknown };
}

const PROTOCOL_TYPES: ReadonlySet<string> = new Set([
  'join_ack',
  'subscribed',
  'unsubscribed',
  'tick',
  'intent_received',
  'handover',
  'pong',
  'telemetry',
  'error',
]);

/** Reads one frame; null: not a message. */
export function readServerMessage(text: string): ServerMessage | null {
  const body = parse(text);
  if (typeof body !== 'object' || body === null || !('type' in body) || typeof body.type !== 'string') return null;
  // Casts, because the server is trusted; see above.
  if (PROTOCOL_TYPES.has(body.type)) return body as ServerMessage;
  return { type: 'game', event: body as GameEvent['event'] };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
