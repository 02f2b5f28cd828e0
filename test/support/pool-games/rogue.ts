/** A game that does what it is told, for tests of the worker pool: hang, at once or later, throw, eat memory, or count. */
import type { GameModule } from '../../../games/contract.js';

const hoard: unknown[] = [];

function endless(): void {
  for (;;);
}

async function endlessly(): Promise<void> {
  for (;;) await null;
}

export default {
  name: 'rogue',
  onTick(tick) {
    for (const { data } of tick.intents) {
      if (data.type === 'hang') for (;;);
      if (data.type === 'promise') void Promise.resolve().then(endless);
      if (data.type === 'promises') void endlessly();
      if (data.type === 'timer') setTimeout(endless, 1);
      if (data.type === 'throw') throw new Error('as it was told');
      if (data.type === 'buffers') for (;;) hoard.push(Buffer.alloc(2 ** 20, 1));
      if (data.type === 'eat') for (;;) hoard.push(new Array(100_000).fill(Math.sqrt(hoard.length)));
    }
    return { extras: { heard: tick.intents.length } };
  },
  place: (_player, zones) => zones.at(-1)?.id ?? null,
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
    api.get('/spin-later', { auth: false }, async () => {
      await api.view('', { id: 'somebody', username: 'somebody' });
      endless();
    });
  },
} satisfies GameModule;
