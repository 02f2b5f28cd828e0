/** Carries out the plan of what goes wrong, one fault after the other, and ends all of it. */

import { unreachable } from '../../actors/errors.js';
import type { PlayerId, ZoneId } from '../../actors/ids.js';
import type { Fault, Order } from './faults.js';
import type { Haunting } from './haunted-bank.js';
import type { Host } from './host.js';
import type { Network } from './network.js';
import type { Timeline } from './timeline.js';
import type { Trace } from './trace.js';

export interface StormDeps {
  readonly host: Host;
  readonly network: Network;
  readonly haunting: Haunting;
  readonly timeline: Timeline;
  readonly trace: Trace;
  readonly zones: readonly ZoneId[];
  readonly players: readonly { readonly name: string; readonly id: PlayerId }[];
}

export class Storm {
  constructor(private readonly deps: StormDeps) {}

  begin(faults: readonly Fault[]): void {
    const { timeline, trace } = this.deps;
    for (const fault of faults) {
      timeline.after(fault.atMs - timeline.nowMs, () => {
        trace.add(`fault ${JSON.stringify(fault)}`);
        this.#strike(fault);
      });
    }
  }

  /** All is well from now on. */
  end(): void {
    this.deps.haunting.end();
    this.deps.network.heal();
    this.deps.host.process?.store?.heal();
    this.deps.host.process?.world?.resume();
  }

  #strike(fault: Fault): void {
    const { host, network, haunting, timeline } = this.deps;
    switch (fault.type) {
      case 'kill':
        return host.kill(fault.downMs);
      case 'stop':
        return ignore(host.stop(fault.downMs));
      case 'freeze':
        return host.freeze(fault.ms);
      case 'stall':
        return timeline.stall(fault.ms);
      case 'jump':
        return host.jump(fault.ms);
      case 'pause':
        return this.#pause(fault.ms);
      case 'outage':
      case 'trouble':
      case 'slow':
      case 'spoil':
      case 'steal':
        return this.#strikeStore(fault);
      case 'move':
      case 'hang':
      case 'lost':
      case 'exchange':
      case 'restart':
      case 'quarantine':
      case 'undelete':
      case 'save':
        return this.#order(fault);
      case 'throw':
        return this.#haunt(haunting.throwing, this.#zone(fault.zone), fault.ms);
      case 'garble':
        return this.#haunt(haunting.malformed, this.#zone(fault.zone), fault.ms);
      case 'blind':
        return this.#haunt(haunting.blind, this.#player(fault.player).id, fault.ms);
      case 'deafen':
        return network.stopReading(this.#player(fault.player).name, fault.ms);
      case 'lose':
        return network.lose(this.#player(fault.player).name);
      default:
        return unreachable(fault);
    }
  }

  #strikeStore(fault: Extract<Fault, { type: 'outage' | 'trouble' | 'slow' | 'spoil' | 'steal' }>): void {
    const store = this.deps.host.process?.store;
    if (!store) return;
    switch (fault.type) {
      case 'outage':
        store.failing.away = true;
        return this.#later(fault.ms, () => {
          store.failing.away = false;
        });
      case 'trouble':
        return store.failing.fail(fault.calls, fault.trouble, { times: fault.times });
      case 'slow': {
        const usualMs = store.slowestMs;
        store.slowestMs = fault.slowestMs;
        return this.#later(fault.ms, () => {
          store.slowestMs = usualMs;
        });
      }
      case 'spoil':
        store.spoiled.add(this.#zone(fault.zone));
        return;
      case 'steal':
        store.stolen.add(this.#zone(fault.zone));
        return;
      default:
        return unreachable(fault);
    }
  }

  #order({ type, zone: index, player: number }: Order): void {
    const process = this.deps.host.process;
    const world = process?.world;
    if (!process || !world) return;
    const zone = this.#zone(index);
    const { id, name: username } = this.#player(number);
    switch (type) {
      case 'move':
        return process.threads?.move(zone);
      case 'hang':
      case 'lost':
        return process.threads?.lose(zone, type === 'hang');
      case 'exchange':
        return process.threads?.exchange();
      case 'restart':
        return void world.restartZone(zone);
      case 'quarantine':
        return void world.quarantineZone(zone);
      case 'undelete':
        return ignore(world.deleteZone(zone));
      case 'save':
        return ignore(world.checkpointPlayer({ id, username }));
      default:
        return unreachable(type);
    }
  }

  #pause(ms: number): void {
    const world = this.deps.host.process?.world;
    if (!world) return;
    ignore(world.pause());
    this.#later(ms / 2, () => ignore(world.step()));
    this.#later(ms, () => world.resume());
  }

  #haunt(ghosts: Set<string>, id: string, ms: number): void {
    ghosts.add(id);
    this.#later(ms, () => ghosts.delete(id));
  }

  #later(ms: number, call: () => void): void {
    this.deps.timeline.after(ms, call);
  }

  #zone(index: number): ZoneId {
    return at(this.deps.zones, index);
  }

  #player(index: number): StormDeps['players'][number] {
    return at(this.deps.players, index);
  }
}

/** What an operator asks for may be refused, or never be answered by a process that is killed. */
function ignore(answer: Promise<unknown>): void {
  answer.catch(() => {});
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new Error(`the plan names number ${index} of ${items.length}`);
  return item;
}
