/**
 * The state that a player was sent, beside the one that the game shows it: read as a client reads it, and where it says something else.
 */
import { isDeepStrictEqual } from 'node:util';
import type { SentView } from '../../actors/players/witness.js';
import { BinaryDecoder } from '../../client/index.js';
import type { JsonObject } from '../../games/contract.js';
import { isObject } from '../simulation/plain-json.js';

/** `entity`: whose field it is; null: it stands beside the entities. */
export interface Strange {
  readonly entity: string | null;
  readonly what: string;
}

/** Throws when a client could not read it. */
export function stateOf({ encoding, body }: Pick<SentView, 'encoding' | 'body'>): unknown {
  const message = encoding === 'json' ? fromText(body) : new BinaryDecoder().decode(Uint8Array.of(...TICK_WITHOUT_ACK, ...body));
  return message.state;
}

const TICK_WITHOUT_ACK = [1, 0];

function fromText(body: Uint8Array): { readonly state?: unknown } {
  const message: { readonly state?: unknown } = JSON.parse(`{${Buffer.from(body).toString()}`); // the text of an object: it has its braces
  return message;
}

/** Where the two say something else; [] when they say the same. Entities have no order. */
export function strangeIn(sent: unknown, shown: JsonObject): readonly Strange[] {
  if (!isObject(sent)) return [{ entity: null, what: 'a state that is no object' }];
  const [sentEntities, shownEntities] = [byId(sent.entities), byId(shown.entities)];
  const entities = sentEntities && shownEntities ? strangeEntities(sentEntities, shownEntities) : [];
  return [...entities, ...strangeOthers(sent, shown)];
}

function strangeEntities(sent: ReadonlyMap<string, object>, shown: ReadonlyMap<string, object>): Strange[] {
  const surplus = [...sent].flatMap(([entity, fields]): Strange[] => {
    const wanted = shown.get(entity);
    if (!wanted) return [{ entity, what: `entity ${entity}, which the game does not show it` }];
    return namesThatDiffer(fields, wanted).map((name) => ({
      entity,
      what: `another ${name} of entity ${entity} than the game shows`,
    }));
  });
  const missing = [...shown.keys()].filter((entity) => !sent.has(entity));
  return [
    ...surplus,
    ...missing.map((entity) => ({ entity, what: `a state without entity ${entity}, which the game shows it` })),
  ];
}

/**
 * What comes of events cannot be asked for again: a view that is asked for later is given none. So what stands beside the entities
 * is compared where it can be seen that there were none.
 */
function strangeOthers(sent: Fields, shown: Fields): Strange[] {
  if (!isNone(sent.events) || !isNone(shown.events)) return [];
  return namesThatDiffer(sent, shown)
    .filter((name) => name !== 'entities')
    .map((name) => ({ entity: null, what: `another ${name} than the game shows` }));
}

type Fields = Readonly<Record<string, unknown>>;

function namesThatDiffer(some: object, others: object): string[] {
  const [one, other]: readonly [Fields, Fields] = [{ ...some }, { ...others }];
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].filter((name) => !isDeepStrictEqual(one[name], other[name]));
}

/** null: these are no entities that each have an id of their own. */
function byId(list: unknown): ReadonlyMap<string, object> | null {
  if (!Array.isArray(list)) return null;
  const entities = new Map(list.flatMap((entity): [string, object][] => (isObject(entity) ? [[String(entity.id), entity]] : [])));
  return entities.size === list.length ? entities : null;
}

function isNone(events: unknown): boolean {
  return Array.isArray(events) && events.length === 0;
}
