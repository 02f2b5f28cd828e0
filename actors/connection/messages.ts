/**
 * The texts a server sends, one function a message: the only place that knows how the JSON
 * protocol spells them. Ticks are made where the zone is; here they only get their tail.
 */
import type { JsonObject } from '../../games/contract.js';
import type { ConnectionId, PlayerId, TickNumber, ZoneId } from '../ids.js';
import type { ZoneInfo } from '../records.js';

/** Codes of the `error` message, as clients know them. */
export type ErrorCode =
  | 'bad_request'
  | 'unauthorized'
  | 'forbidden'
  | 'not_subscribed'
  | 'zone_not_found'
  | 'zone_deleted'
  | 'zone_unavailable'
  | 'rate_limited'
  | 'intent_dropped'
  | 'internal';

export function errorText(code: ErrorCode, message: string, details: { seq?: number | null; reason?: string } = {}): string {
  return JSON.stringify({ type: 'error', code, message, seq: details.seq ?? undefined, reason: details.reason });
}

export function joinAckText(join: {
  readonly playerId: PlayerId;
  readonly connectionId: ConnectionId;
  readonly resumeToken: string;
  readonly lastSeq: number;
  readonly dropped: readonly number[];
  readonly nowMs: number;
  readonly tickIntervalMs: number;
}): string {
  return JSON.stringify({
    type: 'join_ack',
    player_id: join.playerId,
    connection_id: join.connectionId,
    resume_token: join.resumeToken,
    last_seq: join.lastSeq,
    dropped: join.dropped,
    server_time: new Date(join.nowMs).toISOString(),
    tick_interval_ms: join.tickIntervalMs,
  });
}

/** ZONE as REST and sockets show it. */
function zoneBody(zone: ZoneInfo): JsonObject {
  return {
    id: zone.id,
    name: zone.name,
    width: zone.width,
    height: zone.height,
    metadata: zone.metadata,
    created_at: new Date(zone.createdAtMs).toISOString(),
    updated_at: new Date(zone.updatedAtMs).toISOString(),
  };
}

export function subscribedText(zone: ZoneInfo): string {
  return JSON.stringify({ type: 'subscribed', zone_id: zone.id, zone: zoneBody(zone) });
}

export function unsubscribedText(zone: ZoneId): string {
  return JSON.stringify({ type: 'unsubscribed', zone_id: zone });
}

/** `zone` null: a duplicate, of a player who is in no zone any more. */
export function intentReceivedText(zone: ZoneId | null, tick: TickNumber, seq: number | null, duplicate: boolean): string {
  return JSON.stringify({
    type: 'intent_received',
    seq: seq ?? undefined,
    zone_id: zone,
    tick_number: tick,
    duplicate: duplicate || undefined,
  });
}

export function pongText(t: unknown, nowMs: number): string {
  return JSON.stringify({ type: 'pong', t, server_time: new Date(nowMs).toISOString() });
}

export function telemetryText(tickRate: number, rttMs: number | null): string {
  return JSON.stringify({ type: 'telemetry', tick_rate: tickRate, rtt_ms: rttMs });
}

export function handoverText(from: ZoneId, to: ZoneId, x: number, y: number): string {
  return JSON.stringify({ type: 'handover', from: { zone_id: from }, to: { zone_id: to, x, y } });
}

/** What goes before the body of a tick, in JSON: its type, and the player's own `ack` where there is one. ASCII. */
export function jsonHead(isDelta: boolean, ack: number | null): string {
  const type = isDelta ? '{"type":"delta",' : '{"type":"tick",';
  return ack === null ? type : `${type}"ack":${ack},`;
}

/** The same in `gridstead.v1.bin`: the kind, then by how much the ack rises, as a varint; 0 where there is none. A character for each byte. */
export function binaryHead(isDelta: boolean, ackSteps: number): string {
  const kind = isDelta ? 2 : 1;
  return SHORT_HEADS[kind]?.[ackSteps] ?? headOf(kind, ackSteps);
}

/** By kind and steps. An ack seldom rises by more, and a head is wanted for every player and tick. */
const SHORT_HEADS = [0, 1, 2].map((kind) => Array.from({ length: 128 }, (_, steps) => headOf(kind, steps)));

function headOf(kind: number, ackSteps: number): string {
  const bytes = [kind];
  let rest = ackSteps;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  bytes.push(rest);
  return String.fromCharCode(...bytes);
}
