/** What a game made up for a view, as it is read for viewers. */
import { expect } from 'chai';
import { isSurelyJson, ShownState, shownEntity } from '../../../../src/simulation/views/shown-state.js';

describe('a thing of the game’s own making in a view', () => {
  it('is read once for all viewers when it is frozen and holds plain values', () => {
    const item = Object.freeze({ id: 'a', x: 1 });

    expect(shownEntity(item)).to.equal(shownEntity(item));
    expect(new ShownState(1 as never, [item], new Map()).json()).to.equal('{"entities":[{"id":"a","x":1}]}');
  });

  it('is read again each time when it could change, or be another', () => {
    let reads = 0;
    const changing = [
      { id: 'a', x: 1 },
      Object.freeze({ id: 'a', at: { x: 1 } }),
      Object.freeze({
        id: 'a',
        get x() {
          return ++reads;
        },
      }),
      Object.freeze({ id: 'a', x: Number.NaN }),
      Object.freeze({ id: 'a', x: -0 }),
      Object.freeze({ id: 'a', x: undefined }),
      Object.freeze(Object.create({ toJSON: () => ({ id: 'a', x: ++reads }) })),
      Object.freeze(Object.defineProperty({ id: 'a' }, 'x', { value: 'hidden', enumerable: false })),
    ];

    for (const item of changing) expect(shownEntity(item)).to.not.equal(shownEntity(item));
    expect(changing.slice(3, 6).map((item) => shownEntity(item)?.fields)).to.deep.equal([
      { id: 'a', x: null },
      { id: 'a', x: 0 },
      { id: 'a' },
    ]);
    expect(shownEntity(changing[2])?.json).to.not.equal(shownEntity(changing[2])?.json);
    expect(shownEntity(changing[6])?.json).to.not.equal(shownEntity(changing[6])?.json);
    expect(shownEntity(changing[7])?.fields, 'what JSON does not show').to.deep.equal({ id: 'a' });
  });

  it('is only ever sent whole with a field that means something in a difference', () => {
    const entitiesOf = (item: object) => new ShownState(1 as never, [item], new Map()).entities;

    expect([{ id: 'a', unset: [] }, Object.freeze({ id: 'a', unset: 1 })].map(entitiesOf)).to.deep.equal([null, null]);
    expect(new ShownState(1 as never, [], new Map([['unset', '1']])).entities).to.equal(null);
  });

  it('is tried for what is no JSON, unless it is fixed', () => {
    const items = [
      Object.freeze({ id: 'a', x: 1 }),
      { id: 'a', x: 1 },
      Object.freeze({ id: 'a', x: 1n }),
      Object.freeze({ x: 1 }),
      'a',
      null,
    ];

    expect(items.map(isSurelyJson)).to.deep.equal([true, false, false, false, false, false]);
  });
});
