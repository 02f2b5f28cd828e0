/**
 * A connection becomes a player's: takeover, resume, the run that its numbers belong to, and the
 * token it can resume with. One join of a player at a time; nothing is answered before it is durable.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { Identity } from '../control.js';
import type { PlayerId, SessionId, ZoneId } from '../ids.js';
import type { Clock, PlaceStore } from '../ports.js';
import type { ResumeToken, SeqMark } from '../records.js';
import type { Log, Telemetry } from '../telemetry.js';
import type { Listener, Presence } from './presence.js';
import type { Presences } from './presences.js';
import { SeqLedger } from './seq-ledger.js';

/** A connection that wants to speak for a player. */
export interface Joiner {
  /** What zones tell it. `run`: the numbering run that its intents belong to. */
  readonly listener: Listener & { run: number };
  /** false: the socket went while the join was under way. */
  readonly open: boolean;
  /** A newer connection of the same player has taken over. */
  takenOver(): void;
}

export interface Joined {
  readonly presence: Presence;
  readonly resumeToken: string;
  readonly lastSeq: number;
  readonly dropped: readonly number[];
  /** 'fresh': no resume was asked for. 'refused': one was, and does not work. */
  readonly resume: 'resumed' | 'fresh' | 'refused';
  /** The zone to go back to, after a resume. */
  readonly zone: ZoneId | null;
}

/** Why a connection became nobody's. */
export type NotJoined = 'socket_gone' | 'session_ended';

export interface JoiningDeps {
  readonly presences: Pick<Presences, 'load' | 'mark' | 'reconcile'>;
  readonly places: Pick<PlaceStore, 'note'>;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly log: Log;
  readonly resumeWindowMs: number;
  /** When this server took the world over, in milliseconds since 1970. */
  readonly beganAtMs: number;
  sessionLives(session: SessionId): Promise<boolean>;
}

export class Joining {
  readonly #turns = new Map<PlayerId, Promise<unknown>>();
  readonly #joiners = new Map<PlayerId, Joiner>();
  /** Since when clients can come back; null: the start is still under way. */
  #openSinceMs: number | null = null;

  constructor(private readonly deps: JoiningDeps) {}

  /** From now on the windows run of those whom the last stop or kill has dropped. */
  open(): void {
    this.#openSinceMs = this.deps.clock.epochMs();
  }

  /** Rejects when the store is away. */
  join(identity: Identity, resume: string | null, joiner: Joiner): Promise<Joined | NotJoined> {
    const before = this.#turns.get(identity.player) ?? Promise.resolve();
    const turn = before.then(
      () => this.#join(identity, resume, joiner),
      () => this.#join(identity, resume, joiner),
    );
    this.#turns.set(identity.player, turn);
    const over = () => {
      if (this.#turns.get(identity.player) === turn) this.#turns.delete(identity.player);
    };
    turn.then(over, over);
    return turn;
  }

  async #join(identity: Identity, resume: string | null, joiner: Joiner): Promise<Joined | NotJoined> {
    if (!joiner.open) return 'socket_gone';
    // It lived when the token was looked up. A logout since then has found no connection to close.
    if (!(await this.deps.sessionLives(identity.session))) return 'session_ended';
    const presence = await this.deps.presences.load(identity.player, identity.username);
    presence.joining += 1;
    try {
      this.#takeOver(presence);
      const used = resume === null ? null : await this.#usable(presence, resume);
      const token = randomBytes(32).toString('base64url');
      const run = used ? presence.ledger.run : presence.ledger.run + 1;
      const newest = { hash: hashOf(token), session: identity.session };
      const known = { newest, spoken: used, droppedAtMs: null };
      // Who resumes may cross a border meanwhile: where to, it is told when all is written.
      const note = used ? known : { ...known, zone: null };
      await this.deps.places.note(presence.id, { run, ...note });
      Object.assign(presence, note);
      if (!used) presence.ledger = new SeqLedger(run, presence.mark);
      const mark = await this.deps.presences.mark(presence);
      presence.ledger.learn(mark);
      if (!joiner.open) {
        this.#dropped(presence);
        return 'socket_gone';
      }
      this.#attach(presence, joiner, run);
      const applied: SeqMark = used && mark.run === run ? mark : { run, highest: 0, dropped: [] };
      const outcome = used ? 'resumed' : resume === null ? 'fresh' : 'refused';
      const zone = used ? presence.zone : null;
      return { presence, resumeToken: token, lastSeq: applied.highest, dropped: applied.dropped, resume: outcome, zone };
    } finally {
      presence.joining -= 1;
      this.deps.presences.reconcile(presence);
    }
  }

  #takeOver(presence: Presence): void {
    const older = this.#joiners.get(presence.id);
    if (!older) return;
    this.deps.telemetry.count('takeovers_total');
    this.detach(presence, older);
    older.takenOver();
  }

  /** The token, if it works now: for its own player, within the window, while its session lives. */
  async #usable(presence: Presence, resume: string): Promise<ResumeToken | null> {
    const hash = hashOf(resume);
    const token = [presence.newest, presence.spoken].find((known) => known?.hash === hash);
    if (!token) return null;
    if (presence.droppedAtMs !== null && this.#awayMs(presence.droppedAtMs) > this.deps.resumeWindowMs) return null;
    if (!(await this.deps.sessionLives(token.session))) return null;
    this.deps.telemetry.count('resumes_total');
    return token;
  }

  /** How long the player could have been back. A start notes when it began, and may take long until it can be reached. */
  #awayMs(droppedAtMs: number): number {
    const { clock, beganAtMs } = this.deps;
    const nowMs = clock.epochMs();
    return nowMs - (droppedAtMs < beganAtMs ? droppedAtMs : Math.max(droppedAtMs, this.#openSinceMs ?? nowMs));
  }

  #attach(presence: Presence, joiner: Joiner, run: number): void {
    joiner.listener.run = run;
    presence.listener = joiner.listener;
    this.#joiners.set(presence.id, joiner);
  }

  /** The connection is no longer the player's; it can be resumed from now. */
  detach(presence: Presence, joiner: Joiner): void {
    if (this.#joiners.get(presence.id) !== joiner) return;
    this.#joiners.delete(presence.id);
    presence.listener = null;
    presence.wanted = null;
    presence.onEntered = null;
    this.#dropped(presence);
    this.deps.presences.reconcile(presence);
  }

  #dropped(presence: Presence): void {
    presence.droppedAtMs = this.deps.clock.epochMs();
    this.#note(presence, { droppedAtMs: presence.droppedAtMs });
  }

  /** The connection has sent a message after its join: the token that opened it is used up. */
  spoke(presence: Presence): void {
    if (!presence.newest || presence.spoken?.hash === presence.newest.hash) return;
    presence.spoken = presence.newest;
    this.#note(presence, { spoken: presence.newest });
  }

  /** In the background: what is lost with a crash is a token that works a little longer than it should. */
  #note(presence: Presence, note: Parameters<PlaceStore['note']>[1]): void {
    this.deps.places.note(presence.id, note).catch((error: unknown) => {
      this.deps.log.warn({ err: error, player: presence.id }, 'a note on a player was not written');
    });
  }
}

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');
