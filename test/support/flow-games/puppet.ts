/**
 * A game that does what its players say, so that a test can script any tick over the public wire. What a zone
 * is like is in its public metadata (`Stage`). Each tick in which something came in is noted in an entity of the
 * zone, the *log*: it is committed with the tick, so that it shows each transition as committed ticks saw it.
 */
import Joi from 'joi';
import type { GameModule, GameRoutes, JsonObject, Player, PlayerView, Tick, TickResult, Zone } from '../../../games/contract.js';

/** What a test writes into a zone's metadata. */
export interface Stage {
  /** Each tick of the zone goes wrong in this way: always, or while a bomb is there, or those with even numbers. */
  readonly fails?: 'throws' | 'promise' | 'nonsense' | 'outside';
  readonly failsWhile?: 'bomb' | 'even';
  /** Who may enter; absent: everybody. A number: so many. */
  readonly admits?: 'nobody' | 'vip' | 'thrower' | 'sleeper' | number;
  /** A zone to which each tick sends every entity that is a ball, back and forth. */
  readonly throwsTo?: string;
}

/** One committed tick, as the log has it. Players by name. */
export interface LogEntry {
  readonly tick: number;
  readonly now: number;
  readonly elapsed: number;
  readonly players: readonly string[];
  readonly joined: readonly string[];
  readonly left: readonly string[];
  /** Documents of those who joined or left, by name. */
  readonly documents: JsonObject;
  readonly returned: readonly JsonObject[];
  /** `note` of each intent that has one. */
  readonly notes: readonly unknown[];
  /** How many were there when the tick began. */
  readonly entities: number;
}

/** Nothing came in, and the tick is noted all the same: somebody asked to be woken and forgot to clear it. */
type Log = { readonly log: readonly LogEntry[]; readonly due: number | null };

type Order = JsonObject & { readonly type: string };

const game: GameModule<Order> = {
  name: 'puppet',
  onTick(tick) {
    const nonsense = misbehave(tick);
    // What is returned here is for the framework to refuse.
    if (nonsense !== undefined) return nonsense as TickResult;
    const orders = tick.intents.map(({ data }) => data);
    const special = orders.find(({ type }) => type === 'answer' || type === 'special');
    if (special) return (special.type === 'answer' ? special.value : SPECIAL[String(special.what)]?.(tick)) as TickResult;
    const parts = [...orders.map((order) => obey(tick, order)), throwBalls(tick)];
    return merge([...parts, { updates: [], ...noteDown(tick, parts) }]);
  },
  getPlayerState: ({ player, state, entities }: PlayerView) => {
    const wish = player.state?.view;
    if (wish === 'throw') throw new Error('a view of the puppet failed: CANARY-VIEW');
    // A view that is none, for the framework to refuse.
    if (wish === 'null') return null as unknown as object;
    if (wish === 'promise') return Promise.reject(new Error('late view'));
    if (wish === 'count') return { count: entities.size };
    return { ...state, entities: state.entities.filter(({ metadata }) => metadata.log === undefined) };
  },
  intents: {
    do: Joi.object({ type: Joi.any(), note: Joi.any(), result: Joi.object().required() }),
    wake: Joi.object({ type: Joi.any(), inMs: Joi.number().allow(null).required() }),
    note: Joi.object({ type: Joi.any(), note: Joi.any().required(), size: Joi.number().default(1) }),
    answer: Joi.object({ type: Joi.any(), value: Joi.any() }),
    special: Joi.object({ type: Joi.any(), what: Joi.string().required() }),
    widen: Joi.object({ type: Joi.any(), width: Joi.number().default(3) }),
    dawdle: Joi.object({ type: Joi.any(), ms: Joi.number().required() }),
    throw: Joi.object({ type: Joi.any() }),
    hang: Joi.object({ type: Joi.any() }),
    stray: Joi.object({ type: Joi.any() }),
    strict: Joi.object({
      type: Joi.any(),
      secret: Joi.custom(() => {
        throw new Error('CANARY-SCHEMA');
      }),
    }),
  },
  messages: { shout: Joi.object({ type: Joi.any(), text: Joi.string().max(20).required() }) },
  routes: mountRoutes,
  place: (player, zones) => placeFor(player, zones),
  admit: (zone, player, present) => admits(zone, player, present),
};

export default game;

// ─── what a tick does ───

function misbehave({ zone, entities, tickNumber }: Tick): unknown {
  const { fails, failsWhile } = zone.metadata as Stage;
  if (failsWhile === 'bomb' && ![...entities].some(({ metadata }) => metadata.bomb)) return undefined;
  if (failsWhile === 'even' && tickNumber % 2 === 1) return undefined;
  switch (fails) {
    case 'throws':
      throw new Error('CANARY-THROW');
    case 'promise':
      return Promise.reject(new Error('late'));
    case 'nonsense':
      return 42;
    case 'outside':
      return { creates: [{ x: zone.width, y: 0 }] };
    default:
      return undefined;
  }
}

