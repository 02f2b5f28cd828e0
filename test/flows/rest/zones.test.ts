/**
 * Zones over REST: listed, paged, made and deleted, with players subscribed while it happens. What a
 * deletion does to who is there and to what waits is the contract's `DELETE /api/zones/:id`.
 */
import { expect } from 'chai';
import { type Account, call, PlayerSocket, register } from '../../support/player.js';
import { TestServer } from '../../support/server.js';
import { expectError, ISO_TIME, UUID, ZONE_KEYS } from './wire.js';

describe('zones over REST', () => {
  let server: TestServer;
  let operator: Account;
  let player: Account;
  before(async () => {
    server = await TestServer.start();
    operator = await register(server.url, 'operator');
    player = await register(server.url, 'player');
  });
  after(() => server.dispose());

  const rest = (account: Account | null, method: string, path: string, body?: unknown) =>
    call(server.url, method, path, { token: account?.token, body });
  const create = (zone: object) => rest(operator, 'POST', '/api/zones', zone);

  async function subscribed(zone: string, username: string): Promise<PlayerSocket> {
    const { token } = await register(server.url, username);
    const socket = await PlayerSocket.join(server.socketUrl, token);
    await socket.next('tick');
    socket.send({ type: 'subscribe', zone_id: zone });
    await socket.next('tick', ({ zone_id }) => zone_id === zone);
    return socket;
  }

  it('are shown to every player, and to nobody else', async () => {
    const list = await rest(player, 'GET', '/api/zones');
    const [first] = list.body.zones;
    const one = await rest(player, 'GET', `/api/zones/${first.id.toUpperCase()}`);

    expect(list.status).to.equal(200);
    expect(Object.keys(list.body)).to.deep.equal(['zones']);
    expect(list.body.zones.map(({ name }: { name: string }) => name)).to.deep.equal(['fen', 'meadow', 'orchard', 'quarry']);
    for (const zone of list.body.zones) {
      expect(zone).to.have.all.keys(ZONE_KEYS);
      expect([zone.id, zone.created_at, zone.updated_at].join()).to.match(/^[0-9a-f-]{36}(,\d{4}-[\d:T.-]+Z){2}$/);
    }
    expect(one).to.deep.equal({ status: 200, body: first });
    expectError(await rest(null, 'GET', '/api/zones'), 401, 'unauthorized');
    expectError(await rest(null, 'GET', `/api/zones/${first.id}`), 401, 'unauthorized');
  });

  it('come in pages, each zone once, the last page without a cursor', async () => {
    for (const limit of [1, 2, 3, 4]) {
      const names: string[] = [];
      let cursor = '';
      for (let pages = 0; pages < 5; pages++) {
        const { body } = await rest(player, 'GET', `/api/zones?limit=${limit}${cursor}`);
        names.push(...body.zones.map(({ name }: { name: string }) => name));
        if (body.next_cursor === undefined) break;
        expect(body.zones).to.have.length(limit);
        cursor = `&cursor=${encodeURIComponent(body.next_cursor)}`;
      }
      expect(names, `pages of ${limit}`).to.deep.equal(['fen', 'meadow', 'orchard', 'quarry']);
    }
    for (const query of [
      'limit=0',
      'limit=-1',
      'limit=1.5',
      'limit=x',
      'limit=2&limit=3',
      'cursor=%00',
      'cursor=',
      'order=name',
    ]) {
      expectError(await rest(player, 'GET', `/api/zones?${query}`), 400, 'bad_request');
    }
  });

  it('are 404 where there is none, whatever stands for the id', async () => {
    for (const id of ['00000000-0000-4000-8000-000000000000', 'meadow', '1', '%00', "'%20OR%201=1", '__proto__']) {
      expectError(await rest(player, 'GET', `/api/zones/${id}`), 404, 'not_found');
      expectError(await rest(operator, 'DELETE', `/api/zones/${id}`), 404, 'not_found');
    }
  });

  describe('are made', () => {
    it('by the debug role only, once for each name', async () => {
      const zone = { name: 'isle', width: 10, height: 20, metadata: { ground: 'sand', deep: { list: [1, 'x', null] } } };

      expectError(await rest(null, 'POST', '/api/zones', zone), 401, 'unauthorized');
      expectError(await rest(player, 'POST', '/api/zones', zone), 403, 'forbidden');
      const both = await Promise.all([create(zone), create({ ...zone, width: 11 })]);
      const made = both.find(({ status }) => status === 201);
      const refused = both.find(({ status }) => status !== 201);

      expect(made?.body).to.deep.include({ name: 'isle', height: 20, metadata: zone.metadata });
      expect(made?.body).to.have.all.keys(ZONE_KEYS);
      expect(made?.body.id).to.match(UUID);
      expect(made?.body.created_at).to.match(ISO_TIME);
      expectError(refused ?? both[0], 409, 'conflict');
      expect((await rest(player, 'GET', `/api/zones/${made?.body.id}`)).body).to.deep.equal(made?.body);
    });

    it('with names of 1 to 64 characters and sizes of 1 to 1,000,000, and nothing else', async () => {
      const size = { width: 1, height: 1_000_000 };
      const good = ['x', '🌊'.repeat(64), 'Zwölf Äcker', '_ - .'];
      const bad = [
        ...['', '🌊'.repeat(65), ' led', 'trailed ', 'line\nbreak', 7, null, ['x']].map((name) => ({ ...size, name })),
        ...[0, -1, 1_000_001, 1.5, '5', null, 1e300].flatMap((side) => [
          { name: 'bad', width: side, height: 1 },
          { name: 'bad', width: 1, height: side },
        ]),
        { name: 'bad', width: 1 },
        { name: 'bad', ...size, metadata: [] },
        { name: 'bad', ...size, metadata: 'x' },
        { name: 'bad', ...size, id: '00000000-0000-4000-8000-000000000000' },
      ];

      for (const name of good) expect((await create({ ...size, name })).status, name).to.equal(201);
      for (const zone of bad) expectError(await create(zone), 400, 'bad_request');
      const { body } = await rest(player, 'GET', '/api/zones');
      expect(body.zones.filter(({ name }: { name: string }) => name === 'bad')).to.deep.equal([]);
    });

    it('and can be played in at once', async () => {
      const { id } = (await create({ name: 'tiny', width: 2, height: 1 })).body;

      const here = await subscribed(id, 'dweller');

      expect((await here.next('tick')).state.you).to.include({ x: 1, y: 0 });
      here.terminate();
    });
  });

  describe('are deleted', () => {
    it('by the debug role only, once, with their entities, and the name is free again', async () => {
      const { id } = (await create({ name: 'brief', width: 5, height: 5 })).body;
      const here = await subscribed(id, 'inhabitant');
      const walker = (await here.next('tick')).state.you.id;

      expectError(await rest(null, 'DELETE', `/api/zones/${id}`), 401, 'unauthorized');
      expectError(await rest(player, 'DELETE', `/api/zones/${id}`), 403, 'forbidden');
      expect((await rest(operator, 'GET', `/api/debug/entities/${walker}`)).status).to.equal(200);
      const deleted = await Promise.all([0, 1].map(() => rest(operator, 'DELETE', `/api/zones/${id}`)));

      expect(deleted.map(({ status }) => status).sort()).to.deep.equal([204, 404]);
      expectError(await rest(player, 'GET', `/api/zones/${id}`), 404, 'not_found');
      expectError(await rest(operator, 'GET', `/api/debug/zones/${id}/state`), 404, 'not_found');
      expectError(await rest(operator, 'GET', `/api/debug/entities/${walker}`), 404, 'not_found');
      expect((await create({ name: 'brief', width: 5, height: 5 })).status).to.equal(201);
      here.terminate();
    });

    it('under their subscribers, who are told, are subscribed to nothing, and can go elsewhere', async () => {
      const { id } = (await create({ name: 'doomed', width: 9, height: 9 })).body;
      const meadow = (await rest(player, 'GET', '/api/zones')).body.zones.find(({ name }: { name: string }) => name === 'meadow');
      const players = await Promise.all(['one', 'two', 'three'].map((name) => subscribed(id, `guest-${name}`)));

      await rest(operator, 'DELETE', `/api/zones/${id}`);

      for (const here of players) {
        expect(await here.next('error')).to.include({ code: 'zone_deleted' });
        here.send({ type: 'unsubscribe' });
        here.send({ type: 'intent', seq: 1, data: { type: 'pick_up' } });
        here.send({ type: 'subscribe', zone_id: id });
        expect(await here.next('error')).to.include({ code: 'not_subscribed' });
        expect(await here.next('error')).to.include({ code: 'not_subscribed', seq: 1 });
        expect(await here.next('error')).to.include({ code: 'zone_not_found' });
        here.send({ type: 'subscribe', zone_id: meadow.id });
        expect(await here.next('subscribed')).to.include({ zone_id: meadow.id });
        expect((await here.next('tick')).zone_id).to.equal(meadow.id);
        expect(here.all('error')).to.have.length(4);
        here.terminate();
      }
    });

    it('with what waits in them: each intent that was received is reported dropped', async () => {
      const { id } = (await create({ name: 'waiting', width: 9, height: 9 })).body;
      const here = await subscribed(id, 'sender');
      await rest(operator, 'POST', '/api/debug/tick/pause');
      const seqs = [1, 2, 3, 4, 5];
      for (const seq of seqs) here.send({ type: 'intent', seq, data: { type: 'say', text: `word ${seq}` } });
      for (const seq of seqs) await here.next('intent_received', (message) => message.seq === seq);

      const deleted = await rest(operator, 'DELETE', `/api/zones/${id}`);
      for (const seq of seqs) expect(await here.next('error')).to.include({ code: 'intent_dropped', seq });
      expect(await here.next('error')).to.include({ code: 'zone_deleted' });
      await rest(operator, 'POST', '/api/debug/tick/resume');
      here.send({ type: 'intent', seq: 3, data: { type: 'pick_up' } });

      expect(deleted.status).to.equal(204);
      const dropped = here.all('error').filter(({ code }) => code === 'intent_dropped');
      expect(dropped.map(({ seq }) => seq)).to.deep.equal(seqs);
      expect(here.all('error').filter(({ code }) => code === 'zone_deleted')).to.have.length(1);
      expect(await here.next('error')).to.include({ code: 'intent_dropped', seq: 3 });
      here.terminate();
    });

    it('in the middle of their ticks: each intent ends in exactly one way', async () => {
      const { id } = (await create({ name: 'busy', width: 9, height: 9 })).body;
      const here = await subscribed(id, 'talker');
      let sent = 0;
      const talk = setInterval(() => {
        sent += 1;
        here.send({ type: 'intent', seq: sent, data: { type: 'say', text: `word ${sent}` } });
      }, 5);
      await here.next('tick', ({ ack }) => ack > 5);

      await rest(operator, 'DELETE', `/api/zones/${id}`);
      clearInterval(talk);
      here.send({ type: 'ping' });
      await here.next('pong');

      const applied = here.all('tick').flatMap(({ state }) => state.events.map(({ text }: { text: string }) => text));
      const acked = Math.max(...here.all('tick').map(({ ack }) => ack ?? 0));
      const dropped = here.all('error').flatMap(({ code, seq }) => (code === 'intent_dropped' ? [seq] : []));
      const refused = here
        .all('error')
        .flatMap(({ code, seq }) => (code === 'not_subscribed' || code === 'zone_unavailable' ? [seq] : []));
      expect(applied).to.deep.equal(Array.from({ length: acked }, (_, at) => `word ${at + 1}`));
      expect([...dropped, ...refused].sort((a, b) => a - b)).to.deep.equal(
        Array.from({ length: sent - acked }, (_, at) => acked + at + 1),
      );
      here.terminate();
    });
  });
});
