/**
 * The scheduler's life: running, paused, stopped. Ticks come by a timer while it runs, by hand
 * while it is paused; what a tick does is `scheduler.ts`.
 */
import { setup } from 'xstate';
import type { SchedulerEvent } from '../events.js';

export const schedulerMachine = setup({
  types: { events: {} as SchedulerEvent },
  actions: { startTimer: () => {}, stopTimer: () => {} },
}).createMachine({
  id: 'scheduler',
  initial: 'running',
  states: {
    running: { entry: 'startTimer', exit: 'stopTimer', on: { PAUSE: 'paused', STOP: 'stopped' } },
    paused: { on: { RESUME: 'running', STOP: 'stopped' } },
    stopped: { type: 'final' },
  },
});
