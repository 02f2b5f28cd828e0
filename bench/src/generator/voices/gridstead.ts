/**
 * A player of Gridstead: an account and a session over REST, then `hello`, `subscribe` with `acks: "tick"`, and a
 * numbered intent each tick. With the binary subprotocol messages are counted, not decoded.
 */
import { randomBytes } from 'node:crypto';
import { PLAYERS_PER_ZONE, ZONE_SIZE } from '../../../games/arena/rules.js';
import { atMost, postJson } from '../rest.js';
import { OwnWalker, startsWith } from './json-states.js';
import { jsonMove } from './limit.js';
import { JOINED, NOT_YET, nameOf, type Venue, type VenueOptions, type Voice } from './voice.js';

/** Has the debug role (`launch.ts` says so to the server), and makes the zones. */
export const OPERATOR = 'bench-operator';

const ACCOUNTS_AT_ONCE = 16;
const TICK = Buffer.from('{"type":"tick"');
const DELTA = Buffer.from('{"type":"delta"');
const ERROR = Buffer.from('{"type":"error"');

/** Makes zones and accounts: as many as the players need. */
export async function gridsteadVenue(options: VenueOptions): Promise<Venue> {
  const { url, players, idle } = options;
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
      return gridsteadVoice(token, zones[Math.floor(index / PLAYERS_PER_ZONE)] ?? null, options);
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
function gridsteadVoice(token: string, zone: string | null, { subprotocol }: VenueOptions): Voice {
  const binary = subprotocol !== null;
  const subscribe = { type: 'subscribe', zone_id: zone, acks: 'tick', sync: binary ? 'delta' : 'snapshot' };
  let own: OwnWalker | null = null;
  return {
    path: '/ws',
    headers: [],
    greeting: JSON.stringify({ type: 'hello', token }),
    join(message) {
      const { type, player_id, code }: { type: string; player_id?: string; code?: string } = JSON.parse(message.toString());
      if (type === 'error') throw new Error(`Gridstead refused a player: ${code}`);
      if (type === 'subscribed') return JOINED;
      if (type !== 'join_ack' || player_id === undefined) return NOT_YET;
      own = new OwnWalker(player_id);
      return zone === null ? JOINED : { reply: JSON.stringify(subscribe), joined: false };
    },
    kindOf(bytes, start) {
      if (startsWith(bytes, start, TICK) || startsWith(bytes, start, DELTA)) return 'state';
      return startsWith(bytes, start, ERROR) ? 'error' : 'other';
    },
    answer: () => null,
    move: jsonMove,
    ownCell: (state) => (binary ? null : (own?.cellIn(state) ?? null)),
  };
}
