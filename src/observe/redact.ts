/**
 * Keeps secrets out of log lines: by the name of a field, at any depth, and in the queries of addresses.
 * pino's own redaction takes fixed paths, and misses what lies one level deeper or is spelled in another case.
 */

/** Field names that hold secrets: `token`, `resume_token`, `passwordHash`, `Authorization`, `set-cookie`, `DATABASE_URL`… */
const SECRET_NAME = /token|password|authorization|cookie|secret|database_?url|^resume$/i;
/** Fields with an address in them, whose query may have a token. */
const ADDRESS_NAME = /^(url|originalUrl|path|href|referer)$/i;
/** What queries of the database are called in the errors of its drivers. */
const QUERY_NAME = /^(sql|query|parameters|bind)$/i;

const REDACTED = '[redacted]';
const MAX_DEPTH = 8;
const MAX_ITEMS = 100;

/** A copy of a log line's fields that is fit to be written. Errors become plain data without what drivers add to them. */
export function redact(fields: object): Record<string, unknown> {
  return fields instanceof Error ? { err: plainError(fields, 0) } : plainFields(fields, 0);
}

function plain(value: unknown, depth: number): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return '[deeper]';
  if (value instanceof Error) return plainError(value, depth);
  if (value instanceof Date) return value;
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (value instanceof Map || value instanceof Set) return `[${value.size} items]`;
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map((item) => plain(item, depth + 1));
  return plainFields(value, depth);
}

function plainFields(fields: object, depth: number): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, plainField(name, value, depth)]));
}

function plainField(name: string, value: unknown, depth: number): unknown {
  if (value === null || value === undefined) return value;
  if (SECRET_NAME.test(name) || QUERY_NAME.test(name)) return REDACTED;
  if (ADDRESS_NAME.test(name) && typeof value === 'string') return value.split(/[?#]/, 1)[0];
  return plain(value, depth + 1);
}

/** Only what an error is by itself: Sequelize's have the SQL and its parameters besides. */
function plainError(error: Error, depth: number): Record<string, unknown> {
  const code = 'code' in error ? { code: error.code } : {};
  const cause = error.cause === undefined ? {} : { cause: plain(error.cause, depth + 1) };
  return { type: error.name, message: error.message, ...code, stack: error.stack, ...cause };
}
