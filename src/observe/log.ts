/**
 * Structured log lines in JSON on standard error; `readable-lines.ts` makes them readable where a person looks on.
 * Standard output is left to the line that says `listening`. What may be logged at all is up to the
 * caller; `redact.ts` takes out what must not be, should it slip in.
 */
import { type DestinationStream, destination, type LoggerOptions, pino, stdTimeFunctions } from 'pino';
import type { Log } from '../../actors/telemetry.js';
import type { Settings } from '../../config/settings.js';
import { redact } from './redact.js';

const STDERR = 2;

export interface LogOptions {
  readonly level: Settings['logLevel'];
  /** Where lines go; standard error unless said otherwise. */
  readonly stream?: DestinationStream;
}

/** The log of a process. `readable`: for a person, with colours. */
export async function openLog(level: LogOptions['level'], readable: boolean): Promise<Log> {
  if (!readable) return createLog({ level });
  const { readableLines } = await import('./readable-lines.js');
  return createLog({ level, stream: readableLines(standardError()) });
}

export function createLog({ level, stream = standardError() }: LogOptions): Log {
  const logger = pino(optionsFor(level), stream);
  return {
    debug: (fields, message) => logger.debug(fields, message),
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
  };
}

/** Written synchronously, so that the last line before a crash is there. */
function standardError(): DestinationStream {
  return destination({ fd: STDERR, sync: true });
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
