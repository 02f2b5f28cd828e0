/**
 * What the tools share about their command lines: numbers with bounds, addresses, and the one line that
 * says what is wrong with them.
 */

/** The command line is wrong; the message says how. */
export class UsageError extends Error {}

/** Exit statuses of the tools: the work failed; the command line was wrong. */
export const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

export function wholeNumber(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new UsageError(`--${name} takes a whole number from ${least} to ${most}, not "${text}"`);
}

/** `http://host:port` of a server. */
export function serverUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url && (url.protocol === 'http:' || url.protocol === 'https:')) return url;
  throw new UsageError(`--url takes an address such as http://127.0.0.1:8000, not "${text}"`);
}

/** Is it this machine that answers there? */
export function isLoopback({ hostname }: URL): boolean {
  return (
    hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname)
  );
}

/** What went wrong, for a person: without a stack, and without "Error:". */
function explanation(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * Ends the process with the status that `main` answers. What it throws becomes one line on stderr; a wrong
 * command line names `--help` too.
 */
export async function runTool(name: string, main: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await main();
  } catch (error) {
    const usage = error instanceof UsageError || isParseArgsError(error);
    console.error(`${name}: ${explanation(error)}${usage ? ' (--help lists the options)' : ''}`);
    process.exitCode = usage ? EXIT_USAGE : EXIT_FAILED;
  }
}

function isParseArgsError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS_');
}
