/**
 * What a game accepts from its players: its schemas, looked up by type. Built once at start, with a predicate
 * for each schema that has one: it says yes to nearly all that comes, and Joi explains the rest.
 * A refusal's text names the field and the rule that was broken; it never holds text of the game's own errors.
 */
import type { GameModule, JsonObject, Schema } from '../../games/contract.js';
import { compilePredicate, type Predicate } from './predicate.js';

/** `data`: as the schema returns it, with its defaults filled in. */
export type Check = { readonly ok: true; readonly data: JsonObject } | { readonly ok: false; readonly message: string };

/** What the socket edge asks of the game. */
export interface GameChecks {
  /** `data` of an `intent` message. */
  checkIntent(data: JsonObject): Check;
  /** A message whose type is not the protocol's: the game may have declared it. */
  checkMessage(type: string, message: JsonObject): Check | 'unknown';
}

/** The checks of a game module. Without `intents`, any object is an intent. */
export function gameChecks(game: Pick<GameModule, 'intents' | 'messages'>): GameChecks {
  const intents = game.intents ? rulesByType(game.intents) : null;
  const messages = rulesByType(game.messages ?? {});
  return {
    checkIntent(data) {
      if (!intents) return { ok: true, data };
      const rule = typeof data.type === 'string' ? intents.get(data.type) : undefined;
      return rule ? check(rule, data) : { ok: false, message: 'data.type is none of the types of this game' };
    },
    checkMessage(type, message) {
      const rule = messages.get(type);
      return rule ? checkWithoutSeq(rule, message) : 'unknown';
    },
  };
}

interface Rule {
  readonly schema: Schema;
  /** null: only the schema knows. */
  readonly accepts: Predicate | null;
}

/** A map, not a record: `rules['constructor']` must find nothing. */
function rulesByType(schemas: Readonly<Record<string, Schema>>): ReadonlyMap<string, Rule> {
  return new Map(Object.entries(schemas).map(([type, schema]) => [type, { schema, accepts: compilePredicate(schema) }]));
}

/** `seq` belongs to the protocol: a schema need not list it, and `data` is nevertheless the whole message. */
function checkWithoutSeq(rule: Rule, message: JsonObject): Check {
  const { seq, ...own } = message;
  const checked = check(rule, own);
  return checked.ok && seq !== undefined ? { ok: true, data: { ...checked.data, seq } } : checked;
}

function check({ schema, accepts }: Rule, data: JsonObject): Check {
  try {
    if (accepts?.(data)) return { ok: true, data };
    const { error, value } = schema.validate(data, SCHEMA_OPTIONS);
    if (error) return { ok: false, message: complaint(error.details?.[0] ?? error) };
    // The schema was given an object and had no complaint: what it returns is that object, defaults filled in.
    return { ok: true, data: value as JsonObject };
  } catch {
    // A rule that throws refuses; what it threw is the game's and not for clients.
    return { ok: false, message: REFUSED };
  }
}

/** "5" is not 5: a client that sends strings for numbers is told so. */
const SCHEMA_OPTIONS = { convert: false, abortEarly: true };

const REFUSED = 'refused by the rules of this game';
const MAX_COMPLAINT_LENGTH = 200;

function complaint(error: { readonly message: string; readonly type?: string }): string {
  // Joi quotes what a custom rule threw.
  return error.type === 'any.custom' ? REFUSED : error.message.slice(0, MAX_COMPLAINT_LENGTH);
}
