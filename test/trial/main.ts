/**
 * The first minutes of somebody who has never seen Gridstead, with a stopwatch: a fresh clone in an empty directory, the
 * commands of docs/getting-started.md as they stand there, and a person in a real Chromium who types, walks and clicks.
 * `npm run trial` says what each step took; with `--pictures` it takes those of that page.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runTool } from '../../src/tools/arguments.js';
import { CHROMIUM, CHROMIUM_SKIPPED, launchChromium } from '../support/chromium.js';
import { until } from '../support/until.js';
import { Person } from './person.js';
import { Terminal } from './terminal.js';

const ROOT = join(import.meta.dirname, '../..');
const PAGE = 'docs/getting-started.md';
const PICTURES = join(ROOT, 'docs/images');
const RULES = 'games/my-game/index.ts';
/** A fresh clone compiles sqlite3. */
const INSTALL_LIMIT_MS = 600_000;

const HELP = `npm run trial -- [options]
  --pictures       take the pictures of docs/getting-started.md, too
Exit status: 0; 1 when a step did not come about, or there is no Chromium; 2 for a wrong option.`;

const asked = { toTry: false, pictures: false };
// What it does not know is no reason to clone and install for minutes.
await runTool('trial', async () => {
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({ options: { pictures: flag, help: flag } });
  if (values.help) console.log(HELP);
  else if (!CHROMIUM) throw new Error(CHROMIUM_SKIPPED);
  else Object.assign(asked, { toTry: true, pictures: values.pictures });
  return 0;
});
if (!asked.toTry || !CHROMIUM) process.exit();

const folder = mkdtempSync(join(tmpdir(), 'gridstead-trial-'));
const clone = join(folder, 'gridstead');
const terminal = new Terminal(clone, () => readFileSync(join(clone, PAGE), 'utf8'));
const browser = await launchChromium(CHROMIUM);
const startMs = performance.now();
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void tidyUp().finally(() => process.exit(1)));
try {
  await tryIt();
} finally {
  await tidyUp();
}

/** What was started runs in groups of its own, and would stay. */
async function tidyUp(): Promise<void> {
  await browser.close();
  await terminal.interrupt();
  rmSync(folder, { recursive: true, force: true });
}

async function tryIt(): Promise<void> {
  execFileSync('git', ['clone', '--quiet', ROOT, clone]);
  said('cloned');
  const url = await serve(/^npm ci && npm run serve$/, INSTALL_LIMIT_MS);
  said('installed, and the server runs');

  const [ann, bob] = [await Person.at(browser, url, 'ann'), await Person.at(browser, url, 'bob')];
  await ann.walksIn();
  await ann.walks('ArrowRight');
  said('one plays in the browser');
  await bob.walksIn();
  await bob.walks('ArrowLeft');
  await ann.sees('bob');
  await picture(ann, 'play');
  said('two see each other walk');

  await terminal.interrupt();
  await terminal.type(/new-game/).ended;
  await serve(/--watch$/);
  for (const person of [ann, bob]) await person.walksIn();
  await bob.walksTo('11, 8', 'ArrowRight');
  await ann.seesNot('bob');
  await picture(ann, 'before');
  said('a game of their own runs, and is played');

  const untouched = ann.connection();
  change(RULES, 'const SIGHT = 5;', 'const SIGHT = 9;');
  await ann.sees('bob');
  same('the connection of whoever plays', ann.connection(), untouched);
  await picture(ann, 'after');
  said('a rule was changed, and holds, without a reconnect');
  same("the game's own test", await terminal.type(/^npx mocha/).ended, 0);

  const me = await Person.at(browser, url, 'me');
  await me.looks('field');
  await picture(me, 'console');
  said('the console is open');
  const stood = [await ann.place(), await bob.place()];
  await me.presses('World', 'kill -9 this server');
  await ann.isAlone();
  const last = await me.tick();
  said('the server was killed from the console');
  await serve(/--watch$/);
  for (const person of [ann, bob, me]) await person.isBeyond(last);
  await ann.sees('bob');
  same('where everybody is', [await ann.place(), await bob.place()], stood);
  same('what was loaded again', [ann.reloads, bob.reloads, me.reloads], [1, 1, 0]);
  same('promises that were broken', await me.brokenPromises(), 0);
  await picture(ann, 'back');
  said('everybody is back where they were');
}

/** Types the command of the page, and answers where the server listens. */
async function serve(command: RegExp, limitMs = 60_000): Promise<string> {
  const running = terminal.type(command);
  await until(() => /listening on \S+/.test(running.output) || running.hasEnded, limitMs);
  const [, url] = /listening on (\S+)/.exec(running.output) ?? [];
  if (url === undefined) throw new Error(`no server listens:\n${running.output}`);
  return url;
}

function change(file: string, from: string, to: string): void {
  const path = join(clone, file);
  const text = readFileSync(path, 'utf8');
  if (!text.includes(from)) throw new Error(`${file} has no line "${from}"`);
  writeFileSync(path, text.replace(from, to));
}

async function picture(of: Person, name: string): Promise<void> {
  if (asked.pictures) await of.page.screenshot({ path: join(PICTURES, `started-${name}.png`) });
}

function said(what: string): void {
  const seconds = (performance.now() - startMs) / 1_000;
  const at = `${Math.floor(seconds / 60)}:${(seconds % 60).toFixed(1).padStart(4, '0')}`;
  console.log(`${at.padStart(7)}  ${what}`);
}

function same(what: string, found: unknown, wanted: unknown): void {
  if (JSON.stringify(found) === JSON.stringify(wanted)) return;
  throw new Error(`${what}: ${JSON.stringify(found)}, and not ${JSON.stringify(wanted)}`);
}
