import { expect } from 'chai';
import { Sightings } from '../../../../src/tools/minds/sightings.js';

const HERE = { x: 0, z: 0 };
const SIGHT = 1000;
const near = { id: 'a', x: 100, z: 0 };

describe('sightings', () => {
  it('notice an entity that is missing and back soon', () => {
    expect(blinks([[near], [], [near]])).to.equal(1);
    expect(blinks([[near], [near], [near]])).to.equal(0);
  });

  it('take one that stays away for gone, and one that comes back late for another visit', () => {
    expect(blinks([[near], [], [], []])).to.equal(0);
    expect(blinks([[near], ...Array(40).fill([]), [near]])).to.equal(0);
  });

  it('do not mind one at the edge of sight', () => {
    const far = { id: 'a', x: 900, z: 0 };

    expect(blinks([[far], [], [far]])).to.equal(0);
  });

  it('count each blink of each entity', () => {
    const other = { id: 'b', x: 0, z: 100 };

    expect(blinks([[near, other], [], [near, other], [other], [near, other]])).to.equal(3);
  });
});

/** The states come every second tick. */
function blinks(states: readonly (readonly (typeof near)[])[]): number {
  const sightings = new Sightings();
  return states.reduce((sum, entities, i) => sum + sightings.look(2 * i, HERE, SIGHT, entities), 0);
}
