/**
 * A zone's address: what outlives the actors that run it one after another. Its mailbox, who is
 * present, what waits in its inbox, its failures. An incarnation (`ZoneRun`) is lent all this; the
 * entities are the simulation's and come from the last commit.
 */
import type { JsonObject } from '../../games/contract.js';
import { type Costs, NO_COSTS } from '../costs.js';
import type { ZoneEvent } from '../events.js';
import type { PlayerId, TickNumber, ZoneId } from '../ids.js';
import { advanceMark } from '../mark.js';
import type { Presence } from '../players/presence.js';
import type { InboxRow, SeqMark, ZoneInfo } from '../records.js';
import type { QueuedIntent } from '../steps.js';
import { IntentMailbox } from './mailbox.js';
import { Owed } from './owed.js';
import { type FailureHistory, NO_FAILURES } from './restart-policy.js';
import { Unseen } from './unseen.js';

/** What happened to a tick that was sent to a zone. */
export type TickFate = 'committed' | 'failed' | 'missed';

/** A player of the zone's last committed tick. */
export interface CommittedPlayer {
  readonly stay: number;
  mark: SeqMark;
  readonly document: JsonObject | null;
}

/** An intent that failed a tick, for those who look into it. */
export interface Poison {
  readonly player: PlayerId;
  readonly seq: number | null;
  readonly tick: TickNumber;
  readonly error: string;
  readonly atMs: number;
}
/** The newest of them are shown. */
const KEPT_POISON = 16;

const NO_STRAYS = { count: 0, last: null };

/** A zone's actor, as the one who sends to it sees it. */
export interface ZoneActorRef {
  send(event: ZoneEvent): void;
  getSnapshot(): { readonly value?: unknown };
}

export interface ZoneTimings {
  lastTick: TickNumber;
  /** From the lease to the answer: what waits for a thread is in it, too. */
  stepMs: number;
  costs: Costs;
  /** Over the newest ticks. */
  meanCosts: Costs;
  missedTicks: number;
}

/** `pausing`: waits for its restart. */
export type ZonePhase = 'restoring' | 'live' | 'stalled' | 'draining' | 'pausing' | 'quarantined' | 'asleep';

export class ZoneSlot {
  readonly mailbox: IntentMailbox;
  /** Who is subscribed here and has left everywhere else: the set that ticks compare with. */
  readonly present = new Map<PlayerId, Presence>();
  /** What waits to be taken, by id. A restore empties it and reads the table. */
  readonly inbox = new Map<number, InboxRow>();
  /** Rows of a tick that failed: left out of the next one, to see whose fault it was. */
  suspects: ReadonlySet<number> = new Set();
  /** The players of the last committed tick. */
  committed: ReadonlyMap<PlayerId, CommittedPlayer> = new Map();
  /** As the last claim gave it; 0: never claimed by this process. */
  epoch = 0;
  /** It was restored once: from then on it is known here who its players are. */
  restored = false;
  phase: ZonePhase = 'restoring';
  wakeAtMs: number | null = null;
  /** When its last committed tick was, also one that had nothing to write; milliseconds since 1970, 0: not since this process began. */
  tickedAtMs = 0;
  /** When the zone last had a reason to be live; monotonic. */
  lastReasonMs = 0;
  /** Writes under way besides those of ticks. */
  readonly #writes = new Set<Promise<unknown>>();
  /** The actor of the current incarnation; null: the zone sleeps. */
  ref: ZoneActorRef | null = null;
  /** What becomes of the tick that was sent last; null: it was sent to nobody. */
  fate: Promise<TickFate> | null = null;
  /** What it has shown and not written yet. */
  readonly owed = new Owed();
  readonly unseen = new Unseen();
  failures: FailureHistory = NO_FAILURES;
  restarts = 0;
  /** It is being stopped or deleted: no further incarnation follows. */
  closing = false;
  /** The store does not know the zone any more. */
  gone = false;
  /** What the game started here, left behind and had fail later; `last` is the newest. */
  strays: { readonly count: number; readonly last: { readonly message: string; readonly atMs: number } | null } = NO_STRAYS;
  /** Intents that failed a tick, oldest first. */
  readonly poison: Poison[] = [];
  lastError: { readonly message: string; readonly atMs: number } | null = null;
  readonly timings: ZoneTimings = { lastTick: 0, stepMs: 0, costs: NO_COSTS, meanCosts: NO_COSTS, missedTicks: 0 };
  #busy = false;
  readonly #waitingForPhase: (() => void)[] = [];
  readonly #waitingForRest: (() => void)[] = [];

