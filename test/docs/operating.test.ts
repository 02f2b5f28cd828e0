/**
 * docs/operating.md against the code: every metric is there, none that is not exported is, and so with exit statuses.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { COUNTERS, HISTOGRAMS } from '../../actors/telemetry.js';
import { Metrics } from '../../src/observe/metrics.js';
import { ROOT } from './pages.js';

const page = readFileSync(join(ROOT, 'docs/operating.md'), 'utf8');

/** What stands in the first column of the page's tables. */
const inTables = new Set(
  Array.from(page.matchAll(/^\| ([^|]+) \|/gm), ([, cell = '']) => cell).flatMap((cell) =>
    Array.from(cell.matchAll(/`([a-z0-9_]+)`/g), ([, name = '']) => name),
  ),
);

/** Everything that /metrics has. Gauges of the world are named where it is put together. */
async function exported(): Promise<Set<string>> {
  const metrics = new Metrics('none');
  const text = await metrics.text();
  metrics.stop();
  const composition = readFileSync(join(ROOT, 'src/compose.ts'), 'utf8');
  const gauges = Array.from(composition.matchAll(/telemetry\.gauge\('(\w+)'/g), ([, name]) => `gridstead_${name}`);
  return new Set([...Array.from(text.matchAll(/^# HELP (\w+) /gm), ([, name = '']) => name), ...gauges]);
}

describe('docs/operating.md', () => {
  it('says what each counter and histogram means', () => {
    const names = [...Object.keys(COUNTERS), ...Object.keys(HISTOGRAMS)].map((name) => `gridstead_${name}`);

    expect(names.filter((name) => !inTables.has(name))).to.deep.equal([]);
  });

  it('says what each gauge and each figure of the process means', async () => {
    expect([...(await exported())].filter((name) => !inTables.has(name))).to.deep.equal([]);
  });

  it('names no metric that is not exported', async () => {
    const known = await exported();
    const named = Array.from(page.matchAll(/\b((?:gridstead|nodejs|process)_[a-z0-9_]+)/g), ([, name = '']) => name);

    expect(named.filter((name) => !known.has(name.replace(/_bucket$/, '')))).to.deep.equal([]);
  });

  it('says what to do about each exit status', () => {
    const main = readFileSync(join(ROOT, 'src/main.ts'), 'utf8');
    const [, statuses = ''] = /const EXIT = \{(.*)\} as const/.exec(main) ?? [];
    const used = ['0', ...Array.from(statuses.matchAll(/: (\d+)/g), ([, status = '']) => status)];

    const told = Array.from(page.matchAll(/^\| (\d+) \|/gm), ([, status]) => status);

    expect(told).to.deep.equal(used);
  });
});
