/**
 * The root of all zone actors: running, draining, stopped. It keeps groups of zones and finds one
 * with room for each zone that opens; what zones are, and when they open, is `supervisor.ts`.
 */
import { type ActorRefFrom, assign, type ErrorActorEvent, setup } from 'xstate';
import type { SupervisorEvent } from '../events.js';
import { type GroupInput, ZONES_PER_GROUP, zoneGroupMachine } from './zone-group.js';

type GroupRef = ActorRefFrom<typeof zoneGroupMachine>;

export const supervisorMachine = setup({
  types: {
    context: {} as { input: GroupInput; groups: readonly GroupRef[] },
    events: {} as SupervisorEvent | ErrorActorEvent,
    input: {} as GroupInput,
  },
  actors: { group: zoneGroupMachine },
  actions: {
    open: assign(({ context, event, spawn }) => {
      if (event.type !== 'OPEN') return {};
      // The newest first: while many zones open, the others are full.
      const roomy = context.groups.findLast((group) => group.getSnapshot().context.slots.size < ZONES_PER_GROUP);
      const group = roomy ?? spawn('group', { id: `zone-group:${context.groups.length}`, input: context.input });
      group.send(event);
      return roomy ? {} : { groups: [...context.groups, group] };
    }),
  },
}).createMachine({
  id: 'supervisor',
  context: ({ input }) => ({ input, groups: [] }),
  initial: 'running',
  states: {
    running: { on: { OPEN: { actions: 'open' }, DRAIN: 'draining' } },
    draining: { on: { STOPPED: 'stopped' } },
    stopped: { type: 'final' },
  },
  // A group handles every end of its zones; one that fails all the same is a bug, and must not take the root along unseen.
  on: { 'xstate.error.actor.*': { actions: ({ event }) => reportGroupFailure(event.error) } },
});

function reportGroupFailure(cause: unknown): never {
  throw new Error('a zone group failed', { cause });
}
