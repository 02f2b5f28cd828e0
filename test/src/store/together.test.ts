import { expect } from 'chai';
import { StoreUnavailableError } from '../../../actors/errors.js';
import { Together } from '../../../src/store/together.js';

describe('calls that go together', () => {
  it('go at once when there is one, together behind it when there are many, and never more than so many', async () => {
    const { together, batches } = bench({ atMost: 3 });

    const answers = await Promise.all([1, 2, 3, 4, 5].map((n) => together.call(n)));
    answers.push(await together.call(6));

    expect(answers).to.deep.equal([10, 20, 30, 40, 50, 60]);
    expect(batches).to.deep.equal([[1, 2, 3], [4, 5], [6]]);
  });

  it('never have the same key twice', async () => {
    const { together, batches } = bench({ atMost: 9 });

    expect(await Promise.all([1, 1, 2].map((n) => together.call(n)))).to.deep.equal([10, 10, 20]);
    expect(batches).to.deep.equal([[1, 2], [1]]);
  });

  it('fail alone where one of them is to blame', async () => {
    const { together, batches } = bench({ atMost: 9, spoilt: 2 });

    const outcomes = await Promise.allSettled([1, 2, 3].map((n) => together.call(n)));

    expect(outcomes.map(({ status }) => status)).to.deep.equal(['fulfilled', 'rejected', 'fulfilled']);
    expect(batches).to.deep.equal([[1, 2, 3], [1], [2], [3]]);
  });

  it('fail all when the database is away, and the next is tried again', async () => {
    const { together, batches, fail } = bench({ atMost: 9 });
    fail(new StoreUnavailableError('away'));

    const outcomes = await Promise.allSettled([1, 2].map((n) => together.call(n)));
    fail(null);

    expect(outcomes.map(({ status }) => status)).to.deep.equal(['rejected', 'rejected']);
    expect(await together.call(3)).to.equal(30);
    expect(batches).to.deep.equal([[1, 2], [3]]);
  });
});

function bench({ atMost, spoilt }: { readonly atMost: number; readonly spoilt?: number }) {
  const batches: number[][] = [];
  let failure: Error | null = null;
  const together = new Together<number, number>({
    atMost,
    key: String,
    async run(items) {
      batches.push([...items]);
      if (failure) throw failure;
      if (spoilt !== undefined && items.includes(spoilt)) throw new Error('spoilt');
      return items.map((n) => n * 10);
    },
  });
  const fail = (error: Error | null) => {
    failure = error;
  };
  return { together, batches, fail };
}
