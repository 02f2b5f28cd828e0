/**
 * The game module from outside, on one server: a game that does what its players say, scripted over the public wire.
 * Who comes and goes, transfers between zones, and what holds over a stop and a kill are in `puppet.slow.ts`. What goes wrong beyond that is `containment.test.ts`; what a game keeps secret, `fog.test.ts`.
 */
import { Theatre } from '../../support/flow-games/theatre.js';
import { rulesCases } from './cases/rules.js';

describe('a game over the wire', function () {
  this.timeout(30_000);
  let theatre: Theatre;
  before(async () => {
    // Small zones are full soon, and late answers are soon late. In a worker thread, as a server has its zones unless told otherwise.
    theatre = await Theatre.open('puppet.ts', { ZONE_WORKERS: '1', ZONE_TICK_BUDGET_MS: '200', MAX_ZONE_BYTES: '40000' });
  });
  afterEach(async () => {
    await theatre.resume();
    await theatre.everybodyOut();
  });
  after(() => theatre?.close());

  rulesCases(() => theatre);
});
