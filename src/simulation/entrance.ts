/**
 * Where a game puts those who join, and whom it lets into a zone: its `place` and its `admit`, asked with the public form
 * of zones and players.
 */
import type { ZoneId } from '../../actors/ids.js';
import type { HeldPlayer, ZoneInfo } from '../../actors/records.js';
import type { GameModule, Player, Zone } from '../../games/contract.js';
import type { GameRunner } from './game-runner.js';
import { deepFreeze } from './plain-json.js';
import { viewOf } from './resident-player.js';
import { zoneView } from './zone-state.js';

/** Who looks, joins or asks to enter. */
export type Asking = Pick<HeldPlayer, 'id' | 'username' | 'document'>;

export class Entrance {
  /** A world's zones are offered to each player that joins: their public form is made once. */
  readonly #views = new WeakMap<ZoneInfo, Zone>();
  readonly #lists = new WeakMap<readonly ZoneInfo[], readonly Zone[]>();

  constructor(
    private readonly game: GameModule,
    private readonly runner: GameRunner,
  ) {}

  /** null: nowhere in particular; so too where the game throws, is late, or names what is no zone. */
  place(player: Asking, zones: readonly ZoneInfo[]): ZoneId | null {
    const { game } = this;
    if (!game.place) return null;
    const offered = this.#offered(zones);
    const answer = this.runner.inTime('place', () => game.place?.(publicPlayer(player), offered));
    return zones.find((zone) => zone.id === answer)?.id ?? null;
  }

  admit(zone: ZoneInfo, player: Asking, present: number): boolean {
    const { game } = this;
    if (!game.admit) return true;
    return this.runner.inTime('admit', () => game.admit?.(this.#zoneView(zone), publicPlayer(player), present)) === true;
  }

  /** `admit`, asked within a step. */
  admitWithin(zone: Zone, player: Player, present: number): boolean {
    const { game } = this;
    if (!game.admit) return true;
    return this.runner.withinStep(zone.id, 'admit', () => game.admit?.(zone, player, present)) === true;
  }

  /** One list for all who join while nothing changes: it is as long as the world is large. */
  #offered(zones: readonly ZoneInfo[]): readonly Zone[] {
    const known = this.#lists.get(zones);
    if (known) return known;
    const offered = Object.freeze(zones.map((zone) => this.#zoneView(zone)));
    this.#lists.set(zones, offered);
    return offered;
  }

  #zoneView(zone: ZoneInfo): Zone {
    const known = this.#views.get(zone);
    if (known) return known;
    const view = zoneView(zone, zone.metadata);
    this.#views.set(zone, view);
    return view;
  }
}

/** A player as games know it. */
export function publicPlayer(player: Asking): Player {
  return viewOf({ ...player, document: deepFreeze(player.document) });
}
