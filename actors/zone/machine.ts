/**
 * A zone's life: opening (at once, after a pause, or in quarantine), restoring, live, draining.
 * The chart is the lifecycle; the tick itself is `tick.ts`, in plain calls. A failure escalates: the
 * actor ends in error and its group asks what follows.
 */
import { assign, fromPromise, setup } from 'xstate';
import { HostLostError, QuarantineOrder, StoreUnavailableError } from '../errors.js';
import type { Opening, ZoneEvent } from '../events.js';
import type { ZoneSlot } from './slot.js';
import type { ZoneRun } from './tick.js';

/** Pause before a restore is tried again while the store is away. */
const RESTORE_RETRY_MS = 500;

/** What an incarnation is able to do; built around one slot in `incarnation.ts`. */
export interface Incarnation {
  /** Claims the zone and makes it resident; null: there is no such zone any more. */
  restore(events: { failed(error: unknown): void; stalled(): void; unstalled(): void }): Promise<ZoneRun | null>;
  /** What waits in the inbox goes back; then, and only then, the quarantine is complete. */
  quarantine(): Promise<void>;
  /** Ends the run (null: there is none), saves everything. 'awake': something came up, the zone goes on. */
  drain(run: ZoneRun | null, why: 'sleep' | 'stop'): Promise<'asleep' | 'awake'>;
}

export interface ZoneInput {
  readonly slot: ZoneSlot;
  readonly opening: Opening;
  readonly incarnation: Incarnation;
}

export interface ZoneContext extends ZoneInput {
  readonly run: ZoneRun | null;
  readonly why: 'sleep' | 'stop';
}

export const zoneMachine = setup({
  types: { context: {} as ZoneContext, events: {} as ZoneEvent, input: {} as ZoneInput },
  actors: {
    restore: fromPromise<ZoneRun | null, { context: ZoneContext; send: (event: ZoneEvent) => void }>(({ input }) =>
      input.context.incarnation.restore({
        failed: (error) => input.send({ type: 'TICK_FAILED', error }),
        stalled: () => input.send({ type: 'STORE_AWAY' }),
        unstalled: () => input.send({ type: 'STORE_BACK' }),
      }),
    ),
    turnBack: fromPromise<void, ZoneContext>(({ input }) => input.incarnation.quarantine()),
    drain: fromPromise<'asleep' | 'awake', ZoneContext>(({ input }) => input.incarnation.drain(input.run, input.why)),
  },
  actions: {
    tick: ({ context, event }) => {
      if (event.type === 'TICK') context.slot.fate = context.run?.tick(event.tick) ?? null;
    },
    escalate: (_, { error }: { error: unknown }) => {
      throw error;
    },
    enter: ({ context }, { phase }: { phase: ZoneSlot['phase'] }) => context.slot.enter(phase),
  },
  delays: {
    pause: ({ context }) => context.opening.pauseMs,
    quarantine: ({ context }) => context.opening.quarantineMs,
    restoreRetry: RESTORE_RETRY_MS,
  },
}).createMachine({
  id: 'zone',
  context: ({ input }) => ({ ...input, run: null, why: 'sleep' }),
  initial: 'opening',
  states: {
    opening: {
      always: [
        { guard: ({ context }) => context.opening.quarantineMs > 0, target: 'quarantined' },
        { guard: ({ context }) => context.opening.pauseMs > 0, target: 'pausing' },
        { target: 'restoring' },
      ],
    },
    pausing: {
      entry: { type: 'enter', params: { phase: 'pausing' } },
      after: { pause: 'restoring' },
      on: { RESTART: 'restoring', STOP: { target: 'draining', actions: assign({ why: 'stop' }) } },
    },
    quarantined: {
      entry: { type: 'enter', params: { phase: 'quarantined' } },
      // Only the end of the zone, or of the server, ends this without an answer; the rows wait, and are turned back or taken later.
      invoke: { src: 'turnBack', input: ({ context }) => context, onError: {} },
      after: { quarantine: 'restoring' },
      on: { RESTART: 'restoring', STOP: { target: 'draining', actions: assign({ why: 'stop' }) } },
    },
    restoring: {
      entry: [{ type: 'enter', params: { phase: 'restoring' } }, assign({ run: null })],
      invoke: {
        src: 'restore',
        input: ({ context, self }) => ({ context, send: (event) => self.send(event) }),
        onDone: [
          { guard: ({ event }) => event.output === null, target: 'asleep' },
          { target: 'live', actions: assign(({ event }) => ({ run: event.output })) },
        ],
        onError: [
          { guard: ({ context, event }) => context.why === 'stop' && isAway(event.error), target: 'draining' },
          { guard: ({ event }) => isAway(event.error), target: 'waitingForStore' },
          { actions: { type: 'escalate', params: ({ event }) => ({ error: event.error }) } },
        ],
      },
      on: { STOP: { actions: assign({ why: 'stop' }) } },
    },
    waitingForStore: {
      after: { restoreRetry: 'restoring' },
      on: { STOP: { target: 'draining', actions: assign({ why: 'stop' }) } },
    },
    live: {
      initial: 'ticking',
      entry: { type: 'enter', params: { phase: 'live' } },
      always: { guard: ({ context }) => context.why === 'stop', target: 'draining' },
      on: {
        TICK: { actions: 'tick' },
        CHECKPOINT: {
          actions: ({ context, event }) => event.written(context.run?.checkpointNow() ?? Promise.resolve(false)),
        },
        HOST_LOST: { actions: ({ context, event }) => context.run?.lose(event.error) },
        RESTART: { actions: ({ context }) => context.run?.lose(new HostLostError(context.slot.zone)) },
        QUARANTINE: { actions: ({ context }) => context.run?.lose(new QuarantineOrder(context.slot.zone)) },
        TICK_FAILED: { actions: { type: 'escalate', params: ({ event }) => ({ error: event.error }) } },
        SLEEP: { target: 'draining', actions: assign({ why: 'sleep' }) },
        STOP: { target: 'draining', actions: assign({ why: 'stop' }) },
      },
      states: {
        ticking: { on: { STORE_AWAY: 'stalled' } },
        // The store's fault, not the zone's: the staged tick is held, shown to nobody, and tried again.
        stalled: {
          entry: { type: 'enter', params: { phase: 'stalled' } },
          exit: { type: 'enter', params: { phase: 'live' } },
          on: { STORE_BACK: 'ticking' },
        },
      },
    },
    draining: {
      entry: { type: 'enter', params: { phase: 'draining' } },
      on: {
        TICK_FAILED: { actions: { type: 'escalate', params: ({ event }) => ({ error: event.error }) } },
        STOP: { actions: assign({ why: 'stop' }) },
      },
      invoke: {
        src: 'drain',
        input: ({ context }) => context,
        onDone: [{ guard: ({ event }) => event.output === 'asleep', target: 'asleep' }, { target: 'restoring' }],
        onError: { actions: { type: 'escalate', params: ({ event }) => ({ error: event.error }) } },
      },
    },
    asleep: { type: 'final', entry: { type: 'enter', params: { phase: 'asleep' } } },
  },
});

const isAway = (error: unknown): boolean => error instanceof StoreUnavailableError;
