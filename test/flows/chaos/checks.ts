/**
 * The contract's promises as functions over what clients saw: each answers what was broken, in words; [] when
 * nothing was. They know the bank and the wire, and nothing of how the server works.
 */
import { type Book, includes } from '../../support/flow-games/bank.js';
import type { Evidence, History } from './history.js';

type View = Extract<Evidence, { type: 'view' }>;

/** An entity as the debug endpoints show it. */
export interface Found {
  readonly id: string;
  readonly zone_id: string;
  readonly metadata: { readonly kind?: string; readonly owner?: string };
}

/** Promise 5: towards one client, the tick numbers of a zone never repeat and never go back. */
export function ticksRise({ name, evidence }: History): string[] {
  const last = new Map<string, number>();
  return evidence.filter(isView).flatMap(({ zone, tick }) => {
    const before = last.get(zone) ?? Number.NEGATIVE_INFINITY;
    last.set(zone, Math.max(before, tick));
    return tick > before ? [] : [`${name} got tick ${tick} of ${zone} after ${before}`];
  });
}

/** Promise 1, for what is a player's own: no operation is ever missing from a book that had it. And the purse agrees with the book. */
export function booksGrow({ name, evidence }: History): string[] {
  let seen: Book['ops'] = [];
  return evidence.filter(isView).flatMap(({ tick, view: { book, purse } }) => {
    const faults: string[] = [];
    if (!contains(book.ops, seen)) faults.push(`${name}: ${show(seen)} became ${show(book.ops)} at tick ${tick}`);
    if (book.twice.length > 0) faults.push(`${name}: ${book.twice} booked twice by tick ${tick}`);
    if (purse && purse.ops !== book.withPurse) {
      faults.push(`${name}: the purse counts ${purse.ops}, the book ${book.withPurse} at tick ${tick}`);
    }
    seen = book.ops;
    return faults;
  });
}

/** Promise 1, for zones: all that anybody ever saw of a zone is one history. */
export function chainsHold(histories: readonly History[]): string[] {
  const byZone = new Map<string, View[]>();
  for (const view of histories.flatMap(({ evidence }) => evidence.filter(isView))) {
    byZone.set(view.zone, [...(byZone.get(view.zone) ?? []), view]);
  }
  return [...byZone.values()].flatMap(chainHolds);
}

function chainHolds(views: readonly View[]): string[] {
  const digests = new Map<number, string>();
  const faults: string[] = [];
  let before: View | undefined;
  for (const now of [...views].sort((a, b) => a.tick - b.tick)) {
    const { height, digest } = now.view.chain;
    const known = digests.get(height) ?? digest;
    digests.set(height, known);
    if (known !== digest) faults.push(`${now.zone} has two pasts at height ${height}, tick ${now.tick}`);
    if (before && height < before.view.chain.height) {
      faults.push(
        `${now.zone} went back from height ${before.view.chain.height} (tick ${before.tick}) to ${height} (tick ${now.tick})`,
      );
    }
    if (before?.tick === now.tick && before.view.chain.height !== height)
      faults.push(`${now.zone} has two states at tick ${now.tick}`);
    before = now;
  }
  return faults;
}

/** Promise 3: every number has one fate, told by acks, errors and resumes alike; what is told as applied is in the book. */
export function fatesAgree({ name, evidence }: History): string[] {
  const fates = new Fates();
  for (const item of evidence) fates.hear(item);
  return fates.faults.map((fault) => `${name}: ${fault}`);
}

/** A server names no more dropped numbers than this: which older ones were dropped, the errors have said. */
const NAMED_DROPPED = 256;

class Fates {
  readonly faults: string[] = [];
  /** The operation of each number whose fate nobody has told yet. */
  readonly #open = new Map<number, number>();
  readonly #applied = new Set<number>();
  readonly #dropped = new Set<number>();
  /** Operations told as applied, and not looked for in a book yet. */
  #owed: number[] = [];
  #highest = 0;

