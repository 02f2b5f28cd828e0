/**
 * The contract's promises 1, 2, 3 and 5, checked while a `TestWorld` with the courier game runs: on each message at
 * the instant it is sent, on all that is stored whenever the test says so, and on every intent at the end.
 * It knows of the server what clients are told, and what a process that is killed at that moment leaves behind.
 */
import type { PlayerId, ZoneId } from '../../actors/ids.js';
import type { MemoryWorld } from '../../src/store/memory/open.js';
import { notesOf } from './courier-game.js';
import { DurableView } from './durable-view.js';
import type { Received } from './test-client.js';

/** 'lost': its run ended without a resume, so that nobody will say what became of it. */
type Fate = 'open' | 'applied' | 'dropped' | 'lost';

interface SentIntent {
  readonly seq: number;
  readonly note: string | null;
  fate: Fate;
}

/** What one player knows: its numbered intents, and the ticks that it was shown. */
class Account {
  run: SentIntent[] = [];
  readonly past: SentIntent[] = [];
  readonly lastTicks = new Map<string, number>();
  resumes = false;
}

export class Promises {
  /** In words, one for each time that a promise was broken; each begins with the promise's number. */
  readonly broken: string[] = [];
  readonly #accounts = new Map<string, Account>();
  readonly #durable: DurableView;
  /** Where each entity was when it was last looked for. */
  readonly #lastSeen = new Map<string, string>();

  constructor(
    stored: MemoryWorld,
    private readonly playerOf: (name: string) => PlayerId,
  ) {
    this.#durable = new DurableView(stored);
  }

  // ─── what clients do and are told ───

  /** Before a hello. */
  joins(name: string, resumes: boolean): void {
    this.#account(name).resumes = resumes;
  }

  /** Before a fresh intent; answers its number. */
  sends(name: string, note: string | null): number {
    const { run } = this.#account(name);
    const seq = run.length + 1;
    run.push({ seq, note, fate: 'open' });
    return seq;
  }

  /** Intents above the server's `last_seq`, of which nobody knows what became: to be sent again. */
  open(name: string): readonly SentIntent[] {
    return this.#account(name).run.filter(({ fate }) => fate === 'open');
  }

  heard(name: string, message: Received): void {
    const account = this.#account(name);
    if (message.type === 'tick') this.#heardTick(name, account, message);
    if (message.type === 'join_ack') this.#heardJoin(name, account, message);
    if (message.type === 'error' && message.seq !== undefined) this.#settle(name, account, message.seq, 'dropped');
  }

  #heardTick(name: string, account: Account, { zone_id, tick_number, state, ack }: Received): void {
    const zone = zone_id as ZoneId; // as the server named it
    const before = account.lastTicks.get(zone) ?? 0;
    const tick = Number(tick_number);
    if (tick <= before) this.broken.push(`5: ${name} was shown tick ${tick} of a zone after ${before}`);
    account.lastTicks.set(zone, tick);
    const shown = JSON.stringify((state?.entities ?? []).map(factsOf).sort());
    const kept = JSON.stringify(this.#durable.entities(zone).map(factsOf).sort());
    if (shown !== kept) this.broken.push(`1: ${name} was shown ${shown} at tick ${tick}, and a kill would leave ${kept}`);
    for (const { seq, fate } of account.run) {
      if (ack !== undefined && seq <= ack && fate === 'open') this.#settle(name, account, seq, 'applied');
    }
  }

  #heardJoin(name: string, account: Account, { last_seq = 0, dropped = [] }: Received): void {
    if (!account.resumes) {
      for (const intent of account.run) if (intent.fate === 'open') intent.fate = 'lost';
      account.past.push(...account.run);
      account.run = [];
      return;
    }
    for (const { seq, fate } of account.run) {
      if (seq <= last_seq) this.#settle(name, account, seq, dropped.includes(seq) ? 'dropped' : 'applied');
      else if (fate === 'applied')
        this.broken.push(`3: ${name} was told that ${seq} is applied, then that ${last_seq} is the last`);
    }
  }

  #settle(name: string, { run }: Account, seq: number, fate: Fate): void {
    const intent = run[seq - 1];
    if (!intent) this.broken.push(`3: ${name} was told of ${seq}, which it never sent`);
    else if (intent.fate !== 'open' && intent.fate !== fate) {
      this.broken.push(`3: ${name} was told that ${seq} is ${intent.fate}, then that it is ${fate}`);
    } else intent.fate = fate;
  }

  #account(name: string): Account {
    const account = this.#accounts.get(name) ?? new Account();
    this.#accounts.set(name, account);
    return account;
  }

  // ─── what is stored ───

  /** At any moment: no entity of this game is ever destroyed, unless a zone was deleted that it was in, came from, or went to. */
  checkStored(): void {
    const whereabouts = this.#durable.whereabouts();
    for (const [id, places] of whereabouts) {
      if (places.length > 1) this.broken.push(`2: entity ${id} is in ${places.join(' and ')}`);
      this.#lastSeen.set(id, String(places[0]));
    }
    for (const [id, where] of this.#lastSeen) {
      if (whereabouts.has(id)) continue;
      this.#lastSeen.delete(id);
      if (this.#durable.stands(where)) this.broken.push(`2: entity ${id} is gone, which was in ${where}`);
    }
    for (const name of this.#accounts.keys()) this.#checkNotes(name);
  }

  #checkNotes(name: string): readonly string[] {
    const document = this.#durable.document(this.playerOf(name));
    if (document === undefined) this.broken.push(`2: player ${name} is in nobody's hands`);
    const notes = notesOf(document);
    const twice = notes.filter((note, i) => notes.indexOf(note) !== i);
    if (twice.length > 0) this.broken.push(`3: ${name}'s ${twice.join(', ')} was applied more than once`);
    return notes;
  }

  /** When everybody has resumed, sent again what was open, and the world has ticked: each intent has one fate, and it is true. */
  checkEnd(): void {
    this.checkStored();
    for (const [name, { run, past }] of this.#accounts) {
      const notes = new Set(this.#checkNotes(name));
      for (const { seq, note, fate } of [...past, ...run]) {
        if (fate === 'open') this.broken.push(`3: nobody told ${name} what became of ${seq}`);
        const isThere = note !== null && notes.has(note);
        if (note !== null && fate === 'applied' && !isThere)
          this.broken.push(`3: ${name}'s ${seq} is not applied, but was told to be`);
        if (fate === 'dropped' && isThere) this.broken.push(`3: ${name}'s ${seq} is applied, but was told to be dropped`);
      }
    }
  }
}

/** What a view shows of an entity, in one form for both sides. */
function factsOf({ id, x, y, metadata }: { id: string; x: number; y: number; metadata: object }): string {
  return JSON.stringify([id, x, y, metadata]);
}
