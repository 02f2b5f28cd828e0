import { expect } from 'chai';
import { createActor } from 'xstate';
import { StoreUnavailableError } from '../../../actors/errors.js';
import type { Opening } from '../../../actors/events.js';
import { newUuid, type ZoneId } from '../../../actors/ids.js';
import { xstateClock } from '../../../actors/xstate-clock.js';
import { type Incarnation, zoneMachine } from '../../../actors/zone/machine.js';
import { ZoneSlot } from '../../../actors/zone/slot.js';
import type { ZoneRun } from '../../../actors/zone/tick.js';
import { FakeClock } from '../../support/fake-clock.js';

/** A promise that the test settles. */
class Later<Answer> {
  resolve: (answer: Answer) => void = () => {};
  reject: (error: unknown) => void = () => {};
  readonly promise = new Promise<Answer>((resolve, reject) => {
    this.resolve = resolve;
    this.reject = reject;
  });
}

/** Does what the test says, and remembers what it was asked. */
class ScriptedIncarnation implements Incarnation {
  readonly asked: string[] = [];
  readonly ticks: number[] = [];
  events: Parameters<Incarnation['restore']>[0] | null = null;
  restoring = new Later<ZoneRun | null>();
  quarantining = new Later<void>();
  draining = new Later<'asleep' | 'awake'>();

  restore(events: Parameters<Incarnation['restore']>[0]): Promise<ZoneRun | null> {
    this.asked.push('restore');
    this.events = events;
    this.restoring = new Later();
    return this.restoring.promise;
  }

  quarantine(): Promise<void> {
    this.asked.push('quarantine');
    return this.quarantining.promise;
  }

  drain(run: ZoneRun | null, why: 'sleep' | 'stop'): Promise<'asleep' | 'awake'> {
    this.asked.push(`drain ${run ? 'a run' : 'nothing'} to ${why}`);
    this.draining = new Later();
    return this.draining.promise;
  }

  /** Of a run, the chart only sends ticks. */
  run(): ZoneRun {
    const run = { tick: async (tick: number) => this.ticks.push(tick), lose: () => this.ticks.push(-1) };
    return run as unknown as ZoneRun; // the chart calls nothing else
  }
}

function started(opening: Partial<Opening> = {}) {
  const clock = new FakeClock();
  const times = { createdAtMs: 0, updatedAtMs: 0 };
  const slot = new ZoneSlot({ id: newUuid<ZoneId>(), name: 'home', width: 1, height: 1, metadata: {}, ...times }, 1);
  const incarnation = new ScriptedIncarnation();
  const input = { slot, opening: { pauseMs: 0, quarantineMs: 0, ...opening }, incarnation };
  const actor = createActor(zoneMachine, { input, clock: xstateClock(clock) });
  const errors: unknown[] = [];
  actor.subscribe({ error: (error) => errors.push(error) });
  actor.start();
  return { clock, slot, incarnation, actor, errors };
}

async function live() {
  const zone = started();
  zone.incarnation.restoring.resolve(zone.incarnation.run());
  await turn();
  return zone;
}

const turn = () => new Promise(setImmediate);
const AWAY = new StoreUnavailableError('away');

