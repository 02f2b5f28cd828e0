/**
 * No seam, on worker threads, for the cuts that the daily suite plays on one thread only: see test/games/frontier/seam. Each
 * pair of workers costs seconds to start.
 */
import { expect } from 'chai';
import { plain, play } from '../games/frontier/seam/playing.js';
import world1 from '../games/frontier/seam/world-1x1.js';
import world2 from '../games/frontier/seam/world-2x2.js';

describe('frontier: a world that is cut into zones, on two workers', function () {
  this.timeout(60_000);

  for (const [name, game, file] of [
    ['1×1', world1, 'world-1x1.js'],
    ['2×2', world2, 'world-2x2.js'],
  ] as const) {
    it(`is the same to everybody as on one thread, as ${name} zones`, async () => {
      const [here, elsewhere] = [await play(game, null), await play(game, file)];

      expect(plain(elsewhere) === plain(here)).to.equal(true);
    });
  }
});
