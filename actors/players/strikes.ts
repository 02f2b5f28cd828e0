/**
 * What counts against a player whose intents fail the tick of their zone: one is a bug of the game, a
 * stream of them would leave its zone no tick to commit. So after some of them each makes the player wait twice as long.
 */
import type { PlayerId } from '../ids.js';

/** A strike is forgotten after this time without another. */
const FORGOTTEN_AFTER_MS = 600_000;
/** So many cost nothing more than the intent: whoever meets a bug of the game is not to be punished for it. */
export const FREE_STRIKES = 20;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;

export class Strikes {
  readonly #of = new Map<PlayerId, { count: number; lastMs: number }>();

  /** An intent of this player failed a tick; times are monotonic. */
  strike(player: PlayerId, nowMs: number): void {
    for (const [id, { lastMs }] of this.#of) if (nowMs - lastMs > FORGOTTEN_AFTER_MS) this.#of.delete(id);
    this.#of.set(player, { count: (this.#of.get(player)?.count ?? 0) + 1, lastMs: nowMs });
  }

  /** Is it to wait before it may ask for anything again? */
  waits(player: PlayerId, nowMs: number): boolean {
    const strikes = this.#of.get(player);
    if (!strikes || strikes.count <= FREE_STRIKES) return false;
    return nowMs - strikes.lastMs < Math.min(FIRST_WAIT_MS * 2 ** (strikes.count - FREE_STRIKES - 1), LONGEST_WAIT_MS);
  }
}
