import { expect } from 'chai';
import { Slab } from '../../../src/simulation/slab.js';

describe('a slab', () => {
  it('gives each its own bytes, many of them in one buffer', () => {
    const slab = new Slab(16);
    const rooms = [5, 6, 5, 4].map((length, index) => slab.room(length).fill(index));

    expect(rooms.map((room) => [...room])).to.deep.equal([
      [0, 0, 0, 0, 0],
      [1, 1, 1, 1, 1, 1],
      [2, 2, 2, 2, 2],
      [3, 3, 3, 3],
    ]);
    expect(new Set(rooms.map(({ buffer }) => buffer)).size).to.equal(2);
  });

  it('makes room for what is larger than itself', () => {
    expect(new Slab(16).room(100)).to.have.length(100);
    expect(new Slab(0).room(3).buffer.byteLength).to.equal(3);
  });

  it('writes into another buffer once the last one has gone to another thread', () => {
    const slab = new Slab(16);
    const gone = slab.room(4);
    structuredClone(gone, { transfer: [gone.buffer as ArrayBuffer] }); // it is no shared one

    expect(gone).to.have.length(0);
    expect([...slab.room(4).fill(7)]).to.deep.equal([7, 7, 7, 7]);
  });

  it('has room for nothing as often as it is asked, with each buffer gone to another thread', () => {
    for (const bytes of [16, 0]) {
      const slab = new Slab(bytes);
      for (let times = 0; times < 3; times++) {
        const gone = slab.room(0);
        structuredClone(gone, { transfer: [gone.buffer as ArrayBuffer] }); // it is no shared one
        expect(gone).to.have.length(0);
      }
    }
  });
});
