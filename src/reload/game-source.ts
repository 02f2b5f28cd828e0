/**
 * A game's own files while somebody edits them: compiled, version by version, into a hidden folder beside the game's,
 * so that whatever they import is found as before, and every version is a module that nobody has imported yet.
 */
import { type FSWatcher, watch } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { transform } from 'esbuild';
import { WorldError } from '../../actors/errors.js';

/** The game's files cannot be made into a version. The message is for its author, and names the file. */
export class GameSourceError extends WorldError {
  readonly code = 'GAME_SOURCE_INVALID';
}

/** An editor writes a file in several steps; a formatter writes it again. */
const SETTLE_MS = 150;
/** More files than a game has: it does not lie in a folder of its own. */
const MAX_FILES = 2_000;
const PREFIX = '.gridstead-';

export class GameSource {
  readonly #root: string;
  readonly #entry: string;
  #built = 0;

  /** `file`: what would be imported of the game. */
  constructor(file: string) {
    this.#root = path.dirname(file);
    this.#entry = path.basename(file);
  }

  /** The files as they are now; answers what to import. Rejects with `GameSourceError`. */
  async build(): Promise<string> {
    const version = this.#folder(++this.#built);
    const files = await filesIn(this.#root);
    if (files.length > MAX_FILES)
      throw new GameSourceError(`${this.#root} has more than ${MAX_FILES} files: give the game a folder of its own`);
    for (const file of files) await this.#place(file, version);
    // What is compiled from TypeScript is ESM, whatever stands further up.
    if (this.#entry.endsWith('.ts')) await writeFile(path.join(version, 'package.json'), '{"type":"module"}');
    return path.join(version, this.#entry.replace(/\.ts$/, '.js'));
  }

  /** Calls when the files have changed, once for what changes together; the answer ends it. */
  watch(changed: () => void, failed: (error: Error) => void): () => void {
    let timer: NodeJS.Timeout | undefined;
    const watcher: FSWatcher = watch(this.#root, { recursive: true }, (_event, file) => {
      if (file?.split(path.sep).some((part) => part.startsWith('.') || part === 'node_modules')) return;
      clearTimeout(timer);
      timer = setTimeout(changed, SETTLE_MS);
    });
    watcher.on('error', failed);
    return () => {
      clearTimeout(timer);
      watcher.close();
    };
  }

  /** Removes every version, and what servers that were killed have left. */
  async clean(): Promise<void> {
    const around = path.dirname(this.#root);
    const mine = `${PREFIX}${path.basename(this.#root)}-`;
    const left = (await readdir(around)).filter((name) => name.startsWith(mine) && !isOfAnother(name.slice(mine.length)));
    await Promise.all(left.map((name) => rm(path.join(around, name), { recursive: true, force: true })));
  }

  #folder(version: number): string {
    return path.join(path.dirname(this.#root), `${PREFIX}${path.basename(this.#root)}-${process.pid}-${version}`);
  }

  async #place(file: string, version: string): Promise<void> {
    const [from, to] = [path.join(this.#root, file), path.join(version, file)];
    await mkdir(path.dirname(to), { recursive: true });
    if (!file.endsWith('.ts')) return copyFile(from, to);
    await writeFile(to.replace(/\.ts$/, '.js'), await compiled(from));
  }
}

async function compiled(file: string): Promise<string> {
  const text = await readFile(file, 'utf8');
  try {
    const settings = { loader: 'ts', format: 'esm', target: 'node20', sourcemap: 'inline', logLevel: 'silent' } as const;
    return (await transform(text, { ...settings, sourcefile: file })).code;
  } catch (cause) {
    throw new GameSourceError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

/** Relative to `root`; without what is hidden, installed, or only declares. */
async function filesIn(root: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const entry of await readdir(root, { withFileTypes: true })) {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
    if (entry.isFile() && !entry.name.endsWith('.d.ts')) found.push(entry.name);
    else if (entry.isDirectory()) {
      found.push(...(await filesIn(path.join(root, entry.name))).map((file) => path.join(entry.name, file)));
    }
    if (found.length > MAX_FILES) break;
  }
  return found;
}

/** Does it belong to another server that is running? `name`: `<process id>-<version>`. */
function isOfAnother(name: string): boolean {
  const owner = Number(name.split('-')[0]);
  if (owner === process.pid) return false;
  try {
    process.kill(owner, 0);
    return true;
  } catch {
    return false;
  }
}
