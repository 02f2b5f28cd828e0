/**
 * Structured log lines on standard error: JSON, or readable ones when a person looks on.
 * Standard output is left to the line that says `listening`. What may be logged at all is up to the
 * caller; `redact.ts` takes out what must not be, should it slip in.
 */
import { type DestinationStream, destination, type LoggerOptions, pino, stdTimeFunctions } from 'pino';
import { prettyFactory } from 'pino-pretty';
import type { Log } from '../../actors/telemetry.js';
import type { Settings } from '../../config/settings.js';
import { redact } from './redact.js';

const STDERR = 2;

export interface LogOptions {
  readonly level: Settings['logLevel'];
  /** true: for reading, with colours. */
  readonly readable: boolean;
  /** Where lines go; standard error unless a test says otherwise. */
  readonly stream?: DestinationStream;
}

/** Written synchronously, so that the last line before a crash is there. */
export function createLog({ level, readable, stream }: LogOptions): Log {
  const lines = stream ?? destination({ fd: STDERR, sync: true });
  const logger = pino(optionsFor(level), readable ? madeReadable(lines) : lines);
  return {
    debug: (fields, message) => logger.debug(fields, message),
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
  };
}

function optionsFor(level: LogOptions['level']): LoggerOptions {
  return {
    level,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }), log: redact },
    // redact has made plain data of errors already; pino's own serializer would look for more in them.
    serializers: { err: (error: unknown) => error },
  };
}

/** pino-pretty's own stream would write later than it is told to, and lose what a crash comes before. */
function madeReadable(lines: DestinationStream): DestinationStream {
  const prettify = prettyFactory({ colorize: true });
  return { write: (line) => lines.write(prettify(line)) };
}
