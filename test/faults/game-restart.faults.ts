/**
 * What a game was promised over a stop of its server: the case that `test/flows/games/puppet.test.ts` runs over a kill.
 */
import { restartCases } from '../flows/games/cases/restarts.js';
import { Theatre } from '../support/flow-games/theatre.js';

describe('a game over the wire', function () {
  this.timeout(30_000);
  let theatre: Theatre;
  before(async () => {
    theatre = await Theatre.open('puppet.ts', { ZONE_WORKERS: '1' });
  });
  after(() => theatre?.close());

  restartCases(() => theatre, ['SIGTERM']);
});
