/**
 * Log lines for a person: in words and colours instead of JSON. In a file of its own because most servers write for
 * programs, and what makes lines readable would be read at each of their starts.
 */
import type { DestinationStream } from 'pino';
import { prettyFactory } from 'pino-pretty';

/** pino-pretty's own stream would write later than it is told to, and lose what a crash comes before. */
export function readableLines(lines: DestinationStream): DestinationStream {
  const prettify = prettyFactory({ colorize: true });
  return { write: (line) => lines.write(prettify(line)) };
}
