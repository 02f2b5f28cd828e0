import { createHash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { expect } from 'chai';
import type { Identity } from '../../../actors/control.js';
import { newUuid, type PlayerId, type SessionId, type ZoneId } from '../../../actors/ids.js';
import { startMark } from '../../../actors/mark.js';
import { type Joined, type Joiner, Joining, type NotJoined } from '../../../actors/players/joining.js';
import { type Listener, Presence } from '../../../actors/players/presence.js';
import { SeqLedger } from '../../../actors/players/seq-ledger.js';
import type { PlaceNote, SeqMark } from '../../../actors/records.js';
import { FakeClock } from '../../support/fake-clock.js';
import { RecordingLog } from '../../support/recording-log.js';
import { RecordingTelemetry } from '../../support/recording-telemetry.js';

const WINDOW_MS = 60_000;
const RUN = 4;
const ZONE = newUuid<ZoneId>();
const hashOf = (token: string) => createHash('sha256').update(token).digest('hex');

/** One player's joins, over a store that remembers its notes. */
class Bench {
  readonly clock = new FakeClock();
  readonly telemetry = new RecordingTelemetry();
  readonly notes: PlaceNote[] = [];
  readonly session = newUuid<SessionId>();
  readonly living = new Set<SessionId>([this.session]);
  readonly presence: Presence;
  /** By the last commit of the zone that holds the player. */
  mark: SeqMark = startMark(RUN);
  storeError: Error | null = null;
  /** Resolved when the test lets the store write. */
  written: Promise<void> = Promise.resolve();
  readonly #joining: Joining;

  constructor(state: 'open' | 'starting' = 'open') {
    const place = { number: 1, holder: null, stay: 0, document: null, mark: this.mark, zone: ZONE };
    const tokens = { newest: null, spoken: null, droppedAtMs: null };
    this.presence = new Presence(newUuid<PlayerId>(), 'alice', { ...place, ...tokens }, new SeqLedger(RUN, this.mark));
    this.#joining = new Joining({
      presences: { load: async () => this.presence, mark: async () => this.mark, reconcile: () => {} },
      places: { note: (_player, note) => this.#note(note) },
      clock: this.clock,
      telemetry: this.telemetry,
      log: new RecordingLog(),
      resumeWindowMs: WINDOW_MS,
      beganAtMs: this.clock.epochMs(),
      sessionLives: async (session) => this.living.has(session),
    });
    if (state === 'open') this.open();
  }

  join(resume: string | null = null, joiner = new FakeJoiner(), session = this.session): Promise<Joined | NotJoined> {
    const { id: player, username } = this.presence;
    const identity: Identity = { player, username, session, expiresAtMs: null, role: 'player' };
    return this.#joining.join(identity, resume, joiner);
  }

  /** Of a join that succeeds. */
  async joined(resume: string | null = null, joiner = new FakeJoiner(), session = this.session): Promise<Joined> {
    const joined = await this.join(resume, joiner, session);
    if (typeof joined === 'string') throw new Error(joined);
    return joined;
  }

  spoke(): void {
    this.#joining.spoke(this.presence);
  }

  /** The start is over. */
  open(): void {
    this.#joining.open();
  }

  detach(joiner: Joiner): void {
    this.#joining.detach(this.presence, joiner);
  }

  async #note(note: PlaceNote): Promise<void> {
    if (this.storeError) throw this.storeError;
    await this.written;
    this.notes.push(note);
  }
}

/** A connection that notes when it is taken over. */
class FakeJoiner implements Joiner {
  // Only its run is looked at here.
  readonly listener = { run: 0 } as Listener & { run: number };
  open = true;
  takenOver(): void {
    this.open = false;
  }
}

