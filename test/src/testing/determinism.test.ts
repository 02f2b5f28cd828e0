import { join } from 'node:path';
import { expect } from 'chai';
import { checkDeterminism, DeterminismError, type Happening } from '../../../src/testing/index.js';
import { ROOT } from '../../support/built.js';
import { rejection } from '../../support/rejection.js';

const HISTORY: readonly Happening[] = [
  { type: 'join', name: 'ada' },
  { type: 'join', name: 'ben' },
  { type: 'tick', count: 3 },
  { type: 'intent', name: 'ada', data: { type: 'move', dx: 1, dy: 0 } },
  { type: 'tick' },
  { type: 'kill' },
  { type: 'join', name: 'ada' },
  { type: 'sleep', ms: 60_000 },
  { type: 'tick', count: 2 },
];

describe('the determinism check', () => {
  it('lets a game pass that makes the same world of the same history in a fresh process', async () => {
    await checkDeterminism(join(ROOT, 'games/movement/index.ts'), HISTORY);
  });

  it('names the tick and the first difference of one that does not', async () => {
    const error = await rejection(checkDeterminism(join(ROOT, 'test/support/faulty-games/remembering.ts'), HISTORY));

    expect(error).to.be.instanceOf(DeterminismError);
    expect(error.message).to.match(/^at tick 1 players\.ada\.view\.host\.process is \d+, and then \d+ in a fresh process$/);
  });

  it('passes on what a rule throws', async () => {
    const intent = { type: 'tick', count: 1 } as const;

    const error = await rejection(checkDeterminism(join(ROOT, 'test/support/faulty-games/none.ts'), [intent]));

    expect(error.message).to.contain('none.ts');
  });
});
