/**
 * Where in a game's files an error that stops the start came from, as `file:line:column`: the line for the operator has no
 * stack beneath it. What the error says, and whose fault it is, is `load.ts`'s.
 */
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The place that the stack tells; null: none, or none of the game. */
export function placeOf(error: unknown): string | null {
  if (!(error instanceof Error) || typeof error.stack !== 'string') return null;
  const lines = error.stack.split('\n');
  return headOf(error, lines[0] ?? '') ?? frameOf(lines);
}

/**
 * For a file, or one that it imports, that is no JavaScript: Node.js tells only who lets such an error go uncaught where that
 * was. The compiler reads the same files, and says it.
 */
export async function syntaxPlaceIn(entry: string): Promise<string | null> {
  const { build } = await import('esbuild');
  const settings = { bundle: true, packages: 'external', platform: 'node', format: 'esm' } as const;
  const failure: unknown = await build({ ...settings, entryPoints: [entry], write: false, logLevel: 'silent' }).catch(
    (error: unknown) => error,
  );
  const { errors = [] }: { errors?: readonly { text: string; location: Location | null }[] } = Object(failure);
  const found = errors.find(({ text, location }) => location && !text.startsWith('Could not resolve'))?.location;
  // It counts columns from 0, and names files from the working directory.
  return found ? `${originalOf(path.resolve(found.file))}:${found.line}:${found.column + 1}` : null;
}

interface Location {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** `FILE:LINE` stands before a syntax error's own words, where Node.js links modules or reads CommonJS. */
function headOf(error: Error, line: string): string | null {
  if (!(error instanceof SyntaxError) || line.startsWith(error.name)) return null;
  const [, file, number] = /^(.*[\\/].*):(\d+)$/.exec(line) ?? [];
  return file === undefined ? null : `${fileIn(file)}:${number}`;
}

/** The uppermost frame that is the game's: neither the server's own, nor a package's, nor of whoever called the server. */
function frameOf(lines: readonly string[]): string | null {
  for (const line of lines) {
    const [, where, number, column] =
      /^\s+at (?:.* \()?(?:async )?((?:file:\/\/|[\\/]|[a-z]:[\\/]).+?):(\d+):(\d+)\)?$/i.exec(line) ?? [];
    if (where === undefined) continue;
    const file = fileIn(where);
    if (CALLERS.has(file)) return null;
    if (!OWN.some((folder) => file.startsWith(folder)) && !file.includes(PACKAGES)) return `${file}:${number}:${column}`;
  }
  return null;
}

function fileIn(where: string): string {
  const [url = ''] = where.split('?');
  return originalOf(url.startsWith('file:') && URL.canParse(url) ? fileURLToPath(url) : where);
}

/** A version of a watched game is a copy (`reload/game-source.ts`), and gone when its author looks for it. */
function originalOf(file: string): string {
  return file.replace(/([\\/])\.gridstead-([^\\/]+)-\d+-\d+(?=[\\/])/, '$1$2');
}

const ROOT = path.join(import.meta.dirname, '../..');
/** Stacks of what was built have the names of the sources. */
const ROOTS = import.meta.filename.endsWith('.js') ? [ROOT, path.join(ROOT, '..')] : [ROOT];
const OWN = ROOTS.flatMap((root) => ['actors', 'config', 'src'].map((folder) => path.join(root, folder) + path.sep));
/** Beneath it in a stack is what runs the game. */
const CALLERS = new Set(ROOTS.flatMap((root) => ['load.ts', 'load.js'].map((name) => path.join(root, 'src/games', name))));
const PACKAGES = `${path.sep}node_modules${path.sep}`;
