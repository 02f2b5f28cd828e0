/**
 * A game of secrets: everybody has a hut with a word in it, and sees nothing but their own. Words are in
 * entities, documents, events, extras, messages, and, where the game goes wrong, in its errors.
 */
import Joi from 'joi';
import type { GameModule, JsonObject, Tick, TickResult } from '../../../games/contract.js';

type Order = { readonly type: 'hide' | 'fail' | 'garble' | 'jam' | 'clear'; readonly word: string };

const order = Joi.object({ type: Joi.any(), word: Joi.string().required() });

const game: GameModule<Order & JsonObject> = {
  name: 'fog',
  init: async (world) => {
    await world.createZone({ name: 'village', width: 50, height: 50 });
    await world.createZone({ name: 'vault', width: 5, height: 5 });
  },
  onTick(tick) {
    const parts = tick.intents.map(({ playerId, data }) => obey(tick, playerId, data));
    const creates = tick.joined
      .filter(({ id }) => !hutOf(tick, id))
      .map(({ id }, index) => ({ x: index, y: 0, metadata: { owner: id, word: '' } }));
    return Object.assign({ creates }, ...parts);
  },
  getPlayerState({ player, state, entities }) {
    const jam = [...entities].find(({ metadata }) => metadata.jams && metadata.owner !== player.id);
    if (jam) throw new Error(`${player.username} must not see ${jam.metadata.word}`);
    const own = (thing: object) => 'owner' in thing && thing.owner === player.id;
    return {
      zone_id: state.zone_id,
      entities: state.entities.filter(({ metadata }) => own(metadata)),
      events: state.events.filter(own),
      document: player.state,
    };
  },
  intents: { hide: order, fail: order, garble: order, jam: order, clear: order },
  routes(api) {
    api.get('/see/:zone', ({ player, params }) => api.view(String(params.zone), player ?? { id: '', username: '' }));
    api.post('/shout', { schema: Joi.object({ word: Joi.string() }) }, ({ body }) => {
      throw new Error(`a route failed with ${(body as { word: string }).word}`); // its schema saw to it
    });
  },
  place: (_, zones) => zones.find(({ name }) => name === 'village')?.id ?? null,
  admit(zone, { username }) {
    if (zone.name === 'vault') throw new Error(`the vault is closed to ${username}`);
    return true;
  },
};

export default game;

function obey(tick: Tick, playerId: string, { type, word }: Order): TickResult {
  const hut = hutOf(tick, playerId);
  if (!hut) return {};
  const metadata = { owner: playerId, word };
  switch (type) {
    case 'hide':
      return {
        updates: [{ id: hut.id, metadata }],
        events: [metadata],
        extras: { words: { [playerId]: word } },
        messages: [{ playerId, type: 'secret', word }],
        playerStates: [{ playerId, state: { word } }],
      };
    case 'fail':
      throw new Error(`the game failed over ${word}`);
    case 'garble':
      return { updates: [{ id: hut.id, metadata }], events: [metadata], deletes: ['no such hut'] };
    case 'jam':
      return { updates: [{ id: hut.id, metadata: { ...metadata, jams: true } }] };
    case 'clear':
      return { updates: [{ id: hut.id, metadata }] };
  }
}

function hutOf({ entities }: Tick, playerId: string) {
  return [...entities].find(({ metadata }) => metadata.owner === playerId);
}
