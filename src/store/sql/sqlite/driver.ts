/**
 * The `sqlite3` package without a binary that this Node.js can load: it fails while its modules are read, with a list of
 * a dozen files that are not there and no way out. Here that is put so that an operator knows what to do.
 */
import { StoreOpenError } from '../../errors.js';

const WAY_OUT =
  'run "npm rebuild sqlite3", which downloads one, or compiles it with python3, make and a C++ compiler (docs/operating.md#installing)';

/**
 * Reads the package, before anything that is made on it is imported. Rejects with `StoreOpenError` where it has no binary. An
 * import of a module that imports it would be rejected as well, but with a second promise beside it that nobody can catch.
 */
export async function readDriver(): Promise<void> {
  await import('sqlite3').catch((error: unknown) => {
    throw explainedDriverError(error);
  });
}

/** What such an error means; any other error is answered as it is. */
export function explainedDriverError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  // An install without scripts, or one that was interrupted.
  if (error.message.startsWith('Could not locate the bindings file')) {
    return new StoreOpenError(78, `the package sqlite3 has no binary: ${WAY_OUT}`, { cause: error });
  }
  // A folder that came from another machine, or another Node.js.
  if ('code' in error && error.code === 'ERR_DLOPEN_FAILED' && error.message.includes('node_sqlite3')) {
    return new StoreOpenError(78, `the binary of the package sqlite3 does not fit this machine: ${WAY_OUT}`, { cause: error });
  }
  return error;
}
