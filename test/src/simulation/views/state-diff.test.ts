/** What changed of things that a game made up for its views, worked out once for all who see them. */
import { expect } from 'chai';
import { Handles, writeDelta } from '../../../../src/simulation/views/binary-body.js';
import { ByteWriter } from '../../../../src/simulation/views/byte-writer.js';
import { type ShownEntity, ShownState, shownEntity } from '../../../../src/simulation/views/shown-state.js';
import { changeOf, diffStates } from '../../../../src/simulation/views/state-diff.js';

describe('the change of a thing of the game’s own making', () => {
  it('names the fields that are another, or gone', () => {
    const { set, unset } = changeOf(thing({ x: 1, vx: 5, old: true }), thing({ x: 2, vx: 5, new: null }));

    expect({ set, unset }).to.deep.equal({ set: ['x', 'new'], unset: ['old'] });
  });

  it('is made once for all viewers, and again for one who saw something else before', () => {
    const [first, second, third] = [thing({ x: 1 }), thing({ x: 2 }), thing({ x: 1 })];

    expect(changeOf(second, third)).to.equal(changeOf(second, third));
    expect(changeOf(first, third).set).to.deep.equal([]);
    expect(changeOf(second, third).set).to.deep.equal(['x']);
  });

  it('keeps none of those before it: a thing that moves for a year is not remembered for a year', () => {
    const [first, second, third] = [thing({ x: 1 }), thing({ x: 2 }), thing({ x: 3 })];

    changeOf(first, second);
    changeOf(second, third);

    expect([first, second, third].map(({ notes }) => notes?.change?.before ?? null)).to.deep.equal([null, null, second]);
  });

  it('is written to one viewer as to the next, whoever was first', () => {
    const [first, second, third] = [thing({ x: 1, z: 1 }), thing({ x: 9, z: 2 }), thing({ x: 9, z: 3, name: 'q' })];
    const [before, other, after] = [first, second, third].map(stateOf) as [ShownState, ShownState, ShownState];

    const alone = bytesOf(before, after);
    const others = bytesOf(other, after);
    const again = bytesOf(before, after);

    expect(again).to.deep.equal(alone);
    expect(others).to.not.deep.equal(alone);
  });
});

function thing(fields: object): ShownEntity {
  const shown = shownEntity(Object.freeze({ id: 'a', ...fields }));
  if (!shown) throw new Error('it has an id');
  return shown;
}

function stateOf({ fields }: ShownEntity): ShownState {
  return new ShownState(1 as never, [fields], new Map());
}

function bytesOf(before: ShownState, after: ShownState): Uint8Array {
  const diff = diffStates(before, after);
  if (!diff) throw new Error('both have entities with ids');
  const out = new ByteWriter();
  writeDelta(out, 1, diff, new Handles(), true);
  return out.take();
}
