/**
 * A player as the zone that holds it keeps it: whole, and as games see it.
 * Immutable, as entities are: a new document or mark makes another object. Who holds whom is decided by commits, not here.
 */
import type { HeldPlayer, SeqMark } from '../../actors/records.js';
import type { JsonObject, Player } from '../../games/contract.js';
import { deepFreeze } from './plain-json.js';

export interface ResidentPlayer {
  readonly held: HeldPlayer;
  /** What games are given. */
  readonly view: Player;
  /** Rises with arrival within a zone. */
  readonly order: number;
  /** Length of the document's JSON, UTF-8. */
  readonly bytes: number;
}

/** Freezes the document where it is: of all this, only the document and the view reach a game. */
export function residentPlayer(held: HeldPlayer, order: number): ResidentPlayer {
  return withDocument({ held, view: viewOf(held), order, bytes: 0 }, deepFreeze(held.document));
}

/** With the document replaced; it is deep-frozen already. */
export function withDocument(player: ResidentPlayer, document: JsonObject | null): ResidentPlayer {
  const { id, username, number, stay, mark } = player.held;
  const held = { id, username, number, stay, document, mark };
  return { held, view: viewOf(held), order: player.order, bytes: documentBytes(document) };
}

/** Made for nearly every player and tick: written out, because copies by spreading are several times dearer. */
export function withMark({ held, view, order, bytes }: ResidentPlayer, mark: SeqMark): ResidentPlayer {
  const { id, username, number, stay, document } = held;
  return { held: { id, username, number, stay, document, mark }, view, order, bytes };
}

/** What a document counts for in the size of a zone. */
export function documentBytes(document: JsonObject | null): number {
  return document === null ? 0 : Buffer.byteLength(JSON.stringify(document));
}

/** A player as games see it. */
export function viewOf(player: Pick<HeldPlayer, 'id' | 'username' | 'document'>): Player {
  return Object.freeze({ id: player.id, username: player.username, state: player.document });
}
