/**
 * A player of Colyseus: a seat over HTTP, then the room's protocol over a WebSocket. States are decoded with
 * Colyseus's own decoder, and only for the players whose walker is looked for: the decoder needs every patch since the join.
 */
import { type Decoder, decode, type MapSchema, Reflection, type Schema } from '@colyseus/schema';
import { type Cell, PLAYERS_PER_ZONE } from '../../../games/arena/rules.js';
import { postJson } from '../rest.js';
import { JOINED, NOT_YET, nameOf, type Venue, type VenueOptions, type Voice } from './voice.js';

/** First bytes of the room's messages. */
const JOIN_ROOM = 10;
const ERROR = 11;
const ROOM_DATA = 13;
const ROOM_STATE = 14;
const ROOM_STATE_PATCH = 15;

interface Seat {
  readonly processId: string;
  readonly roomId: string;
  readonly sessionId: string;
}

export function colyseusVenue({ url }: VenueOptions): Venue {
  return {
    async voice(index) {
      const zone = Math.floor(index / PLAYERS_PER_ZONE);
      const seat = await postJson<Seat>(new URL(`/matchmake/joinById/zone-${zone}`, url), { name: nameOf(index) });
      return colyseusVoice(seat);
    },
  };
}

interface ArenaState extends Schema {
  readonly walkers: MapSchema<Schema & Cell>;
}

function colyseusVoice({ processId, roomId, sessionId }: Seat): Voice {
  let decoder: Decoder<ArenaState> | null = null;
  return {
    path: `/${processId}/${roomId}?sessionId=${sessionId}`,
    headers: [],
    greeting: null,
    join(message) {
      switch (message[0]) {
        case JOIN_ROOM:
          decoder = decoderOf(message);
          return { reply: Buffer.from([JOIN_ROOM]), joined: false };
        case ROOM_STATE:
          decoder?.decode(message, { offset: 1 });
          return JOINED;
        case ERROR:
          throw new Error('Colyseus refused a player');
        default:
          return NOT_YET;
      }
    },
    kindOf(bytes, start) {
      const code = bytes[start];
      if (code === ROOM_STATE_PATCH || code === ROOM_STATE) return 'state';
      return code === ERROR ? 'error' : 'other';
    },
    answer: () => null,
    move: ({ dx, dy }) => moveMessage(dx, dy),
    ownCell(state) {
      decoder?.decode(state, { offset: 1 });
      return decoder?.state.walkers?.get(sessionId) ?? null;
    },
  };
}

/** From the description of the state that the server sends with the join: token, serializer, length, description. */
function decoderOf(message: Buffer): Decoder<ArenaState> {
  const it = { offset: 1 };
  it.offset += 1 + (message[it.offset] ?? 0);
  it.offset += 1 + (message[it.offset] ?? 0);
  const length = decode.number(message, it);
  return Reflection.decode<ArenaState>(message.subarray(0, it.offset + length), it);
}

/** `move` with `{dx, dy}` in MessagePack, where a number from −1 to 1 is one byte. */
function moveMessage(dx: number, dy: number): Buffer {
  return Buffer.from([ROOM_DATA, 0xa4, ...MOVE, 0x82, 0xa2, ...DX, dx & 0xff, 0xa2, ...DY, dy & 0xff]);
}
const MOVE = Buffer.from('move');
const DX = Buffer.from('dx');
const DY = Buffer.from('dy');
