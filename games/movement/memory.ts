/**
 * What the game remembers of a player: its document, which the framework keeps while the player is
 * away and takes along when it changes zones. It also says which entity is the player's walker.
 */
import type { Player } from '../contract.js';

export interface Memory {
  /** The entity that is the player's walker; null while it has none. */
  readonly walker: string | null;
  /** The zone it walks in, or walked in last. */
  readonly zone: string | null;
  /** Where it stood when its player left; null while it walks, for then the entity says it. */
  readonly x: number | null;
  readonly y: number | null;
  readonly items: readonly string[];
}

const NEWCOMER: Memory = { walker: null, zone: null, x: null, y: null, items: [] };

export function memoryOf(player: Player): Memory {
  // A cast, because to the framework a document is any JSON; only this game writes this one, and always a Memory.
  return player.state === null ? NEWCOMER : ({ ...NEWCOMER, ...player.state } as Memory);
}
