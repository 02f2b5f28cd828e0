/**
 * The checks themselves, on histories with a planted fault: what would pass everything proves nothing.
 */
import { expect } from 'chai';
import type { Book } from '../../support/flow-games/bank.js';
import { allBooked, booksGrow, chainsHold, eachOnce, type Found, fatesAgree, pursesStay, ticksRise } from './checks.js';
import type { Evidence, History } from './history.js';

describe('the checks of the kill loop', () => {
  it('find nothing in a history of two kills in which all is well', () => {
    const history = told(
      joined(0),
      sent(1),
      sent(2),
      received(1),
      view({ tick: 5, height: 1, ack: 1, ops: [[1, 1]] }),
      joined(1),
      sent(2),
      refused(2),
      sent(3, 2),
      view({ tick: 900, height: 1, ops: [[1, 1]] }),
      joined(3, [2]),
      view({ tick: 1801, height: 2, ops: [[1, 2]] }),
    );

    expect([...ticksRise(history), ...booksGrow(history), ...fatesAgree(history), ...allBooked(history, 2)]).to.deep.equal([]);
    expect(chainsHold([history, told(view({ tick: 900, height: 1 }))])).to.deep.equal([]);
  });

  it('find a tick number that comes again, or goes back, in one zone only', () => {
    expect(ticksRise(told(view({ tick: 5 }), joined(0), view({ tick: 5 })))).to.have.length(1);
    expect(ticksRise(told(view({ tick: 5 }), view({ tick: 4 }), view({ tick: 5 })))).to.have.length(2);
    expect(ticksRise(told(view({ tick: 5 }), view({ tick: 4, zone: 'b' })))).to.have.length(0);
  });

  it('find a book that loses an operation, books one twice, or disagrees with the purse', () => {
    expect(booksGrow(told(view({ ops: [[1, 9]] }), view({ ops: [[1, 8]] })))).to.have.length(1);
    expect(
      booksGrow(
        told(
          view({ ops: [[1, 9]] }),
          view({
            ops: [
              [1, 4],
              [6, 10],
            ],
          }),
        ),
      ),
    ).to.have.length(1);
    expect(booksGrow(told(view({ twice: [3] })))).to.have.length(1);
    expect(booksGrow(told(view({ purse: 4, withPurse: 5 })))).to.have.length(1);
  });

  it('find a zone whose past was taken back, by what other players saw of it too', () => {
    const seen = told(view({ tick: 5, height: 3, digest: 'old' }));

    expect(chainsHold([seen, told(view({ tick: 6, height: 2 }))])).to.have.length(1);
    expect(chainsHold([seen, told(view({ tick: 6, height: 3, digest: 'new' }))])).to.have.length(1);
    expect(chainsHold([seen, told(view({ tick: 5, height: 4 }))])).to.have.length(1);
    expect(chainsHold([seen, told(view({ tick: 6, height: 2, zone: 'b' }))])).to.have.length(0);
  });

  it('find an intent that was told as applied and is in no book', () => {
    expect(fatesAgree(told(sent(1), view({ ack: 1, ops: [] })))).to.have.length(1);
    expect(fatesAgree(told(sent(1), joined(1), view({ ops: [] })))).to.have.length(1);
  });

  it('find an intent that is told to have two fates', () => {
    const applied = [sent(1), sent(2), view({ ack: 2, ops: [[1, 2]] })];

    expect(fatesAgree(told(...applied, refused(1)))).to.have.length(1);
    expect(fatesAgree(told(...applied, joined(2, [1])))).to.have.length(1);
    expect(fatesAgree(told(sent(1), sent(2), refused(1), joined(2)))).to.have.length(1);
  });

  it('find acks that go back, a resume that forgets, and news of what was never sent', () => {
    const applied = [sent(1), sent(2), view({ ack: 2, ops: [[1, 2]] })];

    expect(fatesAgree(told(...applied, view({ ack: 1, ops: [[1, 2]] })))).to.have.length(1);
    expect(fatesAgree(told(...applied, joined(0)))).to.have.length(1);
    expect(fatesAgree(told(received(7)))).to.have.length(1);
    expect(fatesAgree(told(refused(7)))).to.have.length(1);
  });

  it('find an operation that is booked never', () => {
    expect(
      allBooked(
        told(
          view({
            ops: [
              [1, 4],
              [6, 9],
            ],
          }),
        ),
        9,
      ),
    ).to.have.length(1);
    expect(allBooked(told(view({ ops: [[1, 8]] })), 9)).to.have.length(1);
    expect(allBooked(told(), 1)).to.have.length(1);
  });

  it('find an entity in two zones, in none, or from nowhere', () => {
    const expected = { coins: new Set(['c1', 'c2']), zones: ['a', 'b'] };
    const whole = [coin('c1', 'a'), coin('c2', 'b'), chain('a'), chain('b')];

    expect(eachOnce(whole, expected)).to.deep.equal([]);
    expect(eachOnce([...whole, coin('c1', 'b')], expected)).to.have.length(1);
    expect(eachOnce(whole.slice(1), expected)).to.have.length(1);
    expect(eachOnce([...whole, coin('c3', 'b')], expected)).to.have.length(1);
    expect(eachOnce(whole.slice(0, 3), expected)).to.have.length(1);
  });

  it('find a purse that is gone, and a player who has two', () => {
    expect(pursesStay([purse('p1', 'anna')], [])).to.have.length(1);
    expect(pursesStay([], [purse('p1', 'anna'), purse('p2', 'anna')])).to.have.length(1);
    expect(pursesStay([purse('p1', 'anna')], [purse('p1', 'anna'), purse('p2', 'bert')])).to.deep.equal([]);
  });
});

function told(...evidence: readonly Evidence[]): History {
  return { name: 'anna', evidence };
}

const joined = (lastSeq: number, dropped: readonly number[] = []): Evidence => ({
  type: 'joined',
  asked: true,
  lastSeq,
  dropped,
});
const sent = (seq: number, op = seq): Evidence => ({ type: 'sent', seq, op });
const received = (seq: number): Evidence => ({ type: 'received', seq });
const refused = (seq: number): Evidence => ({ type: 'refused', seq, code: 'intent_dropped' });

function view(facts: {
  readonly zone?: string;
  readonly tick?: number;
  readonly ack?: number;
  readonly height?: number;
  readonly digest?: string;
  readonly ops?: Book['ops'];
  readonly twice?: readonly number[];
  readonly purse?: number;
  readonly withPurse?: number;
}): Evidence {
  const {
    zone = 'a',
    tick = 1,
    ack = null,
    height = 1,
    digest = `link ${height}`,
    ops = [],
    twice = [],
    purse,
    withPurse = 0,
  } = facts;
  return {
    type: 'view',
    zone,
    tick,
    ack,
    view: {
      zone_id: zone,
      chain: { height, digest, stirs: 0 },
      book: { purse: 'p1', ops, twice, withPurse },
      purse: purse === undefined ? null : { id: 'p1', ops: purse },
    },
  };
}

const coin = (id: string, zone_id: string): Found => ({ id, zone_id, metadata: { kind: 'coin' } });
const chain = (zone_id: string): Found => ({ id: `chain of ${zone_id}`, zone_id, metadata: { kind: 'chain' } });
const purse = (id: string, owner: string): Found => ({ id, zone_id: 'a', metadata: { kind: 'purse', owner } });
