/**
 * Turns the sources into the JavaScript under dist/ that `npm run serve` runs: file by file, in the folders they
 * have, with source maps; and each page of web/, and the client library, into one file for browsers. It knows no types, so it
 * takes a fraction of a second and stands before every start; whether the types hold, `npm run check` says.
 * Folders after the command are built besides the server's own.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { build } from 'esbuild';
import { pageOf } from './page.mjs';

const ROOT = resolve(import.meta.dirname, '..');
const OUT = join(ROOT, 'dist');
const FOLDERS = ['actors', 'client', 'config', 'games', 'src'];
const FIRST_PAGES = ['getting-started', 'making-a-game', 'client', 'operating'];

const folders = [...FOLDERS, ...process.argv.slice(2)];
const sources = folders.flatMap((folder) => filesIn(join(ROOT, folder)));
const outputs = new Map([...copied(sources), ...(await compiled(sources.filter(isTypeScript))), ...(await forBrowsers())]);
for (const [file, contents] of outputs) writeWhereItDiffers(file, contents);
for (const folder of [...folders, 'web']) removeStale(join(OUT, folder));

async function compiled(entryPoints) {
  return await built({
    entryPoints,
    outbase: ROOT,
    outdir: OUT,
    format: 'esm',
    platform: 'node',
    // With the attributes of imports, which a game may want for its tables.
    target: 'node20.19',
    sourcesContent: false,
  });
}

/** A folder of web/ with an index.html is a page: its main.ts and style.css become one file each. */
async function forBrowsers() {
  const files = filesIn(join(ROOT, 'web'));
  const html = files.filter((file) => basename(file) === 'index.html');
  const entryPoints = html
    .map(dirname)
    .flatMap((page) => [join(page, 'main.ts'), join(page, 'style.css')])
    .filter((file) => files.includes(file));
  const settings = { bundle: true, minify: true, platform: 'browser', target: 'es2022', outbase: ROOT, outdir: OUT };
  const library = { ...settings, entryPoints: { gridstead: join(ROOT, 'client/index.ts') }, outdir: join(OUT, 'web/client') };
  const outputs = await Promise.all([
    built({ ...settings, entryPoints, format: 'esm' }),
    built({ ...settings, entryPoints: [join(ROOT, 'web/shared/before-paint.ts')], format: 'iife' }),
    built({ ...library, format: 'iife', globalName: 'gridstead' }),
    built({ ...library, format: 'esm', outExtension: { '.js': '.mjs' } }),
  ]);
  const whole = html.map((file) => [join(OUT, relative(ROOT, file)), Buffer.from(pageOf(file))]);
  return [...copied(files.filter((file) => !/\.(ts|css|json|html)$/.test(file))), ...whole, ...outputs.flat(), ...guide()];
}

/** The pages of docs/, for the page that shows them, with a list of their titles: where to begin first, the rest by name. */
function guide() {
  const docs = join(ROOT, 'docs');
  const out = join(OUT, 'web/guide/docs');
  const files = filesIn(docs).filter((file) => /^[\w-]+\.md$|^images/.test(relative(docs, file)));
  const names = files.filter((file) => file.endsWith('.md')).map((file) => basename(file, '.md'));
  const order = [
    ...FIRST_PAGES.filter((name) => names.includes(name)),
    ...names.filter((name) => !FIRST_PAGES.includes(name)).sort(),
  ];
  const titles = order.map((name) => [name, titleOf(join(docs, `${name}.md`))]);
  return [
    ...files.map((file) => [join(out, relative(docs, file)), readFileSync(file)]),
    [join(out, 'pages.json'), Buffer.from(JSON.stringify(titles))],
  ];
}

function titleOf(file) {
  return /^# (.+)$/m.exec(readFileSync(file, 'utf8'))?.[1] ?? basename(file);
}

async function built(settings) {
  // It has said by then what is wrong, and where.
  const { outputFiles } = await build({ sourcemap: true, write: false, logLevel: 'error', ...settings }).catch(() =>
    process.exit(1),
  );
  return outputFiles.map(({ path, contents }) => [path, Buffer.from(contents)]);
}

/** What is no TypeScript goes along as it is: a worker's first file, a game's table or picture. */
function copied(files) {
  return files.filter((file) => !file.endsWith('.ts')).map((file) => [join(OUT, relative(ROOT, file)), readFileSync(file)]);
}

function isTypeScript(file) {
  return file.endsWith('.ts') && !/\.(d|test)\.ts$/.test(file);
}

/** A file that stays the same is left alone: a server may be running from it. */
function writeWhereItDiffers(file, contents) {
  if (sizeOf(file) === contents.length && readFileSync(file).equals(contents)) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, contents);
}

function sizeOf(file) {
  return statSync(file, { throwIfNoEntry: false })?.size;
}

/** What has no source any more would still be found: a game that was removed, say. */
function removeStale(folder) {
  for (const file of filesIn(folder)) {
    if (!outputs.has(file) && !file.endsWith('.d.ts')) rmSync(file);
  }
}

/** All but what is hidden and what was installed. */
function filesIn(folder) {
  if (!statSync(folder, { throwIfNoEntry: false })) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const place = join(folder, entry.name);
    if (entry.name.startsWith('.') || entry.name === 'node_modules') return [];
    return entry.isDirectory() ? filesIn(place) : [place];
  });
}
