import { expect } from 'chai';
import fc from 'fast-check';
import { SeqLedger } from '../../../actors/players/seq-ledger.js';

const NOTHING = { run: 0, highest: 0, dropped: [] };

describe('a ledger of numbered intents', () => {
  it('answers a number at or below the last one taken with its fate', () => {
    const ledger = new SeqLedger(1, NOTHING);
    ledger.take(1);
    ledger.take(2);

    expect(ledger.fate(2)).to.equal('taken');
    expect(ledger.fate(3)).to.equal('fresh');
  });

  it('counts numbers that were passed over as dropped', () => {
    const ledger = new SeqLedger(1, NOTHING);
    ledger.take(5);

    expect([1, 4, 5].map((seq) => ledger.fate(seq))).to.deep.equal(['dropped', 'dropped', 'taken']);
  });

  it('learns what was settled in its own run before it knew', () => {
    const ledger = new SeqLedger(3, NOTHING);

    ledger.learn({ run: 2, highest: 9, dropped: [] });
    const before = ledger.highest;
    ledger.learn({ run: 3, highest: 4, dropped: [2] });
    ledger.learn({ run: 3, highest: 1, dropped: [1] });

    expect(before).to.equal(0);
    expect([1, 2, 4, 5].map((seq) => ledger.fate(seq))).to.deep.equal(['taken', 'dropped', 'taken', 'fresh']);
  });

  it('counts a refused number as dropped, also when it was queued before', () => {
    const ledger = new SeqLedger(1, NOTHING);
    ledger.take(1);
    ledger.refuse(2);
    ledger.refuse(1);

    expect([1, 2].map((seq) => ledger.fate(seq))).to.deep.equal(['dropped', 'dropped']);
  });

  it('begins where the mark of its own run stands, and anew for another run', () => {
    const mark = { run: 3, highest: 7, dropped: [2, 6] };

    expect([2, 7, 8].map((seq) => new SeqLedger(3, mark).fate(seq))).to.deep.equal(['dropped', 'taken', 'fresh']);
    expect(new SeqLedger(4, mark).fate(1)).to.equal('fresh');
  });

  it('passes over the largest gap there is without counting through it', () => {
    const ledger = new SeqLedger(1, NOTHING);
    ledger.take(Number.MAX_SAFE_INTEGER);

    expect(ledger.fate(12345)).to.equal('dropped');
  });

  it('remembers so many ranges: of those before it says that they were taken, which applies nothing twice', () => {
    const ledger = new SeqLedger(1, NOTHING);
    for (let seq = 2; seq <= 2 * 1_025; seq += 2) ledger.take(seq);

    expect([1, 3, 2_049].map((seq) => ledger.fate(seq))).to.deep.equal(['taken', 'dropped', 'dropped']);
  });

  it('agrees with a plain list of what happened', () => {
    const step = fc.record({ seq: fc.integer({ min: 1, max: 40 }), refused: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const ledger = new SeqLedger(1, NOTHING);
        const taken = new Set<number>();
        let highest = 0;
        for (const { seq, refused } of steps) {
          if (refused) taken.delete(seq);
          else if (seq > highest) taken.add(seq);
          if (refused) ledger.refuse(seq);
          else if (ledger.fate(seq) === 'fresh') ledger.take(seq);
          highest = Math.max(highest, seq);
        }
        for (let seq = 1; seq <= 41; seq += 1) {
          const expected = seq > highest ? 'fresh' : taken.has(seq) ? 'taken' : 'dropped';
          expect(ledger.fate(seq), `${seq}`).to.equal(expected);
        }
      }),
    );
  });
});
