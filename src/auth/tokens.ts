/**
 * Session tokens: random, opaque, and kept nowhere but with the client.
 * The store has their SHA-256 only. A token is 256 random bits, so a fast hash without salt is
 * enough: there is nothing to guess.
 */
import { createHash, randomBytes } from 'node:crypto';

const TOKEN_BYTES = 32;
const TOKEN_SHAPE = /^[A-Za-z0-9_-]{43}$/;

/** A fresh token: 43 characters that need no escaping in a URL or a header. */
export function newToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url');
}

/** What the store knows a token by. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** Could this be one of ours? What is not is refused without asking the database. */
export function isTokenShaped(token: unknown): token is string {
  return typeof token === 'string' && TOKEN_SHAPE.test(token);
}
