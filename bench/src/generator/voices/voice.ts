/** How one player speaks to one kind of server. The crowd knows sockets, times and counts; what the bytes mean is said here. */
import type { Cell } from '../../../games/arena/rules.js';
import type { Message } from '../frames.js';
import type { Step } from '../lap.js';

export interface Voice {
  /** Of the upgrade request. */
  readonly path: string;
  /** Further header lines of it. */
  readonly headers: readonly string[];
  /** What is said first, once the socket is open. */
  readonly greeting: Message | null;
  /** Takes a whole message that comes before the player is in. */
  join(message: Buffer): Joining;
  /** What kind of message this is. Only its first 125 bytes are there. */
  kindOf(bytes: Buffer, start: number): 'state' | 'error' | 'other';
  /** The answer to a message that is no state; null: none. */
  answer(bytes: Buffer, start: number): Message | null;
  move(step: Step, seq: number): Message;
  /** Where the player's own walker stands, after this whole state; null: it cannot be told. */
  ownCell(state: Buffer): Cell | null;
}

export interface Joining {
  readonly reply?: Message;
  readonly joined: boolean;
}

export const NOT_YET: Joining = { joined: false };
export const JOINED: Joining = { joined: true };

/** What is behind the players of one server: accounts, zones, seats. Made before the first socket. */
export interface Venue {
  /** The voice of player number `index`. Rejects where the server has no room for it. */
  voice(index: number): Promise<Voice>;
}

export interface VenueOptions {
  readonly url: URL;
  readonly players: number;
  /** Players join, and enter no zone where the server allows that. */
  readonly idle: boolean;
  /** null: none is asked for. */
  readonly subprotocol: string | null;
}

/** The name of a player: it decides where its walker begins. */
export function nameOf(index: number): string {
  return `walker-${index}`;
}
