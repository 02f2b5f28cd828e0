/**
 * Branded identifiers: a player's id is not a zone's, although both are UUIDs on the wire.
 * The cast happens once, where a value enters (a parser, a row, `newUuid`); nothing behind it casts again.
 */
import { randomUUID } from 'node:crypto';

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

export type ZoneId = Branded<'zone'>;
export type PlayerId = Branded<'player'>;
export type EntityId = Branded<'entity'>;
export type ConnectionId = Branded<'connection'>;
export type SessionId = Branded<'session'>;

/** The world's count of ticks; every zone uses the same numbers, and may miss some. */
export type TickNumber = number;

/** A fresh id of the kind that the caller names. */
export function newUuid<Id extends ZoneId | PlayerId | EntityId | ConnectionId | SessionId>(): Id {
  return randomUUID() as Id;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The id if `text` is a UUID in its lower-case form; else null. */
export function parseUuid<Id extends ZoneId | PlayerId | EntityId | ConnectionId | SessionId>(text: unknown): Id | null {
  return typeof text === 'string' && UUID.test(text) ? (text as Id) : null;
}
