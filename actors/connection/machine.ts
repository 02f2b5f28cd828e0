/**
 * A connection's life: authenticating, lobby, subscribed (current or lagging), closing, closed.
 * Messages and ticks are plain calls in `connection.ts`; the chart is sent to only when the state changes.
 */
import { setup } from 'xstate';
import type { ConnectionEvent } from '../events.js';

/** A connection, as its chart needs it. One machine serves all: made anew for each, it would be most of an idle connection's memory. */
export interface ConnectionCharted {
  readonly helloTimeoutMs: number;
  readonly lagLimitMs: number;
  helloTimedOut(): void;
  tooSlow(): void;
}

export const connectionMachine = setup({
  types: { events: {} as ConnectionEvent, context: {} as ConnectionCharted, input: {} as ConnectionCharted },
  actions: { helloTimedOut: ({ context }) => context.helloTimedOut(), tooSlow: ({ context }) => context.tooSlow() },
  delays: { helloTimeout: ({ context }) => context.helloTimeoutMs, lagLimit: ({ context }) => context.lagLimitMs },
}).createMachine({
  id: 'connection',
  context: ({ input }) => input,
  initial: 'authenticating',
  on: { CLOSING: '.closing', SOCKET_GONE: '.closed' },
  states: {
    authenticating: {
      initial: 'waiting',
      states: {
        waiting: { after: { helloTimeout: { actions: 'helloTimedOut' } }, on: { AUTHENTICATED: 'joining' } },
        joining: {},
      },
      on: { JOINED: 'lobby' },
    },
    lobby: { on: { SUBSCRIBED: 'subscribed' } },
    subscribed: {
      initial: 'current',
      on: { UNSUBSCRIBED: 'lobby' },
      states: {
        current: { on: { FELL_BEHIND: 'lagging' } },
        // Reads slower than the world moves: nothing is built for it until it has drained, and no tick is late.
        lagging: { on: { OUTBOX_DRAINED: 'current' }, after: { lagLimit: { actions: 'tooSlow' } } },
      },
    },
    closing: { on: { CLOSING: {} } },
    closed: { type: 'final' },
  },
});