  constructor(
    public info: ZoneInfo,
    intentsPerPlayer: number,
    /** Can somebody see into the zone from one beside it? */
    private readonly isSeen: () => boolean = () => false,
  ) {
    this.mailbox = new IntentMailbox(intentsPerPlayer);
  }

  get zone(): ZoneId {
    return this.info.id;
  }

  /** Why the zone must be live now; null: it may sleep. */
  reasonToLive(nowMs: number): 'present' | 'intents' | 'inbox' | 'leaving' | 'wake' | 'seen' | null {
    if (this.present.size > 0) return 'present';
    if (this.mailbox.length > 0) return 'intents';
    if (this.inbox.size > 0) return 'inbox';
    if (this.committed.size > 0) return 'leaving';
    if (this.wakeAtMs !== null && this.wakeAtMs <= nowMs) return 'wake';
    return this.isSeen() ? 'seen' : null;
  }

  notePoison(poison: Poison): void {
    this.poison.push(poison);
    if (this.poison.length > KEPT_POISON) this.poison.shift();
  }

  noteStray(message: string, atMs: number): void {
    this.strays = { count: this.strays.count + 1, last: { message, atMs } };
  }

  /** true: a write besides those of ticks is under way, and until it has ended the zone misses ticks. */
  get isHeld(): boolean {
    return this.#writes.size > 0;
  }

  /** Holds the zone's ticks, its next restore and its end while `write` runs; answers what that does. */
  async hold<Answer>(write: () => Promise<Answer>): Promise<Answer> {
    const writing = write();
    this.#writes.add(writing);
    try {
      return await writing;
    } finally {
      this.#writes.delete(writing);
    }
  }

  /** Resolves when none of those writes is under way any more. With the store away that can be long. */
  async released(): Promise<void> {
    while (this.#writes.size > 0) await Promise.allSettled(this.#writes);
  }

  /** A player that this zone holds: in its committed state, or on its way here. null: it does not, or not by this stay. */
  held(player: PlayerId, stay: number): CommittedPlayer | null {
    const committed = this.committed.get(player);
    return committed?.stay === stay ? committed : this.#arriving(player, stay);
  }

  /** A committed tick that changed nothing about its players but how far their numbered intents are applied. */
  advanceMarks(intents: readonly QueuedIntent[]): void {
    for (const { player, run, seq } of intents) {
      const held = this.committed.get(player);
      if (held && run !== null && seq !== null) held.mark = advanceMark(held.mark, run, seq);
    }
  }

  /** Of these rows, those that wait here and did not come back. */
  arrivals(ids: readonly number[]): readonly InboxRow[] {
    return ids.flatMap((id) => this.inbox.get(id) ?? []).filter(({ kind }) => kind === 'arrival');
  }

  /** A player on its way here, as the row that brings it has it. */
  #arriving(player: PlayerId, stay: number): CommittedPlayer | null {
    for (const row of this.inbox.values()) {
      if (!row.followers.some((follower) => follower.player === player && follower.stay === stay)) continue;
      const held = row.parcel.followers.find(({ id }) => id === player);
      if (held) return { stay, mark: held.mark, document: held.document };
    }
    return null;
  }

  /** A tick is staged or being committed. */
  get busy(): boolean {
    return this.#busy;
  }

  beginTick(): void {
    this.#busy = true;
  }

  /** The tick is published, or has failed. */
  endTick(): void {
    this.#busy = false;
    for (const proceed of this.#waitingForRest.splice(0)) proceed();
  }

  /** Resolves when the tick that is under way has ended. */
  nextRest(): Promise<void> {
    return new Promise((resolve) => this.#waitingForRest.push(resolve));
  }

  /** Ends the incarnation that runs, if one does; none follows. Resolves when it has ended. */
  async close(): Promise<void> {
    this.closing = true;
    if (!this.ref) return;
    this.ref.send({ type: 'STOP' });
    while (this.ref) await this.nextPhase().then(() => new Promise(setImmediate));
  }

  enter(phase: ZonePhase): void {
    this.phase = phase;
    for (const proceed of this.#waitingForPhase.splice(0)) proceed();
  }

  /** Resolves when the phase is another than it is now. */
  nextPhase(): Promise<void> {
    return new Promise((resolve) => this.#waitingForPhase.push(resolve));
  }
}