describe("a zone's chart", () => {
  it('opens at once, after a pause, or in quarantine', () => {
    const zones = [started(), started({ pauseMs: 50 }), started({ quarantineMs: 30_000 })];

    expect(zones.map(({ slot }) => slot.phase)).to.deep.equal(['restoring', 'pausing', 'quarantined']);
  });

  it('restores after its pause', () => {
    const { clock, slot } = started({ pauseMs: 50 });
    clock.advance(49);
    expect(slot.phase).to.equal('pausing');
    clock.advance(1);

    expect(slot.phase).to.equal('restoring');
  });

  it('turns its inbox round in quarantine, and restores after it, also where that could not be done', async () => {
    for (const outcome of ['done', 'away'] as const) {
      const { clock, slot, incarnation, errors } = started({ quarantineMs: 30_000 });
      if (outcome === 'done') incarnation.quarantining.resolve();
      else incarnation.quarantining.reject(AWAY);
      await turn();
      expect(slot.phase).to.equal('quarantined');
      clock.advance(30_000);

      expect(incarnation.asked).to.deep.equal(['quarantine', 'restore']);
      expect(errors).to.deep.equal([]);
    }
  });

  it('ticks when it is restored, and not before', async () => {
    const { actor, slot, incarnation } = started();
    actor.send({ type: 'TICK', tick: 1 });
    expect(slot.fate).to.equal(null);
    incarnation.restoring.resolve(incarnation.run());
    await turn();
    actor.send({ type: 'TICK', tick: 2 });

    expect(incarnation.ticks).to.deep.equal([2]);
    expect(actor.getSnapshot().value).to.deep.equal({ live: 'ticking' });
  });

  it('tries a restore again while the store is away', async () => {
    const { clock, slot, incarnation } = started();
    incarnation.restoring.reject(AWAY);
    await turn();
    expect(incarnation.asked).to.deep.equal(['restore']);
    clock.advance(500);
    incarnation.restoring.resolve(incarnation.run());
    await turn();

    expect(incarnation.asked).to.deep.equal(['restore', 'restore']);
    expect(slot.phase).to.equal('live');
  });

  it('ends without a word where there is no such zone any more', async () => {
    const { slot, actor, incarnation, errors } = started();
    incarnation.restoring.resolve(null);
    await turn();

    expect(actor.getSnapshot().status).to.equal('done');
    expect(slot.phase).to.equal('asleep');
    expect(errors).to.deep.equal([]);
  });

  it('is stalled while the store is away, and counts ticks all the same', async () => {
    const { actor, slot, incarnation } = await live();
    incarnation.events?.stalled();
    expect(slot.phase).to.equal('stalled');
    actor.send({ type: 'TICK', tick: 7 });
    expect(incarnation.ticks).to.deep.equal([7]);
    incarnation.events?.unstalled();

    expect(slot.phase).to.equal('live');
  });

  it('fails with what a tick failed of, ticking, stalled or draining', async () => {
    for (const before of ['ticking', 'stalled', 'draining'] as const) {
      const { actor, incarnation, errors } = await live();
      if (before === 'stalled') incarnation.events?.stalled();
      if (before === 'draining') actor.send({ type: 'STOP' });
      const error = new Error(`failed while ${before}`);

      incarnation.events?.failed(error);

      expect(errors).to.deep.equal([error]);
      expect(actor.getSnapshot().status).to.equal('error');
    }
  });

  it('fails with what a restore or a drain fails of', async () => {
    const restoring = started();
    restoring.incarnation.restoring.reject(new Error('corrupt'));
    const draining = await live();
    draining.actor.send({ type: 'SLEEP' });
    draining.incarnation.draining.reject(new Error('bug'));
    await turn();

    expect([restoring, draining].map(({ errors }) => String(errors[0]))).to.deep.equal(['Error: corrupt', 'Error: bug']);
  });

  it('goes to sleep when it is told to, or goes on where something came up', async () => {
    for (const answer of ['asleep', 'awake'] as const) {
      const { actor, slot, incarnation } = await live();
      actor.send({ type: 'SLEEP' });
      expect(slot.phase).to.equal('draining');
      incarnation.draining.resolve(answer);
      await turn();

      expect(incarnation.asked).to.deep.equal(['restore', 'drain a run to sleep', ...(answer === 'awake' ? ['restore'] : [])]);
      expect(slot.phase).to.equal(answer === 'awake' ? 'restoring' : 'asleep');
    }
  });

  it('takes no tick while it is draining', async () => {
    const { actor, incarnation } = await live();
    actor.send({ type: 'SLEEP' });
    actor.send({ type: 'TICK', tick: 3 });

    expect(incarnation.ticks).to.deep.equal([]);
  });

  describe('STOP', () => {
    it('saves what was shown, and ends, from wherever there is no run', async () => {
      const waiting = started();
      waiting.incarnation.restoring.reject(AWAY);
      await turn();
      const zones = [started({ pauseMs: 50 }), started({ quarantineMs: 30_000 }), waiting];
      for (const { actor, slot, incarnation } of zones) {
        actor.send({ type: 'STOP' });
        expect(slot.phase).to.equal('draining');
        incarnation.draining.resolve('asleep');
        await turn();

        expect(incarnation.asked.at(-1)).to.equal('drain nothing to stop');
        expect(slot.phase).to.equal('asleep');
      }
    });

    it('lets a restore end first', async () => {
      const { actor, slot, incarnation } = started();
      actor.send({ type: 'STOP' });
      expect(slot.phase).to.equal('restoring');
      incarnation.restoring.resolve(incarnation.run());
      await turn();
      expect(slot.phase).to.equal('draining');
      incarnation.draining.resolve('asleep');
      await turn();

      expect(incarnation.asked).to.deep.equal(['restore', 'drain a run to stop']);
      expect(slot.phase).to.equal('asleep');
    });

    it('does not wait for a store that is away to restore what is only to be stopped', async () => {
      const { actor, incarnation, slot } = started();
      actor.send({ type: 'STOP' });
      incarnation.restoring.reject(AWAY);
      await turn();
      incarnation.draining.resolve('asleep');
      await turn();

      expect(incarnation.asked).to.deep.equal(['restore', 'drain nothing to stop']);
      expect(slot.phase).to.equal('asleep');
    });

    it('ends a run, ticking or stalled', async () => {
      for (const before of ['ticking', 'stalled'] as const) {
        const { actor, slot, incarnation } = await live();
        if (before === 'stalled') incarnation.events?.stalled();
        actor.send({ type: 'STOP' });
        incarnation.draining.resolve('asleep');
        await turn();

        expect(incarnation.asked.at(-1)).to.equal('drain a run to stop');
        expect(slot.phase).to.equal('asleep');
      }
    });

    it('ends a zone that is going to sleep, even where something came up', async () => {
      const { actor, slot, incarnation } = await live();
      actor.send({ type: 'SLEEP' });
      actor.send({ type: 'STOP' });
      incarnation.draining.resolve('awake');
      await turn();
      incarnation.restoring.resolve(incarnation.run());
      await turn();
      incarnation.draining.resolve('asleep');
      await turn();

      expect(slot.phase).to.equal('asleep');
    });
  });

  it('is not put to sleep before it is live', () => {
    for (const opening of [{}, { pauseMs: 50 }, { quarantineMs: 30_000 }]) {
      const { actor, slot } = started(opening);
      const before = slot.phase;
      actor.send({ type: 'SLEEP' });

      expect(slot.phase).to.equal(before);
    }
  });

  it('leaves no timer behind when it ends or fails', async () => {
    const paused = started({ pauseMs: 50 });
    paused.actor.send({ type: 'STOP' });
    const quarantined = started({ quarantineMs: 30_000 });
    quarantined.actor.send({ type: 'STOP' });
    const failed = await live();
    failed.incarnation.events?.failed(new Error('broken'));

    expect([paused, quarantined, failed].map(({ clock }) => clock.pendingTimers)).to.deep.equal([0, 0, 0]);
  });
});
