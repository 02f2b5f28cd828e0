/**
 * From rows of the database to values of the world, and back where the two databases need telling.
 * A column that does not hold what it should makes a `StoredRowError` that names it, never a crash further in.
 */
import { type EntityId, type PlayerId, parseUuid, type SessionId, type ZoneId } from '../../../actors/ids.js';
import { StoredRowError } from '../errors.js';
import type { SqlRow } from './engine.js';

export function idOf<Id extends ZoneId | PlayerId | EntityId | SessionId>(row: SqlRow, column: string): Id {
  return parseUuid<Id>(row[column]) ?? unreadable(column);
}

export function optionalIdOf<Id extends ZoneId | PlayerId | EntityId | SessionId>(row: SqlRow, column: string): Id | null {
  return row[column] === null ? null : idOf<Id>(row, column);
}

export function numberOf(row: SqlRow, column: string): number {
  const value = Number(row[column] ?? Number.NaN);
  return Number.isFinite(value) ? value : unreadable(column);
}

export function optionalNumberOf(row: SqlRow, column: string): number | null {
  return row[column] === null ? null : numberOf(row, column);
}

export function textOf(row: SqlRow, column: string): string {
  const value = row[column];
  return typeof value === 'string' ? value : unreadable(column);
}

export function optionalTextOf(row: SqlRow, column: string): string | null {
  return row[column] === null ? null : textOf(row, column);
}

export function bytesOf(row: SqlRow, column: string): Uint8Array {
  const value = row[column];
  return value instanceof Uint8Array ? value : unreadable(column);
}

/** The shape is trusted: only this store writes these columns. */
export function jsonOf<T extends object>(row: SqlRow, column: string): T {
  try {
    const value: unknown = JSON.parse(textOf(row, column));
    // JSON.parse cannot know the type; `T` is what this column is written from.
    if (typeof value === 'object' && value !== null) return value as T;
  } catch (cause) {
    if (cause instanceof StoredRowError) throw cause;
    throw new StoredRowError(column, { cause });
  }
  return unreadable(column);
}

export function optionalJsonOf<T extends object>(row: SqlRow, column: string): T | null {
  return row[column] === null ? null : jsonOf<T>(row, column);
}

/** Milliseconds since 1970, of a column with a point in time. */
export function timeOf(row: SqlRow, column: string): number {
  const value = row[column];
  const timeMs = value instanceof Date ? value.getTime() : Date.parse(textOf(row, column));
  return Number.isNaN(timeMs) ? unreadable(column) : timeMs;
}

/** As Sequelize writes points in time on SQLite, so that its models can read what plain statements wrote; Postgres reads it too. */
export function timeText(timeMs: number): string {
  return new Date(timeMs).toISOString().replace('T', ' ').replace('Z', ' +00:00');
}

/** A column of whole numbers takes nothing else; a game may ask to be woken at a fraction of a millisecond. */
export function wholeMs(timeMs: number): number {
  return Math.round(timeMs);
}

function unreadable(column: string): never {
  throw new StoredRowError(column);
}
