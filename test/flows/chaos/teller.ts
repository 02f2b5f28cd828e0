/**
 * A client of the bank that never gives up: it sends numbered operations, loses its socket, resumes, sends again what
 * the contract says is to be sent again, and writes down everything. It follows section 4 of the contract to the
 * letter and judges nothing.
 */
import type { Operation } from '../../support/flow-games/bank.js';
import type { Account, Message } from '../../support/player.js';
import type { Chance } from './chance.js';
import type { Evidence } from './history.js';
import type { Line, Surroundings } from './line.js';

/** How soon after a lost socket the next try comes, at the latest: often before the server has ticked again. */
const RECONNECT_MS = 25;
/** More unsettled ones than this are not let grow: a server lists the newest 256 dropped numbers only. */
const MAX_UNSETTLED = 100;

/** What fails the tick that takes it: it may never be applied, and is not asked for again. */
export interface Rotten {
  readonly type: string;
  readonly op: 0;
}

export interface TellerOptions {
  readonly account: Account;
  readonly zones: readonly string[];
  readonly chance: Chance;
  readonly surroundings: Surroundings;
  /** How it wants to be told of a zone that it goes to by itself. */
  readonly sync?: 'snapshot' | 'delta';
}

export class Teller {
  readonly evidence: Evidence[] = [];
  #line: Line | null = null;
  #joined = false;
  #subscribed = false;
  /** A tick has come over this connection. */
  #shown = false;
  /** It has been in a zone before: a resume brings it back there. */
  #placed = false;
  #resumeToken: string | undefined;
  #nextOp = 1;
  #nextSeq = 1;
  /** Sent, and nobody has said yet what became of it. */
  readonly #unsettled = new Map<number, Operation | Rotten>();
  /** Known not to be applied: to be sent under a new number. */
  readonly #again: Operation[] = [];
  #stopped = false;
  #cancelConnect = () => {};

  constructor(private readonly options: TellerOptions) {}

  get name(): string {
    return this.options.account.username;
  }

  /** Operations asked for so far; they are numbered from 1. */
  get asked(): number {
    return this.#nextOp - 1;
  }

  /** Is the fate of everything known and shown, and nothing left to send? */
  get settled(): boolean {
    return this.#shown && this.#unsettled.size === 0 && this.#again.length === 0;
  }

