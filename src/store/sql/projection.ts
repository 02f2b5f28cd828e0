/**
 * The projection of entities in SQL: one table, with a row for each entity as the last checkpoint of its zone has it.
 */
import type { EntityId } from '../../../actors/ids.js';
import type { StoredEntity } from '../../../actors/records.js';
import type { JournalMark, Projection } from '../tables.js';
import { timeText } from './decode.js';
import type { Dialect } from './dialect.js';
import type { SqlSession } from './engine.js';
import { asList, listed } from './lists.js';

/** Rows of the projection in one statement: more would hold up the main thread while their text is made. */
const ENTITIES_AT_ONCE = 5_000;
const MARKED = { id: 'uuid', zone: 'uuid', tick: 'bigint' } as const;

export async function project(session: SqlSession, dialect: Dialect, zones: readonly Projection[]): Promise<void> {
  const gone = zones.flatMap(({ zone, tick, gone }) => gone.map((id) => ({ id, zone, tick })));
  const sql = `DELETE FROM entities WHERE id IN (SELECT m.id FROM ${listed(dialect, MARKED)}
    JOIN entities e ON e.id = m.id AND e.zone_id = m.zone AND e.tick <= m.tick)`;
  for (const part of slices(gone, ENTITIES_AT_ONCE)) await session.run(sql, JSON.stringify(part));
  for (const part of slices(newest(zones), ENTITIES_AT_ONCE)) await upsert(session, dialect, part);
}

async function upsert(session: SqlSession, dialect: Dialect, rows: readonly ProjectedEntity[]): Promise<void> {
  const sizes = { x: 'integer', y: 'integer', width: 'integer', height: 'integer' } as const;
  const sql = `INSERT INTO entities (id, zone_id, x, y, width, height, metadata, created_at, updated_at, tick)
    SELECT m.id, z.id, m.x, m.y, m.width, m.height, ${dialect.json('m.metadata')}, ${dialect.time('m.created')}, ${dialect.time('m.updated')}, m.tick
    FROM ${listed(dialect, { ...MARKED, ...sizes, metadata: 'text', created: 'text', updated: 'text' })} JOIN zones z ON z.id = m.zone WHERE true
    ON CONFLICT (id) DO UPDATE SET zone_id = excluded.zone_id, x = excluded.x, y = excluded.y, width = excluded.width, height = excluded.height,
      metadata = excluded.metadata, updated_at = excluded.updated_at, tick = excluded.tick WHERE entities.tick <= excluded.tick`;
  await session.run(sql, asList(rows, entityColumns));
}

function* slices<T>(items: readonly T[], atMost: number): Iterable<readonly T[]> {
  for (let from = 0; from < items.length; from += atMost) yield items.slice(from, from + atMost);
}

interface ProjectedEntity extends JournalMark {
  readonly entity: StoredEntity;
}

/** One that went from one of these zones to another is where it was last: Postgres writes no row twice in one statement. */
function newest(zones: readonly Projection[]): readonly ProjectedEntity[] {
  const rows = new Map<EntityId, ProjectedEntity>();
  for (const { zone, tick, changed } of zones) {
    for (const entity of changed) {
      const other = rows.get(entity.id);
      if (!other || other.tick <= tick) rows.set(entity.id, { zone, tick, entity });
    }
  }
  return [...rows.values()];
}

function entityColumns({ zone, tick, entity }: ProjectedEntity): object {
  const { id, x, y, width, height, metadata, createdAtMs, updatedAtMs } = entity;
  return {
    ...{ id, zone, tick, x, y, width, height },
    // As a text within the text: a list of Postgres refuses some of what a JSON column takes.
    metadata: JSON.stringify(metadata),
    created: timeText(createdAtMs),
    updated: timeText(updatedAtMs),
  };
}
