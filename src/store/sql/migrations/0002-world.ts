/**
 * The world: its one row, zones with their history and inboxes, the projection of entities, and where players are.
 */
import type { Dialect } from '../dialect.js';
import type { SqlSession } from '../engine.js';
import type { Migration } from '../migrate.js';

export const world: Migration = {
  name: '0002-world',
  async up(session, { types }) {
    await session.run(`CREATE TABLE world (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      epoch BIGINT NOT NULL,
      reserved_ticks BIGINT NOT NULL,
      alive_at_ms BIGINT NOT NULL,
      secret TEXT NOT NULL)`);
    await zones(session, types);
    await history(session, types);
    await crossings(session, types);
  },
};

async function zones(session: SqlSession, types: Dialect['types']): Promise<void> {
  await session.run(`CREATE TABLE zones (
    id ${types.uuid} PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    metadata ${types.json} NOT NULL,
    created_at ${types.time} NOT NULL,
    updated_at ${types.time} NOT NULL,
    epoch BIGINT NOT NULL DEFAULT 0,
    live INTEGER NOT NULL DEFAULT 0,
    quarantined INTEGER NOT NULL DEFAULT 0,
    wake_at_ms BIGINT,
    ticked_until_ms BIGINT)`);
  await session.run('CREATE INDEX zones_wake ON zones(wake_at_ms) WHERE wake_at_ms IS NOT NULL');
  await session.run(`CREATE TABLE entities (
    id ${types.uuid} PRIMARY KEY,
    zone_id ${types.uuid} NOT NULL REFERENCES zones(id),
    x INTEGER NOT NULL,
    y INTEGER NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    metadata ${types.json} NOT NULL,
    created_at ${types.time} NOT NULL,
    updated_at ${types.time} NOT NULL,
    tick BIGINT NOT NULL)`);
  await session.run('CREATE INDEX entities_zone ON entities(zone_id)');
}

async function history(session: SqlSession, types: Dialect['types']): Promise<void> {
  await session.run(`CREATE TABLE zone_journal (
    zone_id ${types.uuid} NOT NULL,
    tick BIGINT NOT NULL,
    epoch BIGINT NOT NULL,
    at_ms BIGINT NOT NULL,
    bytes INTEGER NOT NULL,
    inputs TEXT NOT NULL,
    body ${types.bytes} NOT NULL,
    PRIMARY KEY (zone_id, tick))`);
  // All that trimming reads: without it, finding the oldest rows would read every body.
  await session.run('CREATE INDEX zone_journal_age ON zone_journal(at_ms, zone_id, tick, bytes)');
  await session.run(`CREATE TABLE zone_checkpoint (
    zone_id ${types.uuid} PRIMARY KEY,
    tick BIGINT NOT NULL,
    epoch BIGINT NOT NULL,
    body ${types.bytes} NOT NULL)`);
}

async function crossings(session: SqlSession, types: Dialect['types']): Promise<void> {
  // "sent_by" stays when a row is turned round: a commit that is repeated finds what it sent.
  await session.run(`CREATE TABLE zone_inbox (
    id ${types.serial},
    to_zone ${types.uuid} NOT NULL,
    from_zone ${types.uuid} NOT NULL,
    sent_by ${types.uuid} NOT NULL,
    tick BIGINT NOT NULL,
    kind TEXT NOT NULL,
    reason TEXT,
    followers TEXT NOT NULL,
    body TEXT NOT NULL)`);
  await session.run('CREATE INDEX zone_inbox_to ON zone_inbox(to_zone)');
  await session.run(`CREATE TABLE player_places (
    number ${types.serial},
    player_id ${types.uuid} NOT NULL UNIQUE,
    holder ${types.uuid},
    stay BIGINT NOT NULL DEFAULT 0,
    zone ${types.uuid},
    run BIGINT NOT NULL DEFAULT 0,
    newest_hash TEXT,
    newest_session ${types.uuid},
    spoken_hash TEXT,
    spoken_session ${types.uuid},
    dropped_at_ms BIGINT,
    document TEXT,
    mark TEXT NOT NULL)`);
  await session.run('CREATE INDEX player_places_holder ON player_places(holder) WHERE holder IS NOT NULL');
}
