/**
 * Holding the world still and looking inside it, over REST: pause, step and resume with players there, zones and entities
 * that are awake and asleep, connections, the tree of actors, and what an operator may ask without a session.
 */
import { expect } from 'chai';
import { type Account, call, type JoinedSocket, PlayerSocket, register } from '../../support/player.js';
import { TestServer } from '../../support/server.js';
import { ENTITY_KEYS, expectError, ISO_TIME, UUID, ZONE_KEYS } from './wire.js';

interface ActorView {
  readonly id: string;
  readonly kind: string;
  readonly state: unknown;
  readonly children?: readonly ActorView[];
  readonly [fact: string]: unknown;
}

const COSTS = ['intents', 'rules', 'views', 'encoding', 'commit', 'send'];
const TIMINGS = ['last_tick', 'step_ms', ...COSTS.map((cost) => `${cost}_ms`), 'mean_work_ms', 'missed_ticks'];

describe('the debug calls', () => {
  let server: TestServer;
  let operator: Account;
  let zones: ReadonlyMap<string, string>;
  before(async () => {
    server = await TestServer.start({ env: { ZONE_GRACE_MS: '100' } });
    operator = await register(server.url, 'operator');
    const list = (await get('/api/zones')).body.zones;
    zones = new Map(list.map(({ name, id }: { name: string; id: string }) => [name, id]));
  });
  after(() => server.dispose());

  const get = (path: string) => call(server.url, 'GET', path, { token: operator.token });
  const post = (path: string) => call(server.url, 'POST', path, { token: operator.token });
  const idOf = (name: string) => zones.get(name) ?? name;
  const stateOf = async (name: string) => (await get(`/api/debug/zones/${idOf(name)}/state`)).body;

  async function player(username: string): Promise<JoinedSocket> {
    const { token } = await register(server.url, username);
    const socket = await PlayerSocket.join(server.socketUrl, token);
    await socket.next('tick');
    return socket;
  }

  async function asleep(name: string): Promise<void> {
    for (let looks = 0; looks < 500; looks++) if ((await stateOf(name)).actor === null) return;
    throw new Error(`${name} does not go to sleep`);
  }

  it('need the debug role: 401 without a session, 403 without the role', async () => {
    const { token } = await register(server.url, 'curious');
    const id = idOf('meadow');
    for (const [method, path] of [
      ['POST', '/api/debug/tick/pause'],
      ['POST', '/api/debug/tick/step'],
      ['POST', '/api/debug/tick/resume'],
      ['GET', `/api/debug/zones/${id}/state`],
      ['GET', `/api/debug/zones/${id}/entities?x=0&y=0&width=9&height=9`],
      ['GET', `/api/debug/entities/${id}`],
      ['GET', '/api/debug/connections'],
      ['GET', '/api/debug/actors'],
    ] as const) {
      expectError(await call(server.url, method, path), 401, 'unauthorized');
      expectError(await call(server.url, method, path, { token }), 403, 'forbidden');
      expectError(await call(server.url, method, path, { token: 'x'.repeat(43) }), 401, 'unauthorized');
    }
    expect((await get('/status')).body.tick_loop.paused).to.equal(false);
  });

  describe('on the tick loop', () => {
    afterEach(() => post('/api/debug/tick/resume'));

    it('hold it, however often they are called, and let it go on', async () => {
      const here = await player('holder');

      const paused = await post('/api/debug/tick/pause');
      const again = await post('/api/debug/tick/pause');
      here.send({ type: 'ping' });
      await here.next('pong');
      const held = here.all('tick').at(-1)?.tick_number;
      const health = await get('/healthz');
      const resumed = await post('/api/debug/tick/resume');
      const more = await post('/api/debug/tick/resume');
      const next = await here.next('tick', ({ tick_number }) => tick_number > paused.body.tick_number);
      const { timings } = (await stateOf('meadow')).actor;

      expect(paused).to.deep.equal({ status: 200, body: { paused: true, tick_number: paused.body.tick_number } });
      expect(again).to.deep.equal(paused);
      expect(health.status).to.equal(200);
      expect(resumed).to.deep.equal({ status: 200, body: { ...paused.body, paused: false } });
      expect(more.body.paused).to.equal(false);
      // On a busy machine one tick can outlast the interval; those the player did not see are those that its zone says it missed.
      const unseen = next.tick_number - held - 1;
      expect(unseen).to.be.within(0, timings.missed_ticks);
      here.terminate();
    });

    it('step only what is paused', async () => {
      expectError(await post('/api/debug/tick/step'), 409, 'conflict');
      await post('/api/debug/tick/pause');
      expect((await post('/api/debug/tick/step')).status).to.equal(200);
      await post('/api/debug/tick/resume');
      expectError(await post('/api/debug/tick/step'), 409, 'conflict');
    });

    it('take intents while paused, and step them: each live zone has committed and sent when the answer comes', async () => {
      const players = await Promise.all(['stepper', 'watcher'].map(player));
      const [here] = players;
      if (!here) throw new Error('nobody came');
      const { tick_number: held } = (await post('/api/debug/tick/pause')).body;

      for (let step = 1; step <= 3; step++) {
        here.send({ type: 'intent', seq: step, data: { type: 'say', text: `step ${step}` } });
        const received = await here.next('intent_received');
        const stepped = await post('/api/debug/tick/step');
        // What was sent before the answer comes before the pong.
        for (const one of players) one.send({ type: 'ping', t: step });
        await Promise.all(players.map((one) => one.next('pong', ({ t }) => t === step)));

        expect(stepped).to.deep.equal({ status: 200, body: { tick_number: held + step, missed: [] } });
        expect(received).to.include({ seq: step, tick_number: held + step });
        expect(here.all('tick').at(-1)).to.include({ tick_number: held + step, ack: step });
        for (const one of players) {
          expect(one.all('tick').at(-1)?.tick_number).to.equal(held + step);
          expect(one.all('tick').at(-1)?.state.events).to.deep.include.members([
            { type: 'said', entity: here.all('tick').at(-1)?.state.you.id, name: 'stepper', text: `step ${step}` },
          ]);
        }
      }
      for (const one of players) one.terminate();
    });

    it('step a zone that was only just woken, and no zone that sleeps', async () => {
      const here = await player('waker');
      await asleep('quarry');
      await asleep('orchard');
      await post('/api/debug/tick/pause');

      here.send({ type: 'subscribe', zone_id: idOf('quarry') });
      await here.next('subscribed', ({ zone_id }) => zone_id === idOf('quarry'));
      const stepped = await post('/api/debug/tick/step');
      const tick = await here.next('tick', ({ zone_id }) => zone_id === idOf('quarry'));

      expect(stepped.body.missed).to.deep.equal([]);
      expect(tick.tick_number).to.equal(stepped.body.tick_number);
      expect((await stateOf('orchard')).actor).to.equal(null);
      here.terminate();
    });

    it('step many times at once, each a tick of its own', async () => {
      const here = await player('hurried');
      const { tick_number: held } = (await post('/api/debug/tick/pause')).body;

      const steps = await Promise.all(Array.from({ length: 5 }, () => post('/api/debug/tick/step')));

      const numbers = steps.map(({ body }) => body.tick_number).sort((a, b) => a - b);
      expect(numbers).to.deep.equal([1, 2, 3, 4, 5].map((step) => held + step));
      here.terminate();
    });
  });

  describe('on zones and entities', () => {
    it('show a zone with all it holds and its actor, awake or asleep', async () => {
      const here = await player('looker');
      const awake = await stateOf('meadow');
      const walker = (await here.next('tick')).state.you.id;
      here.terminate();
      await asleep('meadow');
      const sleeping = await stateOf('meadow');

      expect(awake).to.have.all.keys('zone', 'entities', 'actor');
      expect(awake.zone).to.have.all.keys(ZONE_KEYS);
      expect(awake.actor).to.deep.include({
        kind: 'zone',
        state: { live: 'ticking' },
        restarts: 0,
        last_error: null,
        mailbox_length: 0,
      });
      expect(awake.actor).to.have.property('thread', null);
      for (const entity of awake.entities) {
        expect(entity).to.have.all.keys(ENTITY_KEYS);
        expect(entity.zone_id).to.equal(idOf('meadow'));
        expect([entity.created_at, entity.updated_at].every((time) => ISO_TIME.test(time))).to.equal(true);
      }
      const ids = (state: typeof awake) => state.entities.map(({ id }: { id: string }) => id).sort();
      expect(ids(awake)).to.include(walker);
      expect(ids(sleeping)).to.deep.equal(ids(awake).filter((id: string) => id !== walker));
    });

    it('find one entity by its id, the same whether its zone is awake or asleep', async () => {
      const here = await player('finder');
      here.send({ type: 'subscribe', zone_id: idOf('fen') });
      const { state } = await here.next('tick', ({ zone_id }) => zone_id === idOf('fen'));
      const wall = (await stateOf('fen')).entities.find(
        ({ metadata }: { metadata: { kind: string } }) => metadata.kind === 'wall',
      );

      const awake = await get(`/api/debug/entities/${wall.id}`);
      const walker = await get(`/api/debug/entities/${state.you.id.toUpperCase()}`);
      here.terminate();
      await asleep('fen');
      const sleeping = await get(`/api/debug/entities/${wall.id}`);

      expect(awake).to.deep.equal({ status: 200, body: wall });
      expect(walker.body).to.deep.include({ zone_id: idOf('fen'), width: 1, height: 1 });
      expect(walker.body.metadata).to.deep.include({ kind: 'walker', name: 'finder' });
      expect(sleeping).to.deep.equal(awake);
      expectError(await get(`/api/debug/entities/${state.you.id}`), 404, 'not_found');
    });

    it('find what overlaps an area, by the same rules whether the zone is awake or asleep', async () => {
      await asleep('orchard');
      const all: { id: string; x: number; y: number; width: number; height: number }[] = (await stateOf('orchard')).entities;
      const isStill = (entity: (typeof all)[number]) => all.some(({ id }) => id === entity.id);
      const apple = all.find(({ width }) => width === 0);
      const wall = all.find(({ width, x }) => width > 1 && width < 9 && x > 0);
      if (!apple || !wall) throw new Error('an orchard without apples or walls');
      const found = async (x: number, y: number, width: number, height: number) => {
        const { status, body } = await get(
          `/api/debug/zones/${idOf('orchard')}/entities?x=${x}&y=${y}&width=${width}&height=${height}`,
        );
        expect([status, Object.keys(body)]).to.deep.equal([200, ['entities']]);
        return new Set(body.entities.map(({ id }: { id: string }) => id));
      };
      const look = async () => ({
        everything: (await found(0, 0, 48, 32)).size,
        onApple: (await found(apple.x, apple.y, 1, 1)).has(apple.id),
        pointOnApple: (await found(apple.x, apple.y, 0, 0)).has(apple.id),
        leftOfApple: (await found(apple.x - 1, apple.y, 1, 1)).has(apple.id),
        cornerOfWall: (await found(wall.x + wall.width - 1, wall.y + wall.height - 1, 5, 5)).has(wall.id),
        leftOfWall: (await found(wall.x - 1, wall.y, 1, 1)).has(wall.id),
        besideWall: (await found(wall.x + wall.width, wall.y, 3, 1)).has(wall.id),
        aboveWall: (await found(wall.x, wall.y - 1, wall.width, 1)).has(wall.id),
        farAway: (await found(1_000, 1_000, 5, 5)).size,
      });

      const sleeping = await look();
      const here = await player('picker');
      here.send({ type: 'subscribe', zone_id: idOf('orchard') });
      await here.next('tick', ({ zone_id }) => zone_id === idOf('orchard'));
      const awake = await look();
      const walker = (await stateOf('orchard')).entities.find((entity: (typeof all)[number]) => !isStill(entity));
      here.terminate();

      expect(sleeping).to.deep.equal({
        everything: all.length,
        onApple: true,
        pointOnApple: true,
        leftOfApple: false,
        cornerOfWall: true,
        leftOfWall: false,
        besideWall: false,
        aboveWall: false,
        farAway: 0,
      });
      expect(awake).to.deep.equal({ ...sleeping, everything: all.length + 1 });
      expect(walker.metadata.name).to.equal('picker');
    });

    it('refuse what is no area, and what is not there', async () => {
      const area = `/api/debug/zones/${idOf('meadow')}/entities`;
      for (const query of [
        '',
        '?x=1',
        '?x=a&y=1',
        '?x=1.5&y=1',
        '?x=1&y=1&width=-1',
        '?x=1e9&y=1',
        '?x=1&y=1&z=1',
        '?x=1&x=2&y=1',
      ]) {
        expectError(await get(area + query), 400, 'bad_request');
      }
      for (const path of ['zones/x/state', `zones/${operator.id}/state`, `zones/${operator.id}/entities?x=1&y=1`, 'entities/x']) {
        expectError(await get(`/api/debug/${path}`), 404, 'not_found');
      }
    });
  });

  describe('on connections and actors', () => {
    it('list who is connected, and nobody who has not joined', async () => {
      const here = await player('listed');
      const stranger = await PlayerSocket.open(server.socketUrl);

      const { status, body } = await get('/api/debug/connections');
      const mine = body.connections.find(({ username }: { username: string }) => username === 'listed');

      expect(status).to.equal(200);
      expect(mine).to.deep.equal({
        connection_id: here.joinAck.connection_id,
        player_id: here.joinAck.player_id,
        username: 'listed',
        zone_id: idOf('meadow'),
        connected_at: mine.connected_at,
        rtt_ms: mine.rtt_ms,
        buffered_bytes: 0,
        dropped_snapshots: 0,
      });
      expect(mine.connected_at).to.match(ISO_TIME);
      expect(body.connections.every(({ connection_id }: { connection_id: string }) => UUID.test(connection_id))).to.equal(true);
      stranger.terminate();
      here.terminate();
    });

    it('show every actor with its state value, what waits, what failed, and its timings', async () => {
      const here = await player('rooted');
      const { status, body } = await get('/api/debug/actors');
      const actors = flat(body);
      const states = new Map(actors.map(({ id, state }) => [id, state]));
      here.terminate();

      expect(status).to.equal(200);
      for (const actor of actors) {
        expect(actor, actor.id).to.include.all.keys('id', 'kind', 'state', 'mailbox_length', 'restarts', 'last_error', 'timings');
        expect(actor.kind).to.be.oneOf(['supervisor', 'scheduler', 'zone-group', 'zone', 'connection']);
      }
      expect(new Set(actors.map(({ id }) => id)).size).to.equal(actors.length);
      expect(body.slowest_zones.map(({ zone_id }: { zone_id: string }) => zone_id)).to.include(idOf('meadow'));
      expect(states.get('supervisor')).to.equal('running');
      expect(states.get('scheduler')).to.equal('running');
      expect(states.get(`connection:${here.joinAck.connection_id}`)).to.deep.equal({ subscribed: 'current' });
      expect(states.get(`zone:${idOf('meadow')}`)).to.deep.equal({ live: 'ticking' });
      const meadow = actors.find(({ id }) => id === `zone:${idOf('meadow')}`);
      expect(meadow?.timings).to.have.all.keys(TIMINGS);
    });
  });

  describe('that need no session', () => {
    it('say that all is well, and how the server is doing, in counts and times', async () => {
      const here = await player('counted');
      const health = await call(server.url, 'GET', '/healthz');
      const status = await call(server.url, 'GET', '/status');
      here.terminate();

      expect(health).to.deep.equal({ status: 200, body: { status: 'ok' } });
      expect(status.status).to.equal(200);
      const { tick_loop, live_zones, connections, uptime_s, version, database } = status.body;
      expect(tick_loop).to.include({ paused: false, tick_interval_ms: 50 });
      for (const time of ['tick_number', 'drift_ms', 'last_duration_ms', 'p99_duration_ms'])
        expect(tick_loop[time]).to.be.a('number');
      expect(tick_loop.costs_ms).to.have.all.keys(COSTS);
      expect(tick_loop.costs_ms.rules).to.be.above(0);
      expect([live_zones >= 1, connections >= 1, uptime_s >= 0]).to.deep.equal([true, true, true]);
      expect(version).to.match(/^\d+\.\d+\.\d+$/);
      expect(database).to.be.an('object');
      expect(JSON.stringify(status.body)).to.not.match(/counted|meadow|operator/);
    });

    it('hand out metrics, the OpenAPI document of every call, and a page to try it', async () => {
      const metrics = await fetch(`${server.url}/metrics`);
      const document = await call(server.url, 'GET', '/openapi.json');
      const page = await fetch(`${server.url}/docs`);

      expect(metrics.headers.get('content-type')).to.match(/^text\/plain/);
      expect(await metrics.text()).to.match(/^gridstead_ticks_total \d+$/m);
      const calls = Object.entries(document.body.paths).flatMap(([path, methods]) =>
        Object.keys(methods ?? {}).map((method) => `${method} ${path}`),
      );
      expect(calls).to.include.members(CONTRACT_CALLS);
      expect(page.status).to.equal(200);
      expect(page.headers.get('content-type')).to.match(/^text\/html/);
      for (const [, file] of (await page.text()).matchAll(/(?:href|src)="([^"]+)"/g)) {
        expect((await fetch(`${server.url}${file}`)).status, file).to.equal(200);
      }
    });
  });
});

const CONTRACT_CALLS = [
  'post /api/auth/register',
  'post /api/auth/login',
  'post /api/auth/logout',
  'get /api/auth/me',
  'get /api/zones',
  'get /api/zones/{id}',
  'post /api/zones',
  'delete /api/zones/{id}',
  'post /api/debug/tick/pause',
  'post /api/debug/tick/resume',
  'post /api/debug/tick/step',
  'get /api/debug/zones/{id}/state',
  'get /api/debug/zones/{id}/entities',
  'get /api/debug/entities/{id}',
  'get /api/debug/connections',
  'get /api/debug/actors',
  'get /healthz',
  'get /status',
  'get /metrics',
];

function flat(actor: ActorView): ActorView[] {
  return [actor, ...(actor.children ?? []).flatMap(flat)];
}
