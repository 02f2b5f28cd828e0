import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { HEAP_FLAGS } from '../../../src/heap.js';

const PROGRAM = fileURLToPath(new URL('./old-garbage.ts', import.meta.url));
/** A single object made by spreading and adding leaves 200 and more. */
const MOST_BYTES = 150;

describe('a tick of a zone', function () {
  this.timeout(60_000);

  it('leaves nothing in the old space, where only a full collection would find it', () => {
    const flags = ['--expose-gc', '--max-semi-space-size=64', ...HEAP_FLAGS];
    const printed = execFileSync(process.execPath, [...flags, '--import', 'tsx', PROGRAM], { encoding: 'utf8' });

    expect(Number(printed), 'bytes for each zone and tick').to.be.below(MOST_BYTES);
  });
});
