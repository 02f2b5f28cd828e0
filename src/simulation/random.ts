/**
 * Chance and fresh ids for one tick of one zone, both from the world's secret, the zone and the tick: the same tick
 * gives the same numbers, on any machine. Not for secrets: whoever sees enough numbers of one tick can guess that tick's others.
 */
import { hash } from 'node:crypto';
import type { EntityId, TickNumber, ZoneId } from '../../actors/ids.js';

export class TickRandom {
  readonly #issued = new Set<string>();
  // Most ticks of most zones ask for neither: the hash waits until somebody does.
  readonly #makeSeed: () => Buffer;
  #seed: Buffer | null = null;
  #numbers: (() => number) | null = null;
  #ids: (() => number) | null = null;

  private constructor(makeSeed: () => Buffer) {
    this.#makeSeed = makeSeed;
  }

  static of(secret: string, zone: ZoneId, tick: TickNumber): TickRandom {
    return new TickRandom(() => hash('sha256', `${secret}|${zone}|${tick}`, 'buffer'));
  }

  /** That of a tick whose `seed` was noted. */
  static fromSeed(seed: string): TickRandom {
    return new TickRandom(() => Buffer.from(seed, 'base64url'));
  }

  /** What both streams come from, as text for the journal. */
  get seed(): string {
    return this.#bytes().toString('base64url');
  }

  /** In [0, 1). */
  random(): number {
    this.#numbers ??= sfc32(this.#bytes(), 0);
    return this.#numbers() / 2 ** 32;
  }

  /** A fresh id in the form of a random UUID; its stream is its own, so ids and numbers do not shift one another. */
  newId(): EntityId {
    this.#ids ??= sfc32(this.#bytes(), 16);
    const hex = [this.#ids(), this.#ids(), this.#ids(), this.#ids()].map((word) => word.toString(16).padStart(8, '0')).join('');
    const variant = '89ab'.charAt(Number.parseInt(hex.charAt(16), 16) & 3);
    const text = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
    this.#issued.add(text);
    return text as EntityId; // the place where ids of this kind come from
  }

  /** Was this id issued by `newId` of this tick? */
  hasIssued(id: string): boolean {
    return this.#issued.has(id);
  }

  #bytes(): Buffer {
    this.#seed ??= this.#makeSeed();
    return this.#seed;
  }
}

/** Small Fast Counter by Chris Doty-Humphrey: 128 bits of state, passes the usual batteries. Answers whole numbers below 2^32. */
function sfc32(seed: Buffer, offset: number): () => number {
  let a = seed.readInt32LE(offset);
  let b = seed.readInt32LE(offset + 4);
  let c = seed.readInt32LE(offset + 8);
  let counter = seed.readInt32LE(offset + 12);
  return () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return sum >>> 0;
  };
}
