/**
 * A game made for checking: a bank whose books are so exact that whatever is lost, doubled or taken back shows.
 * A player asks for numbered operations and each is booked in the player's document, and counted in the player's
 * purse (an entity that walks between zones with its player) when it is there. Coins cross zones alone. Each zone keeps a
 * chain: how often its entities changed, and a digest over all these changes, so that two histories that ever
 * parted are different for good. What it all means for a client is judged in `test/flows/chaos/checks.ts`.
 */
import { createHash } from 'node:crypto';
import Joi from 'joi';
import type { Entity, GameModule, JsonObject, Player, PlayerView, Tick, TickResult } from '../../../games/contract.js';

export const BANK_ZONES = ['north', 'south', 'east'] as const;
export const COINS_PER_ZONE = 8;
const SIZE = 32;
/** A zone that nobody is in runs this often, and may send a coin away then. */
const NIGHT_ROUND_MS = 150;

/** What `getPlayerState` shows. */
export interface BankView {
  readonly zone_id: string;
  readonly chain: Chain;
  readonly book: Book;
  /** null: the purse is in another zone. */
  readonly purse: { readonly id: string; readonly ops: number } | null;
}

/** A player's document. */
export interface Book {
  readonly purse: string;
  /** Operations booked: disjoint ascending ranges, both ends included. */
  readonly ops: readonly (readonly [number, number])[];
  /** Operations that came a second time. */
  readonly twice: readonly number[];
  /** How many were booked while the purse was there: what the purse counts too. */
  readonly withPurse: number;
}

export interface Chain {
  readonly height: number;
  readonly digest: string;
  /** How often the zone was stirred. */
  readonly stirs: number;
}

/** `to` is a zone's id: `walk` goes there with the purse, `pay` sends a coin. `stir` changes the zone and no player. */
export type BankIntent = Operation | { readonly type: 'stir' };

/** What is booked. */
export type Operation =
  | { readonly type: 'book'; readonly op: number }
  | { readonly type: 'walk' | 'pay'; readonly op: number; readonly to: string };

const op = Joi.number().integer().min(1).required();
const to = Joi.string().guid().required();

const bank: GameModule<JsonObject & BankIntent> = {
  name: 'bank',
  intents: {
    book: Joi.object({ type: Joi.string(), op }),
    walk: Joi.object({ type: Joi.string(), op, to }),
    pay: Joi.object({ type: Joi.string(), op, to }),
    stir: Joi.object({ type: Joi.string() }),
  },
  async init(world) {
    const zones = [];
    for (const name of BANK_ZONES) zones.push(await world.createZone({ name, width: SIZE, height: SIZE }));
    const ids = zones.map(({ id }) => id);
    for (const { id } of zones) {
      const chain = { x: 0, y: 0, metadata: { kind: 'chain', height: 0, digest: '', stirs: 0, entities: '', zones: ids } };
      const coins = Array.from({ length: COINS_PER_ZONE }, (_, x) => ({ x, y: 1, metadata: { kind: 'coin' } }));
      await world.createEntities(id, [chain, ...coins]);
    }
  },
  place: (_player, zones) => zones[0]?.id ?? null,
  onTick: (tick) => new Turn(tick).result(),
  getPlayerState: show,
};
export default bank;

/** One tick, from what was to what is. */
class Turn {
  readonly #books = new Map<string, Book>();
  readonly #booked = new Set<string>();
  readonly #opened = new Set<string>();
  readonly #purses = new Map<string, { readonly id: string; ops: number }>();
  #stirs = 0;
  readonly #gone = new Map<string, { to: string; follow?: string[] }>();
  readonly #coins: string[];

  constructor(private readonly tick: Tick<JsonObject & BankIntent>) {
    this.#coins = ofKind(tick, 'coin').map(({ id }) => id);
    for (const { id, metadata } of ofKind(tick, 'purse'))
      this.#purses.set(String(metadata.owner), { id, ops: Number(metadata.ops) });
    // Who has just left may have asked for something before.
    for (const player of [...tick.players, ...tick.left]) this.#books.set(player.id, bookOf(player) ?? this.#open(player));
  }

