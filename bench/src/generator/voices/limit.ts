/** A player of the limit: the zone and the name are in the URL, and the server says once which player it is. */
import { PLAYERS_PER_ZONE } from '../../../games/arena/rules.js';
import { jsonMove } from './gridstead.js';
import { OwnWalker, startsWith } from './json-states.js';
import { JOINED, nameOf, type Venue, type VenueOptions, type Voice } from './voice.js';

const TICK = Buffer.from('{"type":"tick"');

export function limitVenue({ idle }: VenueOptions): Venue {
  return {
    async voice(index) {
      const zone = idle ? -1 : Math.floor(index / PLAYERS_PER_ZONE);
      return limitVoice(`/?zone=${zone}&name=${nameOf(index)}`);
    },
  };
}

function limitVoice(path: string): Voice {
  let own: OwnWalker | null = null;
  return {
    path,
    headers: [],
    greeting: null,
    join(message) {
      const { player_id }: { player_id: string } = JSON.parse(message.toString());
      own = new OwnWalker(player_id);
      return JOINED;
    },
    kindOf: (bytes, start) => (startsWith(bytes, start, TICK) ? 'state' : 'other'),
    answer: () => null,
    move: jsonMove,
    ownCell: (state) => own?.cellIn(state) ?? null,
  };
}
