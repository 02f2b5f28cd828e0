import { execFileSync } from 'node:child_process';
import { expect } from 'chai';
import { HEAP_FLAGS } from '../../src/heap.js';

describe('the settings of the heap', () => {
  it('are flags that this V8 has: one that it had not would be passed over', () => {
    const known = execFileSync(process.execPath, ['--v8-options'], { encoding: 'utf8' });

    for (const flag of HEAP_FLAGS) {
      const [name] = flag.replace(/^--no-/, '--').split('=');
      expect(known).to.match(new RegExp(`^ *${name} `, 'm'));
    }
  });
});
