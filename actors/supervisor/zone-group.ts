/**
 * A few zone actors under one parent.
 * Every end of a child comes here: one in error is replaced by a new incarnation that begins as the
 * supervisor decides, a finished one is forgotten. A group never fails with a child.
 */
import { assign, type DoneActorEvent, type ErrorActorEvent, enqueueActions, setup } from 'xstate';
import type { GroupEvent, Opening } from '../events.js';
import type { ZoneId } from '../ids.js';
import { type Incarnation, type ZoneInput, zoneMachine } from '../zone/machine.js';
import type { ZoneActorRef, ZoneSlot } from '../zone/slot.js';

/** The library copies the list of siblings at each spawn, and the root's list of groups at each new group: few of both. */
export const ZONES_PER_GROUP = 32;

export interface GroupInput {
  incarnationOf(slot: ZoneSlot): Incarnation;
  /** Whose fault it was decides how the next incarnation begins; null: there is to be none. */
  onFailed(slot: ZoneSlot, error: unknown): Opening | null;
  onEnded(slot: ZoneSlot): void;
}

export interface GroupContext extends GroupInput {
  readonly slots: Map<string, ZoneSlot>;
}

export const zoneActorId = (zone: ZoneId): string => `zone:${zone}`;

export const zoneGroupMachine = setup({
  types: { context: {} as GroupContext, events: {} as GroupEvent, input: {} as GroupInput },
  actors: { zone: zoneMachine },
  actions: {
    open: assign(({ context, event, spawn }) => {
      spawnZone(context, spawn, event.slot, event.opening);
      return {};
    }),
    replace: enqueueActions(({ context, event, enqueue }) => {
      // The library types its own error events apart from the machine's.
      const { actorId, error } = event as unknown as ErrorActorEvent;
      enqueue.stopChild(actorId);
      const slot = context.slots.get(actorId);
      if (!slot) return;
      slot.ref = null;
      const opening = context.onFailed(slot, error);
      if (!opening) {
        context.slots.delete(actorId);
        return;
      }
      enqueue.assign(({ spawn }) => {
        spawnZone(context, spawn, slot, opening);
        return {};
      });
    }),
    forget: enqueueActions(({ context, event, enqueue }) => {
      const { actorId } = event as unknown as DoneActorEvent;
      enqueue.stopChild(actorId);
      const slot = context.slots.get(actorId);
      context.slots.delete(actorId);
      if (!slot) return;
      slot.ref = null;
      // Not within this transition: the slot may be opened again at once, under the same id.
      queueMicrotask(() => context.onEnded(slot));
    }),
  },
}).createMachine({
  id: 'zone-group',
  context: ({ input }) => ({ ...input, slots: new Map() }),
  on: {
    OPEN: { actions: 'open' },
    'xstate.error.actor.*': { actions: 'replace' },
    'xstate.done.actor.*': { actions: 'forget' },
  },
});

type SpawnZone = (src: 'zone', options: { id: string; input: ZoneInput }) => ZoneActorRef;

function spawnZone(context: GroupContext, spawn: SpawnZone, slot: ZoneSlot, opening: Opening): void {
  const id = zoneActorId(slot.zone);
  context.slots.set(id, slot);
  slot.ref = spawn('zone', { id, input: { slot, opening, incarnation: context.incarnationOf(slot) } });
}