  result(): TickResult {
    const { tick } = this;
    for (const { playerId, data } of tick.intents) this.#do(playerId, data);
    if (tick.players.length === 0) this.#nightRound();
    const purses = [...this.#purses]
      .filter(([owner]) => this.#booked.has(owner))
      .map(([owner, { id, ops }]) => ({ id, metadata: { kind: 'purse', owner, ops } }));
    return {
      creates: [...this.#opened].map((id) => ({ id, x: 1, y: 3, metadata: { kind: 'purse' } })),
      updates: [...purses, ...this.#chained(purses)],
      transfers: [...this.#gone].map(([id, { to, follow }]) => ({ id, toZone: to, x: 2, y: 2, ...(follow && { follow }) })),
      playerStates: [...this.#booked].map((playerId) => ({ playerId, state: this.#books.get(playerId) ?? null })),
      ...(tick.players.length === 0 && { wakeAt: tick.now + NIGHT_ROUND_MS }),
    };
  }

  /** The player's first tick in this world. */
  #open(player: Player): Book {
    const purse = this.tick.newId();
    this.#opened.add(purse);
    this.#booked.add(player.id);
    this.#purses.set(player.id, { id: purse, ops: 0 });
    return { purse, ops: [], twice: [], withPurse: 0 };
  }

  #do(playerId: string, data: BankIntent): void {
    if (data.type === 'stir') this.#stirs += 1;
    else this.#book(playerId, data);
  }

  #book(playerId: string, data: Operation): void {
    const book = this.#books.get(playerId);
    if (!book) return;
    const purse = this.#purses.get(playerId);
    const twice = includes(book.ops, data.op) ? [...book.twice, data.op] : book.twice;
    this.#booked.add(playerId);
    this.#books.set(playerId, { ...book, ops: withOp(book.ops, data.op), twice, withPurse: book.withPurse + (purse ? 1 : 0) });
    if (purse) purse.ops += 1;
    if (data.type === 'walk' && purse) this.#send(purse.id, data.to, [playerId]);
    if (data.type === 'pay') this.#pay(data.to);
  }

  #pay(to: string): void {
    const coin = this.#coins.find((id) => !this.#gone.has(id));
    if (coin) this.#send(coin, to);
  }

  #send(id: string, to: string, follow?: string[]): void {
    if (to !== this.tick.zone.id && !this.#gone.has(id)) this.#gone.set(id, { to, follow });
  }

  #nightRound(): void {
    const [chain] = ofKind(this.tick, 'chain');
    const zones = Array.isArray(chain?.metadata.zones) ? chain.metadata.zones : [];
    if (this.tick.random() < 0.5) this.#pay(String(zones[Math.floor(this.tick.random() * zones.length)]));
  }

  /** The chain grows by one link in each tick after which the zone's entities are others than they were. */
  #chained(purses: readonly { id: string; metadata: object }[]): { id: string; metadata: object }[] {
    const [chain] = ofKind(this.tick, 'chain');
    if (!chain) return [];
    const after = new Map([...this.tick.entities].filter(({ id }) => id !== chain.id).map(({ id, metadata }) => [id, metadata]));
    for (const { id, metadata } of purses) after.set(id, { ...metadata });
    for (const id of this.#gone.keys()) after.delete(id);
    const entities = digestOf(JSON.stringify([...after].sort(([a], [b]) => (a < b ? -1 : 1))));
    if (entities === chain.metadata.entities && this.#stirs === 0) return [];
    const height = Number(chain.metadata.height) + 1;
    const stirs = Number(chain.metadata.stirs) + this.#stirs;
    const digest = digestOf(`${chain.metadata.digest} ${height} ${entities}`);
    return [{ id: chain.id, metadata: { ...chain.metadata, height, digest, stirs, entities } }];
  }
}

function show({ zone, player, entities }: PlayerView): BankView {
  const chain = ofKind({ entities }, 'chain')[0]?.metadata;
  const book = bookOf(player) ?? { purse: '', ops: [], twice: [], withPurse: 0 };
  const purse = entities.get(book.purse);
  return {
    zone_id: zone.id,
    chain: { height: Number(chain?.height), digest: String(chain?.digest), stirs: Number(chain?.stirs) },
    book,
    purse: purse ? { id: purse.id, ops: Number(purse.metadata.ops) } : null,
  };
}

function ofKind({ entities }: { readonly entities: Iterable<Entity> }, kind: string): Entity[] {
  return [...entities].filter(({ metadata }) => metadata.kind === kind);
}

function bookOf(player: Player): Book | null {
  // Nothing but this game writes it.
  return player.state as unknown as Book | null;
}

export function includes(ranges: Book['ops'], op: number): boolean {
  return ranges.some(([from, upTo]) => from <= op && op <= upTo);
}

/** The ranges with one more operation in them. */
export function withOp(ranges: Book['ops'], op: number): Book['ops'] {
  if (includes(ranges, op)) return ranges;
  const below = ranges.filter(([, upTo]) => upTo < op);
  const above = ranges.filter(([from]) => from > op);
  const left = below.at(-1);
  const right = above[0];
  const from = left?.[1] === op - 1 ? left[0] : op;
  const upTo = right?.[0] === op + 1 ? right[1] : op;
  return [...below.filter((range) => range[1] < from), [from, upTo], ...above.filter((range) => range[0] > upTo)];
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 16);
}
