/**
 * Avatars: one entity for each player who is here, which comes with its player and goes with it. Where it stood and what it
 * had waits in the player's document. What it does with things is in `belongings.ts` and `ground.ts`.
 */
import type { Entity, Player } from '../contract.js';
import { type Document, documentOf, type Part, readDocument, zoneIn } from './document.js';
import { encumbranceOf, weightOf } from './encumbrance.js';
import type { Cell, Point } from './grid.js';
import type { Rules } from './rules.js';
import { AT_REST, isKind } from './things.js';
import type { Turn } from './turn.js';
import { metadataOf, type Walker, walk, walkerOf } from './walking.js';

/** An avatar in this tick, with what the tick has done to it so far. */
export interface Avatar extends Walker {
  readonly player: Player;
  /** As the tick found it: `save` compares. */
  readonly remembered: Document | null;
  document: Document;
}

/** The avatar that this document names, if it is among these entities. */
export function avatarIn(entities: { get(id: string): Entity | undefined }, player: Player): Entity | undefined {
  const id = player.state?.avatar;
  const entity = typeof id === 'string' ? entities.get(id) : undefined;
  return entity?.metadata.player === player.id ? entity : undefined;
}

/** Sees to it that each player who is here has an avatar, and nobody else. By player id. */
export function gather(turn: Turn): ReadonlyMap<string, Avatar> {
  const { players, joined, left, entities } = turn.tick;
  const arrived = new Set(joined.map(({ id }) => id));
  const avatars = new Map<string, Avatar>();
  for (const player of players) avatars.set(player.id, enter(turn, player, arrived.has(player.id)));
  for (const player of left) if (!avatars.has(player.id)) rememberPlace(turn, player);
  for (const entity of entities) {
    // Of players who left, and what came back from beyond a border after its player had gone elsewhere.
    if (isKind(entity, 'player') && avatars.get(String(entity.metadata.player))?.id !== entity.id)
      turn.result.deletes.push(entity.id);
  }
  return avatars;
}

/** Walks; one who goes over a border takes its player and the document along, which is told where it is now. */
export function walkOn(turn: Turn, avatar: Avatar): void {
  const departure = walk(turn, avatar, speedOf(avatar.document, turn.rules), [avatar.player.id]);
  if (!departure) return;
  turn.count('handovers');
  avatar.document = { ...avatar.document, zone: departure.zoneId };
}

/** The full speed, less what the weight costs. */
function speedOf({ inventory, equipment }: Document, { settings, catalogue }: Rules): number {
  const { penaltyPercent } = encumbranceOf(weightOf(inventory, equipment, catalogue), settings.inventory);
  return (settings.movement.speedCmPerS * (100 - penaltyPercent)) / 100;
}

/** Changes parts of the document, which are sent to the player then. */
export function change({ tick }: Turn, avatar: Avatar, parts: Partial<Pick<Document, Part>>): void {
  const changed = Object.fromEntries(Object.keys(parts).map((part) => [part, tick.tickNumber]));
  avatar.document = { ...avatar.document, ...parts, changed: { ...avatar.document.changed, ...changed } };
}

/** Writes the document where it changed: each write is a row on a disk, so not for every step. */
export function save(turn: Turn, { player, remembered, document }: Avatar): void {
  if (document !== remembered) turn.result.playerStates.push({ playerId: player.id, state: document });
}

function enter(turn: Turn, player: Player, isArriving: boolean): Avatar {
  const { tick, rules } = turn;
  const known = isArriving ? null : documentOf(player, rules);
  const document = known ?? read(turn, player);
  const remembered = player.state === (document as unknown) ? document : null;
  const standing = avatarIn(tick.entities, player);
  if (!standing) return spawn(turn, player, document);
  const isHere = document.zone === tick.zone.id && document.at === null;
  // Field by field and not by a spread: it is made in every tick for everybody who walks.
  const { id, nature, at, heading, motion } = walkerOf(turn, standing);
  const current = isHere ? document : { ...document, zone: tick.zone.id, at: null };
  return { id, nature, at, heading, motion, player, remembered, document: current };
}

/** The document as this version of the world has it. One that cannot be read is reported, and kept in the one that is played on with. */
function read(turn: Turn, player: Player): Document {
  const reading = readDocument(player.state, turn.rules, turn.tick);
  if (reading.outcome === 'migrated') turn.count('documents_migrated');
  if (reading.outcome === 'replaced') {
    turn.count('documents_replaced');
    turn.tell(player.id, 'document_replaced', { reason: reading.reason });
  }
  return reading.document;
}

/** A new avatar: where it stood when its player left this zone, else where newcomers begin. */
function spawn(turn: Turn, player: Player, document: Document): Avatar {
  const { tick, rules, cell } = turn;
  const back = document.zone === tick.zone.id ? document.at : null;
  const at = rules.grid.clamp(cell, back ?? beginning(turn));
  const id = tick.newId();
  const nature = { kind: 'player', player: player.id, name: player.username };
  const walker = { id, nature, at, heading: AT_REST.heading, motion: AT_REST };
  turn.result.creates.push({ id, ...rules.grid.toZone(cell, at), width: 0, height: 0, metadata: metadataOf(walker) });
  return { ...walker, player, remembered: null, document: { ...document, avatar: id, zone: tick.zone.id, at: null } };
}

/** Around one of the places of this cell, or its middle where it has none. */
function beginning({ tick, rules, cell }: Turn): Point {
  const { spawns, spawnSpreadCm } = rules.settings;
  const { cellCm } = rules.grid;
  const own = spawns.filter(({ column, row }) => column === cell.column && row === cell.row);
  const place = own[Math.floor(tick.random() * own.length)] ?? { xCm: cellCm >> 1, zCm: cellCm >> 1 };
  const strewn = (centre: number) =>
    Math.min(Math.max(0, centre + Math.round((2 * tick.random() - 1) * spawnSpreadCm)), cellCm - 1);
  return { x: cell.column * cellCm + strewn(place.xCm), z: cell.row * cellCm + strewn(place.zCm) };
}

/**
 * For a player who went: its avatar goes too (see `gather`), the place waits in its document. That may be of an older item file,
 * where the server was stopped for the new one while its player was here: it is read when the player comes back.
 */
function rememberPlace(turn: Turn, player: Player): void {
  const { tick, rules, cell } = turn;
  const avatar = avatarIn(tick.entities, player);
  if (!avatar) return;
  const state = { ...player.state, avatar: null, zone: tick.zone.id, at: rules.grid.toWorld(cell, avatar) };
  turn.result.playerStates.push({ playerId: player.id, state });
}

/** The cell in which a player is to be let in: where it was, or one where newcomers begin, the same for the same player. */
export function homeOf(player: Player, cells: ReadonlyMap<string, Cell>, { settings, grid }: Rules): string | null {
  const zone = zoneIn(player.state);
  if (zone !== null && cells.has(zone)) return zone;
  const spawn = settings.spawns[scatter(player.id) % settings.spawns.length];
  const name = spawn && grid.nameOf(spawn);
  for (const [id, cell] of cells) if (grid.nameOf(cell) === name) return id;
  return null;
}

/** A number from an id: ids are random, so players spread evenly. */
function scatter(id: string): number {
  return Array.from(id).reduce((hash, letter) => (Math.imul(hash, 31) + letter.charCodeAt(0)) >>> 0, 7);
}
