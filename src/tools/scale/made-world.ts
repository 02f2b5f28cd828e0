/**
 * A database with a world of any size in it, written straight into the tables: to make 100,000 zones by the server's own
 * calls would take longer than all that is measured on them. What it writes is what a server that stopped leaves behind.
 */
import { randomBytes } from 'node:crypto';
import sqlite3 from 'sqlite3';
import { type EntityId, newUuid, type TickNumber, type ZoneId } from '../../../actors/ids.js';
import type { StoredZone, ZoneCommit, ZoneInfo } from '../../../actors/records.js';
import { SystemClock } from '../../observe/clock.js';
import { InlineSimulation } from '../../simulation/inline-simulation.js';
import { filledZone } from '../../simulation/zone-filling.js';
import { openStore, type Store } from '../../store/open.js';
import { SqliteConnection } from '../../store/sql/sqlite/connection.js';
import hum, { type Hum } from './hum.js';

/** Zones of one kind. */
export interface Zones {
  readonly name: string;
  readonly count: number;
  readonly entities: number;
  /** null: they sleep for good. */
  readonly hum: Hum | null;
}

/** Ticks that were committed since the last checkpoint, and the history that is kept behind it. */
export interface Journal {
  /** Of each zone; 0: a clean stop. */
  readonly ticksBehind: number;
  /** Megabytes of rows that the checkpoints have already. */
  readonly historyMb: number;
}

const SIZE = 64;
const AT_ONCE = 500;
/** Above the tick of every checkpoint. */
const FIRST_TICK = 100_000;
const HISTORY_ROW_BYTES = 4_096;
const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

export async function makeWorld(file: string, kinds: readonly Zones[], journal: Journal): Promise<void> {
  const store = await openStore({
    databaseUrl: `sqlite:${file}`,
    poolMax: 1,
    clock: new SystemClock(),
    log: SILENT,
    telemetry: { count() {}, countForGame() {}, observe() {} },
  });
  const database = await SqliteConnection.open(file, sqlite3.OPEN_READWRITE, 'PRAGMA busy_timeout = 5000;');
  try {
    for (const kind of kinds) {
      const zones = zonesOf(kind);
      await insert(database, zones, kind.hum !== null);
      await fill(store, zones, kind.entities);
      if (kind.hum && journal.ticksBehind > 0) await run(store, zones, journal.ticksBehind);
    }
    if (journal.historyMb > 0) await remember(database, journal.historyMb);
    await database.run('UPDATE world SET reserved_ticks = $1', FIRST_TICK + journal.ticksBehind);
  } finally {
    await database.close();
    await store.close();
  }
}

function zonesOf({ name, count, hum: metadata }: Zones): ZoneInfo[] {
  const nowMs = Date.now();
  const common = { width: SIZE, height: SIZE, metadata: { ...metadata }, createdAtMs: nowMs, updatedAtMs: nowMs };
  return Array.from({ length: count }, (_, index) => ({ id: newUuid<ZoneId>(), name: `${name} ${index}`, ...common }));
}

async function insert(database: SqliteConnection, zones: readonly ZoneInfo[], wakes: boolean): Promise<void> {
  const rows = zones.map(({ id, name, metadata }) => ({ id, name, metadata: JSON.stringify(metadata) }));
  await database.run(
    `INSERT INTO zones (id, name, width, height, metadata, created_at, updated_at, wake_at_ms)
     SELECT value->>'id', value->>'name', ${SIZE}, ${SIZE}, value->>'metadata', $2, $2, ${wakes ? 1 : 'NULL'} FROM json_each($1)`,
    JSON.stringify(rows),
    new Date().toISOString().replace('T', ' ').replace('Z', ' +00:00'),
  );
}

/** As the server's `createEntities` does. */
async function fill(store: Store, zones: readonly ZoneInfo[], entities: number): Promise<void> {
  const places = Array.from({ length: entities }, (_, index) => ({ x: index % SIZE, y: Math.floor(index / SIZE) % SIZE }));
  const options = { nowMs: Date.now(), maxZoneBytes: 2 ** 24, newId: () => newUuid<EntityId>() };
  for (let from = 0; from < zones.length; from += AT_ONCE) {
    const checkpoints = zones.slice(from, from + AT_ONCE).map((info) => {
      const filled = filledZone(untouched(info), places, options);
      if (!filled) throw new Error('a zone that was just made has entities');
      return { ...filled, zone: info.id, epoch: 0, live: false };
    });
    await store.zones.checkpoint(checkpoints);
  }
}

function untouched(info: ZoneInfo): StoredZone {
  return {
    info,
    epoch: 0,
    checkpoint: null,
    journal: [],
    inbox: [],
    held: [],
    neighbors: [],
    departed: [],
    wakeAtMs: 1,
    tickedUntilMs: null,
  };
}

/** Ticks of these zones, committed as a server commits them, and nothing written of them but the journal. */
async function run(store: Store, zones: readonly ZoneInfo[], ticks: number): Promise<void> {
  const simulation = new InlineSimulation({
    ...{ game: hum, secret: store.world.secret, maxZoneBytes: 2 ** 24, tickBudgetMs: 60_000, guarded: false },
    ...{ clock: new SystemClock(), log: SILENT, onHang() {} },
  });
  for (let from = 0; from < zones.length; from += AT_ONCE) {
    const stored = await Promise.all(zones.slice(from, from + AT_ONCE).map(({ id }) => store.zones.claim(id)));
    const part = stored.filter((zone) => zone !== null);
    for (const zone of part) await simulation.load(zone);
    for (let tick = FIRST_TICK; tick < FIRST_TICK + ticks; tick++) {
      await store.zones.commit(await Promise.all(part.map((zone) => tickOf(simulation, zone, tick))));
    }
    for (const { info } of part) simulation.drop(info.id);
  }
}

async function tickOf(simulation: InlineSimulation, { info, epoch }: StoredZone, tick: TickNumber): Promise<ZoneCommit> {
  const nowMs = Date.now();
  const nobody = { intents: [], joins: [], leaves: [], inbox: [], viewers: [] };
  const { row, wakeAtMs } = await simulation.step({ zone: info.id, tick, nowMs, ...nobody });
  simulation.adopt(info.id, tick);
  // The wish of the last tick is the one that counts, and these many transactions would take minutes.
  const wish = tick === FIRST_TICK && wakeAtMs !== undefined ? { wakeAtMs } : {};
  return { ...{ zone: info.id, epoch, rows: row ? [row] : [], takes: [], sends: [], places: [], nowMs }, ...wish };
}

/** Rows below every checkpoint, of all zones in turn; the checkpoints are of tick 0. */
async function remember(database: SqliteConnection, megabytes: number): Promise<void> {
  await database.run(
    `INSERT INTO zone_journal (zone_id, tick, epoch, at_ms, bytes, inputs, body)
     WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < $1 - 1),
       z AS (SELECT id, ROW_NUMBER() OVER () - 1 AS i, COUNT(*) OVER () AS all_of_them FROM zones)
     SELECT z.id, -1 - n.i / z.all_of_them, 1, $2, ${HISTORY_ROW_BYTES}, '{}', $3 FROM n JOIN z ON z.i = n.i % z.all_of_them`,
    Math.floor((megabytes * 2 ** 20) / HISTORY_ROW_BYTES),
    Date.now(),
    randomBytes(HISTORY_ROW_BYTES - 100),
  );
}
