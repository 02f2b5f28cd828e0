/** The tables of docs/testing.md against the tests that they name. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { ROOT } from './pages.js';

/** `| what | file | name of the test |` */
const ROW = /^\|[^|]+\| `(test\/[^`]+)` \| (.+) \|$/gm;

describe('docs/testing.md', () => {
  it('names tests that are there', () => {
    const rows = [...readFileSync(join(ROOT, 'docs/testing.md'), 'utf8').matchAll(ROW)];
    const missing = rows.filter(([, file = '', name]) => !readFileSync(join(ROOT, file), 'utf8').includes(`${name}`));

    expect(rows.length).to.be.greaterThan(30);
    expect(missing.map(([row]) => row)).to.deep.equal([]);
  });
});
