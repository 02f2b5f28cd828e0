/**
 * Keeps docs/making-a-game.md true: takes its code out, one folder for each step with all files as they
 * are by then, type-checks the lot, plays each step's game in a test world, and runs the tests that the guide ends with.
 */
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import type { GameModule } from '../../../games/contract.js';
import { createTestWorld } from '../../../src/testing/index.js';

const ROOT = resolve(import.meta.dirname, '../../..');
/** What the guide's files import besides each other. */
const SHARED = ['games/contract.ts', 'test/games/contract-suite.ts'];

interface Step {
  readonly title: string;
  readonly files: ReadonlyMap<string, string>;
}

const steps = stepsOf(readFileSync(join(ROOT, 'docs/making-a-game.md'), 'utf8'));
const folder = mkdtempSync(join(tmpdir(), 'gridstead-guide-'));
const folders = steps.map((step, index) => unfold(step, join(folder, `step-${index + 1}`)));
prepareTypeCheck();
// The guide's own tests, which come last, look there as well.
after(() => rmSync(folder, { recursive: true, force: true }));

describe('the guide to making a game', () => {
  it('has six steps, each with code', () => {
    expect(steps.map(({ title }) => title[0])).to.deep.equal(['1', '2', '3', '4', '5', '6']);
  });

  it('type-checks at every step', async () => {
    const tsc = join(ROOT, 'node_modules/.bin/tsc');

    const report = await promisify(execFile)(tsc, ['-p', folder]).then(
      () => '',
      (error: { stdout?: string }) => error.stdout ?? String(error),
    );

    expect(report).to.equal('');
  }).timeout(60_000);

  for (const [index, { title }] of steps.entries()) {
    it(`has a game that runs after step ${title}`, async () => {
      const bench = await createTestWorld(await gameIn(folders[index] ?? ''));
      bench.join('ada');
      bench.join('ben');

      bench.tick();
      bench.intent('ada', { type: 'walk', dx: 1, dy: 0 });
      bench.tick(3);

      expect(bench.where('ada')).to.equal('wood');
      expect(JSON.stringify(bench.viewOf('ben'))).to.include('"name":"ada"');
    });
  }
});

// The guide's own tests register themselves here.
for (const path of steps.at(-1)?.files.keys() ?? []) {
  if (path.endsWith('.test.ts')) await import(pathToFileURL(join(folders.at(-1) ?? '', path)).href);
}

/** Sections "## 1. …" with the files of all steps so far: a later block of the same name replaces the earlier. */
function stepsOf(markdown: string): Step[] {
  const files = new Map<string, string>();
  return [...markdown.matchAll(/^## (\d+\. .*)\n([\s\S]*?)(?=^## )/gm)].map(([, title = '', text = '']) => {
    for (const [, path = '', code = ''] of text.matchAll(/^```ts\n\/\/ (\S+)\n([\s\S]*?)^```$/gm)) files.set(path, code);
    return { title, files: new Map(files) };
  });
}

function unfold({ files }: Step, into: string): string {
  for (const path of SHARED) cpSync(join(ROOT, path), join(into, path), { recursive: true });
  for (const [path, code] of files) {
    mkdirSync(dirname(join(into, path)), { recursive: true });
    writeFileSync(join(into, path), code);
  }
  return into;
}

function prepareTypeCheck(): void {
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  const { compilerOptions } = JSON.parse(readFileSync(join(ROOT, 'tsconfig.json'), 'utf8'));
  const paths = Object.entries<string[]>(compilerOptions.paths).map(([name, files]) => [
    name,
    files.map((file) => join(ROOT, file)),
  ]);
  const options = { ...compilerOptions, paths: Object.fromEntries(paths) };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, include: ['step-*/**/*'] }));
}

async function gameIn(path: string): Promise<GameModule> {
  const module = await import(pathToFileURL(join(path, 'games/mushrooms/index.ts')).href);
  return module.default;
}
