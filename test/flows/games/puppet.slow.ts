/**
 * What a game is promised when players come and go, when entities and players go from zone to zone, and when its server is stopped and killed. All else
 * that it is promised over the wire is in `puppet.test.ts`.
 */
import { Theatre } from '../../support/flow-games/theatre.js';
import { presenceCases } from './cases/presence.js';
import { restartCases } from './cases/restarts.js';
import { transferCases } from './cases/transfers.js';

describe('a game over the wire, from zone to zone and from run to run', function () {
  this.timeout(30_000);
  let theatre: Theatre;
  before(async () => {
    theatre = await Theatre.open('puppet.ts', { ZONE_WORKERS: '1', ZONE_TICK_BUDGET_MS: '200', MAX_ZONE_BYTES: '40000' });
  });
  afterEach(async () => {
    await theatre.resume();
    await theatre.everybodyOut();
  });
  after(() => theatre?.close());

  presenceCases(() => theatre);
  transferCases(() => theatre);
  restartCases(() => theatre, ['SIGTERM', 'SIGKILL']);
});
