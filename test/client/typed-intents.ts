/**
 * What a client may send is typed by the game. Nothing here runs: `npm run check` fails where one of these lines compiles that should
 * not, or does not that should.
 */

import type { connect } from '../../client/index.js';
import type movement from '../../games/movement/index.js';

export function typed(world: ReturnType<typeof connect<typeof movement>>, anything: ReturnType<typeof connect>): void {
  world.intent({ type: 'move', dx: 1, dy: 0 });
  world.intent({ type: 'say', text: 'hello' });
  // @ts-expect-error: no such intent in this game
  world.intent({ type: 'fly' });
  // @ts-expect-error: a step is a number
  world.intent({ type: 'move', dx: 'east', dy: 0 });
  // @ts-expect-error: a step has two parts
  world.intent({ type: 'move', dx: 1 });
  // Where nobody says which game it is, any object will do.
  anything.intent({ type: 'fly', how: 'high' });
}
