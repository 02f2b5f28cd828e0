/** The folders of the project and of the benchmark, and what has to be there before anything can be measured. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The benchmark as it was compiled: this file is `src/project.js` in it. */
export const COMPILED = resolve(import.meta.dirname, '..');
export const BENCH_ROOT = resolve(COMPILED, '../..');
export const PROJECT_ROOT = resolve(BENCH_ROOT, '..');

/** Installs and builds Gridstead itself, as far as that is needed. Throws where it fails. */
export function makeProjectReady(say: (line: string) => void): void {
  if (!existsSync(join(PROJECT_ROOT, 'node_modules'))) runNpm(['ci'], say);
  if (hasScript('build')) runNpm(['run', 'build'], say);
}

/** Whether the project's package.json has this script. */
export function hasScript(name: string): boolean {
  return packageFile(PROJECT_ROOT).scripts?.[name] !== undefined;
}

/** The version of a package as installed for the benchmark, or for the project; `?` where it is not. */
export function versionOf(name: string, root: string): string {
  try {
    return packageFile(join(root, 'node_modules', name)).version ?? '?';
  } catch {
    return '?';
  }
}

/** The project's own version, with the commit where git can say it and a mark where files differ from it. */
export function projectVersion(): string {
  const version = packageFile(PROJECT_ROOT).version ?? '?';
  const git = spawnSync('git', ['describe', '--always', '--dirty'], { cwd: PROJECT_ROOT, encoding: 'utf8' });
  return git.status === 0 ? `${version} (${git.stdout.trim()})` : version;
}

interface PackageFile {
  readonly version?: string;
  readonly scripts?: Readonly<Record<string, string>>;
}

function packageFile(folder: string): PackageFile {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

function runNpm(args: readonly string[], say: (line: string) => void): void {
  say(`npm ${args.join(' ')}`);
  const { status } = spawnSync('npm', args, { cwd: PROJECT_ROOT, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) throw new Error(`npm ${args.join(' ')} failed in ${PROJECT_ROOT}`);
}
