/**
 * Holds the arrows: src may import everything, actors only games/contract (and themselves), games
 * only the contract, their own files and libraries, config nothing of ours. It reads import lines.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { expect } from 'chai';

const ROOT = resolve(import.meta.dirname, '..');
const FOLDERS = ['src', 'actors', 'games', 'config', 'client', 'web'];

interface Import {
  readonly file: string;
  readonly target: string;
  readonly isTypeOnly: boolean;
}

function imports(folder: string): Import[] {
  return sourceFiles(join(ROOT, folder)).flatMap((path) => {
    const file = relative(ROOT, path);
    const found = readFileSync(path, 'utf8').matchAll(/(import type [^;]*?)?(?:from|import)\s*\(?\s*'([^']+)'/g);
    return [...found].map(([, isTypeOnly, name = '']) => ({
      file,
      target: name.startsWith('.') ? relative(ROOT, resolve(path, '..', name)) : name,
      isTypeOnly: isTypeOnly !== undefined,
    }));
  });
}

function sourceFiles(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(ts|mjs|js)$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name));
  } catch {
    return [];
  }
}

const topFolder = (target: string): string | undefined => FOLDERS.find((folder) => target.startsWith(`${folder}/`));

/** Imports of `folder` into our own folders that `allowed` does not let pass. */
function forbidden(folder: string, allowed: (found: Import) => boolean): string[] {
  return imports(folder)
    .filter((found) => topFolder(found.target) !== undefined && !allowed(found))
    .map(({ file, target }) => `${file} -> ${target}`);
}

describe('the architecture', () => {
  it('has source files to judge', () => {
    expect(imports('actors').length).to.be.greaterThan(50);
    expect(imports('src').length).to.be.greaterThan(50);
  });

  it('lets actors import themselves and the game contract, and nothing else of ours', () => {
    expect(forbidden('actors', ({ target }) => target.startsWith('actors/') || target === 'games/contract.js')).to.deep.equal([]);
  });

  it('lets a game import the contract and its own files only', () => {
    const own = ({ file, target }: Import) =>
      target === 'games/contract.js' || target.startsWith(file.split('/').slice(0, 2).join('/'));
    expect(forbidden('games', own)).to.deep.equal([]);
  });

  it('lets config import nothing of ours', () => {
    expect(forbidden('config', ({ target }) => target.startsWith('config/'))).to.deep.equal([]);
  });

  it('lets the client library import itself and nothing else', () => {
    expect(imports('client').filter(({ target }) => !target.startsWith('client/'))).to.deep.equal([]);
  });

  it('lets web pages import the client library and themselves, and of games the types only', () => {
    const own = ({ target }: Import) => target.startsWith('web/') || target.startsWith('client/');
    const typesOfGames = ({ target, isTypeOnly }: Import) => isTypeOnly && target.startsWith('games/');
    expect(forbidden('web', (found) => own(found) || typesOfGames(found))).to.deep.equal([]);
  });

  it('keeps transports, databases and their drivers out of actors and games', () => {
    const edges = ['express', 'ws', 'sequelize', 'sqlite3', 'pg', 'pino', 'prom-client', 'node:http', 'node:worker_threads'];
    const found = [...imports('actors'), ...imports('games')].filter(({ target }) => edges.includes(target));
    expect(found).to.deep.equal([]);
  });

  it('reads the environment in config/load.ts alone', () => {
    const readers = FOLDERS.flatMap((folder) => sourceFiles(join(ROOT, folder)))
      .filter((path) => /process\.env\b/.test(readFileSync(path, 'utf8')))
      .map((path) => relative(ROOT, path));
    expect(readers.filter((path) => path !== 'config/load.ts')).to.deep.equal([]);
  });

  it('notices an arrow that turns round', () => {
    const planted: Import = { file: 'games/movement/index.ts', target: 'src/compose.js', isTypeOnly: false };
    expect(topFolder(planted.target)).to.equal('src');
  });
});
