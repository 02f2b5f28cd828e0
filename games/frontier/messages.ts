/**
 * What a player may ask for, as messages of their own and as intents. The schemas are checked before anything is queued, so
 * the rules get exactly the types below and check only what depends on the world. `seq` is the protocol's.
 */
import Joi from 'joi';

export type Message =
  /** Walk that way until told otherwise. `dt` is what the client believes about time, and is not used. */
  | { readonly type: 'input'; readonly dt?: number; readonly intent: { readonly x: number; readonly z: number } }
  | { readonly type: 'equip'; readonly instance_id: string; readonly slot: string }
  | { readonly type: 'unequip'; readonly slot: string; readonly compartment?: string }
  /** Does what one does with what is worn there, once: it wears, and its user learns. */
  | { readonly type: 'use'; readonly slot: string }
  /** A thing in reach, on this side of a border or on the other. */
  | { readonly type: 'pick_up'; readonly item: string }
  /** Lays down a stack, or some pieces of it. */
  | { readonly type: 'drop'; readonly instance_id: string; readonly quantity?: number };

const id = () => Joi.string().max(64).required();
const name = () => Joi.string().max(32);
const direction = () => Joi.number().min(-1).max(1).required();

export const messages: Record<Message['type'], Joi.ObjectSchema> = {
  input: message('input', { dt: Joi.number(), intent: Joi.object({ x: direction(), z: direction() }).required() }),
  equip: message('equip', { instance_id: id(), slot: name().required() }),
  unequip: message('unequip', { slot: name().required(), compartment: name() }),
  use: message('use', { slot: name().required() }),
  pick_up: message('pick_up', { item: id() }),
  drop: message('drop', { instance_id: id(), quantity: Joi.number().integer().min(1) }),
};

/** Unknown fields are refused, and "1" is not taken for 1. */
function message(type: Message['type'], fields: Joi.PartialSchemaMap): Joi.ObjectSchema {
  return Joi.object({ type: Joi.valid(type).required(), ...fields }).prefs({ convert: false });
}
