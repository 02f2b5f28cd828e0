/**
 * Where all chance of a simulation comes from. Each thing that needs some has a stream of its own, by name: what
 * one of them draws shifts nobody else's, so that a run with one fault less stays the same in everything else.
 */
import type { EntityId, PlayerId, SessionId, ZoneId } from '../../actors/ids.js';
import { Chance } from '../flows/chaos/chance.js';

export class Seeds {
  constructor(readonly seed: number) {}

  /** A stream; the same name gives the same numbers again, from the first. */
  chance(name: string): Chance {
    return new Chance(hashOf(`${this.seed} ${name}`));
  }

  uuid<Id extends ZoneId | PlayerId | SessionId | EntityId>(name: string): Id {
    const chance = this.chance(`uuid ${name}`);
    const hex = Array.from({ length: 32 }, () => chance.between(0, 15).toString(16)).join('');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}` as Id; // the place where ids of simulations come from
  }
}

/** FNV-1a: whoever needs more than to tell names apart draws from the stream. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
  return hash >>> 0;
}
