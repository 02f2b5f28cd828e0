/**
 * Accounts over REST as the contract has them: exact shapes and codes, and where the debug role comes from. The server
 * believes one proxy in front, so that calls can come from anywhere.
 */
import { expect } from 'chai';
import { call, PASSWORD, PlayerSocket } from '../../support/player.js';
import { TestServer } from '../../support/server.js';
import { expectError, ISO_TIME, UUID } from './wire.js';

describe('accounts over REST', () => {
  let server: TestServer;
  before(async () => {
    server = await TestServer.start({ env: { TRUST_PROXY: '1' } });
  });
  after(() => server.dispose());

  const rest = (method: string, path: string, options: Parameters<typeof call>[3] = {}) =>
    call(server.url, method, path, options);
  const register = (username: string, password = PASSWORD) =>
    rest('POST', '/api/auth/register', { body: { username, password } });
  const login = (username: string, password = PASSWORD) => rest('POST', '/api/auth/login', { body: { username, password } });

  it('register, log in, say who I am, and log out', async () => {
    const registered = await register('Ada');
    const loggedIn = await login('ada');
    const { token } = loggedIn.body;
    const me = await rest('GET', '/api/auth/me', { token });
    const out = await rest('POST', '/api/auth/logout', { token });

    expect(registered.status).to.equal(201);
    expect(registered.body).to.have.all.keys('id', 'username', 'created_at');
    expect(registered.body.id).to.match(UUID);
    expect(registered.body.created_at).to.match(ISO_TIME);
    expect(loggedIn.status).to.equal(200);
    expect(loggedIn.body).to.deep.equal({ token, expires_at: null, player: { id: registered.body.id, username: 'Ada' } });
    expect(me.status).to.equal(200);
    expect(me.body).to.deep.equal({ ...registered.body, role: 'player', last_login: me.body.last_login });
    expect(me.body.last_login).to.match(ISO_TIME);
    expect(out).to.deep.equal({ status: 204, body: null });
    expectError(await rest('GET', '/api/auth/me', { token }), 401, 'unauthorized');
    expectError(await rest('POST', '/api/auth/logout', { token }), 401, 'unauthorized');
  });

  it('refuse with the codes of the contract, and say which field is to blame', async () => {
    await register('taken');

    const conflict = await register('TAKEN');
    const bad = await register('no spaces', 'short');
    const wrong = await login('taken', 'not the password');
    const unknown = await login('nobody', 'not the password');

    expectError(conflict, 409, 'conflict');
    expectError(bad, 400, 'bad_request');
    expect(bad.body.error.details.map(({ path }: { path: string }) => path)).to.have.members(['username', 'password']);
    expectError(wrong, 401, 'unauthorized');
    expect(unknown).to.deep.equal(wrong);
  });

  it('are any number of sessions, and a logout ends one of them', async () => {
    await register('both');
    const [first, second] = [(await login('both')).body.token, (await login('both')).body.token];
    const player = await PlayerSocket.join(server.socketUrl, second);

    await rest('POST', '/api/auth/logout', { token: first });
    player.send({ type: 'ping', t: 'here' });

    expect(await player.next('pong')).to.include({ t: 'here' });
    expect((await rest('GET', '/api/auth/me', { token: second })).status).to.equal(200);
    player.terminate();
  });

  it('take another password: the sockets of other sessions close, and the old one lets nobody in', async () => {
    await register('cara');
    const [own, other] = [(await login('cara')).body.token, (await login('cara')).body.token];
    const elsewhere = await PlayerSocket.join(server.socketUrl, other);
    const body = { password: PASSWORD, new_password: 'a better one' };

    const wrong = await rest('POST', '/api/auth/password', { token: own, body: { ...body, password: 'not the password' } });
    const bad = await rest('POST', '/api/auth/password', { token: own, body: { ...body, new_password: 'short' } });
    const changed = await rest('POST', '/api/auth/password', { token: own, body });

    expectError(wrong, 403, 'forbidden');
    expectError(bad, 400, 'bad_request');
    expect(bad.body.error.details[0].path).to.equal('new_password');
    expect(changed).to.deep.equal({ status: 204, body: null });
    expect((await elsewhere.closed).code).to.equal(4401);
    expectError(await rest('GET', '/api/auth/me', { token: other }), 401, 'unauthorized');
    expect((await rest('GET', '/api/auth/me', { token: own })).status).to.equal(200);
    expectError(await login('cara'), 401, 'unauthorized');
    expect((await login('cara', 'a better one')).status).to.equal(200);
  });

  it('can be deleted: the name is free, the socket closes, and over a kill too nobody is it any more', async () => {
    await register('dora');
    const { token } = (await login('dora')).body;
    const player = await PlayerSocket.join(server.socketUrl, token);

    const deleted = await rest('POST', '/api/auth/delete', { token, body: { password: PASSWORD } });
    expect(deleted).to.deep.equal({ status: 204, body: null });
    expect((await player.closed).code).to.equal(4401);
    await server.signal('SIGKILL');
    await server.start();

    expectError(await rest('GET', '/api/auth/me', { token }), 401, 'unauthorized');
    expectError(await login('dora'), 401, 'unauthorized');
    expect((await register('Dora')).status).to.equal(201);
  });

  it('answer every unknown path in the same shape', async () => {
    for (const [method, path] of [
      ['GET', '/nothing'],
      ['GET', '/api'],
      ['POST', '/api/auth'],
      ['DELETE', '/api/auth/me'],
      ['PUT', '/api/zones'],
      ['GET', '/v1/nothing'],
      ['GET', '/ws'],
    ] as const) {
      expectError(await rest(method, path), 404, 'not_found');
    }
  });

  describe('of a DEBUG_USER', () => {
    const from = (address: string, headers: Record<string, string> = {}) => ({ 'x-forwarded-for': address, ...headers });
    async function registerFrom(username: string, headers: Record<string, string>) {
      const response = await fetch(`${server.url}/api/auth/register`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ username, password: PASSWORD }),
      });
      return { status: response.status, body: await response.json() };
    }

    it('are registered from a loopback address only, however the name is spelled and whatever is claimed', async () => {
      const elsewhere = [from('203.0.113.9'), from('127.0.0.1, 203.0.113.9'), from(''), { 'x-real-ip': '203.0.113.9' }];
      for (const headers of [...elsewhere, from('127.0.0.1', { origin: 'http://127.0.0.1.evil.example' })]) {
        for (const name of ['operator', 'Operator', '0perator']) {
          const refused = await registerFrom(name, headers);
          expect(refused.status, `${name} ${JSON.stringify(headers)}`).to.be.oneOf([400, 403]);
        }
      }

      expect((await registerFrom('somebody', from('203.0.113.9'))).status).to.equal(201);
      expect((await registerFrom('operator', from('127.0.0.1'))).status).to.equal(201);
    });

    it('ban a player: its sockets close, and a login says why until the ban is lifted, over a kill too', async () => {
      await register('emil');
      const player = (await login('emil')).body;
      const socket = await PlayerSocket.join(server.socketUrl, player.token);
      const operator = (await login('operator')).body;
      const order = (path: string, body?: object) =>
        rest('POST', `/api/debug/players/${player.player.id}/${path}`, { token: operator.token, body });

      expectError(
        await rest('POST', `/api/debug/players/${player.player.id}/ban`, { token: player.token, body: {} }),
        403,
        'forbidden',
      );
      expect((await order('ban', { reason: 'it spams' })).status).to.equal(204);
      expect((await socket.closed).code).to.equal(4401);
      await server.signal('SIGKILL');
      await server.start();

      expectError(await rest('GET', '/api/auth/me', { token: player.token }), 401, 'unauthorized');
      const refused = await login('emil');
      expectError(refused, 403, 'forbidden');
      expect(refused.body.error.message).to.equal('this account is banned: it spams');
      expectError(await login('emil', 'not the password'), 401, 'unauthorized');
      expect((await order('unban')).status).to.equal(204);
      expect((await login('emil')).status).to.equal(200);
    });

    it('have the debug role, and are players besides', async () => {
      const { token } = (await login('operator')).body;
      const player = await PlayerSocket.join(server.socketUrl, token);

      expect((await rest('GET', '/api/auth/me', { token })).body.role).to.equal('debug');
      expect((await player.next('tick')).state.you).to.be.an('object');
      player.terminate();
    });
  });
});
