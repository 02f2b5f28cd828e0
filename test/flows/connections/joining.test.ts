import { expect } from 'chai';
import { call, login, type PlayerSocket } from '../../support/player.js';
import { type House, note, noted, openHouse, refusal, subscribe } from './house.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

describe('joining over the real server', () => {
  let house: House;

  before(async () => {
    house = await openHouse();
  });
  after(() => house.close());
  afterEach(() => house.tidy());

  /** The three ways to show a token; each resolves with an open socket that has shown it. */
  const WAYS: Readonly<Record<string, (token: string) => Promise<PlayerSocket>>> = {
    'a hello': async (token) => {
      const socket = await house.dial();
      socket.send({ type: 'hello', token });
      return socket;
    },
    'a header': (token) => house.dial({ headers: { authorization: `Bearer ${token}` } }),
    'the query': (token) => house.dial({ query: `?token=${token}` }),
  };

  for (const [way, show] of Object.entries(WAYS)) {
    describe(`by ${way}`, () => {
      it('is answered with a join_ack of exactly the fields that it has', async () => {
        const { id, token } = await house.account(`ann-${way.slice(-5)}`);

        const socket = await show(token);
        const joined = await socket.next('join_ack');

        const { player_id, connection_id, resume_token, server_time, ...rest } = joined;
        expect(rest).to.deep.equal({ type: 'join_ack', last_seq: 0, dropped: [], tick_interval_ms: 25 });
        expect(player_id).to.equal(id);
        expect(connection_id).to.match(UUID);
        expect(resume_token).to.be.a('string').with.length.greaterThan(40);
        expect(new Date(server_time).toISOString()).to.equal(server_time);
        expect(Math.abs(Date.parse(server_time) - Date.now())).to.be.lessThan(5_000);
      });

      it('ends with 4401 when the token is bad', async () => {
        const socket = await show('not-a-token');

        const { code } = await socket.closed;

        expect(code).to.equal(4401);
        expect(socket.messages).to.have.length(1);
        expect(socket.messages[0]).to.have.keys('type', 'code', 'message').and.include({ type: 'error', code: 'unauthorized' });
      });

      it('ends with 4401 when the session is over', async () => {
        const { token } = await house.account(`bea-${way.slice(-5)}`);
        await call(house.server.url, 'POST', '/api/auth/logout', { token });

        const socket = await show(token);
        const { code } = await socket.closed;

        expect(code).to.equal(4401);
        expect(socket.messages).to.have.nested.property('[0].code', 'unauthorized');
      });
    });
  }

  it('takes everything that is sent along with the hello, in order', async () => {
    const { token } = await house.account('carla');
    const socket = await house.dial();

    for (const message of [
      { type: 'hello', token },
      { type: 'ping', t: 'early' },
      { type: 'subscribe', zone_id: house.parlour },
      note(1, 1),
    ]) {
      socket.send(message);
    }
    await noted(socket, 1);

    const answers = socket.messages.map(({ type }) => type).filter((type) => type !== 'tick' && type !== 'telemetry');
    expect(answers).to.deep.equal(['join_ack', 'pong', 'subscribed', 'intent_received']);
  });

  it('refuses a second hello and stays', async () => {
    const { token } = await house.account('dora');
    const socket = await house.join(token);

    socket.send({ type: 'hello', token });
    socket.send({ type: 'unsubscribe' });
    const codes = [(await socket.next('error')).code, (await socket.next('error')).code];

    expect(codes).to.deep.equal(['bad_request', 'not_subscribed']);
  });

  for (const early of [{ type: 'subscribe', zone_id: 'x' }, { type: 'ping' }, note(1, 1), { type: 'unsubscribe' }]) {
    it(`lets nobody say ${JSON.stringify(early)} before hello`, async () => {
      const socket = await house.dial();

      socket.send(early);
      const { code } = await socket.closed;

      expect(code).to.equal(4401);
      expect(socket.messages).to.have.nested.property('[0].code', 'unauthorized');
    });
  }

  it('may stammer before hello', async () => {
    const { token } = await house.account('edna');
    const socket = await house.dial();

    socket.socket.send('{"type":');
    await refusal(socket, 'bad_request');
    socket.send({ type: 'hello', token });

    expect(await socket.next('join_ack')).to.have.property('last_seq', 0);
  });

  it('ends in the zone where the game puts the player', async () => {
    const { token } = await house.account('guest-1');

    const socket = await house.join(token);
    const subscribed = await socket.next('subscribed');

    expect(subscribed.zone_id).to.equal(house.parlour);
    expect(await socket.next('tick'))
      .to.have.nested.property('state.here')
      .that.includes('guest-1');
  });

  it('ends nowhere when the game has no place', async () => {
    const socket = await house.join((await house.account('flora')).token);

    socket.send({ type: 'unsubscribe' });

    expect((await refusal(socket, 'not_subscribed')).type).to.equal('error');
    expect(socket.all('subscribed')).to.deep.equal([]);
  });

  describe('of a player who is connected already', () => {
    it('closes the older socket with 4409, and its words reach nothing any more', async () => {
      const { token } = await house.account('greta');
      const old = await house.join(token);
      await subscribe(old, house.parlour);

      // It has not read that it is closed, so that these are really sent.
      old.socket.pause();
      const young = await house.join(token);
      for (const message of [note(1), { type: 'subscribe', zone_id: house.garden }, { type: 'unsubscribe' }]) old.send(message);
      old.socket.resume();
      const { code } = await old.closed;
      await subscribe(young, house.parlour);
      young.send(note(2));
      const view = await noted(young, 2);

      expect(code).to.equal(4409);
      expect(view.state.you.notes).to.deep.equal([2]);
      expect(view.zone_id).to.equal(house.parlour);
      expect((await house.avatars()).filter((name) => name === 'greta')).to.have.length(1);
    });

    it('sends nothing more to the older socket, and everything to the newer', async () => {
      const { token } = await house.account('hanna');
      const old = await house.join(token);
      await subscribe(old, house.parlour);
      await old.next('tick');

      const young = await house.join(token);
      await old.closed;
      const heard = old.messages.length;
      await subscribe(young, house.parlour);
      young.send({ type: 'intent', data: { type: 'say', text: 'here' } });
      await young.next('echo');

      expect(old.messages).to.have.length(heard);
    });

    it('leaves one connection to see, also while the older one has not heard that it is closed', async () => {
      const { token } = await house.account('isolde');
      const old = await house.join(token);
      old.socket.pause();

      const young = await house.join(token);
      const { body } = await house.asOperator('GET', '/api/debug/connections');

      const here = body.connections.filter(({ username }: { username: string }) => username === 'isolde');
      expect(here.map(({ connection_id }: { connection_id: string }) => connection_id)).to.deep.equal([
        young.joinAck.connection_id,
      ]);
    });

    it('leaves one connection, however many come at once', async () => {
      const { token } = await house.account('ilse');

      const sockets = await Promise.all(Array.from({ length: 6 }, () => house.dial()));
      for (const socket of sockets) socket.send({ type: 'hello', token });
      const codes: number[] = [];
      await new Promise<void>((resolve) => {
        for (const socket of sockets) socket.closed.then(({ code }) => codes.push(code) === 5 && resolve());
      });
      const [survivor] = sockets.filter(({ socket }) => socket.readyState === socket.OPEN);
      await survivor?.next('join_ack');
      const { body } = await house.asOperator('GET', '/api/debug/connections');

      expect(codes).to.deep.equal([4409, 4409, 4409, 4409, 4409]);
      expect(body.connections.filter(({ username }: { username: string }) => username === 'ilse')).to.have.length(1);
    });
  });

  describe('ends', () => {
    it('at logout: the sockets of the session close with 4401, those of others stay', async () => {
      const { token } = await house.account('jutta');
      const socket = await house.join(token);
      const neighbour = await house.enter('karla');

      await call(house.server.url, 'POST', '/api/auth/logout', { token });
      const { code } = await socket.closed;
      neighbour.send(note(1));

      expect(code).to.equal(4401);
      expect((await noted(neighbour, 1)).state.you.notes).to.deep.equal([1]);
    });

    it('not at the logout of another session of the same player', async () => {
      const first = await house.account('lilly');
      const second = await login(house.server.url, 'lilly');
      const socket = await house.join(second.token);

      await call(house.server.url, 'POST', '/api/auth/logout', { token: first.token });
      socket.send({ type: 'ping', t: 1 });

      expect(await socket.next('pong')).to.have.property('t', 1);
    });

    it('even where logout and hello come at the same moment', async () => {
      const { token } = await house.account('marta');
      const sockets = await Promise.all(Array.from({ length: 8 }, () => house.dial()));

      const logout = call(house.server.url, 'POST', '/api/auth/logout', { token });
      for (const socket of sockets) socket.send({ type: 'hello', token });
      await logout;
      const codes = await Promise.all(sockets.map((socket) => socket.closed.then(({ code }) => code)));

      expect(codes.filter((code) => code !== 4401 && code !== 4409)).to.deep.equal([]);
    });
  });

  describe('once done', () => {
    it('answers a ping with its own t, whatever that is, and the time', async () => {
      const socket = await house.join((await house.account('norma')).token);
      const things = [1, 'two', { three: [3] }, null, false];

      for (const t of things) socket.send({ type: 'ping', t });
      const pongs = [];
      for (const _ of things) pongs.push(await socket.next('pong'));

      expect(pongs.map(({ t }) => t)).to.deep.equal(things);
      expect(pongs[0]).to.have.keys('type', 't', 'server_time');
      expect(new Date(pongs[0]?.server_time).toISOString()).to.equal(pongs[0]?.server_time);
    });

    it('tells now and then how the world and the line are', async () => {
      const socket = await house.join((await house.account('olga')).token);

      const told = await socket.next('telemetry', ({ rtt_ms }) => rtt_ms !== null);

      expect(told).to.have.keys('type', 'tick_rate', 'rtt_ms').and.include({ tick_rate: 40 });
      expect(told.rtt_ms).to.be.a('number').greaterThan(0);
    });
  });
});
