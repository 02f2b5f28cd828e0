import { expect } from 'chai';
import type { ClientMessage, Refusal } from '../../../actors/control.js';
import { newUuid, type ZoneId } from '../../../actors/ids.js';
import { FREE_STRIKES } from '../../../actors/players/strikes.js';
import { ConnectionBench, HELLO, HELLO_TIMEOUT_MS, TICK_MS, TOKEN } from './bench.js';

const PING: ClientMessage = { type: 'ping', t: 'x' };
const MALFORMED: Refusal = { code: 'bad_request', message: 'odd', seq: null, malformed: true };
const intent = (seq: number | null, n = 0): ClientMessage => ({ type: 'intent', data: { n }, seq });

describe('a connection', () => {
  describe('that authenticates', () => {
    it('is closed with 4408 when nobody says hello in time, and not a moment before', async () => {
      const bench = new ConnectionBench();

      bench.clock.advance(HELLO_TIMEOUT_MS - 1);
      const before = bench.wire.closing;
      bench.clock.advance(1);

      expect(before).to.equal(null);
      expect(bench.wire.closing).to.include({ code: 4408 });
    });

    it('has no time limit after hello', async () => {
      const bench = await ConnectionBench.joined();

      bench.clock.advance(10 * HELLO_TIMEOUT_MS);

      expect(bench.wire.closing).to.equal(null);
    });

    it('is answered before anything that was said behind the hello', async () => {
      const bench = new ConnectionBench();
      const { zone } = bench.zone('first');

      await bench.say(HELLO, PING, { type: 'subscribe', zoneId: zone, acks: 'each', sync: 'snapshot' }, intent(1));

      expect(bench.wire.types).to.deep.equal(['join_ack', 'pong', 'subscribed', 'intent_received']);
    });

    it('by the upgrade request needs no hello, and takes none', async () => {
      const bench = new ConnectionBench();

      bench.connection.begin({ identity: bench.identity, badToken: false });
      await bench.say(HELLO);

      expect(bench.wire.types).to.deep.equal(['join_ack', 'bad_request']);
      expect(bench.telemetry.counts.get('messages_malformed_total')).to.equal(1);
    });

    for (const [what, begin] of Object.entries<(bench: ConnectionBench) => Promise<void>>({
      'a bad token in a hello': (bench) => bench.say({ ...HELLO, token: `not ${TOKEN}` }),
      'a bad token in the upgrade': async (bench) => bench.connection.begin({ identity: null, badToken: true }),
      'something else before hello': (bench) => bench.say(PING),
      'a session that has just ended': (bench) => {
        bench.joining.answer = 'session_ended';
        return bench.say(HELLO);
      },
    })) {
      it(`is told unauthorized and closed with 4401 for ${what}`, async () => {
        const bench = new ConnectionBench();

        await begin(bench);

        expect(bench.wire.types).to.deep.equal(['unauthorized']);
        expect(bench.wire.closing).to.include({ code: 4401 });
      });
    }

    it('is closed with 1011 while the store is away', async () => {
      const bench = new ConnectionBench();
      bench.joining.answer = new Error('away');

      await bench.say(HELLO);

      expect(bench.wire.types).to.deep.equal(['internal']);
      expect(bench.wire.closing).to.include({ code: 1011 });
    });

    it('is put where the game says on a fresh join, and where it was on a resume', async () => {
      const [fresh, resumed] = [new ConnectionBench(), new ConnectionBench()];
      fresh.place = fresh.zone('inn').zone;
      const { zone } = resumed.zone('road');
      resumed.locked.add(zone);
      resumed.joining.answer = { zone };

      await fresh.say(HELLO);
      await resumed.say({ ...HELLO, resume: 'again' });

      expect(fresh.wire.last).to.deep.include({ type: 'subscribed', zone_id: fresh.place });
      expect(resumed.wire.last).to.deep.include({ type: 'subscribed', zone_id: zone });
      expect(resumed.admitted).to.deep.equal([]);
    });

    it('gives the player back when the socket went during the join', async () => {
      const bench = new ConnectionBench();

      bench.connection.message(HELLO);
      bench.connection.closed();
      await bench.settle();

      expect(bench.joining.detached).to.deep.equal([bench.connection]);
      expect(bench.wire.sent).to.deep.equal([]);
    });
  });

  describe('that has joined', () => {
    for (const [what, say] of Object.entries<(bench: ConnectionBench) => void>({
      'a message': (bench) => bench.connection.message(PING),
      'something malformed': (bench) => bench.connection.refused(MALFORMED),
    })) {
      it(`has spoken with ${what}, once`, async () => {
        const bench = await ConnectionBench.joined();
        const before = bench.joining.spokenBy;

        say(bench);
        say(bench);

        expect([before, bench.joining.spokenBy]).to.deep.equal([0, 1]);
      });
    }

    it('hears once told how the world and the line are', async () => {
      const bench = await ConnectionBench.joined();

      bench.connection.beat();
      bench.connection.roundTrip(7);
      bench.connection.beat();

      expect(bench.wire.sent.slice(-2)).to.deep.equal([
        { type: 'telemetry', tick_rate: 10, rtt_ms: null },
        { type: 'telemetry', tick_rate: 10, rtt_ms: 7 },
      ]);
    });

    it('is closed with 4401 by the first beat after its session has expired', async () => {
      const bench = new ConnectionBench();
      bench.identity = { ...bench.identity, expiresAtMs: bench.clock.epochMs() + 1_000 };
      await bench.say(HELLO);

      bench.clock.advance(999);
      bench.connection.beat();
      const before = bench.wire.closing;
      bench.clock.advance(1);
      bench.connection.beat();

      expect(before).to.equal(null);
      expect(bench.wire.closing).to.include({ code: 4401 });
    });

    it('is closed with 1008 by the tenth malformed message within ten seconds', async () => {
      const bench = await ConnectionBench.joined();

      for (let count = 0; count < 9; count += 1) bench.connection.refused(MALFORMED);
      bench.clock.advance(10_000);
      for (let count = 0; count < 9; count += 1) bench.connection.refused(MALFORMED);
      const before = bench.wire.closing;
      bench.connection.refused(MALFORMED);

      expect(before).to.equal(null);
      expect(bench.wire.closing).to.include({ code: 1008 });
      expect(bench.wire.types.slice(-10)).to.deep.equal(Array.from({ length: 10 }, () => 'bad_request'));
    });

    it('is not closed by what only the game refuses', async () => {
      const bench = await ConnectionBench.joined();

      for (let count = 0; count < 20; count += 1) bench.connection.refused({ ...MALFORMED, malformed: false });

      expect(bench.wire.closing).to.equal(null);
    });

    it('when taken over is closed with 4409, gives the player back, and hears and says nothing any more', async () => {
      const { bench, zone } = await ConnectionBench.subscribed();

      bench.connection.takenOver();
      await bench.say(PING, intent(1), { type: 'unsubscribe' });
      bench.tick(zone);
      bench.connection.closed();

      expect(bench.wire.closing).to.include({ code: 4409 });
      expect(bench.wire.heard()).to.deep.equal([]);
      expect(bench.joining.detached).to.deep.equal([bench.connection]);
      expect(bench.presence.ledger.highest).to.equal(0);
      expect(bench.gone).to.deep.equal([bench.connection]);
    });

    it('leaves no timer behind', async () => {
      const { bench } = await ConnectionBench.subscribed();

      bench.connection.closed();

      expect(bench.clock.pendingTimers).to.equal(0);
    });
  });

  describe('that subscribes', () => {
    it('makes durable where to resume, then leaves the old zone, then is subscribed', async () => {
      const { bench, zone } = await ConnectionBench.subscribed();
      const second = bench.zone('second').zone;
      bench.scheduler.next += 1;
      bench.slowDoors = true;

      await bench.subscribe(second);
      const between = [bench.tick(zone), bench.tick(second)];
      const noted = bench.notes.at(-1);
      await bench.letIn();
      const after = [bench.tick(zone), bench.tick(second)];

      expect(noted).to.deep.equal({ zone: second });
      expect([...between, ...after]).to.deep.equal([false, false, false, true]);
      expect(bench.wire.heard()).to.deep.equal(['subscribed', 'tick']);
    });

    it('answers everything that comes meanwhile afterwards, in order; a ping at once', async () => {
      const bench = await ConnectionBench.joined();
      const { zone } = bench.zone('first');
      bench.slowDoors = true;

      await bench.subscribe(zone);
      bench.connection.refused({ ...MALFORMED, seq: 1 });
      await bench.say(intent(2), PING, { type: 'unsubscribe' });
      const meanwhile = bench.wire.heard();
      await bench.letIn();

      expect(meanwhile).to.deep.equal(['pong']);
      expect(bench.wire.heard()).to.deep.equal(['subscribed', 'bad_request', 'intent_received', 'unsubscribed']);
    });

    it('refuses what comes beyond a bound meanwhile, without harm to what waits', async () => {
      const bench = await ConnectionBench.joined();
      const slot = bench.zone('first');
      bench.slowDoors = true;
      await bench.subscribe(slot.zone);

      for (let seq = 1; seq <= 258; seq += 1) bench.connection.message(intent(seq));
      const refused = bench.wire.sent.filter(({ code }) => code === 'rate_limited').map(({ seq }) => seq);
      await bench.letIn();
      const taken = bench.wire.sent.filter(({ type }) => type === 'intent_received').map(({ seq }) => seq);

      expect(refused).to.deep.equal([257, 258]);
      expect(taken).to.deep.equal([1, 2, 3]);
      expect([3, 4, 256, 257, 258].map((seq) => bench.presence.ledger.fate(seq))).to.deep.equal([
        'taken',
        'dropped',
        'dropped',
        'dropped',
        'dropped',
      ]);
    });

    it('stays as it was when the zone is none, locked, in quarantine, or the store is away', async () => {
      const { bench, zone } = await ConnectionBench.subscribed();
      const [locked, haunted] = [bench.zone('locked').zone, bench.zone('haunted')];
      bench.locked.add(locked);
      haunted.phase = 'quarantined';
      bench.scheduler.next += 1;

      for (const target of [newUuid<ZoneId>(), locked, haunted.zone]) await bench.subscribe(target);
      bench.storeError = new Error('away');
      await bench.subscribe(bench.zone('third').zone);

      expect(bench.wire.heard()).to.deep.equal(['zone_not_found', 'forbidden', 'zone_unavailable', 'internal']);
      expect(bench.tick(zone)).to.equal(true);
      expect(bench.wire.closing).to.equal(null);
    });

    it('is open to who is there already, and asks for something else: the door is not asked again', async () => {
      const { bench, zone } = await ConnectionBench.subscribed();
      bench.locked.add(zone);
      bench.scheduler.next += 1;

      await bench.subscribe(zone);

      expect(bench.wire.heard()).to.deep.equal(['subscribed']);
    });

    it('is refused a second time in a tick, and while the world stands still for as long as one takes', async () => {
      const { bench } = await ConnectionBench.subscribed();
      const [second, third] = [bench.zone('second').zone, bench.zone('third').zone];

      await bench.subscribe(second);
      bench.clock.advance(TICK_MS);
      await bench.subscribe(second);
      await bench.subscribe(third);
      bench.scheduler.next += 1;
      await bench.subscribe(third);

      expect(bench.wire.heard()).to.deep.equal(['rate_limited', 'subscribed', 'rate_limited', 'subscribed']);
    });

    it('counts by when it was asked for: waiting for the door costs nothing', async () => {
      const bench = await ConnectionBench.joined();
      const [first, second] = [bench.zone('first').zone, bench.zone('second').zone];
      bench.slowDoors = true;

      await bench.subscribe(first);
      bench.scheduler.next += 1;
      await bench.letIn();
      await bench.subscribe(second);
      await bench.letIn();

      expect(bench.wire.heard()).to.deep.equal(['subscribed', 'subscribed']);
    });

    it('writes nothing any more once its socket is gone', async () => {
      const bench = await ConnectionBench.joined();
      const { zone } = bench.zone('first');

      // The game is being asked whether it admits the player.
      bench.connection.message({ type: 'subscribe', zoneId: zone, acks: 'each', sync: 'snapshot' });
      bench.connection.takenOver();
      await bench.settle();

      expect(bench.notes).to.deep.equal([]);
      expect(bench.presence.wanted).to.equal(null);
    });

    for (const [what, code, lose] of [
      ['is deleted', 'zone_deleted', (bench, zone) => bench.connection.listener.zoneDeleted(zone)],
      ['cannot be reached from where it is', 'zone_unavailable', (bench, zone) => bench.connection.listener.cannotLeave(zone)],
    ] as const satisfies readonly [string, string, (bench: ConnectionBench, zone: ZoneId) => void][]) {
      it(`goes on when the zone that it waits for ${what}`, async () => {
        const bench = await ConnectionBench.joined();
        const { zone } = bench.zone('first');
        bench.slowDoors = true;

        await bench.subscribe(zone);
        bench.connection.message({ type: 'unsubscribe' });
        lose(bench, zone);
        await bench.settle();

        expect(bench.wire.heard()).to.deep.equal([code, 'not_subscribed']);
      });
    }

    it('says unsubscribed once that is durable, and not before', async () => {
      const { bench, zone } = await ConnectionBench.subscribed();
      bench.storeError = new Error('away');

      await bench.say({ type: 'unsubscribe' });
      const stays = bench.tick(zone);
      bench.storeError = null;
      await bench.say({ type: 'unsubscribe' });

      expect(bench.wire.heard()).to.deep.equal(['internal', 'tick', 'unsubscribed']);
      expect(stays).to.equal(true);
      expect(bench.notes.at(-1)).to.deep.equal({ zone: null });
    });
  });

  describe('that sends intents', () => {
    it('is answered with their fate when they come again', async () => {
      const { bench, slot } = await ConnectionBench.subscribed();

      await bench.say(intent(2), intent(2), intent(1), intent(3));
      bench.connection.listener.dropped(3);
      bench.presence.ledger.refuse(3);
      await bench.say(intent(3));

      const answers = bench.wire.sent.slice(-5).map(({ type, code, seq, duplicate }) => [code ?? type, seq, duplicate]);
      expect(answers).to.deep.equal([
        ['intent_received', 2, true],
        ['intent_dropped', 1, undefined],
        ['intent_received', 3, undefined],
        ['intent_dropped', 3, undefined],
        ['intent_dropped', 3, undefined],
      ]);
      expect(slot.mailbox.clear().map(({ seq }) => seq)).to.deep.equal([2, 3]);
    });

    it('is refused for a while from a player whose intents failed the zone again, and taken afterwards', async () => {
      const { bench } = await ConnectionBench.subscribed();
      const { id } = bench.presence;
      for (let strike = 0; strike <= FREE_STRIKES; strike += 1) bench.strikes.strike(id, bench.clock.monotonicMs());
      bench.wire.heard();

      await bench.say(intent(1));
      bench.clock.advance(1_000);
      await bench.say(intent(2));

      expect(bench.wire.heard().filter((type) => type !== 'telemetry')).to.deep.equal(['rate_limited', 'intent_received']);
    });

    it('is told the number with a refusal only where that number is lost by it', async () => {
      const { bench } = await ConnectionBench.subscribed();
      await bench.say(intent(1));
      bench.wire.heard();

      for (const seq of [1, 2]) bench.connection.refused({ code: 'rate_limited', message: 'too many', seq, malformed: false });

      const told = bench.wire.sent.slice(-2);
      expect(told.map(({ code, seq }) => [code, seq])).to.deep.equal([
        ['rate_limited', undefined],
        ['rate_limited', 2],
      ]);
      expect([1, 2].map((seq) => bench.presence.ledger.fate(seq))).to.deep.equal(['taken', 'dropped']);
    });

    it('is told when the zone has no room, is in quarantine, or there is none', async () => {
      const { bench, slot } = await ConnectionBench.subscribed();

      await bench.say(intent(1), intent(2), intent(3), intent(4));
      slot.phase = 'quarantined';
      await bench.say(intent(5));
      await bench.say({ type: 'unsubscribe' }, intent(6), intent(1));

      expect(bench.wire.types.slice(-6)).to.deep.equal([
        'intent_received',
        'rate_limited',
        'zone_unavailable',
        'unsubscribed',
        'not_subscribed',
        'intent_received',
      ]);
      expect(bench.wire.last).to.deep.include({ seq: 1, duplicate: true, zone_id: null });
    });

    it('gets with the next tick the highest number applied since the last', async () => {
      const { bench, zone } = await ConnectionBench.subscribed('tick');
      await bench.say(intent(1), intent(2));

      for (const seq of [2, 1]) bench.connection.listener.applied(seq);
      bench.tick(zone);
      bench.tick(zone);

      expect(bench.wire.sent.slice(-2).map(({ ack }) => ack)).to.deep.equal([2, undefined]);
      expect(bench.wire.heard()).to.deep.equal(['tick', 'tick']);
    });
  });

  describe('that reads slowly', () => {
    const LAGGING_BYTES = 300_000;

    it('is shown nothing until it has drained, then the next tick', async () => {
      const { bench, zone } = await ConnectionBench.subscribed();

      bench.wire.waitingBytes = LAGGING_BYTES;
      const shown = [bench.tick(zone), bench.tick(zone), bench.tick(zone)];
      bench.wire.waitingBytes = 0;
      bench.connection.drained();
      shown.push(bench.tick(zone));

      expect(shown).to.deep.equal([true, false, false, true]);
      expect(bench.connection.view()).to.include({ dropped_snapshots: 2 });
    });

    it('is told everything that is not a view all the same, and its ack later', async () => {
      const { bench, zone } = await ConnectionBench.subscribed();
      bench.wire.waitingBytes = LAGGING_BYTES;
      bench.tick(zone);
      bench.wire.heard();

      await bench.say(intent(1));
      bench.connection.listener.gameMessage(zone, '{"type":"echo"}');
      bench.connection.listener.dropped(null);
      bench.connection.listener.applied(1);
      bench.tick(zone);
      bench.connection.listener.handedOver(zone, newUuid<ZoneId>(), 1, 2);
      bench.wire.waitingBytes = 0;
      bench.connection.drained();
      bench.tick(bench.wire.last.to.zone_id);

      expect(bench.wire.heard()).to.deep.equal(['intent_received', 'echo', 'intent_dropped', 'handover', 'tick']);
      expect(bench.wire.last.ack).to.equal(1);
    });

    it('is closed with 1013 when it stays behind for ten seconds', async () => {
      const { bench, zone } = await ConnectionBench.subscribed();
      bench.wire.waitingBytes = LAGGING_BYTES;
      bench.tick(zone);

      bench.clock.advance(9_999);
      const before = bench.wire.closing;
      bench.clock.advance(1);

      expect(before).to.equal(null);
      expect(bench.wire.closing).to.include({ code: 1013 });
      expect(bench.telemetry.counts.get('connections_slow_total')).to.equal(1);
    });

    it('is closed so, too, when it fell behind before it was subscribed', async () => {
      const bench = await ConnectionBench.joined();
      const { zone } = bench.zone('first');
      bench.wire.waitingBytes = LAGGING_BYTES;

      await bench.say(PING);
      await bench.subscribe(zone);
      bench.clock.advance(10_000);

      expect(bench.wire.closing).to.include({ code: 1013 });
    });

    it('has ten seconds anew each time it has caught up', async () => {
      const { bench, zone } = await ConnectionBench.subscribed();

      for (let round = 0; round < 3; round += 1) {
        bench.wire.waitingBytes = LAGGING_BYTES;
        bench.tick(zone);
        bench.clock.advance(9_000);
        bench.wire.waitingBytes = 0;
        bench.connection.drained();
      }

      expect(bench.wire.closing).to.equal(null);
    });
  });
});
