/**
 * One zone's state in memory: entities with their index, the players it holds, and a few facts.
 * A tick is applied in place and staged: until it is adopted it can be taken back, and reads of what is
 * committed look past it. What a tick may do is `apply-result.ts`; the text form is `zone-codec.ts`.
 */
import type { EntityId, PlayerId, TickNumber } from '../../actors/ids.js';
import type { StoredEntity, ZoneInfo } from '../../actors/records.js';
import type { JsonObject, Zone } from '../../games/contract.js';
import { EntityIndex } from './entity-index.js';
import { ResidentEntitySet } from './entity-set.js';
import { deepFreeze } from './plain-json.js';
import { ResidentEntity } from './resident-entity.js';
import type { ResidentPlayer } from './resident-player.js';
import { type Change, UndoMap } from './undo-map.js';

/** Numbers of players who are gone that may be kept, beside those of twice as many as are here. */
const MAX_STRANGERS = 1024;

/** What a zone is besides its entities and players. Replaced whole. */
export interface ZoneFacts {
  /** 0: no tick yet. */
  readonly tick: TickNumber;
  /** Milliseconds since 1970. */
  readonly tickedAtMs: number;
  readonly wakeAtMs: number | null;
  /** As everybody may see it, frozen, with the metadata in force. */
  readonly zone: Zone;
}

/** What a staged tick did, so far. */
export interface StagedChanges {
  readonly entities: readonly Change<EntityId, ResidentEntity>[];
  readonly players: readonly Change<PlayerId, ResidentPlayer>[];
  readonly before: ZoneFacts;
  readonly after: ZoneFacts;
}

export class ZoneState {
  readonly #entities = new UndoMap<EntityId, ResidentEntity>(ResidentEntity.order);
  readonly #players = new UndoMap<PlayerId, ResidentPlayer>((player) => player.order);
  readonly #index: EntityIndex<ResidentEntity>;
  #facts: ZoneFacts;
  #before: ZoneFacts | null = null;
  #bytes = 0;
  #nextOrder = 1;
  /** Small numbers are a player's own for ever: one who has left keeps its here. */
  readonly #numbers = new Map<number, PlayerId>();
  /** The zone's entities as games ask for them; always this object. */
  readonly entitySet: ResidentEntitySet;

