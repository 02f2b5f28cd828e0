/**
 * Bugs to plant, each put between the server and what it stands on, none of them in the server's code: what a
 * simulation does not find when it is there, it would not find if somebody wrote it.
 */
import type { Simulation } from '../../actors/ports.js';
import type { ZoneCommit } from '../../actors/records.js';
import type { Frames, StepRequest } from '../../actors/steps.js';
import type { GameModule } from '../../games/contract.js';
import type { MemoryWorld } from '../../src/store/memory/open.js';
import type { Store } from '../../src/store/store.js';
import { overlaid } from '../support/ports.js';
import type { PlantedLies } from './stage.js';

type StoreLie = NonNullable<PlantedLies['store']>;

/** A commit is answered as durable, and written with the next call. */
export const answersBeforeItWrites: PlantedLies = {
  store: (store) => {
    let owed: readonly ZoneCommit[] = [];
    const write = async () => {
      const batch = owed;
      owed = [];
      await store.zones.commit(batch);
    };
    return zonesWith(store, {
      async commit(batch) {
        await write();
        if (batch.some(({ takes, sends, places }) => takes.length + sends.length + places.length > 0))
          return store.zones.commit(batch);
        owed = batch;
        return batch.map(() => ({ type: 'committed', sent: [] }));
      },
      async claim(zone) {
        await write();
        return store.zones.claim(zone);
      },
    });
  },
};

/** What was committed last is not there when the next process opens the store. */
export const losesTheLastCommit: PlantedLies = {
  store: (store, stored) => {
    for (const journal of stored.journal.values()) journal.delete(Math.max(...journal.keys()));
    return store;
  },
};

/** What was taken out of the inbox stays there too. */
export const takesAndLeaves: PlantedLies = {
  store: (store) =>
    zonesWith(store, { commit: (batch) => store.zones.commit(batch.map((commit) => ({ ...commit, takes: [] }))) }),
};

/** What is sent to another zone never gets into its inbox. */
export const losesWhatCrosses: PlantedLies = {
  store: (store, stored) =>
    zonesWith(store, {
      async commit(batch) {
        const outcomes = await store.zones.commit(batch);
        for (const { id, parcel } of stored.inbox.values()) if (parcel.followers.length === 0) stored.inbox.delete(id);
        return outcomes;
      },
    }),
};

/** What one tick has taken of what other zones sent to it, the next is given again. */
export const deliversTwice: PlantedLies = {
  game: (game) => {
    let last: Parameters<GameModule['onTick']>[0]['effects'] = [];
    return {
      ...game,
      onTick(tick) {
        const again = tick.effects.length > 0 ? tick.effects : last;
        last = tick.effects;
        return game.onTick({ ...tick, effects: again });
      },
    };
  },
};

/** A process that has been replaced goes on writing as if it had not. */
export const fenceOff: PlantedLies = {
  store: (store, stored) => {
    const { world } = stored;
    return zonesWith(store, { commit: (batch) => unfenced(stored, world, batch, () => store.zones.commit(batch)) });
  },
};

async function unfenced<T>(
  stored: MemoryWorld,
  own: MemoryWorld['world'],
  batch: readonly ZoneCommit[],
  write: () => Promise<T>,
): Promise<T> {
  const current = stored.world;
  stored.world = own;
  for (const { zone, epoch } of batch) {
    const row = stored.zones.get(zone);
    if (row) stored.zones.set(zone, { ...row, epoch });
  }
  try {
    return await write();
  } finally {
    stored.world = current;
  }
}

/** Whatever the numbers of intents say, they are applied again when they come again after a kill. */
export const forgetsNumbers: PlantedLies = {
  simulation: (simulation) =>
    overlaid(simulation, {
      async load(stored) {
        const loaded = await simulation.load(stored);
        const forgotten = (mark: { readonly run: number }) => ({ run: mark.run, highest: 0, dropped: [] });
        return { ...loaded, players: loaded.players.map((player) => ({ ...player, mark: forgotten(player.mark) })) };
      },
    }),
};

/** Every intent is applied twice. */
export const appliesTwice: PlantedLies = {
  simulation: (simulation) =>
    stepping(simulation, (request) => ({ ...request, intents: request.intents.flatMap((intent) => [intent, intent]) })),
};

/** An intent is said to be applied, and is not. */
export const appliesNothing: PlantedLies = {
  simulation: (simulation) => stepping(simulation, (request) => ({ ...request, intents: [] })),
};

/** The game's own view is passed by, and everybody is shown everything. */
export const showsEverything: PlantedLies = {
  game: (game) => ({ ...game, getPlayerState: (view) => ({ ...game.getPlayerState?.(view), ...view.state }) }),
};

/** Each viewer is sent what was made for the next one. */
export const mixesUpViews: PlantedLies = {
  simulation: (simulation) =>
    overlaid(simulation, {
      async step(request) {
        const answer = await simulation.step(request);
        return { ...answer, frames: answer.frames && { ...answer.frames, table: shifted(answer.frames.table) } };
      },
    }),
};

/** Three numbers a viewer. */
function shifted(table: Frames['table']): Frames['table'] {
  return Int32Array.from([...table.subarray(3), ...table.subarray(0, 3)]);
}

/** Every process counts its ticks from 1. */
export const countsFromOne: PlantedLies = {
  store: (store) => ({ ...store, world: overlaid(store.world, { firstTick: 1 }) }),
};

/** When one zone throws, the next tick of another is given nothing. */
export const contagion: PlantedLies = {
  game: (game) => {
    let sick: string | null = null;
    return {
      ...game,
      onTick(tick) {
        const isInfected = sick !== null && sick !== tick.zone.id;
        if (isInfected) sick = null;
        try {
          return game.onTick(isInfected ? { ...tick, intents: [] } : tick);
        } catch (error) {
          sick = tick.zone.id;
          throw error;
        }
      },
    };
  },
};

/** One step never comes back. */
export const getsLost: PlantedLies = {
  simulation: (simulation) => {
    let steps = 0;
    return overlaid(simulation, {
      step: (request) => {
        steps += 1;
        return steps === 40 ? new Promise(() => {}) : simulation.step(request);
      },
    });
  },
};

function zonesWith(store: Store, lies: Partial<Store['zones']>): ReturnType<StoreLie> {
  return { ...store, zones: overlaid(store.zones, lies) };
}

function stepping(simulation: Simulation, change: (request: StepRequest) => StepRequest): Simulation {
  return overlaid(simulation, { step: (request) => simulation.step(change(request)) });
}
