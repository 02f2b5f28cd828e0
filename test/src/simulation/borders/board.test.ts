import { expect } from 'chai';
import { Board } from '../../../../src/simulation/borders/board.js';
import { zoneId } from '../support.js';

const [A, B, C] = [zoneId(1), zoneId(2), zoneId(3)];

describe('a board of strips', () => {
  it('knows what is hosted here and what lies beside that, and nothing else', () => {
    const board = new Board<string>();
    board.host(A, [B]);
    for (const zone of [A, B, C]) board.set(zone, 'seen');

    expect([A, B, C].map((zone) => board.get(zone))).to.deep.equal(['seen', 'seen', undefined]);
    expect(board.unknown([A, C])).to.deep.equal([C]);
  });

  it('keeps what one zone still sees when another goes, and forgets the rest', () => {
    const board = new Board<string>();
    board.host(A, [B]);
    board.host(C, [B]);
    for (const zone of [A, B, C]) board.set(zone, 'seen');

    board.leave(A);
    expect([A, B, C].map((zone) => board.get(zone))).to.deep.equal([undefined, 'seen', 'seen']);
    board.leave(C);
    board.leave(C);
    expect([A, B, C].map((zone) => board.wants(zone))).to.deep.equal([false, false, false]);
  });

  it('loses nothing when a zone is hosted anew', () => {
    const board = new Board<string>();
    board.host(A, [B]);
    board.set(B, 'seen');

    board.host(A, [B, C]);

    expect(board.get(B)).to.equal('seen');
    expect(board.wants(C)).to.equal(true);
  });

  it('forgets a zone that is no more, also as what lies beside others', () => {
    const board = new Board<string>();
    board.host(A, [B, C]);
    board.host(B, [A]);
    for (const zone of [A, B, C]) board.set(zone, 'seen');

    board.forget(B);

    expect([A, B, C].map((zone) => board.get(zone))).to.deep.equal(['seen', undefined, 'seen']);
    expect(board.hosts(B)).to.equal(false);
  });
});
