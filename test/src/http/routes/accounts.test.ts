import { expect } from 'chai';
import { type Edge, startEdge } from '../edge.js';

describe('the account routes', () => {
  let edge: Edge;
  beforeEach(async () => {
    edge = await startEdge();
  });
  afterEach(() => edge.close());

  const credentials = { username: 'ada', password: 'long enough' };

  it('register, log in, say who I am, and log out', async () => {
    const registered = await edge.call('POST', '/api/auth/register', { body: credentials });
    const login = await edge.call('POST', '/api/auth/login', { body: credentials });
    const token = String(login.json?.token);
    const me = await edge.call('GET', '/api/auth/me', { token });
    const logout = await edge.call('POST', '/api/auth/logout', { token });
    const after = await edge.call('GET', '/api/auth/me', { token });

    expect(registered.status).to.equal(201);
    expect(registered.json).to.include({ username: 'ada', created_at: '2026-01-02T03:04:05.678Z' });
    expect(login.json).to.deep.include({ expires_at: null, player: { id: registered.json?.id, username: 'ada' } });
    expect(me.json).to.deep.equal({ ...registered.json, role: 'player', last_login: null });
    expect(logout.status).to.equal(204);
    expect(edge.world.endedSessions).to.have.length(1);
    expect(after.status).to.equal(401);
  });

  it('give each refusal of the accounts its status', async () => {
    await edge.call('POST', '/api/auth/register', { body: credentials });
    const taken = await edge.call('POST', '/api/auth/register', { body: credentials });
    edge.accounts.nextRegister = { type: 'invalid', details: [{ path: 'password', message: 'too short' }] };
    const invalid = await edge.call('POST', '/api/auth/register', { body: credentials });
    edge.accounts.nextRegister = { type: 'busy', retryAfterS: 2 };
    const busy = await edge.call('POST', '/api/auth/register', { body: credentials });

    expect(taken.json).to.have.nested.property('error.code', 'conflict');
    expect(invalid.status).to.equal(400);
    expect(invalid.json).to.have.deep.nested.property('error.details', [{ path: 'password', message: 'too short' }]);
    expect(busy.status).to.equal(429);
    expect(busy.headers.get('retry-after')).to.equal('2');
  });

  it('give each refusal of a login its status', async () => {
    const wrong = await edge.call('POST', '/api/auth/login', { body: credentials });
    edge.accounts.nextLogin = { type: 'too_many', retryAfterS: 0.2 };
    const many = await edge.call('POST', '/api/auth/login', { body: credentials });
    edge.accounts.nextLogin = { type: 'invalid', details: [{ path: 'username', message: 'too long' }] };
    const invalid = await edge.call('POST', '/api/auth/login', { body: credentials });

    expect(wrong.status).to.equal(401);
    expect(many.status).to.equal(429);
    expect(many.headers.get('retry-after')).to.equal('1');
    expect(invalid.status).to.equal(400);
    expect(edge.accounts.loginAddresses[0]).to.equal('127.0.0.1');
  });

  it('change a password and delete an account for who says the password once more', async () => {
    await edge.call('POST', '/api/auth/register', { body: credentials });
    const token = String((await edge.call('POST', '/api/auth/login', { body: credentials })).json?.token);
    const changed = { password: credentials.password, new_password: 'longer still' };

    const wrong = await edge.call('POST', '/api/auth/password', { token, body: { ...changed, password: 'no' } });
    const change = await edge.call('POST', '/api/auth/password', { token, body: changed });
    const old = await edge.call('POST', '/api/auth/delete', { token, body: { password: credentials.password } });
    const deleted = await edge.call('POST', '/api/auth/delete', { token, body: { password: 'longer still' } });
    const after = await edge.call('GET', '/api/auth/me', { token });

    for (const refusal of [wrong, old]) expect(refusal.json).to.have.nested.property('error.code', 'forbidden');
    expect([change.status, deleted.status, after.status]).to.deep.equal([204, 204, 401]);
    expect(edge.world.endedSessions).to.have.length(1);
  });

  it('give each refusal to change an account its status', async () => {
    const { token } = edge.accounts.logIn('ada');
    const change = () => edge.call('POST', '/api/auth/password', { token, body: { password: 'a', new_password: 'b' } });
    const details = [{ path: 'new_password', message: 'too short' }];

    edge.accounts.nextOwnAccount = { type: 'invalid', details };
    const invalid = await change();
    edge.accounts.nextOwnAccount = { type: 'too_many', retryAfterS: 7 };
    const many = await change();
    edge.accounts.nextOwnAccount = { type: 'busy', retryAfterS: 3 };
    const busy = await change();

    expect(invalid.json).to.have.deep.nested.property('error.details', details);
    expect([many.headers.get('retry-after'), busy.headers.get('retry-after')]).to.deep.equal(['7', '3']);
  });

  it('tell who is banned why, and nobody else', async () => {
    edge.accounts.nextLogin = { type: 'banned', reason: 'spam' };
    const why = await edge.call('POST', '/api/auth/login', { body: credentials });
    edge.accounts.nextLogin = { type: 'banned', reason: '' };
    const plain = await edge.call('POST', '/api/auth/login', { body: credentials });

    expect(why.json).to.deep.equal({ error: { code: 'forbidden', message: 'this account is banned: spam' } });
    expect(plain.json).to.deep.equal({ error: { code: 'forbidden', message: 'this account is banned' } });
  });

  it('count register and login against the address, malformed ones too, and nothing else', async () => {
    edge.addressLimit.allowed = 2;

    await edge.call('POST', '/api/auth/register', { raw: '{"broken' });
    await edge.call('POST', '/api/auth/login', { body: credentials });
    const third = await edge.call('POST', '/api/auth/login', { body: credentials });
    const other = await edge.call('GET', '/healthz');

    expect(third.status).to.equal(429);
    expect(third.headers.get('retry-after')).to.equal('13');
    expect(other.status).to.equal(200);
    expect(edge.accounts.loginAddresses).to.have.length(1);
  });

  it('refuse a body of other types, with other fields, or with none (FAULTS 62, 67)', async () => {
    for (const body of [
      { username: { $gt: '' }, password: 'long enough' },
      { username: ['a', 'b'], password: 'long enough' },
      { username: 'ada', password: 12345678 },
      { username: 'ada' },
      { ...credentials, role: 'debug' },
      { ...credentials, id: 'x', is_admin: true },
      {},
      [],
      [credentials],
      'text',
      null,
    ]) {
      for (const path of ['/api/auth/register', '/api/auth/login']) {
        const answer = await edge.call('POST', path, { body });
        expect(answer.status, JSON.stringify(body)).to.equal(400);
      }
    }
    const none = await edge.call('POST', '/api/auth/register');
    expect(none.status).to.equal(400);
    expect(edge.accounts.registrations).to.deep.equal([]);
  });

  it('name the first of hundreds of unknown fields, and do not look for the rest', async () => {
    const extra = Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`field_${at}`, 1]));

    const few = await edge.call('POST', '/api/auth/login', { body: { ...credentials, a: 1, b: 2 } });
    const many = await edge.call('POST', '/api/auth/login', { body: { ...credentials, ...extra } });

    expect(few.json).to.have.nested.property('error.details').with.length(2);
    expect(many.json).to.have.nested.property('error.details').with.length(1);
  });

  it('take SQL in a name as a name', async () => {
    const username = "'; DROP TABLE players; --";

    const answer = await edge.call('POST', '/api/auth/register', { body: { ...credentials, username } });

    expect(answer.json).to.include({ username });
  });

  it('show only the fields of the contract, whatever an account has besides', async () => {
    const registered = await edge.call('POST', '/api/auth/register', { body: credentials });
    const login = await edge.call('POST', '/api/auth/login', { body: credentials });

    expect(registered.text + login.text).to.not.contain('hash-canary');
  });

  it('take a token only as a bearer’s, in any case of the word', async () => {
    const { token } = edge.accounts.logIn('ada');
    const status = async (authorization: string) =>
      (await edge.call('GET', '/api/auth/me', { headers: { Authorization: authorization } })).status;

    expect(await status(`bearer ${token}`)).to.equal(200);
    for (const header of [
      token,
      `Basic ${token}`,
      `Bearer ${token}x`,
      'Bearer',
      `Bearer ${token} ${token}`,
      `Bearer ${token.slice(1)}`,
    ]) {
      expect(await status(header), header).to.equal(401);
    }
    const refused = await edge.call('GET', '/api/auth/me');
    expect(refused.headers.get('www-authenticate')).to.equal('Bearer');
  });

  it('answer 401 to a session whose account is gone', async () => {
    const { token, identity } = edge.accounts.logIn('ada');
    edge.accounts.forget(identity.player);

    expect((await edge.call('GET', '/api/auth/me', { token })).status).to.equal(401);
  });
});

