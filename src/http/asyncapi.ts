/**
 * The AsyncAPI document of the WebSocket, made from the table of its messages; those that the game declares are in it
 * too, with their schemas where those are Joi's.
 */
import Joi from 'joi';
import toSwaggerModule from 'joi-to-swagger';
import type { GameModule, Schema } from '../../games/contract.js';
import { MESSAGE_TABLE, type MessageFacts } from '../ws/message-table.js';

// CommonJS with a `default` of its own: node's default import is the module around it.
const joiToSwagger = toSwaggerModule.default;

type Declared = Pick<GameModule, 'intents' | 'messages'>;
/** `isGames`: the game has declared it. */
type Message = MessageFacts & { readonly isGames?: boolean };

/** The whole document, for AsyncAPI 3.0. */
export function asyncApiDocument(game: Declared, version: string): object {
  const table: readonly Message[] = [...MESSAGE_TABLE, ...declaredBy(game)];
  const ofChannel = (side: MessageFacts['from']) =>
    table.filter(({ from }) => from === side).map((facts) => ({ $ref: `#/channels/ws/messages/${keyOf(facts)}` }));
  return {
    asyncapi: '3.0.0',
    info: { title: 'Gridstead', version, description: 'The WebSocket. Accounts, zones and debug calls go over REST.' },
    channels: {
      ws: {
        address: '/ws',
        messages: Object.fromEntries(table.map((facts) => [keyOf(facts), { $ref: `#/components/messages/${keyOf(facts)}` }])),
        bindings: { ws: {} },
      },
    },
    operations: {
      hear: {
        action: 'receive',
        channel: { $ref: '#/channels/ws' },
        summary: 'What a client sends',
        messages: ofChannel('client'),
      },
      say: {
        action: 'send',
        channel: { $ref: '#/channels/ws' },
        summary: 'What the server sends',
        messages: ofChannel('server'),
      },
    },
    components: { messages: Object.fromEntries(table.map((facts) => [keyOf(facts), messageOf(facts)])) },
  };
}

/** An intent is a message of type `intent` with this `data`; a declared message is one of its own type. */
function declaredBy({ intents = {}, messages = {} }: Declared): readonly Message[] {
  const own = Object.entries(messages).map(([type, schema]): Message => {
    const fields = joiOf(schema) ?? Joi.object().unknown(true);
    const schemaOf = fields.append({ type: Joi.valid(type).required(), seq: Joi.number().integer().min(1) });
    return { from: 'client', type, summary: 'Declared by the game', schema: schemaOf, isGames: true };
  });
  const asked = Object.entries(intents).map(([type, schema]): Message => {
    const data = joiOf(schema) ?? Joi.object({ type: Joi.valid(type) }).unknown(true);
    const schemaOf = Joi.object({
      type: Joi.valid('intent').required(),
      data: data.required(),
      seq: Joi.number().integer().min(1),
    });
    return { from: 'client', type: `intent.${type}`, summary: 'An intent of the game', schema: schemaOf, isGames: true };
  });
  return [...own, ...asked];
}

/** null: it validates as Joi does, and is none of Joi's objects. */
function joiOf(schema: Schema): Joi.ObjectSchema | null {
  return Joi.isSchema(schema) && schema.type === 'object' ? (schema as Joi.ObjectSchema) : null; // its type says so
}

function keyOf({ type }: Message): string {
  return type.replace(/[^\w.-]/g, '_');
}

function messageOf({ type, summary, schema, isGames }: Message): object {
  const tags = isGames ? { tags: [{ name: 'game' }] } : {};
  return { name: type, title: type, summary, ...tags, contentType: 'application/json', payload: joiToSwagger(schema).swagger };
}
