/** A game that does what it is told, for tests of the worker pool: hang, throw, eat memory, or count. */
import type { GameModule } from '../../../games/contract.js';

const hoard: unknown[] = [];

export default {
  name: 'rogue',
  onTick(tick) {
    for (const { data } of tick.intents) {
      if (data.type === 'hang') for (;;);
      if (data.type === 'throw') throw new Error('as it was told');
      if (data.type === 'buffers') for (;;) hoard.push(Buffer.alloc(2 ** 20, 1));
      if (data.type === 'eat') for (;;) hoard.push(new Array(100_000).fill(Math.sqrt(hoard.length)));
    }
    return { extras: { heard: tick.intents.length } };
  },
  admit(_zone, player) {
    if (player.username === 'endless') for (;;);
    if (player.username === 'thrower') throw new Error('nobody is let in');
    return player.username !== 'stranger';
  },
  routes(api) {
    api.get('/spin', { auth: false }, () => {
      for (;;);
    });
    api.get('/view/:zone', { auth: false }, ({ params }) =>
      api.view(params.zone ?? '', { id: 'somebody', username: 'somebody' }),
    );
  },
} satisfies GameModule;