function obey(tick: Tick, order: Order): TickResult {
  switch (order.type) {
    case 'do':
      return order.result as TickResult; // the test's own words
    case 'wake':
      return { wakeAt: order.inMs === null ? null : tick.now + Number(order.inMs) };
    case 'widen':
      return { creates: [{ x: 0, y: 0, width: Number(order.width) }] };
    case 'dawdle':
      busy(Number(order.ms));
      return {};
    case 'shout':
      return { events: [{ heard: order }] };
    case 'throw':
      throw new Error('CANARY-THROW');
    case 'hang':
      for (;;);
    case 'stray':
      Promise.reject(new Error('a promise that nobody waits for'));
      setTimeout(() => {
        throw new Error('a timer that nobody owns');
      }, 1);
      return {};
    default:
      return {};
  }
}

function throwBalls({ zone, entities }: Tick): TickResult {
  const { throwsTo } = zone.metadata as Stage;
  if (!throwsTo) return {};
  const balls = [...entities].filter(({ metadata }) => metadata.ball);
  return { transfers: balls.map(({ id, x, y }) => ({ id, toZone: throwsTo, x, y })) };
}

const LISTS = ['creates', 'updates', 'transfers', 'deletes', 'events', 'messages', 'playerStates'] as const;

function merge(parts: readonly TickResult[]): TickResult {
  const lists = LISTS.map((key) => [key, parts.flatMap((part) => (part[key] as readonly unknown[]) ?? [])]);
  return { ...Object.assign({}, ...parts), ...Object.fromEntries(lists) };
}

/** Nothing where nothing came in, except at the time at which somebody wished the zone to be awake. */
function noteDown(tick: Tick<Order>, parts: readonly TickResult[]): TickResult {
  const { joined, left, returned, intents, players } = tick;
  const standing = [...tick.entities].find(({ metadata }) => metadata.log);
  const { log, due } = (standing?.metadata ?? { log: [], due: null }) as unknown as Log; // this game wrote it
  const woke = due !== null && tick.now >= due;
  if (!woke && joined.length + left.length + returned.length + intents.length === 0) return {};
  const notes = intents.flatMap(({ data, seq }) =>
    data.note === undefined ? [] : [seq === undefined ? data.note : [seq, data.note]],
  );
  const entry: LogEntry = {
    tick: tick.tickNumber,
    now: tick.now,
    elapsed: tick.elapsedMs,
    players: players.map(({ username }) => username),
    joined: joined.map(({ username }) => username),
    left: left.map(({ username }) => username),
    documents: Object.fromEntries([...joined, ...left].map(({ username, state }) => [username, state])),
    returned: returned.map(({ id, toZone, reason }) => ({ id, toZone, reason })),
    notes: woke ? [...notes, 'woke'] : notes,
    entities: tick.entities.size,
  };
  const wish = parts.findLast((part) => part.wakeAt !== undefined)?.wakeAt;
  const metadata = { log: [...log, entry], due: wish ?? (woke ? null : due) };
  return standing ? { updates: [{ id: standing.id, metadata }] } : { creates: [{ x: 0, y: 0, width: 0, height: 0, metadata }] };
}

// ─── answers that JSON cannot carry, and attempts on what was given ───

const SPECIAL: Record<string, (tick: Tick) => unknown> = {
  undefined: () => undefined,
  promise: () => Promise.resolve({}),
  rejection: () => Promise.reject(new Error('late')),
  cycle: () => {
    const metadata: Record<string, unknown> = {};
    metadata.self = metadata;
    return { creates: [{ x: 0, y: 0, metadata }] };
  },
  nan: () => ({ creates: [{ x: 0, y: 0, metadata: { n: Number.NaN } }] }),
  infinite: () => ({ creates: [{ x: Number.POSITIVE_INFINITY, y: 0 }] }),
  date: () => ({ creates: [{ x: 0, y: 0, metadata: { at: new Date() } }] }),
  function: () => ({ extras: { f: () => 1 } }),
  getter: () => ({
    get creates(): never {
      throw new Error('CANARY-GETTER');
    },
  }),
  hugeint: () => ({ creates: [{ x: 2 ** 53, y: 0 }] }),
  /** Tries to write to everything it gets, and tells how often it got away with it. */
  hostile: (tick) => ({ extras: { damage: vandalise(tick) } }),
  /** In the wrong order on purpose: the framework's is creates, updates, transfers, deletes. */
  order: (tick) => {
    const [kept, gone] = [tick.newId(), tick.newId()];
    return {
      deletes: [gone],
      updates: [
        { id: kept, x: 2 },
        { id: kept, x: 3, metadata: { step: 2 } },
        { id: kept, metadata: { step: 3 } },
      ],
      creates: [
        { id: kept, x: 1, y: 1, metadata: { step: 1 } },
        { id: gone, x: 1, y: 1 },
      ],
    };
  },
  stolenid: () => ({ creates: [{ id: '7f269b06-e133-4d02-a490-852ef61e77b0', x: 0, y: 0 }] }),
  /** The deterministic part of a tick. */
  dice: (tick) => ({ extras: { dice: [tick.random(), tick.random()], ids: [tick.newId(), tick.newId()] } }),
};

