/**
 * Registering, logging in and out, "who am I", another password, and the end of an account. What a name or a password may be, and what a login
 * costs, is decided by the accounts; these routes give their outcomes a status.
 */
import Joi from 'joi';
import type { Identity, WorldControl } from '../../../actors/control.js';
import { unreachable } from '../../../actors/errors.js';
import type { Accounts, LoginOutcome, OwnAccountOutcome, RegisterOutcome } from '../../auth/ports.js';
import { failure, NO_CONTENT, ok, type Reply, tooMany } from '../reply.js';
import { openRoute, playerRoute, type Route, type RouteFacts } from '../route.js';
import { accountShape, isoTime, loginShape, meShape } from '../shapes.js';

export interface AccountRouteDeps {
  readonly accounts: Accounts;
  readonly world: Pick<WorldControl, 'sessionEnded'>;
}

export function accountRoutes({ accounts, world }: AccountRouteDeps): readonly Route[] {
  return [
    openRoute({
      method: 'post',
      path: '/api/auth/register',
      tag: 'accounts',
      summary: 'Make an account',
      limited: true,
      body: credentials,
      responses: { 201: accountShape },
      refusals: ['conflict'],
      handle: async ({ body, isLocal }) => registered(await accounts.register({ ...body, fromLoopback: isLocal })),
    }),
    openRoute({
      method: 'post',
      path: '/api/auth/login',
      tag: 'accounts',
      summary: 'Log in: a token for all other calls and for the WebSocket',
      limited: true,
      body: credentials,
      responses: { 200: loginShape },
      refusals: ['unauthorized', 'forbidden'],
      handle: async ({ body, address }) => loggedIn(await accounts.login({ ...body, address })),
    }),
    playerRoute({
      method: 'post',
      path: '/api/auth/logout',
      auth: 'player',
      tag: 'accounts',
      summary: 'End the session: its token dies, its sockets are closed',
      responses: { 204: null },
      async handle({ identity }) {
        await accounts.logout(identity.session);
        world.sessionEnded(identity.session);
        return NO_CONTENT;
      },
    }),
    playerRoute({
      method: 'get',
      path: '/api/auth/me',
      auth: 'player',
      tag: 'accounts',
      summary: 'The account that is logged in',
      responses: { 200: meShape },
      handle: ({ identity }) => me(accounts, identity),
    }),
    playerRoute({
      ...OWN,
      method: 'post',
      path: '/api/auth/password',
      summary: "Change the password; the player's other sessions end",
      body: changedPassword,
      async handle({ identity, body: { password, new_password }, address }) {
        return ownAccount(world, await accounts.changePassword({ identity, password, newPassword: new_password, address }));
      },
    }),
    playerRoute({
      ...OWN,
      method: 'post',
      path: '/api/auth/delete',
      summary: 'Delete the account: its name becomes free, its sessions end; what the player did in the world stays',
      body: ownPassword,
      async handle({ identity, body: { password }, address }) {
        return ownAccount(world, await accounts.close({ identity, password, address }));
      },
    }),
  ];
}

/** For who has a session and says the password once more. */
const OWN = {
  auth: 'player',
  tag: 'accounts',
  limited: true,
  responses: { 204: null },
  refusals: ['forbidden'],
} as const satisfies Partial<RouteFacts>;

const credentials = Joi.object<{ username: string; password: string }>({
  username: Joi.string().required(),
  password: Joi.string().required(),
});

const ownPassword = Joi.object<{ password: string }>({ password: Joi.string().required() });
const changedPassword = Joi.object<{ password: string; new_password: string }>({
  password: Joi.string().required(),
  new_password: Joi.string().required(),
});

function registered(outcome: RegisterOutcome): Reply {
  switch (outcome.type) {
    case 'registered': {
      const { id, username, createdAtMs } = outcome.account;
      return ok({ id, username, created_at: isoTime(createdAtMs) }, 201);
    }
    case 'invalid':
      return failure('bad_request', 'no account can be made of this', outcome.details);
    case 'taken':
      return failure('conflict', 'this username is taken');
    case 'busy':
      return tooMany('too many accounts are being made now', outcome.retryAfterS);
    default:
      return unreachable(outcome);
  }
}

function loggedIn(outcome: LoginOutcome): Reply {
  switch (outcome.type) {
    case 'logged_in': {
      const { token, expiresAtMs, account } = outcome;
      const expires_at = expiresAtMs === null ? null : isoTime(expiresAtMs);
      return ok({ token, expires_at, player: { id: account.id, username: account.username } });
    }
    case 'invalid':
      return failure('bad_request', 'nobody can be called this, or have this password', outcome.details);
    case 'banned':
      return failure('forbidden', outcome.reason === '' ? 'this account is banned' : `this account is banned: ${outcome.reason}`);
    case 'wrong':
      return failure('unauthorized', 'wrong username or password');
    case 'too_many':
      return tooMany('too many failed logins', outcome.retryAfterS);
    case 'busy':
      return tooMany('too many logins at this moment', outcome.retryAfterS);
    default:
      return unreachable(outcome);
  }
}

/** A wrong password is no 401 here: the session is as good as before. */
function ownAccount(world: AccountRouteDeps['world'], outcome: OwnAccountOutcome): Reply {
  switch (outcome.type) {
    case 'done':
      for (const session of outcome.ended) world.sessionEnded(session);
      return NO_CONTENT;
    case 'invalid':
      return failure('bad_request', 'this can be no password', outcome.details);
    case 'wrong':
      return failure('forbidden', 'wrong password');
    case 'too_many':
      return tooMany('too many wrong passwords', outcome.retryAfterS);
    case 'busy':
      return tooMany('too many logins at this moment', outcome.retryAfterS);
    default:
      return unreachable(outcome);
  }
}

async function me(accounts: Accounts, identity: Identity): Promise<Reply> {
  const account = await accounts.account(identity.player);
  if (!account) return failure('unauthorized', 'this account is gone');
  const { id, username, createdAtMs, lastLoginMs } = account;
  const last_login = lastLoginMs === null ? null : isoTime(lastLoginMs);
  return ok({ id, username, role: identity.role, created_at: isoTime(createdAtMs), last_login });
}
