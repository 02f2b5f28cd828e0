import { expect } from 'chai';
import fc from 'fast-check';
import { advanceMark, startMark } from '../../actors/mark.js';

describe('the mark of a player', () => {
  it('rises with each applied number', () => {
    const mark = [1, 2, 3].reduce((before, seq) => advanceMark(before, 1, seq), startMark(1));

    expect(mark).to.deep.equal({ run: 1, highest: 3, dropped: [] });
  });

  it('counts the numbers that were passed over as dropped', () => {
    const mark = [2, 5].reduce((before, seq) => advanceMark(before, 1, seq), startMark(1));

    expect(mark).to.deep.equal({ run: 1, highest: 5, dropped: [1, 3, 4] });
  });

  it('begins anew with a newer run', () => {
    const mark = advanceMark({ run: 1, highest: 90, dropped: [3] }, 4, 3);

    expect(mark).to.deep.equal({ run: 4, highest: 3, dropped: [1, 2] });
  });

  it('is not moved by an older run, or by a number it has passed', () => {
    const mark = { run: 5, highest: 9, dropped: [7] };

    expect(advanceMark(mark, 4, 100)).to.equal(mark);
    expect(advanceMark(mark, 5, 9)).to.equal(mark);
    expect(advanceMark(mark, 5, 7)).to.equal(mark);
  });

  it('names only the newest 256 of a gap that no memory could hold', () => {
    const highest = Number.MAX_SAFE_INTEGER;

    const { dropped } = advanceMark({ run: 1, highest: 2, dropped: [1] }, 1, highest);

    expect(dropped).to.have.length(256);
    expect([dropped[0], dropped.at(-1)]).to.deep.equal([highest - 256, highest - 1]);
  });

  it('is what a plain count of the numbers would say', () => {
    const ascending = fc
      .uniqueArray(fc.integer({ min: 1, max: 600 }), { maxLength: 60 })
      .map((seqs) => seqs.sort((a, b) => a - b));
    fc.assert(
      fc.property(ascending, (seqs) => {
        const mark = seqs.reduce((before, seq) => advanceMark(before, 1, seq), startMark(1));

        const highest = seqs.at(-1) ?? 0;
        const all = Array.from({ length: highest }, (_, index) => index + 1);
        expect(mark).to.deep.equal({ run: 1, highest, dropped: all.filter((seq) => !seqs.includes(seq)).slice(-256) });
      }),
    );
  });
});