function vandalise(tick: Tick): string[] {
  const damage: string[] = [];
  const seen = new Set<unknown>();
  const spoil = (value: unknown, path: string): void => {
    if (value === null || (typeof value !== 'object' && typeof value !== 'function') || seen.has(value)) return;
    seen.add(value);
    for (const key of [...Reflect.ownKeys(value), 'brandNew']) {
      const before = peek(value, key);
      const did = Reflect.set(value, key, 'SPOILT') || (key in value && Reflect.deleteProperty(value, key));
      // A function's own length and name are nobody's state.
      if (did && typeof value !== 'function') damage.push(`${path}.${String(key)}`);
      else if (!did) spoil(before, `${path}.${String(key)}`);
    }
    const prototype: unknown = Object.getPrototypeOf(value);
    if (!SHARED.has(prototype)) spoil(prototype, `${path}.__proto__`);
  };
  spoil(tick, 'tick');
  for (const entity of [
    ...tick.entities,
    ...tick.entities.at(0, 0),
    ...tick.entities.inArea({ x: 0, y: 0, width: 40, height: 40 }),
  ])
    spoil(entity, 'entity');
  const entities = tick.entities as unknown as Record<string, unknown>; // what it might have besides its type
  for (const method of ['set', 'delete', 'clear', 'add', 'insert', 'remove'])
    if (typeof entities[method] === 'function') damage.push(`entities.${method}`);
  return damage;
}

/** The language's own, which every game shares with the server whatever it is given. */
const SHARED: ReadonlySet<unknown> = new Set([null, Object.prototype, Array.prototype, Function.prototype]);

/** A getter of a prototype throws when it is asked without its object. */
function peek(value: object, key: PropertyKey): unknown {
  try {
    return Reflect.get(value, key);
  } catch {
    return undefined;
  }
}

// ─── where players go ───

/** By the first part of the name, so that a test can try each answer. */
function placeFor({ username, state }: Player, zones: readonly Zone[]): string | null {
  const named = (name: unknown) => zones.find((zone) => zone.name === name)?.id ?? null;
  if (state?.home !== undefined) return named(state.home);
  switch (username.split('-')[0]) {
    case 'placed':
      return named('hall');
    case 'thrown':
      throw new Error('CANARY-PLACE');
    case 'slow':
      busy(400);
      return named('hall');
    case 'nowhere':
      return '00000000-0000-4000-8000-000000000000';
    default:
      return null;
  }
}

function admits({ metadata }: Zone, { state }: Player, present: number): boolean {
  const { admits: rule } = metadata as Stage;
  if (rule === undefined) return true;
  if (typeof rule === 'number') return present < rule;
  if (rule === 'thrower') throw new Error('CANARY-ADMIT');
  if (rule === 'sleeper') busy(400);
  return rule === 'vip' && state?.vip === true;
}

function busy(ms: number): void {
  const untilMs = Date.now() + ms;
  while (Date.now() < untilMs);
}

// ─── routes ───

function mountRoutes(api: GameRoutes): void {
  api.get(
    '/echo/:word',
    { auth: false, schema: Joi.object({ times: Joi.number().integer().max(3).default(1) }) },
    ({ player, params, query }) => ({
      player,
      word: params.word,
      times: query.times,
    }),
  );
  api.get('/view/:zone', ({ player, params }) => api.view(String(params.zone), known(player)));
  api.post(
    '/order/:zone',
    { schema: Joi.object({ type: Joi.string().required() }).unknown() },
    async ({ player, params, body }) => ({
      fate: await api.intent(String(params.zone), known(player), body as object), // its schema saw to it
    }),
  );
  api.delete('/thing', () => undefined);
  api.get('/throws', () => {
    throw new Error('CANARY-ROUTE');
  });
  api.get('/rejects', async () => {
    throw Object.assign(new Error('CANARY-ROUTE'), { status: 418 });
  });
  api.get('/hangs', () => {
    for (;;);
  });
  api.get('/never', () => new Promise(() => {}));
}

function known(player: { id: string; username: string } | null): { id: string; username: string } {
  if (!player) throw new Error('these routes need a session');
  return player;
}
