import { expect } from 'chai';
import { newUuid, type ZoneId } from '../../../../actors/ids.js';
import type { ZoneInfo } from '../../../../actors/records.js';
import { withNews, ZoneOffer } from '../../../../src/simulation/pool/zone-offer.js';

const zone = (name: string): ZoneInfo => ({
  ...{ id: newUuid<ZoneId>(), name, width: 1, height: 1, metadata: {} },
  ...{ createdAtMs: 0, updatedAtMs: 0 },
});

describe('what a thread is told of the zones', () => {
  it('is all of them once, then nothing, then what changed, and all again where one came or went', () => {
    const [a, b, c] = [zone('a'), zone('b'), zone('c')];
    const renewed = { ...b, metadata: { weather: 'rain' } };
    const lists = [
      [a, b],
      [a, b],
      [a, renewed],
      [a, renewed, c],
      [renewed, c],
    ];
    const offer = new ZoneOffer();
    const sizes: string[] = [];
    let known: readonly ZoneInfo[] = [];

    for (const list of lists) {
      const news = offer.news(list);
      sizes.push('all' in news ? 'all' : String(news.changed.length));
      known = withNews(known, structuredClone(news));
      expect(known).to.deep.equal(list);
    }

    expect(sizes).to.deep.equal(['all', '0', '1', 'all', 'all']);
  });

  it('leaves the list itself alone where there is nothing new, so that what was made of it can be kept', () => {
    const list = [zone('a')];
    const offer = new ZoneOffer();
    const known = withNews([], offer.news(list));

    expect(withNews(known, offer.news(list))).to.equal(known);
  });
});
