import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import type { Setting } from '../../config/checks.js';
import { settingsPage } from '../../config/document.js';
import { SETTINGS } from '../../config/settings.js';

describe('docs/settings.md', () => {
  const committed = readFileSync(new URL('../../docs/settings.md', import.meta.url), 'utf8');

  it('is what `npm run docs:settings` makes of the table now', () => {
    expect(committed).to.equal(settingsPage());
  });

  it('has each setting once, in the order of the table', () => {
    const listed = Array.from(committed.matchAll(/^\| `([A-Z_]+)` \|/gm), ([, name]) => name);

    expect(listed).to.deep.equal(Object.values<Setting<unknown>>(SETTINGS).map(({ env }) => env));
  });
});
