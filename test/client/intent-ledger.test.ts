/** The client's half of the numbering of intents. */
import { expect } from 'chai';
import fc from 'fast-check';
import { IntentLedger } from '../../client/intent-ledger.js';

const NOTHING = { lastSeq: 0, dropped: [] };

describe('intent ledger', () => {
  it('numbers from 1 and settles up to an ack', () => {
    const ledger = filled(3);

    const settled = ledger.acknowledge(2);

    expect(settled.map(({ seq, fate }) => [seq, fate])).to.deep.equal([
      [1, 'applied'],
      [2, 'applied'],
    ]);
    expect(ledger.waiting).to.have.length(1);
  });

  it('settles what is refused as dropped, and each intent once', () => {
    const ledger = filled(3);

    expect(ledger.refuse(2)).to.deep.equal([{ seq: 2, data: { n: 2 }, form: 'intent', fate: 'dropped' }]);
    expect(ledger.refuse(2)).to.deep.equal([]);
    expect(ledger.acknowledge(3).map(({ seq }) => seq)).to.deep.equal([1, 3]);
  });

  it('learns from a resume what was applied, what was dropped, and what to send again', () => {
    const ledger = filled(5);

    const { settled, resend } = ledger.rejoin({ lastSeq: 3, dropped: [2] }, true);

    expect(settled.map(({ seq, fate }) => [seq, fate])).to.deep.equal([
      [1, 'applied'],
      [2, 'dropped'],
      [3, 'applied'],
    ]);
    expect(resend.map(({ seq }) => seq)).to.deep.equal([4, 5]);
    expect(ledger.add({})?.seq).to.equal(6);
  });

  it('gives no number again that the server has passed', () => {
    const ledger = filled(1);

    ledger.rejoin({ lastSeq: 7, dropped: [2, 3, 4, 5, 6, 7] }, true);

    expect(ledger.add({})?.seq).to.equal(8);
  });

  it('sends after a first join what was wanted before', () => {
    const ledger = filled(2);

    const verdict = ledger.judge(NOTHING);
    const { settled, resend } = ledger.rejoin(NOTHING, true);

    expect(verdict).to.equal('resumed');

    expect(settled).to.deep.equal([]);
    expect(resend.map(({ seq }) => seq)).to.deep.equal([1, 2]);
  });

  it('takes a mark below what was consumed for a resume that did not work', () => {
    const ledger = filled(4);
    ledger.sent(3);
    ledger.acknowledge(2);

    const verdict = ledger.judge(NOTHING);
    const { settled } = ledger.rejoin(NOTHING, false);

    expect(verdict).to.equal('anew');
    expect(settled.map(({ seq, fate }) => [seq, fate])).to.deep.equal([
      [3, 'unknown'],
      [4, 'dropped'],
    ]);
    expect(ledger.add({})?.seq).to.equal(1);
  });

  it('does not guess whether a resume worked where a mark of 0 leaves it open', () => {
    const ledger = filled(3);
    ledger.sent(2);

    expect(ledger.judge(NOTHING)).to.equal('unclear');
    expect(ledger.judge({ lastSeq: 1, dropped: [] })).to.equal('resumed');
  });

  it('gives no number again that a run may know which only seemed to be another', () => {
    const ledger = filled(3);
    ledger.sent(3);

    ledger.rejoin(NOTHING, false);

    expect(ledger.add({})?.seq).to.equal(4);
  });

  it('takes no more than it can account for', () => {
    const ledger = filled(256);

    expect(ledger.add({})).to.equal(null);
    ledger.acknowledge(1);
    expect(ledger.add({})?.seq).to.equal(257);
  });

  it('settles every intent exactly once, whatever happens', () => {
    const event = fc.oneof(
      fc.constant({ type: 'add' as const }),
      fc.record({ type: fc.constant('ack' as const), seq: fc.nat(40) }),
      fc.record({ type: fc.constant('sent' as const), seq: fc.nat(40) }),
      fc.record({ type: fc.constant('refuse' as const), seq: fc.nat(40) }),
      fc.record({ type: fc.constant('rejoin' as const), seq: fc.nat(40), dropped: fc.array(fc.nat(40)) }),
    );

    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        const ledger = new IntentLedger();
        let added = 0;
        let settled = 0;
        for (const happened of events) {
          if (happened.type === 'add' && ledger.add({})) added++;
          if (happened.type === 'ack') settled += ledger.acknowledge(happened.seq).length;
          if (happened.type === 'refuse') settled += ledger.refuse(happened.seq).length;
          if (happened.type === 'sent') ledger.sent(Math.min(happened.seq, added));
          if (happened.type === 'rejoin') {
            const report = { lastSeq: happened.seq, dropped: happened.dropped };
            const { settled: known, resend } = ledger.rejoin(report, ledger.judge(report) === 'resumed');
            settled += known.length;
            expect(resend.length).to.equal(ledger.waiting.length);
          }
          expect(settled + ledger.waiting.length).to.equal(added);
        }
      }),
    );
  });
});

function filled(count: number): IntentLedger {
  const ledger = new IntentLedger();
  for (let n = 1; n <= count; n++) ledger.add({ n });
  return ledger;
}
