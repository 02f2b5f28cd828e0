import { expect } from 'chai';
import { BinaryWalker } from '../../../src/generator/voices/binary-states.js';

const TICK = 1;
const DELTA = 2;
/** An entity with an id that is a UUID, a position and metadata. */
const MASK = 1 | 2 | 8;

function uuid(last: number): number[] {
  return [...new Array<number>(15).fill(0), last];
}

/** A whole state with walkers of these players, in tick 7 of zone 1. Handles count from 5. */
function whole(players: readonly string[]): Buffer {
  const entities = players.flatMap((player, index) => {
    const metadata = Buffer.from(JSON.stringify({ kind: 'walker', player }));
    return [5 + index, MASK, ...uuid(index), 20, 40, metadata.length, ...metadata];
  });
  return Buffer.from([TICK, 0, 7, ...uuid(1), 7, 0, players.length, ...entities]);
}

/** What changes by one step to the right of the walker with this handle, in tick 8. */
function step(handle: number): Buffer {
  return Buffer.from([DELTA, 3, 8, 1, 0, 0, 0, 1, handle * 16 + 1, 2]);
}

describe('a walker in binary states', () => {
  it('is found in a whole state and followed over deltas', () => {
    const walker = new BinaryWalker('ben');

    const cells = [whole(['anna', 'ben']), step(6), step(6)].map((bytes) => walker.cellIn(bytes));

    expect(cells).to.deep.equal([
      { x: 10, y: 20 },
      { x: 11, y: 20 },
      { x: 12, y: 20 },
    ]);
  });

  it('stays where it is while others move', () => {
    const walker = new BinaryWalker('ben');

    walker.cellIn(whole(['anna', 'ben']));

    expect(walker.cellIn(step(5))).to.deep.equal({ x: 10, y: 20 });
  });

  it('is nowhere before it was seen', () => {
    expect(new BinaryWalker('carla').cellIn(whole(['anna']))).to.equal(null);
  });
});
