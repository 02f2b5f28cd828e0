/**
 * Writes a stretch of history as a test: a file of what happened, and a mocha test that plays it with the game as it
 * is and expects that the same comes of it.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { stateAt } from './replay.js';
import type { Stretch } from './stretch.js';

export interface TestImports {
  /** What the test imports the game from: a path relative to its folder, or a package. */
  readonly gameImport: string;
  /** What it imports `replay` from. */
  readonly replayImport: string;
}

/** `name`: of both files, the test's ending in `.test.ts` and the other's in `.json`. */
export interface ExportedTest {
  readonly name: string;
  readonly test: string;
  readonly json: string;
}

export function testOf(stretch: Stretch, imports: TestImports): ExportedTest {
  const last = stretch.rows.at(-1)?.tick ?? stretch.from;
  const name = `${stretch.zone.name.replace(/[^a-zA-Z0-9]+/g, '-')}-${stretch.from}-${last}`;
  const json = `${JSON.stringify(shortest(stretch), null, 1)}\n`;
  return { name, json, test: testText({ name, zone: stretch.zone.name, from: stretch.from, last, ...imports }) };
}

/** Writes both files into this folder, which is made if it is not there; answers the test's path. */
export async function exportTest(stretch: Stretch, folder: string, imports: TestImports): Promise<string> {
  const { name, test, json } = testOf(stretch, imports);
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, `${name}.json`), json);
  const file = path.join(folder, `${name}.test.ts`);
  await writeFile(file, test);
  return file;
}

/** Without the ticks that are only there to reach the first one. What lies beside the zone stays as it is. */
function shortest(stretch: Stretch): Stretch {
  const rows = stretch.rows.filter(({ tick }) => tick >= stretch.from);
  return { ...stretch, base: stateAt(stretch, stretch.from - 1), rows };
}

interface TestFacts extends TestImports {
  readonly name: string;
  readonly zone: string;
  readonly from: number;
  readonly last: number;
}

function testText({ name, zone, from, last, gameImport, replayImport }: TestFacts): string {
  return `/** What happened in zone ${JSON.stringify(zone)} from tick ${from} to ${last}, played again. */
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import game from '${gameImport}';
import { replay, type Stretch } from '${replayImport}';

const stretch: Stretch = JSON.parse(readFileSync(new URL('./${name}.json', import.meta.url), 'utf8'));

describe(${JSON.stringify(`zone ${zone}, ticks ${from} to ${last}`)}, () => {
  it('comes out as it was committed', () => {
    for (const { tick, difference } of replay(game, stretch)) expect(difference, \`tick \${tick}\`).to.equal(null);
  });
});
`;
}
