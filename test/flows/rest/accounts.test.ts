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

    it('have the debug role, and are players besides', async () => {
      const { token } = (await login('operator')).body;
      const player = await PlayerSocket.join(server.socketUrl, token);

      expect((await rest('GET', '/api/auth/me', { token })).body.role).to.equal('debug');
      expect((await player.next('tick')).state.you).to.be.an('object');
      player.terminate();
    });
  });
});