  /** An empty zone that has never ticked. */
  constructor(info: ZoneInfo) {
    this.#index = new EntityIndex(info);
    this.entitySet = new ResidentEntitySet(this.#entities.live, this.#index);
    this.#facts = { tick: 0, tickedAtMs: info.createdAtMs, wakeAtMs: null, zone: zoneView(info, info.metadata) };
    this.#bytes = metadataBytes(this.#facts);
  }

  get facts(): ZoneFacts {
    return this.#facts;
  }
  get entities(): ReadonlyMap<EntityId, ResidentEntity> {
    return this.#entities.live;
  }
  get players(): ReadonlyMap<PlayerId, ResidentPlayer> {
    return this.#players.live;
  }
  get isStaged(): boolean {
    return this.#before !== null;
  }
  /** The JSON of its entities, documents and metadata together, UTF-8. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The next number in the order of creation. */
  nextOrder(): number {
    return this.#nextOrder++;
  }

  /** Puts an entity in, at the end of the order. It has no right to an id that is there already. */
  addEntity(stored: StoredEntity): ResidentEntity {
    if (this.#entities.live.has(stored.id)) throw new Error(`entity ${stored.id} is in zone ${this.#facts.zone.id} already`);
    const entity = new ResidentEntity(stored, this.nextOrder());
    this.#entities.set(entity.id, entity);
    this.#index.insert(entity);
    this.#bytes += ResidentEntity.bytes(entity);
    return entity;
  }

  /** Puts `after` in the place of `before`, which is the very object that is there. */
  replaceEntity(before: ResidentEntity, after: ResidentEntity): void {
    this.#entities.replace(after.id, before, after);
    this.#index.replace(before, after);
    this.#bytes += ResidentEntity.bytes(after) - ResidentEntity.bytes(before);
  }

  removeEntity(entity: ResidentEntity): void {
    this.#entities.delete(entity.id);
    this.#index.remove(entity);
    this.#bytes -= ResidentEntity.bytes(entity);
  }

  /** Puts a player in, or in the place of what it was. */
  putPlayer(player: ResidentPlayer): void {
    const { id, number } = player.held;
    this.#bytes += player.bytes - (this.#players.live.get(id)?.bytes ?? 0);
    this.#players.set(id, player);
    if (!this.#numbers.has(number)) this.#number(number, id);
  }

  #number(number: number, id: PlayerId): void {
    if (this.#numbers.size >= MAX_STRANGERS + 2 * this.players.size) {
      this.#numbers.clear();
      for (const { held } of this.players.values()) this.#numbers.set(held.number, held.id);
    }
    this.#numbers.set(number, id);
  }

  /** The player of this small number; undefined: none who is here, or was a while ago. */
  playerOf(number: number): PlayerId | undefined {
    return this.#numbers.get(number);
  }

  /** The same where it is here; undefined: it is not. */
  numbered(number: number): ResidentPlayer | undefined {
    const id = this.#numbers.get(number);
    return id === undefined ? undefined : this.#players.live.get(id);
  }

  /** Puts `after` in the place of `before`, which is the very object that is there. */
  replacePlayer(before: ResidentPlayer, after: ResidentPlayer): void {
    this.#players.replace(before.held.id, before, after);
    this.#bytes += after.bytes - before.bytes;
  }

  removePlayer(player: ResidentPlayer): void {
    this.#bytes -= player.bytes;
    this.#players.delete(player.held.id);
  }

  putFacts(facts: Partial<Pick<ZoneFacts, 'tick' | 'tickedAtMs' | 'wakeAtMs'>>): void {
    const { tick, tickedAtMs, wakeAtMs, zone } = this.#facts;
    this.#facts = { tick, tickedAtMs, wakeAtMs, zone, ...facts };
  }

  /** Freezes `metadata` where it is. */
  putMetadata(metadata: JsonObject): void {
    this.#bytes -= metadataBytes(this.#facts);
    this.#facts = { ...this.#facts, zone: zoneView(this.#facts.zone, metadata) };
    this.#bytes += metadataBytes(this.#facts);
  }

  /** What follows is staged, until `adopt` or `undo`. */
  begin(): void {
    this.#entities.begin();
    this.#players.begin();
    this.#before = this.#facts;
  }

  /** Of the staged tick, so far. */
  changes(): StagedChanges {
    if (!this.#before) throw new Error('no tick is staged');
    return {
      entities: this.#entities.changes(),
      players: this.#players.changes(),
      before: this.#before,
      after: this.#facts,
    };
  }

  /** The staged tick stands. */
  adopt(): void {
    this.#entities.forget();
    this.#players.forget();
    this.#before = null;
  }

  /** Takes the staged tick back and answers it: the state is exactly what it was. */
  undo(): StagedChanges {
    const changes = this.changes();
    this.#entities.undo();
    this.#players.undo();
    for (const { before, after } of changes.entities) this.#swap(after, before);
    for (const { before, after } of changes.players) this.#bytes += (before?.bytes ?? 0) - (after?.bytes ?? 0);
    this.#bytes += metadataBytes(changes.before) - metadataBytes(changes.after);
    this.#facts = changes.before;
    this.#before = null;
    return changes;
  }

  /** Looks at what is committed, past a staged tick. `read` answers at once and keeps nothing that is live. */
  committed<Answer>(read: () => Answer): Answer {
    if (!this.isStaged) return read();
    const changes = this.undo();
    try {
      return read();
    } finally {
      this.#redo(changes);
    }
  }

  #redo(changes: StagedChanges): void {
    this.#entities.redo(changes.entities);
    this.#players.redo(changes.players);
    for (const { before, after } of changes.entities) this.#swap(before, after);
    for (const { before, after } of changes.players) this.#bytes += (after?.bytes ?? 0) - (before?.bytes ?? 0);
    this.#bytes += metadataBytes(changes.after) - metadataBytes(changes.before);
    this.#facts = changes.after;
    this.#before = changes.before;
  }

  #swap(from: ResidentEntity | undefined, to: ResidentEntity | undefined): void {
    if (from) {
      this.#index.remove(from);
      this.#bytes -= ResidentEntity.bytes(from);
    }
    if (to) {
      this.#index.insert(to);
      this.#bytes += ResidentEntity.bytes(to);
    }
  }
}

/** The five public fields of a zone, deep-frozen: `metadata` too, where it is. */
export function zoneView(zone: Zone, metadata: JsonObject): Zone {
  return Object.freeze({ id: zone.id, name: zone.name, width: zone.width, height: zone.height, metadata: deepFreeze(metadata) });
}

function metadataBytes(facts: ZoneFacts): number {
  return Buffer.byteLength(JSON.stringify(facts.zone.metadata));
}