describe('joining', () => {
  describe('without a token to resume', () => {
    it('begins a numbering run, and tells of it once that and the new token are durable', async () => {
      const bench = new Bench();
      bench.mark = { run: RUN, highest: 7, dropped: [3] };

      const joined = await bench.joined();

      expect(joined).to.deep.include({ lastSeq: 0, dropped: [], resume: 'fresh', zone: null });
      expect(bench.notes).to.deep.equal([
        {
          run: RUN + 1,
          newest: { hash: hashOf(joined.resumeToken), session: bench.session },
          spoken: null,
          droppedAtMs: null,
          zone: null,
        },
      ]);
    });

    it('answers nothing before it is durable, and nothing at all when that cannot be', async () => {
      const bench = new Bench();
      let write = () => {};
      bench.written = new Promise((resolve) => {
        write = resolve;
      });

      let answered = false;
      const join = bench.joined().then(() => {
        answered = true;
      });
      await turn();
      const early = answered;
      write();
      await join;
      bench.storeError = new Error('away');
      const refused = await bench.join().catch((error: unknown) => error);

      expect(early).to.equal(false);
      expect(refused).to.equal(bench.storeError);
    });

    it('ends the tokens of before', async () => {
      const bench = new Bench();
      const first = await bench.joined();
      await bench.joined();

      expect(bench.notes.at(-1)).to.include({ spoken: null });
      expect(await bench.joined(first.resumeToken)).to.include({ resume: 'refused' });
    });
  });

  describe('with a token to resume', () => {
    it('goes on with the run: what was applied, what was not, and where the player was', async () => {
      const bench = new Bench();
      const joiner = new FakeJoiner();
      const { resumeToken } = await bench.joined(null, new FakeJoiner());
      bench.presence.zone = ZONE;
      bench.mark = { run: RUN + 1, highest: 9, dropped: [2, 4] };

      const joined = await bench.joined(resumeToken, joiner);

      expect(joined).to.deep.include({ lastSeq: 9, dropped: [2, 4], resume: 'resumed', zone: ZONE });
      expect(joined.resumeToken).not.to.equal(resumeToken);
      expect(joiner.listener.run).to.equal(RUN + 1);
      expect(bench.presence.listener).to.equal(joiner.listener);
    });

    it('knows what a zone applied that was restored after the player’s row was read', async () => {
      const bench = new Bench();
      const { resumeToken } = await bench.joined();
      bench.mark = { run: RUN + 1, highest: 3, dropped: [2] };

      await bench.joined(resumeToken);

      expect([1, 2, 3, 4].map((seq) => bench.presence.ledger.fate(seq))).to.deep.equal(['taken', 'dropped', 'taken', 'fresh']);
    });

    it('says 0 where nothing of the run was applied yet', async () => {
      const bench = new Bench();
      const { resumeToken } = await bench.joined();
      bench.mark = { run: RUN, highest: 9, dropped: [2, 4] };

      expect(await bench.joined(resumeToken)).to.deep.include({ lastSeq: 0, dropped: [], resume: 'resumed' });
    });

    it('may use it again until the connection that it opened has spoken', async () => {
      const bench = new Bench();
      const { resumeToken } = await bench.joined();

      const outcomes = [await bench.joined(resumeToken), await bench.joined(resumeToken)];
      const kept = bench.notes.flatMap(({ run, spoken }) => (run === undefined ? [] : (spoken?.hash ?? null)));
      bench.spoke();
      outcomes.push(await bench.joined(resumeToken));

      expect(outcomes.map(({ resume }) => resume)).to.deep.equal(['resumed', 'resumed', 'refused']);
      expect(kept, 'after a kill too').to.deep.equal([null, hashOf(resumeToken), hashOf(resumeToken)]);
    });

    it('notes once that a connection has spoken', async () => {
      const bench = new Bench();
      const { resumeToken } = await bench.joined();

      bench.spoke();
      bench.spoke();
      await turn();

      expect(bench.notes.slice(1)).to.deep.equal([{ spoken: { hash: hashOf(resumeToken), session: bench.session } }]);
    });

    it('has RESUME_WINDOW_MS from the moment the socket is gone, however long that lived', async () => {
      const bench = new Bench();
      const joiner = new FakeJoiner();
      const { resumeToken } = await bench.joined(null, joiner);
      bench.clock.advance(10 * WINDOW_MS);

      bench.detach(joiner);
      bench.clock.advance(WINDOW_MS);
      const inTime = new FakeJoiner();
      const outcomes = [await bench.joined(resumeToken, inTime)];
      bench.detach(inTime);
      bench.clock.advance(WINDOW_MS + 1);
      outcomes.push(await bench.joined(resumeToken));

      expect(outcomes.map(({ resume }) => resume)).to.deep.equal(['resumed', 'refused']);
    });

    it('has RESUME_WINDOW_MS from when the server is up again, however long its start takes', async () => {
      const comeBack = async (lateMs: number) => {
        const bench = new Bench('starting');
        const resumeToken = 'of the time before';
        const newest = { hash: hashOf(resumeToken), session: bench.session };
        Object.assign(bench.presence, { newest, droppedAtMs: bench.clock.epochMs() });
        bench.clock.advance(2 * WINDOW_MS);
        bench.open();
        bench.clock.advance(WINDOW_MS + lateMs);
        return (await bench.joined(resumeToken)).resume;
      };

      expect([await comeBack(0), await comeBack(1)]).to.deep.equal(['resumed', 'refused']);
    });

    it('had its window already where it went long before the stop, however long the start takes', async () => {
      const bench = new Bench();
      const resumeToken = 'of long before';
      const droppedAtMs = bench.clock.epochMs() - WINDOW_MS - 1;
      Object.assign(bench.presence, { newest: { hash: hashOf(resumeToken), session: bench.session }, droppedAtMs });

      expect(await bench.joined(resumeToken)).to.include({ resume: 'refused' });
    });

    it('is refused what is nobody’s, and what belongs to a session that is over', async () => {
      const bench = new Bench();
      const other = newUuid<SessionId>();
      bench.living.add(other);
      const { resumeToken } = await bench.joined(null, new FakeJoiner(), other);
      bench.living.delete(other);

      expect(await bench.joined('no such token')).to.include({ resume: 'refused', lastSeq: 0 });
      expect(await bench.joined(resumeToken)).to.include({ resume: 'refused', lastSeq: 0 });
    });

    it('keeps it when the store was away', async () => {
      const bench = new Bench();
      const { resumeToken } = await bench.joined();
      bench.storeError = new Error('away');
      await bench.join(resumeToken).catch(() => {});

      bench.storeError = null;

      expect(await bench.joined(resumeToken)).to.include({ resume: 'resumed' });
    });
  });

  describe('of a player who has a connection', () => {
    it('takes over: the older one is told, and what it does afterwards touches nothing', async () => {
      const bench = new Bench();
      const [old, young] = [new FakeJoiner(), new FakeJoiner()];
      await bench.joined(null, old);

      await bench.joined(null, young);
      bench.detach(old);

      expect([old.open, young.open]).to.deep.equal([false, true]);
      expect(bench.presence.listener).to.equal(young.listener);
      expect(bench.presence.droppedAtMs).to.equal(null);
      expect(bench.telemetry.counts.get('takeovers_total')).to.equal(1);
    });

    it('is one at a time: the last of many is the one that stays', async () => {
      const bench = new Bench();
      const joiners = Array.from({ length: 5 }, () => new FakeJoiner());

      const all = await Promise.all(joiners.map((joiner) => bench.joined(null, joiner)));

      expect(joiners.map(({ open }) => open)).to.deep.equal([false, false, false, false, true]);
      expect(new Set(all.map(({ resumeToken }) => resumeToken)).size).to.equal(5);
      expect(bench.presence.newest?.hash).to.equal(hashOf(all.at(-1)?.resumeToken ?? ''));
    });

    it('takes nothing over when its own session is over, or its socket gone', async () => {
      const bench = new Bench();
      const [old, gone] = [new FakeJoiner(), new FakeJoiner()];
      await bench.joined(null, old);
      gone.open = false;

      const outcomes = [await bench.join(null, new FakeJoiner(), newUuid<SessionId>()), await bench.join(null, gone)];

      expect(outcomes).to.deep.equal(['session_ended', 'socket_gone']);
      expect(old.open).to.equal(true);
      expect(bench.presence.listener).to.equal(old.listener);
    });
  });

  it('attaches nobody when the socket goes meanwhile, and the player can resume from then', async () => {
    const bench = new Bench();
    const joiner = new FakeJoiner();
    let write = () => {};
    bench.written = new Promise((resolve) => {
      write = resolve;
    });

    const join = bench.join(null, joiner);
    await turn();
    joiner.open = false;
    write();
    const outcome = await join;
    await turn();

    expect(outcome).to.equal('socket_gone');
    expect(bench.presence.listener).to.equal(null);
    expect(bench.notes.at(-1)).to.deep.equal({ droppedAtMs: bench.clock.epochMs() });
  });

  it('ends with the connection: the player wants nothing any more, and when it dropped is noted', async () => {
    const bench = new Bench();
    const joiner = new FakeJoiner();
    await bench.joined(null, joiner);
    Object.assign(bench.presence, { wanted: ZONE, onEntered: () => {} });

    bench.detach(joiner);
    await turn();

    expect(bench.presence).to.include({ listener: null, wanted: null, onEntered: null });
    expect(bench.notes.at(-1)).to.deep.equal({ droppedAtMs: bench.clock.epochMs() });
  });
});