  /** What is still open, for an error that helps. */
  get rest(): string {
    const seqs = [...this.#unsettled.keys()].join(', ');
    return `${this.#subscribed ? 'subscribed' : 'not subscribed'}, open: ${seqs || 'none'}, to be sent again: ${this.#again.length}`;
  }

  start(): void {
    this.#connect();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelConnect();
    this.#line?.drop();
  }

  /** Sends what is to be sent again, and `fresh` operations more. */
  send(fresh: number): void {
    if (!this.#subscribed) return;
    for (const intent of this.#again.splice(0)) this.#number(intent);
    for (let i = 0; i < fresh && this.#unsettled.size < MAX_UNSETTLED; i++) this.#number(this.#next());
  }

  /** Asks for something that cannot be applied. */
  spoil(rotten: Rotten): void {
    if (this.#subscribed && this.#unsettled.size < MAX_UNSETTLED) this.#number(rotten);
  }

  /** Loses the socket without a word. */
  drop(): void {
    this.#line?.drop();
  }

  /** Comes back by another socket before the old one is gone. */
  takeOver(): void {
    if (!this.#joined) return;
    this.#lose();
    this.#connect();
  }

  /** Goes to a zone by itself; its purse stays behind. */
  wander(zone = this.options.chance.oneOf(this.options.zones)): void {
    if (this.#joined) this.#say({ type: 'subscribe', zone_id: zone, sync: this.options.sync });
  }

  #next(): Operation {
    const { chance, zones } = this.options;
    const op = this.#nextOp++;
    const kind = chance.next();
    if (kind < 0.7) return { type: 'book', op };
    return { type: kind < 0.85 ? 'walk' : 'pay', op, to: chance.oneOf(zones) };
  }

  #number(intent: Operation | Rotten): void {
    const seq = this.#nextSeq++;
    this.#unsettled.set(seq, intent);
    this.#sendIntent(seq, intent);
  }

  #sendIntent(seq: number, intent: Operation | Rotten): void {
    this.evidence.push({ type: 'sent', seq, op: intent.op });
    this.#say({ type: 'intent', data: intent, seq });
  }

  #say(message: object): void {
    this.#line?.say(message);
  }

  // ─── the socket ───

  #connect(): void {
    const { surroundings, chance, account } = this.options;
    // What an older line still says is for nobody.
    const isNewest = () => this.#line === line;
    const line = surroundings.dial({
      opened: () => line.say({ type: 'hello', token: account.token, resume: this.#resumeToken }),
      heard: (message) => {
        if (isNewest()) this.#hear(message);
      },
      closed: (code) => {
        if (!isNewest()) return;
        this.#lose();
        this.evidence.push({ type: 'closed', code });
        if (!this.#stopped) this.#cancelConnect = surroundings.later(chance.between(1, RECONNECT_MS), () => this.#connect());
      },
    });
    this.#line = line;
  }

  #lose(): void {
    this.#joined = false;
    this.#subscribed = false;
    this.#shown = false;
  }

  #hear(message: Message): void {
    switch (message.type) {
      case 'join_ack':
        return this.#onJoined(message);
      case 'subscribed':
        this.#subscribed = true;
        this.#placed = true;
        this.evidence.push({ type: 'subscribed', zone: message.zone_id });
        return;
      case 'intent_received':
        this.evidence.push({ type: 'received', seq: message.seq });
        return;
      case 'tick':
        return this.#onTick(message);
      case 'handover':
        this.evidence.push({ type: 'handover', from: message.from.zone_id, to: message.to.zone_id });
        return;
      case 'error':
        return this.#onError(message);
    }
  }

  #onJoined({ last_seq: lastSeq, dropped, resume_token: token }: Message): void {
    const asked = this.#resumeToken !== undefined;
    this.evidence.push({ type: 'joined', asked, lastSeq, dropped });
    this.#resumeToken = token;
    this.#joined = true;
    // Its first connection went before the bank had put it anywhere.
    if (asked && !this.#placed) this.wander();
    for (const [seq, intent] of this.#unsettled) {
      if (seq > lastSeq) continue;
      this.#unsettled.delete(seq);
      if (dropped.includes(seq)) this.#askAgain(intent);
    }
    // The rest is sent again under its own numbers, in order.
    for (const [seq, intent] of this.#unsettled) this.#sendIntent(seq, intent);
  }

  #onTick({ zone_id: zone, tick_number: tick, ack, state }: Message): void {
    this.#shown = true;
    this.evidence.push({ type: 'view', zone, tick, ack: ack ?? null, view: state });
    for (const seq of this.#unsettled.keys()) if (ack !== undefined && seq <= ack) this.#unsettled.delete(seq);
  }

  #onError({ code, seq }: Message): void {
    if (seq === undefined) {
      this.evidence.push({ type: 'troubled', code });
      // The database was away when it should have been let into its zone: it comes again.
      if (!this.#subscribed) this.drop();
      return;
    }
    this.evidence.push({ type: 'refused', seq, code });
    // Its zone could not let it go elsewhere, or is no more.
    if (code === 'not_subscribed' && this.#subscribed) {
      this.#subscribed = false;
      this.#placed = false;
      this.wander();
    }
    const intent = this.#unsettled.get(seq);
    if (!intent) return;
    this.#unsettled.delete(seq);
    this.#askAgain(intent);
  }

  /** Under a new number, with the next that it sends. */
  #askAgain(intent: Operation | Rotten): void {
    if (intent.op > 0) this.#again.push(intent as Operation); // only what is rotten has no number of its own
  }
}
