/**
 * What an operator can see and do about a player, for the debug role: find the account, end its session, keep it out, and have its
 * document written.
 */
import Joi from 'joi';
import type { WorldControl } from '../../../actors/control.js';
import type { Account, Accounts } from '../../auth/ports.js';
import { failure, NO_CONTENT, ok, type Reply } from '../reply.js';
import { playerRoute, type Route, type RouteFacts } from '../route.js';
import { foundPlayerShape, isoTime, playerPath, savedPlayerShape } from '../shapes.js';

export interface PlayerRouteDeps {
  readonly world: Pick<WorldControl, 'checkpointPlayer' | 'sessionEnded' | 'sessionOf'>;
  readonly accounts: Pick<Accounts, 'account' | 'accountNamed' | 'ban' | 'liftBan' | 'logout'>;
}

const DEBUG = { auth: 'debug', tag: 'debug' } as const satisfies Partial<RouteFacts>;
const ORDER = { ...DEBUG, method: 'post', responses: { 204: null } } as const satisfies Partial<RouteFacts>;

export function playerRoutes(deps: PlayerRouteDeps): readonly Route[] {
  return [findRoute(deps), kickRoute(deps), banRoute(deps), unbanRoute(deps), checkpointRoute(deps)];
}

function findRoute({ accounts }: PlayerRouteDeps): Route {
  return playerRoute({
    ...DEBUG,
    method: 'get',
    path: '/api/debug/players',
    summary: 'The account with a name, however that is spelled',
    query: Joi.object<{ username: string }>({ username: Joi.string().required() }),
    responses: { 200: foundPlayerShape },
    refusals: ['not_found'],
    async handle({ query: { username } }): Promise<Reply> {
      const account = await accounts.accountNamed(username);
      return account ? ok(foundPlayer(account)) : failure('not_found', 'there is no player with this name');
    },
  });
}

function kickRoute({ world, accounts }: PlayerRouteDeps): Route {
  return playerRoute({
    ...ORDER,
    path: '/api/debug/players/:id/kick',
    summary: 'End the session that a player is connected with: its sockets close with 4401',
    params: playerPath,
    refusals: ['conflict'],
    async handle({ params: { id } }): Promise<Reply> {
      if (!(await accounts.account(id))) return noSuchPlayer();
      const session = world.sessionOf(id);
      if (!session) return failure('conflict', 'the player is not connected');
      await accounts.logout(session);
      world.sessionEnded(session);
      return NO_CONTENT;
    },
  });
}

function banRoute({ world, accounts }: PlayerRouteDeps): Route {
  return playerRoute({
    ...ORDER,
    path: '/api/debug/players/:id/ban',
    summary: 'End all sessions of a player, and refuse its logins from now on, with the reason; a second ban replaces the reason',
    params: playerPath,
    body: Joi.object<{ reason: string }>({ reason: Joi.string().allow('').max(MAX_REASON).default('') }),
    refusals: ['conflict'],
    async handle({ params: { id }, body: { reason } }): Promise<Reply> {
      const outcome = await accounts.ban(id, reason);
      if (outcome.type === 'unknown') return noSuchPlayer();
      if (outcome.type === 'operator') return failure('conflict', 'this player has the debug role');
      for (const session of outcome.ended) world.sessionEnded(session);
      return NO_CONTENT;
    },
  });
}

function unbanRoute({ accounts }: PlayerRouteDeps): Route {
  return playerRoute({
    ...ORDER,
    path: '/api/debug/players/:id/unban',
    summary: 'Let a player that is banned log in again',
    params: playerPath,
    async handle({ params: { id } }): Promise<Reply> {
      return (await accounts.liftBan(id)) ? NO_CONTENT : noSuchPlayer();
    },
  });
}

function checkpointRoute({ world, accounts }: PlayerRouteDeps): Route {
  return playerRoute({
    ...DEBUG,
    method: 'post',
    path: '/api/debug/players/:id/checkpoint',
    summary:
      "Write a player's document now, wherever it is; answers once that is durable (a zone's checkpoint is behind its journal otherwise)",
    params: playerPath,
    responses: { 200: savedPlayerShape },
    async handle({ params: { id } }): Promise<Reply> {
      const account = await accounts.account(id);
      if (!account) return noSuchPlayer();
      const { zone, document } = await world.checkpointPlayer(account);
      return ok({ player_id: id, zone_id: zone, state: document });
    },
  });
}

function foundPlayer({ id, username, createdAtMs, lastLoginMs, ban }: Account): object {
  const last_login = lastLoginMs === null ? null : isoTime(lastLoginMs);
  const banned = ban && { at: isoTime(ban.atMs), reason: ban.reason };
  return { player_id: id, username, created_at: isoTime(createdAtMs), last_login, banned };
}

function noSuchPlayer(): Reply {
  return failure('not_found', 'there is no player with this id');
}

/** Characters. */
const MAX_REASON = 200;
