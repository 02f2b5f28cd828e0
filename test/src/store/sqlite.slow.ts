/** What a disk, another process and time do to a store on SQLite. */
import { readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { expect } from 'chai';
import sqlite3 from 'sqlite3';
import { OwnershipLostError, StoreUnavailableError } from '../../../actors/errors.js';
import { newUuid, type PlayerId, type SessionId } from '../../../actors/ids.js';
import type { CommitOutcome, ZoneCommit } from '../../../actors/records.js';
import { StoredRowError } from '../../../src/store/errors.js';
import { openStore, type Store } from '../../../src/store/open.js';
import { MIGRATIONS } from '../../../src/store/sql/migrations/index.js';
import { defineModels } from '../../../src/store/sql/models.js';
import { SqliteConnection } from '../../../src/store/sql/sqlite/connection.js';
import { SqliteEngine } from '../../../src/store/sql/sqlite/engine.js';
import { sequelizeOnSqlite } from '../../../src/store/sql/sqlite/sequelize.js';
import { startSqlStore } from '../../../src/store/sql/start.js';
import { FailingEngine } from './failing-engine.js';
import { arrival, Bench, emptyCommit, entity, journalRow, SOME_MARK, tickOf } from './harness.js';
import { type SqliteHarness, sqliteHarness } from './sqlite-harness.js';

describe('store on SQLite, in trouble', () => {
  let harness: SqliteHarness;
  beforeEach(async () => {
    harness = await sqliteHarness();
  });
  afterEach(() => harness.dispose());

  it('loses nothing that it confirmed on a full disk, and goes on with the same batch when there is room', async () => {
    const engine = await SqliteEngine.open(harness.file(), harness.surroundings.clock);
    const store = await storeOn(engine, harness);
    const bench = new Bench(store);
    const zone = await bench.zone('meadow');
    await engine.single.all('PRAGMA max_page_count = 60');
    const big = (tick: number): ZoneCommit => ({ ...emptyCommit(zone), rows: [journalRow(tick, 'x'.repeat(20_000))] });

    let tick = 1;
    let full: unknown = null;
    while (!full)
      full = await store.zones.commit([big(tick)]).then(
        () => void tick++,
        (error: unknown) => error,
      );
    const crossing = await store.zones.commit([{ ...big(tick), wakeAtMs: 5 }]).catch((error: unknown) => error);

    expect([full, crossing]).to.satisfy((errors: unknown[]) => errors.every((error) => error instanceof StoreUnavailableError));
    expect(store.healthy()).to.equal(false);
    await engine.single.all('PRAGMA max_page_count = 100000');
    expect(await store.zones.commit([big(tick)])).to.deep.equal([{ type: 'committed', sent: [] }]);
    expect(store.healthy()).to.equal(true);
    expect((await bench.restored(zone.id)).journal).to.have.length(tick);
    expect(await engine.reader.all('PRAGMA integrity_check')).to.deep.equal([{ integrity_check: 'ok' }]);
    expect(harness.surroundings.telemetry.counts.get('store_errors_total')).to.equal(2);
    await store.close();
  });

  it('says unavailable while another process holds the lock, and takes the same batch when it lets go', async () => {
    const store = await harness.open();
    const bench = new Bench(store);
    const zone = await bench.zone('meadow');
    const foreign = await SqliteConnection.open(harness.file(), sqlite3.OPEN_READWRITE, 'PRAGMA busy_timeout = 0;');
    await foreign.exec('BEGIN EXCLUSIVE');
    const [plain, crossing] = [[bench.tick(zone)], [bench.tick(zone, { metadata: { a: 1 } })]];
    const session = { id: newUuid<SessionId>(), player: newUuid<PlayerId>(), tokenHash: 'x', createdAtMs: 0, expiresAtMs: null };

    const refusals = await Promise.all(
      [
        store.zones.commit(plain),
        store.zones.commit(crossing),
        store.places.note(newUuid<PlayerId>(), { run: 1 }),
        store.accounts.logIn(session, { passwordHash: 'x', anew: null }),
        store.world.heartbeat(1),
      ].map((write) =>
        write.then(
          () => null,
          (error: unknown) => error,
        ),
      ),
    );
    const read = await store.catalog.list();
    await foreign.exec('ROLLBACK');
    await foreign.close();

    for (const error of refusals) expect(error).to.be.instanceOf(StoreUnavailableError);
    expect(read).to.have.length(1);
    for (const batch of [plain, crossing]) expect((await store.zones.commit(batch))[0]?.type).to.equal('committed');
    await store.close();
  });

  it('lets forty parallel writers of all kinds through', async () => {
    const store = await harness.open();
    const bench = new Bench(store);
    const zones = await Promise.all(Array.from({ length: 10 }, (_, i) => bench.zone(`zone ${i}`)));

    const players = await Promise.all(Array.from({ length: 10 }, () => bench.player()));
    const outcomes = await Promise.all([
      ...zones.map((zone) => store.zones.commit([bench.tick(zone, { wakeAtMs: 7 })])),
      ...players.map(({ id }) => store.places.note(id, { run: 2 })),
      ...players.map(({ id }, i) => store.accounts.create(accountOf(id, `player ${i}`))),
      ...zones.map((zone) => store.zones.checkpoint([{ ...checkpointOf(zone.id, zone.epoch) }])),
    ]);

    expect(outcomes).to.have.length(40);
    expect(await store.catalog.nextWake(0)).to.equal(7);
    await store.close();
  });

  it('takes as many statements for twenty zones that cross as for two', async () => {
    const engine = new FailingEngine(await SqliteEngine.open(harness.file(), harness.surroundings.clock));
    const store = await storeOn(engine, harness);
    const bench = new Bench(store);
    const counts: number[] = [];
    for (const count of [2, 20]) {
      const zones = await Promise.all(Array.from({ length: count }, (_, i) => bench.zone(`${count}, ${i}`)));
      const players = await Promise.all(zones.map((zone) => bench.playerIn(zone)));
      const batch = zones.map((zone, i) => {
        const commit = bench.tick(zone, { wakeAtMs: 5 });
        return { ...commit, sends: [arrival(zones.at(i - 1)?.id ?? zone.id, tickOf(commit), players.slice(i, i + 1))] };
      });
      const before = engine.statements;
      const outcomes = await store.zones.commit(batch);
      counts.push(engine.statements - before);
      expect(outcomes.every(({ type }) => type === 'committed')).to.equal(true);
    }

    expect(counts[1]).to.equal(counts[0]);
    await store.close();
  });

  it('writes the checkpoints of all but the one that the database does not take', async () => {
    const store = await harness.open();
    const bench = new Bench(store);
    const zones = [await bench.zone('a'), await bench.zone('b'), await bench.zone('c')] as const;
    // As JSON knows it, that is no number.
    const nowhere = entity({ x: Number.NaN });

    const answers = await store.zones.checkpoint(
      zones.map(({ id, epoch }, i) => ({ ...checkpointOf(id, epoch), changed: [i === 1 ? nowhere : entity()] })),
    );

    expect(answers).to.deep.equal([true, false, true]);
    const kept = await Promise.all(zones.map(async ({ id }) => (await bench.restored(id)).checkpoint?.tick));
    expect(kept).to.deep.equal([1, undefined, 1]);
    const shown = await Promise.all(zones.map(({ id }) => store.catalog.entities(id)));
    expect(shown.map(({ length }) => length)).to.deep.equal([1, 0, 1]);
    await store.close();
  });

  for (const lost of ['statement', 'answer'] as const) {
    it(`is as if nothing had happened, whichever ${lost} of a commit is lost, once the batch is repeated`, async () => {
      const engine = new FailingEngine(await SqliteEngine.open(harness.file(), harness.surroundings.clock));
      const store = await storeOn(engine, harness);
      const calm = await everythingAtOnce(store, async (batch) => store.zones.commit(batch));

      let nth = 0;
      for (let before = -1; before < engine.failures; ) {
        before = engine.failures;
        nth++;
        const troubled = await everythingAtOnce(store, async (batch) => {
          engine.failAt(nth, lost);
          const outcomes = (await store.zones.commit(batch).catch(() => null)) ?? (await store.zones.commit(batch));
          engine.failAt(Number.POSITIVE_INFINITY, lost);
          return outcomes;
        });
        expect(troubled, `${lost} ${nth}`).to.deep.equal(calm);
      }

      expect(engine.failures)
        .to.be.above(10)
        .and.to.equal(nth - 1);
      await store.close();
    });
  }

  it('tries again by itself where the database stopped it for another writer', async () => {
    const engine = new FailingEngine(await SqliteEngine.open(harness.file(), harness.surroundings.clock));
    const store = await storeOn(engine, harness, { monotonicMs: () => 0, epochMs: () => 0, after: later });
    const bench = new Bench(store);
    const zone = await bench.zone('meadow');

    engine.failAt(3, 'statement', 'again');
    await bench.commit(bench.tick(zone, { wakeAtMs: 5 }));

    expect(engine.failures).to.equal(1);
    expect(await store.catalog.nextWake(0)).to.equal(5);
    await store.close();
  });

  it('opens with a prefix of what was committed wherever its log was cut, and with all of it when it was not', async () => {
    const confirmed = await journalOf(harness, 12);
    await harness.kill(confirmed.store);
    const [database, log] = [await readFile(harness.file()), await readFile(`${harness.file()}-wal`)];
    const lengths: number[] = [];

    for (const cut of cutsOf(log.length)) {
      await writeFile(harness.file(), database);
      await writeFile(`${harness.file()}-wal`, log);
      await truncate(`${harness.file()}-wal`, cut);
      await rm(`${harness.file()}-shm`, { force: true });
      const store = await harness.open();
      const { journal } = await new Bench(store).restored(confirmed.zone);
      await store.close();
      lengths.push(journal.length);
      expect(
        journal.map(({ tick }) => tick),
        `cut at ${cut}`,
      ).to.deep.equal(confirmed.ticks.slice(0, journal.length));
    }

    expect(lengths).to.deep.equal([...lengths].sort((a, b) => a - b));
    expect(lengths.at(-1)).to.equal(12);
  }).timeout(20_000);

  it('opens with a prefix where the last page of its log is zeroed', async () => {
    const confirmed = await journalOf(harness, 5);
    await harness.kill(confirmed.store);
    const log = await readFile(`${harness.file()}-wal`);
    await writeFile(`${harness.file()}-wal`, log.fill(0, log.length - 4096));

    const store = await harness.open();
    const { journal } = await new Bench(store).restored(confirmed.zone);

    expect(journal.map(({ tick }) => tick)).to.deep.equal(confirmed.ticks.slice(0, 4));
    await store.close();
  });

  it('stops when the file is deleted or replaced under it', async () => {
    for (const spoil of [(file: string) => rm(file), replaceFile]) {
      const other = await sqliteHarness();
      const store = await other.open();
      await spoil(other.file());

      const error = await store.world.heartbeat(1).catch((refusal: unknown) => refusal);

      expect(error).to.be.instanceOf(OwnershipLostError);
      await store.close();
      await other.dispose();
    }
  });

  it('names the column of a row that it cannot understand', async () => {
    const store = await harness.open();
    const player = await new Bench(store).player();
    await harness.foreign("UPDATE player_places SET document = '{broken'");

    const error = await store.places.place(player.id).catch((refusal: unknown) => refusal);

    expect(error).to.be.instanceOf(StoredRowError);
    expect(error).to.include({ column: 'document' });
    await store.close();
  });

  it('keeps a database in memory in a private folder, and removes it', async () => {
    const store = await openStore({ databaseUrl: 'sqlite::memory:', poolMax: 1, ...harness.surroundings });

    const zone = await new Bench(store).zone('meadow');

    expect((await store.catalog.list())[0]?.id).to.equal(zone.id);
    await store.close();
  });
});

type EngineLike = ConstructorParameters<typeof FailingEngine>[0];

function storeOn(
  engine: EngineLike,
  { surroundings, file }: SqliteHarness,
  clock = surroundings.clock as Parameters<typeof startSqlStore>[0]['clock'],
): Promise<Store> {
  const models = defineModels(sequelizeOnSqlite(file()));
  const nothing = async () => {};
  return startSqlStore({
    ...surroundings,
    clock,
    engine,
    models,
    migrations: MIGRATIONS,
    checkGround: nothing,
    release: nothing,
  });
}

/** One batch in which everything happens, and what is to be seen of it afterwards. */
async function everythingAtOnce(store: Store, commitIt: (batch: readonly ZoneCommit[]) => Promise<readonly CommitOutcome[]>) {
  const bench = new Bench(store);
  const [from, to, third] = [await bench.zone(newUuid()), await bench.zone(newUuid()), await bench.zone(newUuid())];
  const [leaver, follower] = [await bench.playerIn(from), await bench.playerIn(from)];
  const row = await bench.send(to, from.id);
  const commit = bench.tick(from, {
    takes: [row.id],
    places: [{ type: 'left', player: leaver.id, stay: leaver.stay, document: { gold: 1 }, mark: SOME_MARK }],
    metadata: { weather: 'rain' },
    wakeAtMs: 5,
  });
  const sends = [arrival(to.id, tickOf(commit), [follower])];

  const outcomes = await commitIt([{ ...commit, sends }, bench.tick(to), bench.tick(third)]);

  const zones = await Promise.all([from, to, third].map((zone) => bench.restored(zone.id)));
  const places = await Promise.all([leaver, follower].map(({ id }) => store.places.place(id)));
  return {
    outcomes: outcomes.map((outcome) => [outcome.type, outcome.type === 'committed' ? outcome.sent.length : null]),
    zones: zones.map(({ journal, inbox, wakeAtMs, info }) => [journal.length, inbox.length, wakeAtMs, info.metadata]),
    places: places.map(({ stay, document }) => [stay, document]),
  };
}

/** A zone whose journal is in the write-ahead log, the rest of the database in the file. */
async function journalOf(harness: SqliteHarness, ticks: number) {
  const first = await harness.open();
  const made = await new Bench(first).zone('meadow');
  await first.close();
  const store = await harness.open();
  const bench = new Bench(store);
  const zone = { ...made, epoch: await bench.claim(made.id) };
  const commits = Array.from({ length: ticks }, () => bench.tick(zone));
  for (const commit of commits) await bench.commit(commit);
  return { store, zone: made.id, ticks: commits.map(tickOf) };
}

/** At the ends, and around and between the borders of pages. */
function cutsOf(length: number): number[] {
  const cuts: number[] = [];
  for (let at = 32; at < length; at += 4_120 + 24) cuts.push(at - 1, at + 1_000);
  return [
    ...cuts
      .filter((cut) => cut < length)
      .sort((a, b) => a - b)
      .filter((_, i) => i % 3 === 0),
    length,
  ];
}

async function replaceFile(file: string): Promise<void> {
  const bytes = await readFile(file);
  await writeFile(`${file}.new`, bytes);
  await rename(`${file}.new`, file);
}

function later(delayMs: number, call: () => void): () => void {
  const timer = setTimeout(call, delayMs);
  return () => clearTimeout(timer);
}

function accountOf(id: PlayerId, name: string) {
  return { id, username: name, usernameKey: name, passwordHash: 'hash', createdAtMs: 0, lastLoginMs: null, ban: null };
}

function checkpointOf(zone: ZoneCommit['zone'], epoch: number) {
  return { zone, epoch, tick: 1, body: Buffer.from('state'), changed: [], gone: [], live: true };
}
