import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { expect } from 'chai';
import type { Setting } from '../../config/checks.js';
import { SETTINGS } from '../../config/settings.js';

describe('.env.example', () => {
  const text = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
  const commented = Array.from(text.matchAll(/^# ([A-Z][A-Z_]+)=(.*)$/gm), ([, name, value]) => ({ name, value }));

  it('has every setting once, in the order of the table, with its default', () => {
    const settings = Object.values<Setting<unknown>>(SETTINGS);

    expect(commented).to.deep.equal(settings.map((setting) => ({ name: setting.env, value: setting.default })));
  });

  it('changes nothing when it is copied as it is', () => {
    expect(parseEnv(text)).to.deep.equal({});
  });
});

describe('the table of settings', () => {
  const settings = Object.values<Setting<unknown>>(SETTINGS);

  it('has a name and a help text of its own for each setting', () => {
    expect(new Set(settings.map(({ env }) => env)).size).to.equal(settings.length);
    expect(settings.every(({ help }) => help.length > 10)).to.equal(true);
  });

  it('has defaults that pass their own checks', () => {
    for (const setting of settings) {
      const value = setting.default === '' ? setting.unset?.({ cores: 2, tickIntervalMs: 1_000 }) : setting.read(setting.default);
      expect(value, setting.env).to.not.equal(undefined);
    }
  });
});
