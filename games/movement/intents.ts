/**
 * What a player may ask for. The schemas are checked before an intent is queued, so the rules get
 * exactly the types below and check only what depends on the world.
 */
import Joi from 'joi';

export type Intent =
  /** One cell in any of eight directions; one step each tick, further ones are refused. */
  | { readonly type: 'move'; readonly dx: number; readonly dy: number }
  /** Takes what lies under the walker. */
  | { readonly type: 'pick_up' }
  /** Lays something down under the walker. */
  | { readonly type: 'drop'; readonly item: string }
  /** Heard by those who see the walker. */
  | { readonly type: 'say'; readonly text: string };

export const intents: Record<Intent['type'], Joi.ObjectSchema> = {
  move: intent('move', { dx: direction(), dy: direction() }),
  pick_up: intent('pick_up', {}),
  drop: intent('drop', { item: Joi.string().max(40).required() }),
  say: intent('say', { text: Joi.string().max(120).required() }),
};

/** Unknown fields are refused, and "1" is not taken for 1. */
function intent(type: Intent['type'], fields: Joi.PartialSchemaMap): Joi.ObjectSchema {
  return Joi.object({ type: Joi.valid(type).required(), ...fields }).prefs({ convert: false });
}

function direction(): Joi.NumberSchema {
  return Joi.number().integer().min(-1).max(1).required();
}
