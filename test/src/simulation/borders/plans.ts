/** Random things that befall the zones of a `PortWorld`. */
import fc from 'fast-check';
import type { ZoneId } from '../../../../actors/ids.js';
import type { LookoutIntent } from '../../../support/pool-games/lookout.js';
import { type PortWorld, SIDE, type TickPlan } from './port-world.js';

export interface Deed {
  /** By its number. */
  readonly zone: number;
  readonly what: 'put' | 'step' | 'send' | 'vanish' | 'abandon' | 'restore' | 'sleep';
  /** Which entity; small, so that deeds meet. */
  readonly name: number;
  readonly x: number;
  readonly y: number;
  readonly to: number;
}

const cell = fc.integer({ min: 0, max: SIDE - 1 });
const what = fc.constantFrom<Deed['what']>('put', 'put', 'step', 'step', 'send', 'send', 'vanish', 'abandon', 'restore', 'sleep');

/** Some deeds for each of so many ticks. */
export function deeds(zones: number, ticks: number): fc.Arbitrary<readonly (readonly Deed[])[]> {
  const number = fc.integer({ min: 0, max: zones - 1 });
  const deed = fc.record({ zone: number, what, name: fc.integer({ min: 0, max: 5 }), x: cell, y: cell, to: number });
  return fc.array(fc.array(deed, { maxLength: 6 }), { minLength: ticks, maxLength: ticks });
}

/** Does what comes before a tick, and answers the plans of that tick. */
export async function prepare(world: PortWorld, all: readonly Deed[]): Promise<ReadonlyMap<ZoneId, TickPlan>> {
  const plans = new Map<ZoneId, { intents: LookoutIntent[]; isAbandoned: boolean }>();
  for (const deed of all) {
    const zone = world.zones[deed.zone];
    if (!zone) continue;
    if (deed.what === 'sleep' && world.isAwake(zone)) world.sleep(zone);
    else if (deed.what === 'restore' || !world.isAwake(zone)) await world.load(zone);
    const plan = plans.get(zone) ?? { intents: [], isAbandoned: false };
    plans.set(zone, plan);
    plan.isAbandoned ||= deed.what === 'abandon';
    const intent = intentOf(deed, world.zones);
    // Two deeds with one entity in a tick could contradict one another.
    if (intent && !plan.intents.some((other) => 'name' in other && 'name' in intent && other.name === intent.name)) {
      plan.intents.push(intent);
    }
  }
  return plans;
}

/** Names are numbers of the zone that made them, so that no two entities have one. */
function intentOf({ zone, what, name, x, y, to }: Deed, zones: readonly ZoneId[]): LookoutIntent | null {
  const target = zones[to];
  if (what === 'put') return { type: 'put', name: `${zone}.${name}`, x, y };
  if (what === 'step') return { type: 'step', name: `${to}.${name}`, x, y };
  if (what === 'vanish') return { type: 'vanish', name: `${to}.${name}` };
  return what === 'send' && target && to !== zone ? { type: 'send', name: `${zone}.${name}`, to: target, x, y } : null;
}
