/**
 * JSON bodies of requests: size and encoding are checked here, and the look that strangers' JSON gets
 * everywhere is `ws/guard.ts`. What the object must contain is checked by each route's schema.
 */
import express, { type Request, type Response } from 'express';
import { isObject, parseGuarded } from '../ws/guard.js';
import { type Checked, failure, type Reply } from './reply.js';

/** 64 kB, as the contract says. */
const MAX_BODY_BYTES = 65_536;

export type JsonBody = Readonly<Record<string, unknown>>;

/** Reads the body of a request. undefined: there is none. Rejects with the errors of express (too large, aborted). */
export async function readJsonBody(request: Request, response: Response): Promise<Checked<JsonBody | undefined>> {
  // Said at once: express would read all that was announced first, and a client may wait for the word before it sends it.
  if (Number(request.headers['content-length']) > MAX_BODY_BYTES) return { type: 'refused', reply: bodyTooLarge() };
  const bytes = await readBytes(request, response);
  if (bytes.length === 0) return { type: 'ok', value: undefined };
  // Also what keeps a plain HTML form of a foreign page from being taken for a call.
  if (!request.is('application/json')) return refused('the body must be JSON, with Content-Type: application/json');
  const text = decodeUtf8(bytes);
  return text === null ? refused('the body is not UTF-8') : parseJsonBody(text);
}

/** Parses one JSON object, without the keys that reach prototypes. */
export function parseJsonBody(text: string): Checked<JsonBody> {
  const parsed = parseGuarded(text);
  if (!parsed.ok) return refused(`the body cannot be read: ${parsed.message}`);
  if (!isObject(parsed.value)) return refused('the body must be a JSON object');
  if (!isStorable(parsed.value)) return refused('a text in the body has U+0000 or half a character in it');
  return { type: 'ok', value: parsed.value };
}

/** Postgres stores neither U+0000 nor a lone surrogate, and no name or password has them. The depth is bounded by now. */
function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return !/[\0\p{Surrogate}]/u.test(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, part]) => isStorable(key) && isStorable(part));
}

const rawBody = express.raw({ type: () => true, limit: MAX_BODY_BYTES, inflate: false });

function readBytes(request: Request, response: Response): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    rawBody(request, response, (error?: unknown) => {
      if (error) reject(error);
      else resolve(Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0));
    });
  });
}

function decodeUtf8(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** The answer to a body beyond the limit, announced or found to be so. */
export function bodyTooLarge(): Reply {
  return failure('payload_too_large', 'the body is larger than 64 kB');
}

function refused(message: string): { readonly type: 'refused'; readonly reply: Reply } {
  return { type: 'refused', reply: failure('bad_request', message) };
}
