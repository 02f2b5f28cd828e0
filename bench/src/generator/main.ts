/**
 * The process that makes the load for one server. It is told what to do over its IPC channel, does nothing it was
 * not told, and ends with the process that started it. Every window has an end.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { cpuTimeMs } from '../processes/cpu-time.js';
import { NOT_SELECTED } from './connection.js';
import { Crowd } from './crowd.js';
import { Histogram } from './histogram.js';
import type { Answer, Order, WindowFigures } from './orders.js';
import { Tally } from './tally.js';
import { colyseusVenue } from './voices/colyseus.js';
import { gridsteadVenue } from './voices/gridstead.js';
import { limitVenue } from './voices/limit.js';
import { socketioVenue } from './voices/socketio.js';
import type { Venue, VenueOptions } from './voices/voice.js';

type Preparation = Extract<Order, { type: 'prepare' }>;

/** How long players go on moving after their window; it bounds the load where nobody ends this process. */
const LINGER_MS = 2000;

let stage: { readonly preparation: Preparation; readonly venue: Venue; readonly crowd: Crowd } | null = null;

process.on('disconnect', () => process.exit(0));
// The terminal sends it to all of us; the one who started us says when to end.
process.on('SIGINT', () => {});
process.on('message', (order: Order) => {
  obey(order).then(answer, (error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    answer({ type: why === NOT_SELECTED ? 'unavailable' : 'failed', why });
  });
});

function answer(message: Answer): void {
  process.send?.(message);
}

async function obey(order: Order): Promise<Answer> {
  if (order.type === 'prepare') return prepare(order);
  if (!stage) throw new Error('the generator was not prepared');
  if (order.type === 'measure') return { type: 'measured', window: await measure(stage.crowd, stage.preparation, order) };
  await stage.crowd.join(stage.venue, order.from, order.to);
  return { type: 'done' };
}

async function prepare(preparation: Preparation): Promise<Answer> {
  const { players, periodMs, subprotocol } = preparation;
  const url = new URL(preparation.url);
  const venue = await venueOf(preparation, { url, players, idle: preparation.idle, subprotocol });
  stage = { preparation, venue, crowd: new Crowd({ url, players, periodMs, subprotocol }) };
  return { type: 'done' };
}

async function venueOf({ server }: Preparation, options: VenueOptions): Promise<Venue> {
  switch (server) {
    case 'limit':
      return limitVenue(options);
    case 'gridstead':
      return gridsteadVenue(options);
    case 'colyseus':
      return colyseusVenue(options);
    case 'socket.io':
      return socketioVenue(options);
  }
}

async function measure(
  crowd: Crowd,
  { players, periodMs }: Preparation,
  { warmupMs, windowMs, serverPid }: Extract<Order, { type: 'measure' }>,
): Promise<WindowFigures> {
  crowd.move();
  await pause(warmupMs);
  const startMs = performance.now();
  const window = { tally: new Tally(players, periodMs, startMs), latency: new Histogram(), paceLag: new Histogram() };
  const server = cpuTimeMs(serverPid);
  const own = process.cpuUsage();
  crowd.observe(window);
  await pause(windowMs);
  const endMs = performance.now();
  crowd.observe(null);
  const serverCpuMs = cpuTimeMs(serverPid) - server;
  const { user, system } = process.cpuUsage(own);
  const delivered = window.tally.close(endMs);
  const { errors, lost } = crowd;
  // Not at once: a thousand sockets that close now would be work for a core on which another window is still open.
  setTimeout(() => crowd.leave(), LINGER_MS).unref();
  return {
    players,
    windowMs: endMs - startMs,
    states: delivered.states,
    bytesPerState: delivered.states > 0 ? delivered.stateBytes / delivered.states : 0,
    delivered: delivered.share,
    intervalP50Ms: delivered.intervalP50Ms,
    intervalP99Ms: delivered.intervalP99Ms,
    latencyP50Ms: window.latency.quantile(0.5),
    latencyP99Ms: window.latency.quantile(0.99),
    serverCpuMs,
    generatorCpu: (user + system) / 1000 / (endMs - startMs),
    paceLagP99Ms: window.paceLag.quantile(0.99),
    errors,
    lost: lost.length,
    firstLoss: lost[0] ?? null,
  };
}
