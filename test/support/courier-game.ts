/**
 * The game for tests of the running world: everybody has a courier (an entity), which carries notes.
 * Each note is written down once, in the document of the player that asked: that is how a test sees what was
 * applied, and how often. It also shows every way in which a tick can fail, and remembers what it was given.
 */
import type { Entity, GameModule, JsonObject, Player, ReceivedIntent, Tick, TickResult } from '../../games/contract.js';

/** What one tick of one zone was given, by the names of players. */
export interface TickSeen {
  readonly zone: string;
  readonly tick: number;
  readonly players: readonly string[];
  readonly joined: readonly string[];
  readonly left: readonly string[];
  readonly returned: readonly string[];
  readonly notes: readonly string[];
  readonly elapsedMs: number;
}

/** What a player may ask for. */
export type CourierIntent =
  /** Written into the player's own document. */
  | { readonly type: 'note'; readonly note: string }
  /** The courier goes to another zone, by its id; its player follows. */
  | { readonly type: 'go'; readonly to: string; readonly x?: number }
  /** The zone's first crate goes there; nobody follows. `cursed`: its tick of arrival fails. */
  | { readonly type: 'ship'; readonly to: string; readonly cursed?: boolean }
  | { readonly type: 'crate' }
  /** The other zone hears of it, and writes it on its sign behind what it has heard before; at 'curse' its tick fails. */
  | { readonly type: 'tell'; readonly to: string; readonly text: string }
  | { readonly type: 'boom' }
  | { readonly type: 'wake'; readonly inMs: number }
  | { readonly type: 'sign'; readonly text: string };

export interface CourierOptions {
  /** Gets what each tick was given: ticks that failed, or were never shown, too. */
  readonly seen?: TickSeen[];
  /** Names of zones whose every tick fails, by no fault of an intent. */
  readonly failing?: ReadonlySet<string>;
}

export function courierGame({ seen, failing }: CourierOptions = {}): GameModule {
  return {
    name: 'courier',
    onTick(tick) {
      seen?.push(seenOf(tick));
      if (failing?.has(tick.zone.name)) throw new Error('the zone was told to fail');
      const results = [comings(tick), ...tick.intents.map((intent) => answer(tick, intent))];
      failOnCurse(tick);
      return { ...merge(results), ...heard(tick), playerStates: documents(tick), metrics: { intents: tick.intents.length } };
    },
  };
}

/** Notes in a player's document, in the order in which they were applied. */
export function notesOf(document: JsonObject | null | undefined): readonly string[] {
  return Array.isArray(document?.notes) ? document.notes.map(String) : [];
}

function seenOf(tick: Tick): TickSeen {
  const names = (players: readonly Player[]) => players.map(({ username }) => username).sort();
  return {
    zone: tick.zone.name,
    tick: tick.tickNumber,
    players: names(tick.players),
    joined: names(tick.joined),
    left: names(tick.left),
    returned: tick.returned.map(({ reason }) => reason),
    notes: tick.intents.flatMap(({ data }) => (data.type === 'note' ? String(data.note) : [])),
    elapsedMs: tick.elapsedMs,
  };
}

/** A courier for each who has none anywhere yet. */
function comings(tick: Tick): TickResult {
  return {
    creates: tick.joined.filter(({ state }) => state === null).map(({ id }) => ({ x: 0, y: 0, metadata: { courier: id } })),
  };
}

function answer(tick: Tick, { playerId, data }: ReceivedIntent): TickResult {
  switch (data.type) {
    case 'boom':
      throw new Error('the game was asked to fail');
    case 'go':
      return move(courierOf(tick, playerId), data, [playerId]);
    case 'ship':
      return ship(tick, data);
    case 'crate':
      return { creates: [{ x: 5, y: 5, metadata: { crate: true } }] };
    case 'tell':
      return { sends: [{ toZone: String(data.to), data: { text: String(data.text) } }] };
    case 'wake':
      return { wakeAt: tick.now + Number(data.inMs) };
    case 'sign':
      return { zoneMetadata: { sign: data.text } };
    default:
      return {};
  }
}

function courierOf(tick: Tick, playerId: string): Entity | undefined {
  return [...tick.entities].find(({ metadata }) => metadata.courier === playerId);
}

function ship(tick: Tick, data: JsonObject): TickResult {
  const crate = [...tick.entities].find(({ metadata }) => metadata.crate);
  if (!crate) return {};
  const cursed = data.cursed ? [{ id: crate.id, metadata: { crate: true, cursed: tick.zone.id } }] : [];
  return { updates: cursed, ...move(crate, data, []) };
}

function move(entity: Entity | undefined, { to, x }: JsonObject, follow: string[]): TickResult {
  return entity ? { transfers: [{ id: entity.id, toZone: String(to), x: Number(x ?? 1), y: 1, follow }] } : {};
}

/** What has been heard, in the order in which it came; what came back is marked. */
function heard({ effects, zone }: Tick): TickResult {
  if (effects.length === 0) return {};
  const texts = effects.map(({ data, returned }) => (returned ? `${returned}: ${data.text}` : String(data.text)));
  if (texts.includes('curse')) throw new Error('a curse was heard');
  return { zoneMetadata: { ...zone.metadata, heard: [...heardIn(zone.metadata), ...texts] } };
}

/** What a zone has heard so far. */
export function heardIn({ heard: texts }: JsonObject): readonly string[] {
  return Array.isArray(texts) ? texts.map(String) : [];
}

/** A cursed crate is harmless only in the zone where it was cursed. */
function failOnCurse(tick: Tick): void {
  for (const { metadata } of tick.entities) {
    if (metadata.cursed !== undefined && metadata.cursed !== tick.zone.id) throw new Error('a cursed crate has come');
  }
}

/** The documents of those who joined first, or noted something. */
function documents(tick: Tick): NonNullable<TickResult['playerStates']> {
  const present = new Map([...tick.players, ...tick.left].map((player) => [player.id, player]));
  return [...present.values()].flatMap(({ id, state }) => {
    const notes = tick.intents.flatMap(({ playerId, data }) =>
      playerId === id && data.type === 'note' ? String(data.note) : [],
    );
    if (state !== null && notes.length === 0) return [];
    return { playerId: id, state: { notes: [...notesOf(state), ...notes] } };
  });
}

/** A second transfer of one entity would make the tick malformed: the first one counts. */
function merge(results: readonly TickResult[]): TickResult {
  const transfers = results.flatMap((result) => result.transfers ?? []);
  const moved = transfers.filter(({ id }, index) => transfers.findIndex((other) => other.id === id) === index);
  const last: TickResult = Object.assign({}, ...results);
  return {
    ...last,
    creates: results.flatMap((result) => result.creates ?? []),
    updates: results.flatMap((result) => result.updates ?? []),
    transfers: moved,
    sends: results.flatMap((result) => result.sends ?? []),
  };
}
