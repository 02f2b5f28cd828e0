/** What networks, other sessions and other servers do to a store on Postgres. */
import { expect } from 'chai';
import pg from 'pg';
import { OwnershipLostError, StoreUnavailableError } from '../../../actors/errors.js';
import { newUuid, type PlayerId } from '../../../actors/ids.js';
import { openStore, type Store, StoreOpenError } from '../../../src/store/open.js';
import { MIGRATIONS } from '../../../src/store/sql/migrations/index.js';
import { openPostgres } from '../../../src/store/sql/postgres/open.js';
import { startCuttingProxy } from '../../support/cutting-proxy.js';
import { createTestDatabase, POSTGRES_SKIPPED, POSTGRES_URL, type TestDatabase } from '../../support/postgres.js';
import { arrival, Bench, NO_MARK, Surroundings, tickOf } from './harness.js';

if (POSTGRES_URL) withPostgres(POSTGRES_URL);
else describe.skip(POSTGRES_SKIPPED, () => it('keeps its promises in trouble'));

const OTHERS = 'FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()';

function withPostgres(url: string): void {
  describe('store on Postgres, in trouble', () => {
    let database: TestDatabase;
    let databaseUrl: string;
    const opened: Store[] = [];
    const open = async (address = databaseUrl, poolMax = 6): Promise<Store> => {
      const store = await openStore({ databaseUrl: address, poolMax, ...new Surroundings(), clock: realClock });
      opened.push(store);
      return store;
    };

    before(async () => {
      database = await createTestDatabase(url);
    });
    after(() => database.drop());
    beforeEach(async () => {
      databaseUrl = await database.schema();
    });
    afterEach(async () => {
      for (const store of opened.splice(0)) await store.close();
    });

    it('goes on after all its connections were cut, the one with the lock too', async () => {
      const store = await open();
      const bench = new Bench(store);
      const zone = await bench.zone('meadow');

      await database.run(`SELECT pg_terminate_backend(pid) ${OTHERS}`);
      const commit = bench.tick(zone);
      await untilAnswered(() => store.zones.commit([commit]));
      await untilAnswered(() => store.world.heartbeat(1));

      expect(store.healthy()).to.equal(true);
      expect((await bench.restored(zone.id)).journal).to.have.length(1);
      const second = await open().catch((error: unknown) => error);
      expect(second).to.include({ exitStatus: 75 });
    });

    it('is told by its next write when another server was quicker to take the lock', async () => {
      const store = await open();
      const bench = new Bench(store);
      const zone = await bench.zone('meadow');

      await database.run(`SELECT pg_terminate_backend(pid) ${OTHERS}`);
      const taker = await open();
      const error = await untilAnswered(() => store.zones.commit([bench.tick(zone)])).catch((refusal: unknown) => refusal);

      expect(error).to.be.instanceOf(OwnershipLostError);
      expect(taker.world.firstTick).to.be.above(store.world.firstTick);
    });

    it('finds out what became of a commit whose COMMIT was answered to nobody', async () => {
      const { hostname, port } = new URL(databaseUrl);
      const proxy = await startCuttingProxy({ host: hostname, port: Number(port || 5432) });
      const throughProxy = new URL(databaseUrl);
      throughProxy.host = `127.0.0.1:${proxy.port}`;
      const store = await open(throughProxy.href);
      const bench = new Bench(store);
      const [from, to] = [await bench.zone('from'), await bench.zone('to')];
      const player = await bench.playerIn(from);
      const commit = bench.tick(from);
      const crossing = [{ ...commit, sends: [arrival(to.id, tickOf(commit), [player])] }];
      const left = { type: 'left', player: player.id, stay: player.stay + 1, document: null, mark: NO_MARK } as const;
      const lettingGo = [{ ...bench.tick(to), rows: [], places: [left] }];

      const answers = [];
      for (const batch of [crossing, lettingGo]) {
        proxy.cutAfter('COMMIT');
        const lost = await store.zones.commit(batch).catch((error: unknown) => error);
        expect(lost).to.be.instanceOf(StoreUnavailableError);
        answers.push(await untilAnswered(() => store.zones.commit(batch)));
      }

      expect(proxy.cuts()).to.equal(2);
      expect(answers.flat().map(({ type }) => type)).to.deep.equal(['committed', 'committed']);
      expect(await bench.inbox(to.id)).to.have.length(1);
      expect((await store.places.place(player.id)).stay).to.equal(player.stay + 2);
      await store.close();
      await proxy.close();
    });

    it('tries again by itself after a deadlock with another session', async () => {
      const store = await open();
      const bench = new Bench(store);
      const zone = await bench.zone('meadow');
      const player = await bench.player();
      const other = new pg.Client({ connectionString: databaseUrl });
      await other.connect();
      await other.query('BEGIN');
      await other.query('SELECT 1 FROM player_places WHERE player_id = $1 FOR UPDATE', [player.id]);

      // It holds the zone and wants the place; the other holds the place and wants the zone.
      const places = [{ type: 'joined', player: player.id, stay: player.stay }] as const;
      const commit = store.zones.commit([bench.tick(zone, { places })]);
      await untilWaiting(database);
      const otherEnds = other
        .query('UPDATE zones SET width = width WHERE id = $1', [zone.id])
        .then(() => other.query('COMMIT'))
        .catch(() => other.query('ROLLBACK'));

      expect((await commit)[0]?.type).to.equal('committed');
      await otherEnds;
      await other.end();
    });

    it('fails a zone alone whose row the database does not take', async () => {
      const store = await open();
      const bench = new Bench(store);
      const [bad, good] = [await bench.zone('bad'), await bench.zone('good')];
      const commit = bench.tick(bad);
      const unfit = { ...commit, rows: commit.rows.map((row) => ({ ...row, inputs: 'a real \u0000 in a text' })) };

      const plain = await store.zones.commit([unfit, bench.tick(good)]);
      const crossing = await store.zones.commit([unfit, bench.tick(good, { wakeAtMs: 3 })]);

      expect(plain.map(({ type }) => type)).to.deep.equal(['failed', 'committed']);
      expect(crossing.map(({ type }) => type)).to.deep.equal(['failed', 'committed']);
    });

    it('works with as few connections as it is given', async () => {
      const store = await open(databaseUrl, 1);
      const bench = new Bench(store);

      const zones = await Promise.all(Array.from({ length: 5 }, (_, i) => bench.zone(`zone ${i}`)));
      const players = await Promise.all(zones.map(() => bench.player()));

      expect(new Set(players.map(({ number }) => number)).size).to.equal(5);
      const [row] = await database.run(`SELECT COUNT(*)::int AS n ${OTHERS}`);
      expect(row?.n).to.be.at.most(3);
    });

    it('lets parallel writers of all kinds through', async () => {
      const store = await open();
      const bench = new Bench(store);
      const zones = await Promise.all(Array.from({ length: 10 }, (_, i) => bench.zone(`zone ${i}`)));
      const players = await Promise.all(zones.map(() => bench.player()));

      const outcomes = await Promise.all([
        ...zones.map((zone) => store.zones.commit([bench.tick(zone, { wakeAtMs: 7 })])),
        ...zones.map((zone) => store.zones.commit([bench.tick(zone)])),
        ...players.map(({ id }) => store.places.note(id, { run: 2 })),
        ...zones.map((zone, i) => store.zones.quarantine(zone.id, zone.epoch + (i % 2))),
        store.world.heartbeat(1),
        store.world.reserveTicks(5_000),
      ]);

      expect(outcomes).to.have.length(42);
    });

    it('is opened by one of two servers that start at once', async () => {
      const results = await Promise.allSettled([open(), open()]);

      const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
      expect(refused).to.have.length(1);
      expect(refused[0]).to.include({ exitStatus: 75 });
    });

    it('refuses the database of a newer version, and changes nothing', async () => {
      await (await open()).close();
      const schema = new URL(databaseUrl).searchParams.get('options')?.split('=')[1];
      await database.run(`INSERT INTO ${schema}.gridstead_migrations (name, run_at) VALUES ('0099-dragons', now())`);

      const error = await open().catch((refusal: unknown) => refusal);

      expect(error).to.be.instanceOf(StoreOpenError);
      expect(error).to.include({ exitStatus: 78 });
      expect(String(error)).to.match(/newer version \(0099-dragons\)/);
      const [row] = await database.run(`SELECT epoch FROM ${schema}.world`);
      expect(Number(row?.epoch)).to.equal(1);
    });

    it('leaves nothing of a migration that fails', async () => {
      const half = {
        name: '0099-half',
        up: async () => {
          throw new Error('power cut');
        },
      };

      const failed = await openPostgres(databaseUrl, 3, new Surroundings(), [...MIGRATIONS, half]).catch(
        (error: unknown) => error,
      );
      const store = await open();

      expect(String(failed)).to.include('power cut');
      expect(store.world.firstTick).to.equal(1);
    });

    it('says what is wrong with an address in one line, without the password', async () => {
      const wrong = new URL(databaseUrl);
      wrong.password = 'hunter2';
      wrong.pathname = '/no_such_database';
      const away = new URL(databaseUrl);
      away.port = '1';
      away.password = 'hunter2';

      const [missing, unreachable] = await Promise.all(
        [wrong, away].map(({ href }) => open(href).catch((error: unknown) => error)),
      );

      expect(missing).to.be.instanceOf(StoreOpenError).and.to.include({ exitStatus: 78 });
      expect(unreachable).to.be.instanceOf(StoreOpenError).and.to.include({ exitStatus: 75 });
      for (const error of [missing, unreachable]) expect(String(error)).to.not.match(/hunter2|\n/);
    });

    it('makes one place only for a player for whom many ask', async () => {
      const store = await open();
      const player = newUuid<PlayerId>();

      const places = await Promise.all(Array.from({ length: 20 }, () => store.places.place(player)));

      expect(new Set(places.map(({ number }) => number)).size).to.equal(1);
    });
  });
}

const realClock = {
  monotonicMs: () => performance.now(),
  epochMs: () => Date.now(),
  after: (delayMs: number, call: () => void) => {
    const timer = setTimeout(call, delayMs);
    return () => clearTimeout(timer);
  },
};

/** As a committer does: the same again until the store answers. */
async function untilAnswered<T>(write: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await write();
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error;
    }
  }
}

async function untilWaiting(database: TestDatabase): Promise<void> {
  for (;;) {
    const rows = await database.run(`SELECT 1 ${OTHERS} AND wait_event_type = 'Lock'`);
    if (rows.length > 0) return;
  }
}
