import { expect } from 'chai';
import { StoreUnavailableError } from '../../../actors/errors.js';
import { newUuid } from '../../../actors/ids.js';
import { type AccountSettings, PlayerAccounts } from '../../../src/auth/accounts.js';
import { BcryptHasher } from '../../../src/auth/hashing.js';
import type { LoginOutcome } from '../../../src/auth/ports.js';
import { hashToken, newToken } from '../../../src/auth/tokens.js';
import { FakeClock } from '../../support/fake-clock.js';
import { MemoryAccounts } from '../../support/memory-accounts.js';
import { RecordingHasher } from '../../support/recording-hasher.js';
import { RecordingTelemetry } from '../../support/recording-telemetry.js';

const PASSWORD = 'correct horse';
const HERE = '192.0.2.7';
const ELSEWHERE = '192.0.2.8';

describe('accounts', () => {
  describe('registering', () => {
    it('stores the name in NFKC, its key, and no password', async () => {
      const { accounts, store, clock } = world();

      const outcome = await accounts.register({ username: 'Ａnn', password: PASSWORD, fromLoopback: false });

      if (outcome.type !== 'registered') throw new Error(outcome.type);
      expect(outcome.account).to.deep.include({
        username: 'Ann',
        usernameKey: 'ann',
        createdAtMs: clock.epochMs(),
        lastLoginMs: null,
      });
      expect([...store.accounts.values()]).to.deep.equal([outcome.account]);
    });

    it('refuses a name that is there in another spelling, without hashing', async () => {
      const { accounts, hasher, register } = world();
      await register('admin');

      for (const username of ['ADMIN', 'ａｄｍｉｎ', 'adm1n']) {
        expect(await accounts.register({ username, password: PASSWORD, fromLoopback: true })).to.deep.equal({ type: 'taken' });
      }
      expect(hasher.calls).to.have.lengthOf(1);
    });

    it('lets one of two win who register a name at once', async () => {
      const { accounts, store } = world();
      const request = { username: 'ann', password: PASSWORD, fromLoopback: false };

      const outcomes = await Promise.all([accounts.register(request), accounts.register(request)]);

      expect(outcomes.map(({ type }) => type).sort()).to.deep.equal(['registered', 'taken']);
      expect(store.accounts.size).to.equal(1);
    });

    it('says everything that is wrong with a request, of whatever types', async () => {
      const { accounts } = world();
      const bad: [unknown, unknown][] = [
        ['a b', 'short'],
        [{ $gt: '' }, ['a', 'b']],
        [undefined, undefined],
        [7, null],
      ];

      for (const [username, password] of bad) {
        const outcome = await accounts.register({ username, password, fromLoopback: false });
        if (outcome.type !== 'invalid') throw new Error(outcome.type);
        expect(outcome.details.map(({ path }) => path)).to.deep.equal(['username', 'password']);
      }
    });

    it('gives a debug name away to a loopback address only', async () => {
      const { accounts } = world({ debugUsers: ['Root'] });
      const request = { username: 'ROOT', password: PASSWORD };

      const outcome = await accounts.register({ ...request, fromLoopback: false });
      expect(outcome).to.deep.equal({
        type: 'invalid',
        details: [{ path: 'username', message: 'can be registered on the machine of the server only' }],
      });
      expect((await accounts.register({ ...request, fromLoopback: true })).type).to.equal('registered');
    });

    it('is put off while too many passwords wait to be hashed', async () => {
      const { accounts, hasher, store } = world();
      hasher.full = true;

      const outcome = await accounts.register({ username: 'ann', password: PASSWORD, fromLoopback: false });

      expect(outcome).to.deep.equal({ type: 'busy', retryAfterS: 10 });
      expect(store.accounts.size).to.equal(0);
    });
  });

  describe('logging in', () => {
    it('answers a token that stands for the player, and stores only its hash', async () => {
      const { accounts, store, clock, register, login } = world();
      const account = await register('Ann');
      clock.advance(5_000);

      const outcome = loggedIn(await login('ANN', PASSWORD));

      expect(outcome.expiresAtMs).to.equal(null);
      expect(outcome.account).to.deep.include({ id: account.id, username: 'Ann', lastLoginMs: clock.epochMs() });
      expect(store.accounts.get(account.id)?.lastLoginMs).to.equal(clock.epochMs());
      const [session] = store.sessions.values();
      expect(session).to.deep.include({ player: account.id, tokenHash: hashToken(outcome.token), expiresAtMs: null });
      expect(JSON.stringify([...store.sessions.values()])).to.not.include(outcome.token);
      expect(await accounts.authenticate(outcome.token)).to.deep.equal({
        player: account.id,
        username: 'Ann',
        session: session?.id,
        expiresAtMs: null,
        role: 'player',
      });
    });

    it('takes the same steps and gives the same answer for an unknown name and a wrong password', async () => {
      const { hasher, telemetry, register, login } = world();
      await register('ann');
      hasher.calls.length = 0;

      const outcomes = [
        await login('ann', 'wrong horse'),
        await login('nobody', 'wrong horse'),
        await login('no \u200B name', 'wrong horse'),
      ];

      expect(outcomes).to.deep.equal([{ type: 'wrong' }, { type: 'wrong' }, { type: 'wrong' }]);
      expect(hasher.calls).to.deep.equal(Array(3).fill({ type: 'matches', cost: 4 }));
      expect(telemetry.counts.get('auth_failures_total')).to.equal(3);
    });

    it('finds a password wrong that bcrypt would cut to the right one, taking as long', async () => {
      const { hasher, register, login } = world();
      await register('ann', 'x'.repeat(72));
      hasher.calls.length = 0;

      expect(await login('ann', 'x'.repeat(73))).to.deep.equal({ type: 'wrong' });
      expect(await login('ann', `${'x'.repeat(71)}\uD800`)).to.deep.equal({ type: 'wrong' });
      expect((await login('ann', 'x'.repeat(72))).type).to.equal('logged_in');
      expect(hasher.calls).to.have.lengthOf(3);
    });

    it('calls values that are no texts invalid', async () => {
      const { accounts } = world();

      for (const value of [undefined, null, 7, ['ann'], { $gt: '' }]) {
        const outcome = await accounts.login({ username: value, password: value, address: HERE });
        expect(outcome).to.deep.equal({
          type: 'invalid',
          details: [
            { path: 'username', message: 'must be a text' },
            { path: 'password', message: 'must be a text' },
          ],
        });
      }
    });

    it('is refused after too many wrong passwords for one name from one address, a right one included', async () => {
      const { telemetry, register, login } = world({ loginFailuresPerMinute: 2 });
      await register('ann');
      await register('bob');
      for (let guess = 0; guess < 2; guess += 1) await login('ann', 'wrong horse');

      const refused = await login('Ann', PASSWORD);

      expect(refused.type).to.equal('too_many');
      expect(refused).to.have.property('retryAfterS').within(1, 60);
      expect((await login('ann', PASSWORD, ELSEWHERE)).type).to.equal('logged_in');
      expect((await login('bob', PASSWORD)).type).to.equal('logged_in');
      expect(telemetry.counts.get('auth_rate_limited_total')).to.equal(1);
    });

    it('is not fooled by guesses that come all at once', async () => {
      const { hasher, register, login } = world({ loginFailuresPerMinute: 3 });
      await register('ann');
      hasher.calls.length = 0;

      const outcomes = await Promise.all(Array.from({ length: 20 }, () => login('ann', 'wrong horse')));

      expect(outcomes.filter(({ type }) => type === 'wrong')).to.have.lengthOf(3);
      expect(hasher.calls).to.have.lengthOf(3);
    });

    it('works for one player many times at once', async () => {
      const { register, login } = world({ loginFailuresPerMinute: 3 });
      await register('ann');

      const outcomes = await Promise.all(Array.from({ length: 50 }, () => login('ann', PASSWORD)));

      expect(new Set(outcomes.map((outcome) => loggedIn(outcome).token)).size).to.equal(50);
    });

    it('is put off while too many passwords wait, and nothing is counted against the name', async () => {
      const { hasher, register, login } = world({ loginFailuresPerMinute: 1 });
      await register('ann');
      hasher.full = true;

      expect(await login('ann', PASSWORD)).to.deep.equal({ type: 'busy', retryAfterS: 10 });
      hasher.full = false;
      expect((await login('ann', PASSWORD)).type).to.equal('logged_in');
    });

    it('is put off while too many logins are under way', async () => {
      const { hasher, login } = world();
      hasher.hold();
      const under = Array.from({ length: 512 }, (_, index) => login(`bot-${index}`, PASSWORD));

      expect(await login('ann', PASSWORD)).to.deep.equal({ type: 'busy', retryAfterS: 10 });
      hasher.release();
      expect(await Promise.all(under)).to.deep.equal(Array(512).fill({ type: 'wrong' }));
    });

    it('makes the hash anew when the cost has changed', async () => {
      const store = new MemoryAccounts();
      const account = await world({}, store).register('ann');

      const outcome = loggedIn(await world({ bcryptCost: 5 }, store).login('ann', PASSWORD));

      expect(store.accounts.get(account.id)?.passwordHash).to.equal(`$2b$05$${PASSWORD}`);
      expect(outcome.account.passwordHash).to.equal(`$2b$05$${PASSWORD}`);
    });

    it('rejects while the database is away, and works afterwards', async () => {
      const { store, register, login } = world();
      await register('ann');
      store.failing = true;

      expect(await login('ann', PASSWORD).catch((error: unknown) => error)).to.be.instanceOf(StoreUnavailableError);
      store.failing = false;
      expect((await login('ann', PASSWORD)).type).to.equal('logged_in');
    });
  });

  describe('sessions', () => {
    it('last until logout, and no longer', async () => {
      const { accounts, clock, register, login } = world();
      await register('ann');
      const { token } = loggedIn(await login('ann', PASSWORD));
      const other = loggedIn(await login('ann', PASSWORD)).token;
      clock.advance(10 * 365 * 86_400_000);

      const identity = await accounts.authenticate(token);
      if (!identity) throw new Error('dead too early');
      await accounts.logout(identity.session);

      expect(await accounts.authenticate(token)).to.equal(null);
      expect(await accounts.authenticate(other)).to.not.equal(null);
    });

    it('end by themselves where they have an end, and can then be swept up', async () => {
      const { accounts, store, clock, register, login } = world({ sessionTtlSeconds: 60 });
      await register('ann');
      const { token, expiresAtMs } = loggedIn(await login('ann', PASSWORD));

      expect(expiresAtMs).to.equal(clock.epochMs() + 60_000);
      clock.advance(59_999);
      expect((await accounts.authenticate(token))?.expiresAtMs).to.equal(expiresAtMs);
      clock.advance(1);
      expect(await accounts.authenticate(token)).to.equal(null);
      expect(await accounts.dropExpiredSessions()).to.equal(1);
      expect(store.sessions.size).to.equal(0);
    });

    it('are not opened by a token with one bit turned, cut short, made up, or that is a hash from the database', async () => {
      const { accounts, register, login } = world();
      await register('ann');
      const { token } = loggedIn(await login('ann', PASSWORD));
      const turned = Buffer.from(token, 'base64url');
      turned.writeUInt8(turned.readUInt8(0) ^ 1, 0);

      for (const bad of [turned.toString('base64url'), token.slice(1), newToken(), hashToken(token), "' OR 1=1 --", '']) {
        expect(await accounts.authenticate(bad)).to.equal(null);
      }
    });

    it('have the debug role for the names of DEBUG_USER, and for no others', async () => {
      const { accounts, register, login } = world({ debugUsers: ['Root'] });
      await register('root');
      await register('rooted');
      const roleOf = async (name: string) => (await accounts.authenticate(loggedIn(await login(name, PASSWORD)).token))?.role;

      expect([await roleOf('root'), await roleOf('rooted')]).to.deep.equal(['debug', 'player']);
    });
  });

  it('are found by id', async () => {
    const { accounts, register } = world();
    const account = await register('ann');

    expect(await accounts.account(account.id)).to.deep.equal(account);
  });

  describe('changing the password', () => {
    it('wants the old one, ends the other sessions, and lets in with the new one only', async () => {
      const { accounts, register, login } = world();
      const { id: player } = await register('ann');
      const tokens = [loggedIn(await login('ann', PASSWORD)).token, loggedIn(await login('ann', PASSWORD)).token];
      const [own, other] = await Promise.all(tokens.map((token) => accounts.authenticate(token)));
      if (!own || !other) throw new Error('not logged in');
      const change = (password: string) =>
        accounts.changePassword({ identity: own, password, newPassword: 'another horse', address: HERE });

      expect(await change('wrong horse')).to.deep.equal({ type: 'wrong' });
      expect(await change(PASSWORD)).to.deep.equal({ type: 'done', ended: [other.session] });

      const sessions = await Promise.all(tokens.map((token) => accounts.authenticate(token)));
      expect(sessions.map((session) => session?.player ?? null)).to.deep.equal([player, null]);
      expect(await login('ann', PASSWORD)).to.deep.equal({ type: 'wrong' });
      expect((await login('ann', 'another horse')).type).to.equal('logged_in');
    });

    it('refuses what can be no password, and counts wrong ones as a login does', async () => {
      const { accounts, register, login } = world({ loginFailuresPerMinute: 2 });
      await register('ann');
      const identity = await accounts.authenticate(loggedIn(await login('ann', PASSWORD)).token);
      if (!identity) throw new Error('not logged in');
      const change = (password: string, newPassword = 'another horse') =>
        accounts.changePassword({ identity, password, newPassword, address: HERE });

      const short = await change(PASSWORD, 'short');
      const wrong = [await change('wrong horse'), await change('wrong horse'), await change(PASSWORD)];

      expect(short).to.deep.equal({
        type: 'invalid',
        details: [{ path: 'new_password', message: 'must have at least 8 characters' }],
      });
      expect(wrong.map(({ type }) => type)).to.deep.equal(['wrong', 'wrong', 'too_many']);
      expect((await login('ann', PASSWORD)).type).to.equal('too_many');
      expect((await login('ann', PASSWORD, ELSEWHERE)).type).to.equal('logged_in');
    });

    it('leaves no session to a login with the old password that was under way', async () => {
      const { accounts, store, register, login } = world();
      await register('ann');
      const identity = await accounts.authenticate(loggedIn(await login('ann', PASSWORD)).token);
      if (!identity) throw new Error('not logged in');
      store.beforeLogIn = async () => {
        store.beforeLogIn = null;
        await accounts.changePassword({ identity, password: PASSWORD, newPassword: 'another horse', address: ELSEWHERE });
      };

      expect(await login('ann', PASSWORD)).to.deep.equal({ type: 'wrong' });
      expect([...store.sessions.keys()]).to.deep.equal([identity.session]);
    });

    it('lets a login in whose hash another one has just made anew', async () => {
      const { store, register, login } = world();
      const { id, passwordHash } = await register('ann');
      store.beforeLogIn = async () => {
        store.beforeLogIn = null;
        await store.replace(id, passwordHash, { passwordHash: passwordHash.replace('$04$', '$05$') }, null);
      };

      expect((await login('ann', PASSWORD)).type).to.equal('logged_in');
    });

    it('gives up on an account that changes at each check', async () => {
      const { store, register, login } = world();
      await register('ann');
      store.logIn = async () => false;

      expect((await login('ann', PASSWORD)).type).to.equal('busy');
    });
  });

  describe('closing an account', () => {
    it('takes name and password from it, ends all its sessions, and frees the name', async () => {
      const { accounts, store, register, login } = world();
      const { id } = await register('ann');
      const identity = await accounts.authenticate(loggedIn(await login('ann', PASSWORD)).token);
      if (!identity) throw new Error('not logged in');
      const close = (password: string) => accounts.close({ identity, password, address: HERE });

      expect(await close('wrong horse')).to.deep.equal({ type: 'wrong' });
      expect(await close(PASSWORD)).to.deep.equal({ type: 'done', ended: [identity.session] });

      expect(store.sessions.size).to.equal(0);
      expect((await accounts.account(id))?.username).to.equal(`deleted-${id.slice(0, 8)}`);
      expect(await accounts.accountNamed('ann')).to.equal(null);
      for (const name of ['ann', `deleted-${id.slice(0, 8)}`, `deleted ${id}`]) {
        expect(await login(name, PASSWORD), name).to.deep.equal({ type: 'wrong' });
      }
      expect((await register('ann')).id).to.not.equal(id);
    });

    it('is over: what comes later with the session finds nothing to close', async () => {
      const { accounts, store, register, login } = world();
      await register('ann');
      const identity = await accounts.authenticate(loggedIn(await login('ann', PASSWORD)).token);
      if (!identity) throw new Error('not logged in');
      store.accounts.clear();

      expect(await accounts.close({ identity, password: PASSWORD, address: HERE })).to.deep.equal({ type: 'wrong' });
    });
  });

  describe('a ban', () => {
    it('ends all sessions and refuses who has the password, with the reason, until it is lifted', async () => {
      const { accounts, register, login } = world();
      const { id } = await register('ann');
      const { token } = loggedIn(await login('ann', PASSWORD));
      const session = (await accounts.authenticate(token))?.session;

      expect(await accounts.ban(id, 'spam')).to.deep.equal({ type: 'banned', ended: [session] });

      expect(await accounts.authenticate(token)).to.equal(null);
      expect(await login('ann', PASSWORD)).to.deep.equal({ type: 'banned', reason: 'spam' });
      expect(await login('ann', 'wrong horse')).to.deep.equal({ type: 'wrong' });
      expect(await accounts.liftBan(id)).to.equal(true);
      expect((await login('ann', PASSWORD)).type).to.equal('logged_in');
    });

    it('leaves no session to a login that was under way', async () => {
      const { accounts, store, register, login } = world();
      const { id } = await register('ann');
      store.beforeLogIn = async () => {
        store.beforeLogIn = null;
        await accounts.ban(id, '');
      };

      expect(await login('ann', PASSWORD)).to.deep.equal({ type: 'banned', reason: '' });
      expect(store.sessions.size).to.equal(0);
    });

    it('is not for who has the debug role, nor for nobody', async () => {
      const { accounts, register } = world({ debugUsers: ['root'] });
      const { id } = await register('Root');

      expect(await accounts.ban(id, '')).to.deep.equal({ type: 'operator' });
      expect(await accounts.ban(newUuid(), '')).to.deep.equal({ type: 'unknown' });
      expect(await accounts.liftBan(newUuid())).to.equal(false);
    });
  });

  it('work with real hashes', async () => {
    const hasher = new BcryptHasher();
    try {
      const { register, login } = world({}, new MemoryAccounts(), hasher);
      await register('ann');

      expect((await login('ann', PASSWORD)).type).to.equal('logged_in');
      expect(await login('ann', 'wrong horse')).to.deep.equal({ type: 'wrong' });
      expect(await login('nobody', 'wrong horse')).to.deep.equal({ type: 'wrong' });
    } finally {
      await hasher.close();
    }
  });
});

function world(changes: Partial<AccountSettings> = {}, store = new MemoryAccounts(), realHasher?: BcryptHasher) {
  const clock = new FakeClock();
  const hasher = new RecordingHasher();
  const telemetry = new RecordingTelemetry();
  const defaults = { bcryptCost: 4, debugUsers: [], loginFailuresPerMinute: 10, passwordMinLength: 8, sessionTtlSeconds: 0 };
  const settings: AccountSettings = { ...defaults, ...changes };
  const accounts = new PlayerAccounts({ store, hasher: realHasher ?? hasher, clock, settings, telemetry });
  const register = async (username: string, password = PASSWORD) => {
    const outcome = await accounts.register({ username, password, fromLoopback: true });
    if (outcome.type !== 'registered') throw new Error(`${username}: ${outcome.type}`);
    return outcome.account;
  };
  const login = (username: string, password: string, address = HERE) => accounts.login({ username, password, address });
  return { accounts, store, clock, hasher, telemetry, register, login };
}

function loggedIn(outcome: LoginOutcome): Extract<LoginOutcome, { type: 'logged_in' }> {
  if (outcome.type !== 'logged_in') throw new Error(`not logged in: ${outcome.type}`);
  return outcome;
}
