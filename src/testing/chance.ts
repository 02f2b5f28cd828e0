/** Chance that can be had again: the same seed, the same numbers and ids. */
import { createHash } from 'node:crypto';

/** Texts made of a seed, one after the other. */
export function source(seed: string): () => string {
  let count = 0;
  return () => hash(`${seed} ${count++}`);
}

export function uuid(seed: string): string {
  return hash(seed).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
}

/** In [0, 1). */
export function fraction(hashed: string): number {
  return Number.parseInt(hashed.slice(0, 12), 16) / 2 ** 48;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
