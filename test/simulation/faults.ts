/**
 * What goes wrong, and when: a plan drawn from the seed before anything runs, so that it can be read, repeated, and
 * run again with one fault less. Who carries it out is `simulation.ts`.
 */
import type { Chance } from '../flows/chaos/chance.js';
import type { Trouble } from '../support/failing-store.js';

/** Zones and players by their place in their lists; times in milliseconds. */
export type Fault = { readonly atMs: number } & (
  | { readonly type: 'kill' | 'stop'; readonly downMs: number }
  /** The process stands still, another takes over, and then it goes on. */
  | { readonly type: 'freeze'; readonly ms: number }
  /** The process gets no time. */
  | { readonly type: 'stall'; readonly ms: number }
  /** The wall clock is set. */
  | { readonly type: 'jump'; readonly ms: number }
  | { readonly type: 'pause'; readonly ms: number }
  | { readonly type: 'outage'; readonly ms: number }
  | { readonly type: 'trouble'; readonly calls: string; readonly trouble: Trouble; readonly times: number }
  | { readonly type: 'slow'; readonly ms: number; readonly slowestMs: number }
  | { readonly type: 'spoil' | 'steal'; readonly zone: number }
  | Order
  | { readonly type: 'throw' | 'garble'; readonly zone: number; readonly ms: number }
  | { readonly type: 'blind' | 'deafen'; readonly player: number; readonly ms: number }
  | { readonly type: 'lose'; readonly player: number }
);

/** `exchange` is of all zones, and `save` of one player. */
export interface Order {
  readonly atMs: number;
  readonly type: // The zone moves to another thread; its thread is lost, by its fault or by nobody's; all are exchanged with the game.
    | 'move'
    | 'hang'
    | 'lost'
    | 'exchange'
    // Asked for by operators: the deletion fails, whenever it is asked for.
    | 'restart'
    | 'quarantine'
    | 'undelete'
    | 'save';
  readonly zone: number;
  readonly player: number;
}

export interface FaultRange {
  readonly fromMs: number;
  readonly toMs: number;
  readonly zones: number;
  readonly players: number;
}

const MOST_FAULTS = 12;
const CALLS = ['zones.commit', 'zones.claim', 'zones.turnRound', 'zones.checkpoint', 'zones.quarantine', 'zones', 'places', ''];

/** In the order in which they come. */
export function drawFaults(chance: Chance, range: FaultRange): readonly Fault[] {
  const faults = Array.from({ length: chance.between(2, MOST_FAULTS) }, () => drawFault(chance, range));
  return faults.sort((a, b) => a.atMs - b.atMs);
}

/** Against one zone and these players alone. */
export function drawStrikes(
  chance: Chance,
  {
    fromMs,
    toMs,
    zone,
    players,
  }: Omit<FaultRange, 'zones' | 'players'> & { readonly zone: number; readonly players: readonly number[] },
): readonly Fault[] {
  const strikes = Array.from({ length: chance.between(2, MOST_FAULTS) }, (): Fault => {
    const atMs = fromMs + chance.next() * (toMs - fromMs);
    const ms = chance.between(20, 800);
    const player = chance.oneOf(players);
    const type = chance.oneOf(['throw', 'throw', 'garble', 'spoil', 'steal', 'blind', 'deafen', 'lose'] as const);
    return { atMs, type, zone, player, ms };
  });
  return strikes.sort((a, b) => a.atMs - b.atMs);
}

/** Of what runs in threads, and what operators order meanwhile: to come on top of other faults. */
export function drawOrders(chance: Chance, { fromMs, toMs, zones, players }: FaultRange): readonly Fault[] {
  const orders = Array.from({ length: chance.between(2, MOST_FAULTS) }, (): Fault => {
    const atMs = fromMs + chance.next() * (toMs - fromMs);
    const zone = chance.between(0, zones - 1);
    const player = chance.between(0, players - 1);
    return { atMs, type: chance.oneOf(ORDERS), zone, player };
  });
  return orders.sort((a, b) => a.atMs - b.atMs);
}

function drawFault(chance: Chance, { fromMs, toMs, zones, players }: FaultRange): Fault {
  const atMs = fromMs + chance.next() * (toMs - fromMs);
  const zone = chance.between(0, zones - 1);
  const player = chance.between(0, players - 1);
  const shortMs = chance.between(20, 400);
  const type = chance.oneOf(KINDS);
  switch (type) {
    case 'kill':
    case 'stop':
      return { atMs, type, downMs: shortMs };
    case 'jump':
      return { atMs, type, ms: chance.between(-100_000, 100_000) };
    case 'slow':
      return { atMs, type, ms: shortMs, slowestMs: chance.between(50, 1_000) };
    case 'trouble':
      return { atMs, type, calls: chance.oneOf(CALLS), trouble: chance.oneOf(['away', 'unknown']), times: chance.between(1, 3) };
    case 'spoil':
    case 'steal':
      return { atMs, type, zone };
    case 'throw':
    case 'garble':
      return { atMs, type, zone, ms: shortMs };
    case 'blind':
      return { atMs, type, player, ms: shortMs };
    case 'deafen':
      return { atMs, type, player, ms: 4 * shortMs };
    case 'lose':
      return { atMs, type, player };
    default:
      return { atMs, type, ms: shortMs };
  }
}

/** As often as they are named. */
const KINDS = [
  ...(['kill', 'kill', 'kill', 'kill', 'kill', 'stop', 'freeze', 'freeze'] as const),
  ...(['outage', 'trouble', 'trouble', 'trouble', 'trouble', 'slow', 'slow', 'spoil', 'steal'] as const),
  ...(['throw', 'throw', 'garble', 'blind', 'deafen', 'lose', 'lose', 'lose', 'stall', 'jump', 'pause'] as const),
];

const ORDERS = [
  ...(['move', 'move', 'hang', 'lost', 'exchange', 'exchange'] as const),
  ...(['restart', 'restart', 'quarantine', 'undelete', 'undelete', 'save'] as const),
];
