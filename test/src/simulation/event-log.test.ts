import { expect } from 'chai';
import { EventLog } from '../../../src/simulation/event-log.js';

describe('the log of recent events', () => {
  it('answers the events after a tick, oldest first, with their text', () => {
    const log = new EventLog()
      .plus(1, [{ n: 1 }])
      .plus(2, [])
      .plus(3, [{ n: 3 }, { n: 4 }]);

    expect(log.since(0)).to.deep.equal({ events: [{ n: 1 }, { n: 3 }, { n: 4 }], text: '{"n":1},{"n":3},{"n":4}' });
    expect(log.since(2).events).to.deep.equal([{ n: 3 }, { n: 4 }]);
    expect(log.since(3)).to.deep.equal({ events: [], text: '' });
  });

  it('gives those who missed the same events the same object', () => {
    const log = new EventLog().plus(1, [{ n: 1 }]).plus(5, [{ n: 5 }]);

    expect(log.since(1)).to.equal(log.since(4));
    expect(log.since(0)).not.to.equal(log.since(1));
  });

  it('leaves the log before a tick as it was', () => {
    const before = new EventLog().plus(1, [{ n: 1 }]);

    before.plus(2, [{ n: 2 }]);

    expect(before.since(0).events).to.deep.equal([{ n: 1 }]);
  });

  it('forgets what is older than 64 ticks with events', () => {
    let log = new EventLog();

    for (let tick = 1; tick <= 100; tick++) log = log.plus(tick, [{ tick }]);

    expect(log.since(0).events).to.have.length(64);
    expect(log.since(0).events[0]).to.deep.equal({ tick: 37 });
  });

  it('forgets the oldest beyond 10,000 events, but never the newest tick', () => {
    const many = (length: number) => Array.from({ length }, (_, n) => ({ n }));

    const log = new EventLog().plus(1, many(4_000)).plus(2, many(4_000)).plus(3, many(4_000));

    expect(log.since(0).events).to.have.length(8_000);
    expect(log.plus(4, many(12_000)).since(0).events).to.have.length(12_000);
  });
});
