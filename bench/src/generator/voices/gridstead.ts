/**
 * A player of Gridstead: an account and a session over REST, then `hello`, `subscribe` with `acks: "tick"`, and a
 * numbered intent each tick. It is sent JSON snapshots, or deltas in the binary encoding.
 */
import { randomBytes } from 'node:crypto';
import { PLAYERS_PER_ZONE, ZONE_SIZE } from '../../../games/arena/rules.js';
import type { Step } from '../lap.js';
import { atMost, postJson } from '../rest.js';
import { BinaryWalker } from './binary-states.js';
import { OwnWalker, startsWith } from './json-states.js';
import { JOINED, type Joining, NOT_YET, nameOf, type Venue, type VenueOptions, type Voice } from './voice.js';

/** Has the debug role (`launch.ts` says so to the server), and makes the zones. */
export const OPERATOR = 'bench-operator';

const ACCOUNTS_AT_ONCE = 16;
const TICK = Buffer.from('{"type":"tick"');
const ERROR = Buffer.from('{"type":"error"');
/** First bytes of binary messages: what follows is JSON, a whole state, or what has changed. */
const KIND_JSON = 0;
const KIND_DELTA = 2;

/** Makes zones and accounts: as many as the players need. */
export async function gridsteadVenue(options: VenueOptions): Promise<Venue> {
  const { url, players, idle, subprotocol } = options;
  const zoneCount = idle ? 0 : Math.ceil(players / PLAYERS_PER_ZONE);
  const operator = await makeSession(url, OPERATOR);
  const numbers = Array.from({ length: zoneCount }, (_, number) => number);
  const zones = await atMost(4, numbers, (number) => makeZone(url, operator, number));
  const indices = Array.from({ length: players }, (_, index) => index);
  const tokens = await atMost(ACCOUNTS_AT_ONCE, indices, (index) => makeSession(url, nameOf(index)));
  return {
    async voice(index) {
      const token = tokens[index];
      if (token === undefined) throw new Error(`no account was made for player ${index}`);
      const zone = zones[Math.floor(index / PLAYERS_PER_ZONE)] ?? null;
      return subprotocol === null ? jsonVoice(token, zone) : binaryVoice(token, zone);
    },
  };
}

async function makeSession(url: URL, username: string): Promise<string> {
  const credentials = { username, password: randomBytes(12).toString('base64url') };
  await postJson(new URL('/api/auth/register', url), credentials);
  const { token } = await postJson<{ token: string }>(new URL('/api/auth/login', url), credentials);
  return token;
}

async function makeZone(url: URL, token: string, number: number): Promise<string> {
  const zone = { name: `arena-${number}`, width: ZONE_SIZE, height: ZONE_SIZE };
  const { id } = await postJson<{ id: string }>(new URL('/api/zones', url), zone, token);
  return id;
}

/** `zone` null: it joins, and stays outside all zones. */
function jsonVoice(token: string, zone: string | null): Voice {
  let own: OwnWalker | null = null;
  const subscribe = zone === null ? null : { type: 'subscribe', zone_id: zone, acks: 'tick', sync: 'snapshot' };
  return {
    ...commonVoice(token),
    join: (message) => join(message.toString(), subscribe, (player) => (own = new OwnWalker(player))),
    kindOf(bytes, start) {
      if (startsWith(bytes, start, TICK)) return 'state';
      return startsWith(bytes, start, ERROR) ? 'error' : 'other';
    },
    ownCell: (state) => own?.cellIn(state) ?? null,
  };
}

function binaryVoice(token: string, zone: string | null): Voice {
  let own: BinaryWalker | null = null;
  const subscribe = zone === null ? null : { type: 'subscribe', zone_id: zone, acks: 'tick', sync: 'delta' };
  return {
    ...commonVoice(token),
    join(message) {
      if (message[0] !== KIND_JSON) throw new Error('a state came before its subscription');
      return join(message.toString('utf8', 1), subscribe, (player) => (own = new BinaryWalker(player)));
    },
    kindOf(bytes, start) {
      const kind = bytes[start] ?? KIND_JSON;
      if (kind !== KIND_JSON) return kind <= KIND_DELTA ? 'state' : 'other';
      return startsWith(bytes, start + 1, ERROR) ? 'error' : 'other';
    },
    ownCell: (state) => own?.cellIn(state) ?? null,
  };
}

function commonVoice(token: string): Pick<Voice, 'path' | 'headers' | 'greeting' | 'answer' | 'move'> {
  return { path: '/ws', headers: [], greeting: JSON.stringify({ type: 'hello', token }), answer: () => null, move: jsonMove };
}

/** Both encodings take texts from the client; the limit is sent the same, so that all receive as many bytes. */
export function jsonMove({ dx, dy }: Step, seq: number): string {
  return `{"type":"intent","data":{"type":"move","dx":${dx},"dy":${dy}},"seq":${seq}}`;
}

function join(text: string, subscribe: object | null, meet: (player: string) => void): Joining {
  const { type, player_id, code }: { type: string; player_id?: string; code?: string } = JSON.parse(text);
  if (type === 'error') throw new Error(`Gridstead refused a player: ${code}`);
  if (type === 'subscribed') return JOINED;
  if (type !== 'join_ack' || player_id === undefined) return NOT_YET;
  meet(player_id);
  return subscribe === null ? JOINED : { reply: JSON.stringify(subscribe), joined: false };
}
