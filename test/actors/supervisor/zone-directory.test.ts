import { expect } from 'chai';
import { newUuid, type ZoneId } from '../../../actors/ids.js';
import { ZoneDirectory } from '../../../actors/supervisor/zone-directory.js';

const zone = (name: string) => ({
  ...{ id: newUuid<ZoneId>(), name, width: 1, height: 1, metadata: {} },
  ...{ createdAtMs: 0, updatedAtMs: 0 },
});

describe('the directory of zones', () => {
  it('is in the order of names, with each zone as it was set last', () => {
    const [a, b, c] = [zone('a'), zone('b'), zone('c')];
    const directory = new ZoneDirectory([c, a]);
    directory.set(b);
    expect(directory.all()).to.deep.equal([a, b, c]);

    const before = directory.all();
    const renewed = { ...b, metadata: { weather: 'rain' } };
    directory.set(renewed);

    expect(directory.all()).to.deep.equal([a, renewed, c]);
    expect(before, 'a list that was handed out').to.deep.equal([a, b, c]);
    directory.delete(a.id);
    expect(directory.all()).to.deep.equal([renewed, c]);
  });

  it('hands out the same list as long as nothing changes', () => {
    const a = zone('a');
    const directory = new ZoneDirectory([a, zone('b')]);
    const list = directory.all();
    directory.set(a);

    expect(directory.all()).to.equal(list);
  });
});
