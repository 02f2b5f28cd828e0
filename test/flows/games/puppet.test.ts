/**
 * The game module from outside, on one server: a game that does what its players say, scripted over the public wire.
 * Who comes and goes, transfers between zones, and what holds over a stop and a kill are in `puppet.slow.ts`. What goes wrong beyond that is `containment.test.ts`; what a game keeps secret, `fog.test.ts`.
 */
import { puppetTheatre } from './cases/puppet.js';
import { rulesCases } from './cases/rules.js';

describe('a game over the wire', function () {
  this.timeout(30_000);
  const theatre = puppetTheatre();

  rulesCases(theatre);
});
