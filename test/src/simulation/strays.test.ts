import { expect } from 'chai';
import type { ZoneId } from '../../../actors/ids.js';
import { Strays } from '../../../src/simulation/strays.js';
import { HOME } from './support.js';

describe('what game code leaves behind', () => {
  it('is known as its zone’s wherever it comes up, and as nobody’s outside', async () => {
    const told: [ZoneId | null, unknown][] = [];
    const strays = new Strays();
    strays.listen((zone, error) => told.push([zone, error]));
    const late = (error: string) => Promise.resolve().then(() => strays.take(error));

    const taken = await Promise.all([
      strays.run(HOME, () => late('of a tick')),
      strays.run(null, () => late('of a route')),
      strays.run(HOME, () => strays.outside(() => late('of the server, asked by a game'))),
      late('of the server'),
    ]);

    expect(taken).to.deep.equal([true, true, false, false]);
    expect(told).to.deep.equal([
      [HOME, 'of a tick'],
      [null, 'of a route'],
    ]);
  });
});
