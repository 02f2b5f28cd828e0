/**
 * `npm run new-game my-game`: a folder under games/ with a small game that runs, its test and a README.
 * The pattern is the folder beside this file, a working game itself; only its name is replaced.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '..');
const PATTERN = join(import.meta.dirname, 'new-game');
const PATTERN_NAME = /new-game/g;

const [name = ''] = process.argv.slice(2);
const folder = join(ROOT, 'games', name);
if (!/^[a-z][a-z0-9-]{0,40}$/.test(name))
  refuse('give the game a name of small letters, digits and hyphens: npm run new-game my-game');
if (existsSync(folder) || name === 'contract') refuse(`games/${name} is there already`);

try {
  make();
} catch (error) {
  refuse(`games/${name} cannot be made (${error.message})`);
}
process.stdout.write(`games/${name} is there; its README says how to run it and how to test it\n`);

function make() {
  mkdirSync(folder);
  for (const file of readdirSync(PATTERN)) {
    const text = readFileSync(join(PATTERN, file), 'utf8');
    writeFileSync(join(folder, file.replace(PATTERN_NAME, name)), text.replace(PATTERN_NAME, name));
  }
}

function refuse(why) {
  process.stderr.write(`new-game: ${why}\n`);
  process.exit(1);
}
