/**
 * The players of a simulation: tellers of the kill loop, each with an encoding and a temper of its own, that send,
 * walk, spoil ticks, lose their connections, take over from themselves and come back.
 */
import type { Identity } from '../../actors/control.js';
import type { PlayerId } from '../../actors/ids.js';
import type { Chance } from '../flows/chaos/chance.js';
import { Teller } from '../flows/chaos/teller.js';
import { ROTTEN_WAYS, type RottenIntent } from './haunted-bank.js';
import type { Network } from './network.js';
import type { Seeds } from './seeds.js';
import type { Timeline } from './timeline.js';

export const NAMES = ['anna', 'bert', 'carla', 'dora'] as const;

export interface Player {
  readonly name: string;
  readonly id: PlayerId;
  readonly teller: Teller;
}

export interface CrowdDeps {
  readonly seeds: Seeds;
  readonly timeline: Timeline;
  readonly network: Network;
  /** Where this player may go. */
  readonly zonesOf: (name: string) => readonly string[];
  /** Absent: restless, and spoiling. */
  readonly habits?: (name: string) => Habits;
}

export interface Habits {
  /** Does it ever lose its connection, or go elsewhere, by its own doing? */
  readonly isRestless: boolean;
  /** Does it send what fails its zone's tick? */
  readonly spoils: boolean;
}

/** Who may say hello, by token: the name. */
export function identitiesOf(seeds: Seeds): ReadonlyMap<string, Identity> {
  return new Map(
    NAMES.map((username) => {
      const ids = { player: seeds.uuid<PlayerId>(`player ${username}`), session: seeds.uuid<Identity['session']>(username) };
      return [username, { ...ids, username, expiresAtMs: null, role: 'player' }];
    }),
  );
}

export class Crowd {
  readonly players: readonly Player[];
  #isBusy = true;

  constructor(private readonly deps: CrowdDeps) {
    this.players = [...identitiesOf(deps.seeds)].map(([name, { player }]) => ({
      name,
      id: player,
      teller: this.#teller(name, player),
    }));
  }

  #teller(name: string, id: PlayerId): Teller {
    const { seeds, timeline, network, zonesOf } = this.deps;
    const chance = seeds.chance(`temper ${name}`);
    const encoding = chance.oneOf(['json', 'binary'] as const);
    return new Teller({
      account: { id, username: name, token: name },
      zones: zonesOf(name),
      chance,
      sync: chance.oneOf(['snapshot', 'delta']),
      surroundings: {
        dial: (events) => network.dial(name, encoding, events),
        later: (ms, call) => timeline.after(ms, call),
      },
    });
  }

  start(): void {
    const { seeds, habits = () => ({ isRestless: true, spoils: true }) } = this.deps;
    for (const { name, teller } of this.players) {
      const chance = seeds.chance(`mood ${name}`);
      teller.start();
      this.#beat(teller, chance, chance.between(30, 150), habits(name));
    }
  }

  #beat(teller: Teller, chance: Chance, everyMs: number, habits: Habits): void {
    this.deps.timeline.after(everyMs * (0.5 + chance.next()), () => {
      if (this.#isBusy) act(teller, chance, habits);
      else teller.send(0);
      this.#beat(teller, chance, everyMs, habits);
    });
  }

  /** Nothing new is asked for any more; what is open is asked for again. */
  calm(): void {
    this.#isBusy = false;
  }

  get isSettled(): boolean {
    return this.players.every(({ teller }) => teller.settled);
  }

  stop(): void {
    for (const { teller } of this.players) teller.stop();
  }
}

function act(teller: Teller, chance: Chance, { isRestless, spoils }: Habits): void {
  const mood = chance.next();
  if (isRestless && mood < 0.03) teller.drop();
  else if (isRestless && mood < 0.06) teller.takeOver();
  else if (isRestless && mood < 0.1) teller.wander();
  else if (spoils && mood < 0.13) teller.spoil(rotten(chance));
  else if (mood < 0.7) teller.send(chance.between(1, 3));
}

function rotten(chance: Chance): RottenIntent {
  return { type: 'rot', op: 0, way: chance.oneOf(ROTTEN_WAYS) };
}
