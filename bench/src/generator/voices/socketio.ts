/** A player of socket.io: Engine.IO 4 packets over a WebSocket from the start, written by hand. */
import { PLAYERS_PER_ZONE } from '../../../games/arena/rules.js';
import { OwnWalker, startsWith } from './json-states.js';
import { JOINED, NOT_YET, nameOf, type Venue, type VenueOptions, type Voice } from './voice.js';

const OPEN = Buffer.from('0');
const PING = Buffer.from('2');
const PONG = '3';
const CONNECTED = Buffer.from('40');
const REFUSED = Buffer.from('44');
const JOINED_EVENT = Buffer.from('42["joined"');
const TICK_EVENT = Buffer.from('42["tick"');

export function socketioVenue({ idle }: VenueOptions): Venue {
  return {
    async voice(index) {
      const zone = Math.floor(index / PLAYERS_PER_ZONE);
      return socketioVoice(idle ? {} : { zone, name: nameOf(index) }, idle);
    },
  };
}

function socketioVoice(auth: object, idle: boolean): Voice {
  let own: OwnWalker | null = null;
  return {
    path: '/socket.io/?EIO=4&transport=websocket',
    headers: [],
    greeting: null,
    join(message) {
      if (startsWith(message, 0, JOINED_EVENT)) {
        const [, { player_id }]: [string, { player_id: string }] = JSON.parse(message.toString('utf8', 2));
        own = new OwnWalker(player_id);
        return JOINED;
      }
      if (startsWith(message, 0, CONNECTED)) return idle ? JOINED : NOT_YET;
      if (startsWith(message, 0, OPEN)) return { reply: `40${JSON.stringify(auth)}`, joined: false };
      return startsWith(message, 0, PING) ? { reply: PONG, joined: false } : NOT_YET;
    },
    kindOf(bytes, start) {
      if (startsWith(bytes, start, TICK_EVENT)) return 'state';
      return startsWith(bytes, start, REFUSED) ? 'error' : 'other';
    },
    answer: (bytes, start) => (startsWith(bytes, start, PING) ? PONG : null),
    move: ({ dx, dy }) => `42["move",{"dx":${dx},"dy":${dy}}]`,
    ownCell: (state) => own?.cellIn(state) ?? null,
  };
}
