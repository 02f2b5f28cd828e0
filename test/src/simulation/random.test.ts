import { expect } from 'chai';
import { parseUuid } from '../../../actors/ids.js';
import { TickRandom } from '../../../src/simulation/random.js';
import { AWAY, HOME } from './support.js';

describe('the chance of a tick', () => {
  it('is the same for the same secret, zone and tick', () => {
    const [one, other] = [TickRandom.of('secret', HOME, 7), TickRandom.of('secret', HOME, 7)];

    expect(draw(one)).to.deep.equal(draw(other));
    expect(one.newId()).to.equal(other.newId());
    expect(one.seed).to.equal(other.seed);
  });

  it('is another for another secret, zone or tick', () => {
    const sources = [
      TickRandom.of('secret', HOME, 7),
      TickRandom.of('other', HOME, 7),
      TickRandom.of('secret', AWAY, 7),
      TickRandom.of('secret', HOME, 8),
    ];

    expect(new Set(sources.map((source) => source.random())).size).to.equal(4);
    expect(new Set(sources.map((source) => source.newId())).size).to.equal(4);
  });

  it('lies in [0, 1) and is spread over it', () => {
    const source = TickRandom.of('secret', HOME, 1);
    const tenths = Array.from({ length: 10 }, () => 0);

    for (let index = 0; index < 10_000; index++) {
      const value = source.random();
      expect(value).to.be.within(0, 1).and.not.equal(1);
      const tenth = Math.floor(value * 10);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }

    for (const count of tenths) expect(count).to.be.within(850, 1150);
  });

  it('issues ids that are distinct random UUIDs, and knows its own', () => {
    const source = TickRandom.of('secret', HOME, 1);

    const ids = Array.from({ length: 1000 }, () => source.newId());

    expect(new Set(ids).size).to.equal(1000);
    for (const id of ids) {
      expect(parseUuid(id)).to.equal(id);
      expect(id).to.match(/^.{14}4.{4}[89ab]/);
      expect(source.hasIssued(id)).to.equal(true);
    }
    expect(TickRandom.of('secret', HOME, 1).hasIssued(ids[0] ?? '')).to.equal(false);
  });

  it('does not shift ids when numbers are drawn', () => {
    const [quiet, busy] = [TickRandom.of('secret', HOME, 3), TickRandom.of('secret', HOME, 3)];

    draw(busy);

    expect(busy.newId()).to.equal(quiet.newId());
  });
});

function draw(source: TickRandom): number[] {
  return Array.from({ length: 20 }, () => source.random());
}
