/**
 * A program: steps zones full of walkers as a worker does, and prints by how many bytes the old space grew for each of them and
 * tick. To be run with `--expose-gc` and the flags of a server's heap.
 */
import { getHeapSpaceStatistics } from 'node:v8';
import type { ZoneId } from '../../../actors/ids.js';
import type { StepRequest, ViewerGroup } from '../../../actors/steps.js';
import { InlineSimulation } from '../../../src/simulation/inline-simulation.js';
import { packStep, unpackStep } from '../../../src/simulation/pool/packed-step.js';
import { FakeClock } from '../../support/fake-clock.js';
import { walkingGame } from '../../support/games.js';
import { RecordingLog } from '../../support/recording-log.js';
import { held, intent, request, stored, zone, zoneId } from './support.js';

const ZONES = Array.from({ length: 10 }, (_, index) => zoneId(index + 1));
const PLAYERS = Array.from({ length: 30 }, (_, index) => index + 1);
const SIDE = 64;
const WARM_TICKS = 300;
const TICKS = 600;
/** A time as ticks have it. */
const BEGAN_AT_MS = 1_700_000_000_000;

// There with --expose-gc. The types know it without what it may be told, which Node.js 20 takes.
const collect = globalThis.gc as unknown as (how?: { type: 'minor' }) => void;

const simulation = new InlineSimulation({
  game: walkingGame,
  secret: 's',
  maxZoneBytes: 1e6,
  tickBudgetMs: 1_000,
  guarded: false,
  clock: new FakeClock(),
  log: new RecordingLog(),
  onHang() {},
});

/** Written out, as everything here that is made for each tick: what this program leaves behind would count as the simulation's. */
function stepOf(zone: ZoneId, tick: number): StepRequest {
  const intents = PLAYERS.map((number) =>
    intent(number, tick, { type: 'move', dx: ((number + tick) % 3) - 1, dy: ((number * tick) % 3) - 1 }),
  );
  const last = tick - 1;
  const group: ViewerGroup = {
    sinceTick: last,
    lastTick: last,
    encoding: 'binary',
    sync: 'delta',
    base: last,
    numbers: PLAYERS,
  };
  return { zone, tick, nowMs: BEGAN_AT_MS + tick * 100, intents, joins: [], leaves: [], inbox: [], viewers: [group] };
}

function run(from: number, ticks: number): void {
  for (let tick = from; tick < from + ticks; tick++) {
    for (const id of ZONES) {
      const packed = packStep(stepOf(id, tick));
      simulation.stepNow(unpackStep(packed, (number) => simulation.playerOf(id, number)));
    }
  }
}

function oldBytes(): number {
  return getHeapSpaceStatistics().find(({ space_name }) => space_name === 'old_space')?.space_used_size ?? 0;
}

for (const id of ZONES) {
  await simulation.load(stored({ info: zone({ id, width: SIDE, height: SIDE }) }));
  simulation.stepNow(request(1, { zone: id, nowMs: BEGAN_AT_MS, joins: PLAYERS.map((number) => held(number)) }));
}
run(2, WARM_TICKS);
collect();
const before = oldBytes();
run(2 + WARM_TICKS, TICKS);
collect({ type: 'minor' });
console.log((oldBytes() - before) / (TICKS * ZONES.length));
