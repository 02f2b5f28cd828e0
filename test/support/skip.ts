import type { Context } from 'mocha';

/** Skips the test that runs, and says why behind its name, where the list of what was skipped shows it. */
export function skip(context: Context, why: string): never {
  if (context.test) context.test.title += ` (skipped: ${why})`;
  return context.skip();
}
