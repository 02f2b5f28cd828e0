/**
 * A game for tests of the connection: whatever reaches a tick can be counted afterwards. Numbers that a player
 * notes are kept in its document, each as often as it was applied; who comes and goes, and every tick, is an event.
 * What a zone is like is in its public metadata: `locked` (admits nobody), `haunted` (every tick fails), `bulk` (so many letters
 * in every view).
 */
import Joi from 'joi';
import type { Entity, GameModule, JsonObject, Player, Tick, TickResult } from '../../../games/contract.js';

/** Where a player whose name begins with "guest" is put when it joins. */
export const PARLOUR = 'parlour';
export const GARDEN = 'garden';

type Order = JsonObject & { readonly type: string };

const parlour: GameModule<Order> = {
  name: 'parlour',
  intents: {
    note: Joi.object({ type: Joi.string(), n: Joi.number().integer().required(), pad: Joi.string() }),
    boom: Joi.object({ type: Joi.string() }),
    say: Joi.object({ type: Joi.string(), text: Joi.string().required(), times: Joi.number().integer().default(1) }),
    walk: Joi.object({ type: Joi.string(), to: Joi.string().required() }),
    veil: Joi.object({ type: Joi.string(), on: Joi.boolean().required() }),
  },
  messages: { wave: Joi.object({ type: Joi.string(), n: Joi.number().integer().required() }) },

  async init(world) {
    for (const name of [PARLOUR, GARDEN]) await world.createZone({ name, width: 20, height: 20 });
  },

  onTick(tick) {
    if (tick.zone.metadata.haunted === true) throw new Error('this zone is haunted: CANARY');
    if (tick.intents.some(({ data }) => data.type === 'boom')) throw new Error('boom: CANARY');
    return merge([come(tick), go(tick), walk(tick), note(tick), say(tick), { extras: extrasOf(tick) }]);
  },

  getPlayerState({ player, state }) {
    if (player.state?.veiled === true) throw new Error('nothing can be seen: CANARY');
    return { ...state, you: player.state };
  },

  place: (player, zones) =>
    player.username.startsWith('guest') ? (zones.find(({ name }) => name === PARLOUR)?.id ?? null) : null,
  admit: (zone) => zone.metadata.locked !== true,
};
export default parlour;

function come(tick: Tick<Order>): TickResult {
  const newcomers = tick.joined.filter((player) => !avatarOf(tick, player.id));
  return {
    creates: newcomers.map(({ id, username }) => ({ x: 1, y: 1, metadata: { player: id, name: username } })),
    events: [{ tick: tick.tickNumber }, ...tick.joined.map(({ username }) => ({ joined: username }))],
  };
}

/** The avatar of somebody who is away stays, and waits. */
function go(tick: Tick<Order>): TickResult {
  return { events: tick.left.map(({ username }) => ({ left: username })) };
}

function walk(tick: Tick<Order>): TickResult {
  const transfers = tick.intents.flatMap(({ playerId, data }) => {
    const avatar = avatarOf(tick, playerId);
    return data.type === 'walk' && avatar ? { id: avatar.id, toZone: String(data.to), x: 3, y: 4, follow: [playerId] } : [];
  });
  return { transfers };
}

/** Everything that changes documents, in order of arrival. */
function note(tick: Tick<Order>): TickResult {
  const documents = new Map<string, { notes: unknown[]; veiled: boolean }>();
  const events: object[] = [];
  for (const { playerId, data, seq } of tick.intents) {
    const player = [...tick.players, ...tick.left].find(({ id }) => id === playerId);
    if (data.type !== 'note' && data.type !== 'wave' && data.type !== 'veil') continue;
    if (data.type !== 'veil') events.push({ noted: data.n, seq: seq ?? null, by: player?.username ?? 'a stranger' });
    if (!player) continue;
    const document = documents.get(playerId) ?? documentOf(player);
    if (data.type === 'veil') document.veiled = data.on === true;
    else document.notes.push(data.n);
    documents.set(playerId, document);
  }
  return { events, playerStates: Array.from(documents, ([playerId, state]) => ({ playerId, state })) };
}

function say(tick: Tick<Order>): TickResult {
  const messages = tick.intents.flatMap(({ playerId, data }) => {
    if (data.type !== 'say') return [];
    return Array.from({ length: Number(data.times) }, (_, nth) => ({ playerId, type: 'echo', text: data.text, nth }));
  });
  return { messages };
}

function extrasOf(tick: Tick<Order>): object {
  const bulk = Number(tick.zone.metadata.bulk ?? 0);
  return { here: tick.players.map(({ username }) => username), ...(bulk > 0 && { bulk: 'x'.repeat(bulk) }) };
}

function avatarOf(tick: Tick<Order>, player: string): Entity | undefined {
  return [...tick.entities].find(({ metadata }) => metadata.player === player);
}

function documentOf({ state }: Player): { notes: unknown[]; veiled: boolean } {
  return { notes: Array.isArray(state?.notes) ? [...state.notes] : [], veiled: state?.veiled === true };
}

function merge(parts: readonly TickResult[]): TickResult {
  return {
    creates: parts.flatMap((part) => part.creates ?? []),
    transfers: parts.flatMap((part) => part.transfers ?? []),
    events: parts.flatMap((part) => part.events ?? []),
    messages: parts.flatMap((part) => part.messages ?? []),
    playerStates: parts.flatMap((part) => part.playerStates ?? []),
    extras: Object.assign({}, ...parts.map((part) => part.extras ?? {})),
  };
}
