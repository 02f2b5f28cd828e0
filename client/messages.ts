/**
 * What the server sends, typed. Clients trust it to keep to its protocol (docs/protocol.md), so the fields are
 * named here and not checked; what is not a message at all is told apart.
 */
import type { JsonObject } from './binary.js';

export interface Zone {
  readonly id: string;
  readonly name: string;
  /** In cells. */
  readonly width: number;
  readonly height: number;
  readonly metadata: JsonObject;
  readonly created_at: string;
  readonly updated_at: string;
}

/** The messages of the protocol, by their `type`. */
export interface ProtocolMessages {
  join_ack: {
    readonly type: 'join_ack';
    readonly player_id: string;
    readonly connection_id: string;
    readonly resume_token: string;
    readonly last_seq: number;
    readonly dropped: readonly number[];
    readonly server_time: string;
    readonly tick_interval_ms: number;
  };
  subscribed: { readonly type: 'subscribed'; readonly zone_id: string; readonly zone: Zone };
  unsubscribed: { readonly type: 'unsubscribed'; readonly zone_id: string };
  tick: StateMessage & { readonly type: 'tick' };
  delta: StateMessage & { readonly type: 'delta'; readonly base: number };
  intent_received: {
    readonly type: 'intent_received';
    readonly seq?: number;
    readonly zone_id: string;
    readonly tick_number: number;
    readonly duplicate?: boolean;
  };
  handover: {
    readonly type: 'handover';
    readonly from: { readonly zone_id: string };
    readonly to: { readonly zone_id: string; readonly x: number; readonly y: number };
  };
  pong: { readonly type: 'pong'; readonly t: unknown; readonly server_time: string };
  telemetry: { readonly type: 'telemetry'; readonly tick_rate: number; readonly rtt_ms: number | null };
  error: {
    readonly type: 'error';
    readonly code: string;
    readonly message: string;
    readonly seq?: number;
    readonly reason?: string;
  };
}

/** What `tick` and `delta` have in common. */
export interface StateMessage {
  readonly zone_id: string;
  readonly tick_number: number;
  readonly state: JsonObject;
  readonly ack?: number;
}

export type ProtocolMessage = ProtocolMessages[keyof ProtocolMessages];

/** A message of the game to this player; its `type` is none of the protocol's. */
export interface GameMessage {
  readonly type: string;
  readonly [field: string]: unknown;
}

const PROTOCOL_TYPES: ReadonlySet<string> = new Set<keyof ProtocolMessages>([
  'join_ack',
  'subscribed',
  'unsubscribed',
  'tick',
  'delta',
  'intent_received',
  'handover',
  'pong',
  'telemetry',
  'error',
]);

export function isProtocolMessage(message: ProtocolMessage | GameMessage): message is ProtocolMessage {
  return PROTOCOL_TYPES.has(message.type);
}

/** Reads a text frame; null: not a message. */
export function readMessage(text: string): GameMessage | null {
  const body = parse(text);
  if (typeof body !== 'object' || body === null || !('type' in body) || typeof body.type !== 'string') return null;
  // An object with a text as its type is all that this type says.
  return body as GameMessage;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
