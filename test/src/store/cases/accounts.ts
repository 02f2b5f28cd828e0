/** Accounts and sessions: unique names, hashes only, and tokens that die with their session. */
import { expect } from 'chai';
import { newUuid, type PlayerId, type SessionId } from '../../../../actors/ids.js';
import type { Account, Session } from '../../../../src/auth/ports.js';
import type { Fixture } from '../suite.js';

const NOW_MS = Date.UTC(2026, 5, 1, 12, 0, 0, 123);
const HASH = '$2b$10$hash';

export function accountCases(fixture: Fixture): void {
  describe('accounts', () => {
    it('finds an account by its key and by its id, as it was made, after a kill too', async () => {
      const account = accountOf('ada');
      expect(await fixture.store.accounts.create(account)).to.equal(true);

      await fixture.reopen();

      expect(await fixture.store.accounts.byKey('ada')).to.deep.equal(account);
      expect(await fixture.store.accounts.byId(account.id)).to.deep.equal(account);
      expect(await fixture.store.accounts.byKey('nobody')).to.equal(null);
      expect(await fixture.store.accounts.byId(newUuid<PlayerId>())).to.equal(null);
    });

    it('refuses a key that is taken, also when many ask at once', async () => {
      const answers = await Promise.all(Array.from({ length: 10 }, () => fixture.store.accounts.create(accountOf('ada'))));

      expect(answers.filter(Boolean)).to.have.length(1);
    });

    it('remembers a login, and a hash that was made anew', async () => {
      const { accounts } = fixture.store;
      const account = accountOf('ada');
      await accounts.create(account);

      await accounts.logIn(sessionOf(account, null, NOW_MS + 1), { passwordHash: HASH, anew: null });
      expect(await accounts.byId(account.id)).to.deep.equal({ ...account, lastLoginMs: NOW_MS + 1 });

      await accounts.logIn(sessionOf(account, null, NOW_MS + 2), { passwordHash: HASH, anew: 'stronger' });
      expect(await accounts.byId(account.id)).to.deep.equal({ ...account, lastLoginMs: NOW_MS + 2, passwordHash: 'stronger' });
    });

    it('begins no session where the account is not what was checked: another hash, a ban, or nobody', async () => {
      const { accounts } = fixture.store;
      const [changed, banned] = [accountOf('ada'), accountOf('bob')];
      for (const account of [changed, banned]) await accounts.create(account);
      await accounts.replace(changed.id, HASH, { passwordHash: 'another' }, null);
      await accounts.ban(banned.id, { atMs: NOW_MS, reason: 'spam' });

      for (const account of [changed, banned, accountOf('nobody')]) {
        const session = sessionOf(account);
        expect(await accounts.logIn(session, { passwordHash: HASH, anew: 'x' })).to.equal(false);
        expect(await accounts.session(session.tokenHash)).to.equal(null);
      }
      expect((await accounts.byId(changed.id))?.passwordHash).to.equal('another');
      expect((await accounts.byId(banned.id))?.lastLoginMs).to.equal(null);
    });

    it('replaces name and password where they are what was checked, and ends all sessions but one, over a kill', async () => {
      const { accounts, places } = fixture.store;
      const { account, session: spared } = await loggedIn(fixture);
      const open = [await another(fixture, account), await another(fixture, account)];
      const { session: stranger } = await loggedIn(fixture);
      await places.note(account.id, { newest: { hash: 'mine', session: open[0]?.id ?? spared.id } });
      const by = { username: 'Ada', usernameKey: 'ada', passwordHash: 'another' };

      const refused = await accounts.replace(account.id, 'not its hash', by, spared.id);
      const ended = await accounts.replace(account.id, HASH, by, spared.id);
      await fixture.reopen();

      expect(refused).to.equal(null);
      expect(ended).to.have.members(open.map(({ id }) => id));
      expect(await fixture.store.accounts.byKey('ada')).to.deep.equal({ ...account, ...by, lastLoginMs: NOW_MS });
      for (const { tokenHash } of open) expect(await fixture.store.accounts.session(tokenHash)).to.equal(null);
      expect((await fixture.store.places.place(account.id)).newest).to.equal(null);
      for (const { id } of [spared, stranger]) expect(await fixture.store.accounts.sessionLives(id, NOW_MS)).to.equal(true);
    });

    it('bans and ends every session, over a kill, until that is lifted', async () => {
      const { account, session } = await loggedIn(fixture);
      const ban = { atMs: NOW_MS, reason: 'spam' };

      expect(await fixture.store.accounts.ban(account.id, ban)).to.deep.equal([session.id]);
      await fixture.reopen();
      const { accounts } = fixture.store;

      expect((await accounts.byId(account.id))?.ban).to.deep.equal(ban);
      expect(await accounts.session(session.tokenHash)).to.equal(null);
      expect(await accounts.ban(account.id, { ...ban, reason: '' })).to.deep.equal([]);
      expect((await accounts.byId(account.id))?.ban?.reason).to.equal('');
      expect(await accounts.ban(newUuid<PlayerId>(), ban)).to.equal(null);
      await accounts.liftBan(account.id);
      expect((await accounts.byId(account.id))?.ban).to.equal(null);
    });
  });

  describe('sessions', () => {
    it('finds a session and its account by the hash of the token', async () => {
      const { account, session } = await loggedIn(fixture);

      expect(await fixture.store.accounts.session(session.tokenHash)).to.deep.equal({ session, account });
      expect(await fixture.store.accounts.session('no such token')).to.equal(null);
    });

    it('lives until it expires, or for good', async () => {
      const { accounts } = fixture.store;
      const { session: forever } = await loggedIn(fixture);
      const { session: short } = await loggedIn(fixture, NOW_MS + 1_000);

      expect(await accounts.sessionLives(forever.id, Number.MAX_SAFE_INTEGER)).to.equal(true);
      expect(await accounts.sessionLives(short.id, NOW_MS + 999)).to.equal(true);
      expect(await accounts.sessionLives(short.id, NOW_MS + 1_000)).to.equal(false);
      expect(await accounts.sessionLives(newUuid<SessionId>(), NOW_MS)).to.equal(false);
    });

    it('takes the resume tokens that hang on it along, and no others', async () => {
      const { accounts, places } = fixture.store;
      const { account, session } = await loggedIn(fixture);
      const other = { hash: 'other', session: newUuid<SessionId>() };
      await places.note(account.id, { newest: other, spoken: { hash: 'mine', session: session.id } });

      await accounts.endSession(session.id);

      expect(await accounts.session(session.tokenHash)).to.equal(null);
      const place = await places.place(account.id);
      expect([place.newest, place.spoken]).to.deep.equal([other, null]);
    });

    it('ends twice without a complaint', async () => {
      const { session } = await loggedIn(fixture);

      await fixture.store.accounts.endSession(session.id);
      await fixture.store.accounts.endSession(session.id);

      expect(await fixture.store.accounts.sessionLives(session.id, NOW_MS)).to.equal(false);
    });

    it('drops those that have expired, with their resume tokens, and says how many', async () => {
      const { accounts, places } = fixture.store;
      const { account, session } = await loggedIn(fixture, NOW_MS + 1_000);
      const { session: later } = await loggedIn(fixture, NOW_MS + 9_000);
      const { session: forever } = await loggedIn(fixture);
      await places.note(account.id, { newest: { hash: 'mine', session: session.id } });

      expect(await accounts.dropExpiredSessions(NOW_MS + 1_000)).to.equal(1);

      expect(await accounts.session(session.tokenHash)).to.equal(null);
      expect((await places.place(account.id)).newest).to.equal(null);
      for (const one of [later, forever]) expect(await accounts.sessionLives(one.id, NOW_MS)).to.equal(true);
    });
  });
}

function accountOf(name: string): Account {
  const names = { username: name, usernameKey: name };
  return { id: newUuid<PlayerId>(), ...names, passwordHash: HASH, createdAtMs: NOW_MS, lastLoginMs: null, ban: null };
}

function sessionOf({ id: player }: Account, expiresAtMs: number | null = null, createdAtMs = NOW_MS): Session {
  const id = newUuid<SessionId>();
  return { id, player, tokenHash: `hash of ${id}`, createdAtMs, expiresAtMs };
}

async function loggedIn(fixture: Fixture, expiresAtMs: number | null = null): Promise<{ account: Account; session: Session }> {
  const account = accountOf(`player ${newUuid<PlayerId>()}`);
  await fixture.store.accounts.create(account);
  const session = await another(fixture, account, expiresAtMs);
  return { account: { ...account, lastLoginMs: NOW_MS }, session };
}

/** One more session of the account. */
async function another({ store }: Fixture, account: Account, expiresAtMs: number | null = null): Promise<Session> {
  const session = sessionOf(account, expiresAtMs);
  expect(await store.accounts.logIn(session, { passwordHash: HASH, anew: null })).to.equal(true);
  return session;
}
