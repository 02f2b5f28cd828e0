/**
 * What a game is promised when players come and go, when entities and players go from zone to zone, and when its server is stopped and killed. All else
 * that it is promised over the wire is in `puppet.test.ts`.
 */

import { presenceCases } from './cases/presence.js';
import { puppetTheatre } from './cases/puppet.js';
import { restartCases } from './cases/restarts.js';
import { transferCases } from './cases/transfers.js';

describe('a game over the wire, from zone to zone and from run to run', function () {
  this.timeout(30_000);
  const theatre = puppetTheatre();

  presenceCases(theatre);
  transferCases(theatre);
  restartCases(theatre, ['SIGTERM', 'SIGKILL']);
});