describe('where a registration comes from', () => {
  const body = { username: 'root', password: 'long enough' };

  async function isLocal(trustProxy: number, headers: Record<string, string>): Promise<boolean | undefined> {
    const edge = await startEdge({ settings: { trustProxy } });
    try {
      await edge.call('POST', '/api/auth/register', { body, headers });
      return edge.accounts.registrations[0]?.fromLoopback;
    } finally {
      await edge.close();
    }
  }

  it('is this machine for a plain call and for a page of this machine', async () => {
    expect(await isLocal(0, {})).to.equal(true);
    expect(await isLocal(0, { Origin: 'http://localhost:3000' })).to.equal(true);
  });

  it('is elsewhere when a proxy shows, trusted or not, that passes on a call from elsewhere', async () => {
    expect(await isLocal(0, { 'X-Forwarded-For': '127.0.0.1' })).to.equal(false);
    expect(await isLocal(1, { 'X-Forwarded-For': '203.0.113.9' })).to.equal(false);
    expect(await isLocal(1, { 'X-Forwarded-For': '127.0.0.1, 203.0.113.9' })).to.equal(false);
    expect(await isLocal(1, { 'X-Forwarded-For': '127.0.0.1' })).to.equal(true);
    expect(await isLocal(1, { 'X-Real-IP': '203.0.113.9' })).to.equal(false);
    expect(await isLocal(1, { Forwarded: 'for=203.0.113.9' })).to.equal(false);
  });

  it('is elsewhere for a foreign page whose name was made to resolve to this machine', async () => {
    const edge = await startEdge({ settings: { allowedOrigins: ['http://rebound.example'] } });
    try {
      await edge.call('POST', '/api/auth/register', { body, headers: { Origin: 'http://rebound.example' } });
      expect(edge.accounts.registrations).to.deep.equal([{ username: 'root', fromLoopback: false }]);
    } finally {
      await edge.close();
    }
  });
});

describe('the address that limits count', () => {
  async function addressFor(trustProxy: number, forwarded: string): Promise<string | undefined> {
    const edge = await startEdge({ settings: { trustProxy } });
    try {
      const headers = { 'X-Forwarded-For': forwarded };
      await edge.call('POST', '/api/auth/login', { body: { username: 'a', password: 'b' }, headers });
      expect(edge.accounts.loginAddresses).to.deep.equal(edge.addressLimit.addresses);
      return edge.addressLimit.addresses[0];
    } finally {
      await edge.close();
    }
  }

  it('is the socket’s, whatever a client claims (FAULTS 65)', async () => {
    expect(await addressFor(0, '198.51.100.7')).to.equal('127.0.0.1');
  });

  it('is the one that the last trusted proxy saw', async () => {
    expect(await addressFor(1, '198.51.100.7, 203.0.113.9')).to.equal('203.0.113.9');
    expect(await addressFor(2, '198.51.100.7, 203.0.113.9')).to.equal('198.51.100.7');
  });
});
