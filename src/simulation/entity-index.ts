/**
 * Where things are in a zone: a uniform grid, kept as a hash of its occupied buckets.
 * It knows rectangles only: order of answers, identity and what a game may see are `entity-set.ts`.
 *
 * A zero width or height counts as one cell where something is *found* (by point or area, a query's own
 * zero sides too), and as nothing where things *overlap*: a 0×0, 0×n or n×0 rectangle overlaps nothing.
 */
import type { Area } from '../../games/contract.js';

/** Cells along a bucket's side: small, so that crowded ground stays cheap to ask about by cell. */
const BUCKET_CELLS = 8;
/** A larger entity goes on one list that every query looks through: a mountain must not cost a million buckets. */
const MAX_BUCKETS_EACH = 64;

/** So many are not worth a thought. */
const MOST_EMPTY = 64;

/** The buckets that a rectangle touches, both ends included. */
interface Buckets {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Answers come in no particular order, each thing once. What is inserted lies inside the zone. */
export class EntityIndex<Item extends Area> {
  /** Those that something was ever in. The empty ones stay, for something comes and goes all the time, until they are the most. */
  #buckets = new Map<number, Item[]>();
  #empty = 0;
  readonly #large = new Set<Item>();
  readonly #columns: number;
  readonly #rows: number;

  constructor(zone: { readonly width: number; readonly height: number }) {
    this.#columns = Math.floor(zone.width / BUCKET_CELLS) + 1;
    this.#rows = Math.floor(zone.height / BUCKET_CELLS) + 1;
  }

  insert(item: Item): void {
    const touched = bucketsOf(item);
    if (countOf(touched) > MAX_BUCKETS_EACH) this.#large.add(item);
    else this.#eachKey(touched, (key) => this.#put(key, item));
  }

  /** `item` is the very object that was inserted. */
  remove(item: Item): void {
    const touched = bucketsOf(item);
    if (countOf(touched) > MAX_BUCKETS_EACH) this.#large.delete(item);
    else this.#eachKey(touched, (key) => this.#take(key, item));
  }

  /** Puts `after` in the place of `before`. */
  replace(before: Item, after: Item): void {
    const [from, to] = [bucketsOf(before), bucketsOf(after)];
    // Most moves end in the one bucket where they began.
    if (countOf(from) === 1 && isSame(from, to)) return this.#swap(from.top * this.#columns + from.left, before, after);
    this.remove(before);
    this.insert(after);
  }

  #swap(key: number, before: Item, after: Item): void {
    const bucket = this.#buckets.get(key);
    const place = bucket ? bucket.indexOf(before) : -1;
    if (!bucket || place < 0) throw new Error('replaced in the index what was not in it');
    bucket[place] = after;
  }

  /** What covers this cell. */
  at(x: number, y: number): Item[] {
    return this.inArea({ x, y, width: 0, height: 0 });
  }

  /** What covers at least one cell of this area. */
  inArea(area: Area): Item[] {
    return this.#within(area, isFound);
  }

  /** What overlaps this rectangle, itself included when it is in the index. */
  overlapping(area: Area): Item[] {
    return this.#within(area, overlaps);
  }

  #within(area: Area, matches: (item: Area, area: Area) => boolean): Item[] {
    const found: Item[] = [];
    for (const item of this.#large) if (matches(item, area)) found.push(item);
    const asked = this.#clamp(bucketsOf(area));
    // An area wider than the inhabited world is cheaper to answer from the inhabited buckets.
    if (countOf(asked) > this.#buckets.size) {
      for (const key of this.#buckets.keys()) this.#search(key, asked, area, matches, found);
    } else {
      this.#eachKey(asked, (key) => this.#search(key, asked, area, matches, found));
    }
    return found;
  }

  #search(key: number, asked: Buckets, area: Area, matches: (item: Area, area: Area) => boolean, found: Item[]): void {
    const bucket = this.#buckets.get(key);
    if (!bucket) return;
    const column = key % this.#columns;
    const row = (key - column) / this.#columns;
    for (const item of bucket) {
      // One that lies in several buckets is answered from the first of them that was asked for.
      const isFirst = column === Math.max(asked.left, bucketOf(item.x)) && row === Math.max(asked.top, bucketOf(item.y));
      if (isFirst && matches(item, area)) found.push(item);
    }
  }

  #clamp(buckets: Buckets): Buckets {
    return {
      left: Math.max(0, buckets.left),
      top: Math.max(0, buckets.top),
      right: Math.min(this.#columns - 1, buckets.right),
      bottom: Math.min(this.#rows - 1, buckets.bottom),
    };
  }

  #eachKey(buckets: Buckets, visit: (key: number) => void): void {
    for (let row = buckets.top; row <= buckets.bottom; row++) {
      for (let column = buckets.left; column <= buckets.right; column++) visit(row * this.#columns + column);
    }
  }

  #put(key: number, item: Item): void {
    const bucket = this.#buckets.get(key);
    if (!bucket) this.#buckets.set(key, [item]);
    else if (bucket.push(item) === 1) this.#empty -= 1;
  }

  #take(key: number, item: Item): void {
    const bucket = this.#buckets.get(key);
    const place = bucket ? bucket.indexOf(item) : -1;
    if (!bucket || place < 0) throw new Error('removed from the index what was not in it');
    const last = bucket.pop();
    if (last && last !== item) bucket[place] = last;
    if (bucket.length === 0) this.#emptied();
  }

  /** Another map, and not the same one with less in it: the tables that a map grows out of keep one another, and all that was in them. */
  #emptied(): void {
    this.#empty += 1;
    if (this.#empty <= MOST_EMPTY || 2 * this.#empty <= this.#buckets.size) return;
    this.#buckets = new Map([...this.#buckets].filter(([, bucket]) => bucket.length > 0));
    this.#empty = 0;
  }
}

/** Do they share a cell, a zero side counting as one cell? */
export function isFound(item: Area, area: Area): boolean {
  return (
    item.x < area.x + reach(area.width) &&
    area.x < item.x + reach(item.width) &&
    item.y < area.y + reach(area.height) &&
    area.y < item.y + reach(item.height)
  );
}

/** Do they share ground? Touching is not enough, and what has a zero side has none. */
export function overlaps(item: Area, area: Area): boolean {
  return item.width > 0 && item.height > 0 && area.width > 0 && area.height > 0 && isFound(item, area);
}

/** Is the whole rectangle, or the point of one with a zero side, on the zone's cells? */
export function isInside(area: Area, zone: { readonly width: number; readonly height: number }): boolean {
  const right = area.x + reach(area.width);
  const bottom = area.y + reach(area.height);
  return area.x >= 0 && area.y >= 0 && right <= zone.width && bottom <= zone.height;
}

function reach(side: number): number {
  return side === 0 ? 1 : side;
}

function bucketOf(cell: number): number {
  return Math.floor(cell / BUCKET_CELLS);
}

function bucketsOf(area: Area): Buckets {
  return {
    left: bucketOf(area.x),
    top: bucketOf(area.y),
    // The last cell, not the edge behind it; a fraction of a cell (a query's only) still reaches into its bucket.
    right: Math.ceil((area.x + reach(area.width)) / BUCKET_CELLS) - 1,
    bottom: Math.ceil((area.y + reach(area.height)) / BUCKET_CELLS) - 1,
  };
}

function isSame(a: Buckets, b: Buckets): boolean {
  return a.left === b.left && a.top === b.top && a.right === b.right && a.bottom === b.bottom;
}

function countOf({ left, top, right, bottom }: Buckets): number {
  return Math.max(0, right - left + 1) * Math.max(0, bottom - top + 1);
}