  hear(item: Evidence): void {
    if (item.type === 'sent') this.#onSent(item.seq, item.op);
    if (item.type === 'received' && !this.#known(item.seq)) this.faults.push(`number ${item.seq} was received and never sent`);
    if (item.type === 'refused') this.#drop(item.seq, 'an error');
    if (item.type === 'joined') this.#onJoined(item.lastSeq, item.dropped);
    if (item.type === 'view') this.#onView(item);
  }

  #onSent(seq: number, op: number): void {
    if (!this.#known(seq)) this.#open.set(seq, op);
  }

  #onJoined(lastSeq: number, dropped: readonly number[]): void {
    if (lastSeq < this.#highest) this.faults.push(`${this.#highest} was applied, and a resume says ${lastSeq}`);
    for (const seq of dropped) this.#drop(seq, 'a resume');
    for (const seq of this.#dropped) {
      const denied = seq < lastSeq && dropped.length < NAMED_DROPPED && !dropped.includes(seq);
      if (denied) this.faults.push(`number ${seq} was dropped, and a resume says applied`);
    }
    this.#applyUpTo(lastSeq);
  }

  #onView({ ack, tick, view }: View): void {
    if (ack !== null) {
      if (ack <= this.#highest) this.faults.push(`ack ${ack} at tick ${tick} comes after ${this.#highest}`);
      this.#applyUpTo(ack);
    }
    for (const op of this.#owed.splice(0)) {
      if (!includes(view.book.ops, op)) this.faults.push(`operation ${op} was applied, and is not in the book of tick ${tick}`);
    }
  }

  #applyUpTo(highest: number): void {
    this.#highest = Math.max(this.#highest, highest);
    for (const [seq, op] of this.#open) {
      if (seq > highest) continue;
      this.#open.delete(seq);
      this.#applied.add(seq);
      this.#owed.push(op);
    }
  }

  #drop(seq: number, by: string): void {
    if (this.#applied.has(seq)) this.faults.push(`number ${seq} was applied, and ${by} says dropped`);
    else if (!this.#known(seq)) this.faults.push(`${by} says that ${seq} was dropped, which was never sent`);
    this.#open.delete(seq);
    this.#dropped.add(seq);
  }

  #known(seq: number): boolean {
    return this.#open.has(seq) || this.#applied.has(seq) || this.#dropped.has(seq);
  }
}

/** Promise 3, at the end: whatever was asked for, again and again until it was applied, is in the book, once. */
export function allBooked({ name, evidence }: History, asked: number): string[] {
  const last = evidence.filter(isView).at(-1);
  const ops = last?.view.book.ops ?? [];
  const whole = asked === 0 ? ops.length === 0 : ops.length === 1 && ops[0]?.[0] === 1 && ops[0]?.[1] === asked;
  return whole ? [] : [`${name}: of ${asked} operations, ${show(ops)} are booked`];
}

/** Promise 2: over all zones, at one instant, every coin, chain and purse is there exactly once. `expected`: ids that must be there. */
export function eachOnce(
  found: readonly Found[],
  expected: { readonly coins: ReadonlySet<string>; readonly zones: readonly string[] },
): string[] {
  const faults: string[] = [];
  const places = new Map<string, string[]>();
  for (const { id, zone_id } of found) places.set(id, [...(places.get(id) ?? []), zone_id]);
  for (const [id, zones] of places) if (zones.length > 1) faults.push(`entity ${id} is in ${zones.join(' and ')}`);
  const coins = new Set(found.filter(({ metadata }) => metadata.kind === 'coin').map(({ id }) => id));
  for (const id of expected.coins) if (!coins.has(id)) faults.push(`coin ${id} is lost`);
  for (const id of coins) if (!expected.coins.has(id)) faults.push(`coin ${id} came from nowhere`);
  for (const zone of expected.zones) {
    const chains = found.filter(({ zone_id, metadata }) => zone_id === zone && metadata.kind === 'chain').length;
    if (chains !== 1) faults.push(`zone ${zone} has ${chains} chains`);
  }
  return faults;
}

/** Promise 2, for what comes to be while the test runs: a purse that was there once is there always, and each owner has one. */
export function pursesStay(before: readonly Found[], now: readonly Found[]): string[] {
  const there = new Set(now.map(({ id }) => id));
  const owners = now.filter(({ metadata }) => metadata.kind === 'purse').map(({ metadata }) => metadata.owner);
  return [
    ...before.filter(({ id }) => !there.has(id)).map(({ id, metadata }) => `${metadata.kind} ${id} is lost`),
    ...owners.filter((owner, i) => owners.indexOf(owner) !== i).map((owner) => `${owner} has two purses`),
  ];
}

function isView(item: Evidence): item is View {
  return item.type === 'view';
}

function contains(ranges: Book['ops'], part: Book['ops']): boolean {
  return part.every(([from, upTo]) => ranges.some((range) => range[0] <= from && upTo <= range[1]));
}

function show(ranges: Book['ops']): string {
  return ranges.map(([from, upTo]) => `${from}-${upTo}`).join(' ') || 'nothing';
}
