/**
 * Attacks on accounts and on REST (FAULTS 53, 55, 56, 58 to 60, 62, 63, 65 to 67), against the whole server, which logs all it
 * has to log. At the end everything it wrote, to its log and to its database, is searched for secrets.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { call, login, PASSWORD, PlayerSocket, register } from '../../support/player.js';
import { RawPeer } from '../../support/raw-peer.js';
import { TestServer } from '../../support/server.js';

const CANARY = 'canary in the coal mine';
const AUTH_PER_MINUTE = 60;

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

describe('accounts under attack', () => {
  let server: TestServer;
  /** Everything that must be found nowhere. */
  const secrets = [PASSWORD, CANARY];
  before(async () => {
    const env = { LOG_LEVEL: 'trace', TRUST_PROXY: '1', AUTH_PER_MINUTE: String(AUTH_PER_MINUTE) };
    server = await TestServer.start({ env });
  });
  after(() => server.dispose());

  /** A call as the proxy in front passes it on. A text as body is sent as it is. */
  async function post(path: string, body: unknown, from = freshAddress(), headers: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch(`${server.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': from, ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  }

  const tryRegister = async (username: unknown, password: unknown = CANARY) =>
    (await post('/api/auth/register', { username, password })).status;
  const tryLogin = async (username: unknown, password: unknown, from?: string) =>
    (await post('/api/auth/login', { username, password }, from)).status;

  describe('passwords (53)', () => {
    it('are taken whole, up to 72 bytes, and nothing else opens the account', async () => {
      const good = ['x'.repeat(72), 'é'.repeat(36), '🔑'.repeat(8), ' 8 or more ', 'пароль пароль'];

      for (const [at, password] of good.entries()) {
        expect(await tryRegister(`whole-${at}`, password), password).to.equal(201);
        expect(await tryLogin(`whole-${at}`, password), password).to.equal(200);
        const nearly = [
          `${password}x`,
          password.slice(0, -1),
          password.trim(),
          password.toUpperCase(),
          password.normalize('NFD'),
        ];
        for (const near of nearly.filter((text) => text !== password)) {
          expect(await tryLogin(`whole-${at}`, near), near).to.be.oneOf([400, 401]);
        }
      }
    });

    it('are refused, and never cut, where bcrypt would', async () => {
      const bad = [
        'x'.repeat(73),
        `${'é'.repeat(36)}x`,
        'nul \0 within',
        '\ud800 half a character',
        'short',
        '',
        12345678,
        null,
        [CANARY],
      ];

      for (const password of bad) expect(await tryRegister('refused', password), JSON.stringify(password)).to.equal(400);

      expect(await tryRegister('refused', 'x'.repeat(2 ** 20))).to.equal(413);
      expect(await tryRegister('refused')).to.equal(201);
    });
  });

  describe('names', () => {
    it('that look like one that is there cannot be registered (55)', async () => {
      for (const name of ['Admin', 'Straße']) expect(await tryRegister(name)).to.equal(201);
      const doubles = [
        'admin',
        'ADMIN',
        'аdmin',
        'ａｄｍｉｎ',
        'ad\u200bmin',
        'admin\u202e',
        'adm1n',
        'adrnin',
        'admın',
        'STRASSE',
        'strasse',
      ];

      for (const name of doubles) expect(await tryRegister(name), name).to.be.oneOf([400, 409]);
    });

    it('go to one of those who register them at once (58)', async () => {
      const statuses = await Promise.all(['racer', 'Racer', 'RACER', 'racer', 'raceR', 'racer'].map((name) => tryRegister(name)));

      expect(statuses.sort()).to.deep.equal([201, 409, 409, 409, 409, 409]);
    });

    it('may not be objects, and SQL in them is text like any other (62)', async () => {
      for (const value of [{ $gt: '' }, ['a', 'b'], true, { toString: 'x' }]) {
        expect(await tryRegister(value), JSON.stringify(value)).to.equal(400);
        expect(await tryLogin(value, value), JSON.stringify(value)).to.equal(400);
      }
      for (const sql of ["' OR 1=1 --", "'; DROP TABLE players; --", '" OR ""="', '%', "admin'--"]) {
        expect(await tryRegister(sql), sql).to.equal(400);
        expect(await tryLogin(sql, sql), sql).to.equal(401);
      }
      expect(await tryLogin('Admin', CANARY)).to.equal(200);
    });

    it('come with nothing else: no role, no id (67)', async () => {
      for (const extra of [{ role: 'debug' }, { id: 'x' }, { is_admin: true }]) {
        expect((await post('/api/auth/register', { username: 'massive', password: CANARY, ...extra })).status).to.equal(400);
      }
      const { token } = await register(server.url, 'massive');
      const me = await call(server.url, 'GET', '/api/auth/me', { token });

      expect(me.body.role).to.equal('player');
    });
  });

  describe('tokens (59, 60)', () => {
    it('that are not quite one open nothing, on no way in', async () => {
      const { token } = await register(server.url, 'holder');
      secrets.push(token);
      const flipped = Buffer.from(token, 'base64url');
      flipped.writeUInt8(flipped.readUInt8(9) ^ 4, 9);
      const bad = [
        flipped.toString('base64url'),
        token.slice(1),
        `${token}A`,
        token.toUpperCase(),
        "' OR 1=1 --",
        'null',
        '__proto__',
      ];

      for (const wrong of bad) {
        expect((await call(server.url, 'GET', '/api/auth/me', { token: wrong })).status, wrong).to.equal(401);
        const byQuery = await PlayerSocket.open(`${server.socketUrl}?token=${encodeURIComponent(wrong)}`);
        const byHello = await PlayerSocket.open(server.socketUrl);
        byHello.send({ type: 'hello', token: wrong, resume: wrong });
        expect([(await byQuery.closed).code, (await byHello.closed).code], wrong).to.deep.equal([4401, 4401]);
      }
      expect((await call(server.url, 'GET', `/api/zones?token=${token}`)).status).to.equal(401);
    });

    it('are dead at once after logout, with their sockets and what could resume them', async () => {
      const { token } = await register(server.url, 'leaver');
      const other = await login(server.url, 'leaver');
      const player = await PlayerSocket.join(server.socketUrl, token);
      const resume = player.joinAck.resume_token;
      secrets.push(token, other.token, resume);
      await player.next('tick');

      const left = await call(server.url, 'POST', '/api/auth/logout', { token });
      const again = await PlayerSocket.join(server.socketUrl, other.token, resume);
      again.send({ type: 'resync' });

      expect(left.status).to.equal(204);
      expect((await player.closed).code).to.equal(4401);
      expect((await call(server.url, 'GET', '/api/auth/me', { token })).status).to.equal(401);
      expect(await again.next('error')).to.include({ code: 'not_subscribed' });
      again.terminate();
    });

    it('are dead for whoever is still coming in with them', async () => {
      for (let round = 0; round < 5; round++) {
        const { token } = await login(server.url, 'leaver');
        const comers = await Promise.all(Array.from({ length: 3 }, () => PlayerSocket.open(server.socketUrl)));

        for (const comer of comers) comer.send({ type: 'hello', token });
        await call(server.url, 'POST', '/api/auth/logout', { token });

        const codes = await Promise.all(comers.map(async ({ closed }) => (await closed).code));
        for (const code of codes) expect(code).to.be.oneOf([4401, 4409]);
      }
    });
  });

  describe('guesses (56)', () => {
    it('a hundred for one name from one address: 429 soon, and the player gets in by its session and from elsewhere', async () => {
      const { token } = await register(server.url, 'victim');
      secrets.push(token);

      const answers = [];
      for (let guess = 0; guess < 100; guess++) {
        answers.push(await post('/api/auth/login', { username: 'victim', password: `guess number ${guess}` }, '203.0.113.1'));
      }
      const right = await tryLogin('VICTIM', PASSWORD, '203.0.113.1');
      const elsewhere = await tryLogin('victim', PASSWORD, '203.0.113.2');
      const player = await PlayerSocket.join(server.socketUrl, token);

      expect(answers.map(({ status }) => status)).to.deep.equal([...Array(10).fill(401), ...Array(90).fill(429)]);
      expect(Number(answers.at(-1)?.headers.get('retry-after'))).to.be.within(1, 60);
      expect([right, elsewhere]).to.deep.equal([429, 200]);
      expect((await call(server.url, 'GET', '/api/auth/me', { token })).status).to.equal(200);
      player.terminate();
    });

    it('one each from many addresses: the player gets in', async () => {
      const statuses = await Promise.all(Array.from({ length: 30 }, () => tryLogin('victim', 'a wrong password')));

      expect(new Set(statuses)).to.deep.equal(new Set([401]));
      expect(await tryLogin('victim', PASSWORD)).to.equal(200);
    });

    it('for many names from one address: 429, whatever the client says about where it is; others are let in', async () => {
      const behind = (claimed: string) => `${claimed}, 203.0.113.3`;
      const statuses = await Promise.all(
        Array.from(
          { length: AUTH_PER_MINUTE + 10 },
          async (_, at) => (await post('/api/auth/login', {}, behind(`10.0.0.${at}`))).status,
        ),
      );

      expect(statuses.filter((status) => status === 400)).to.have.length(AUTH_PER_MINUTE);
      expect(statuses.filter((status) => status === 429)).to.have.length(10);
      expect(await tryLogin('victim', PASSWORD, '203.0.113.4')).to.equal(200);
    });

    it('an unknown name and a wrong password are the same answer', async () => {
      const unknown = await post('/api/auth/login', { username: 'nobody-here', password: CANARY });
      const wrong = await post('/api/auth/login', { username: 'victim', password: CANARY });

      expect([unknown.status, unknown.text]).to.deep.equal([wrong.status, wrong.text]);
      expect(unknown.status).to.equal(401);
    });
  });

  describe('requests that are none (63, 66)', () => {
    it('are answered 4xx in the one shape of errors, without a word about the inside', async () => {
      const json = 'Content-Type: application/json\r\n';
      const requests: [bytes: string, status: number][] = [
        [`POST /api/auth/login HTTP/1.1\r\n${json}Content-Length: 6\r\n\r\n{"user`, 400],
        [`POST /api/auth/login HTTP/1.1\r\nContent-Type: text/xml\r\nContent-Length: 2\r\n\r\n{}`, 400],
        [`POST /api/auth/login HTTP/1.1\r\n${json}Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}`, 400],
        [`POST /api/auth/login HTTP/1.1\r\n${json}Content-Length: 70000\r\n\r\n${' '.repeat(70_000)}`, 413],
        [`POST /api/auth/login HTTP/1.1\r\n${json}Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n`, 400],
        [`POST /api/auth/login HTTP/1.1\r\n${json}Transfer-Encoding: chunked\r\n\r\nZZ\r\n{}\r\n0\r\n\r\n`, 400],
        ['GET /api/zones/%E0%A4%A HTTP/1.1\r\n\r\n', 400],
        ['TRACE / HTTP/1.1\r\n\r\n', 404],
        ['PUT /api/auth/me HTTP/1.1\r\n\r\n', 404],
        ['GET /api/auth/../../etc/passwd HTTP/1.1\r\n\r\n', 404],
        ['GET /docs/..%2f..%2fpackage.json HTTP/1.1\r\n\r\n', 404],
        ['HELO there\r\n\r\n', 400],
        ['GET /healthz HTTP/9.9\r\n\r\n', 400],
        [`GET /healthz HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 400],
      ];

      for (const [bytes, status] of requests) {
        const peer = await RawPeer.dial(server.url, bytes.replace('\r\n', '\r\nHost: x\r\nConnection: close\r\n'));
        const answer = await peer.until((text) => /\r\n\r\n.*\}\}$/s.test(text));
        const [head = '', body = ''] = answer.split('\r\n\r\n');
        peer.socket.destroy();

        expect(head, bytes.slice(0, 60)).to.match(new RegExp(`^HTTP/1.1 ${status} `));
        expect(JSON.parse(body), bytes.slice(0, 60)).to.have.nested.property('error.code').that.is.a('string');
        expect(answer).to.not.match(/node_modules|\n\s+at |express|x-powered-by|sqlite/i);
      }
    });

    it('to look inside or to change the world, of nobody, of a player, and of a foreign page, are refused', async () => {
      const { token } = await login(server.url, 'massive');
      const operator = await post('/api/auth/register', { username: 'operator', password: CANARY }, '127.0.0.1');
      const { token: mighty } = JSON.parse((await post('/api/auth/login', { username: 'operator', password: CANARY })).text);
      secrets.push(token, mighty);
      const page = { authorization: `Bearer ${mighty}`, host: 'rebound.example', origin: 'http://evil.example' };

      expect(operator.status).to.equal(201);
      expect((await call(server.url, 'POST', '/api/debug/tick/pause')).status).to.equal(401);
      expect((await call(server.url, 'POST', '/api/debug/tick/pause', { token })).status).to.equal(403);
      expect((await post('/api/debug/tick/pause', '', '127.0.0.1', page)).status).to.equal(403);
      expect((await call(server.url, 'GET', '/api/debug/actors', { token: mighty })).status).to.equal(200);
    });

    it('that make a route of the game fail are answered without its words', async () => {
      const { token } = await login(server.url, 'massive');
      secrets.push(token);

      const failed = await call(server.url, 'GET', `/v1/look/nowhere?token=${token}&password=${encodeURIComponent(CANARY)}`, {
        token,
      });

      expect(failed.status).to.be.oneOf([404, 500]);
      expect(JSON.stringify(failed.body)).to.not.match(/nowhere|\bat /);
    });
  });

  // A suite of its own, because mocha runs the suites after the tests beside them.
  describe('what the server wrote, to its log and to its database', () => {
    it('is no password and no token that could be used (I11)', async () => {
      const files = readdirSync(server.dataFolder).map((name) => join(server.dataFolder, name));
      const running = Buffer.concat(files.map((file) => readFileSync(file)));
      const { status, stdout, stderr } = await server.signal('SIGTERM');
      const stopped = readFileSync(server.databaseFile);
      const written = Buffer.concat([running, stopped]);

      expect(status).to.equal(0);
      expect(secrets.length).to.be.greaterThan(8);
      for (const secret of secrets) {
        expect(stdout + stderr).to.not.include(secret);
        expect(written.includes(secret)).to.equal(false);
        expect(written.includes(Buffer.from(secret, 'base64url').toString('hex'))).to.equal(false);
      }
      expect(stdout + stderr).to.not.match(/\$2[aby]\$|SELECT |INSERT /);
    });
  });
});

let addresses = 0;

/** Each call from somewhere else, so that no limit on addresses is met by chance. */
function freshAddress(): string {
  addresses += 1;
  return `198.51.${addresses >> 8}.${addresses & 255}`;
}
