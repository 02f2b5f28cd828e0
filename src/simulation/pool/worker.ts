/**
 * The inside of a worker: a simulation of its own, worked by messages. It says in shared memory whose
 * game code runs, so that the main thread can name the one that does not come back. It decides nothing.
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { ZoneInfo } from '../../../actors/records.js';
import type { Log } from '../../../actors/telemetry.js';
import type { RouteRequest } from '../../../games/contract.js';
import { loadGame } from '../../games/load.js';
import { collectGameRoutes, type GameRouteSpec } from '../../http/game-routes.js';
import { InlineSimulation } from '../inline-simulation.js';
import { Slab } from '../slab.js';
import { Strays } from '../strays.js';
import { type PackedStep, unpackStep } from './packed-step.js';
import {
  type CallArguments,
  type CallName,
  type FromWorker,
  type Outcome,
  type Question,
  receiveError,
  sendError,
  type ToWorker,
  type WorkerStart,
} from './protocol.js';
import { Running } from './running.js';
import { withNews } from './zone-offer.js';

/** Answers are handed over when a batch has run this long: a slow zone must not hold back those before it. */
const HAND_OVER_MS = 5;

const start: WorkerStart = workerData;
const running = new Running(new Int32Array(start.busy));
const port = parentPort;
if (!port) throw new Error('this file runs in a worker');

const strays = new Strays();
strays.listen((zone, error) =>
  port.postMessage([{ type: 'stray', zone, message: sendError(error).message } satisfies FromWorker]),
);
process.on('uncaughtException', unlessStray);
process.on('unhandledRejection', unlessStray);

/** What is not the game's ends the thread: the pool starts another. */
function unlessStray(error: unknown): void {
  if (!strays.take(error)) throw error;
}

const answers: FromWorker[] = [];
/** Buffers of what is in the answers: they change hands without a copy. */
const buffers = new Set<ArrayBuffer>();
const slab = new Slab();
let handedOverMs = 0;

const questions = new Map<number, (outcome: Outcome) => void>();
let asked = 0;

function handOver(): void {
  handedOverMs = performance.now();
  if (answers.length === 0) return;
  port?.postMessage(answers.splice(0), [...buffers]);
  buffers.clear();
}

/** Warnings are written by the main thread: lines of several threads would interleave. */
const log: Log = {
  debug() {},
  info() {},
  warn: (fields, message) => port.postMessage([{ type: 'warned', fields, message } satisfies FromWorker]),
  error() {},
};

async function open(): Promise<(message: ToWorker) => void> {
  const game = await loadGame(start.game, start);
  const simulation = new InlineSimulation({
    ...start,
    game,
    clock: { monotonicMs: () => performance.now() },
    log,
    strays,
    slab,
    guarded: false,
    onHang() {},
  });
  const routes = collectGameRoutes(game.routes?.bind(game), {
    view: async (zoneId, player) => (await ask({ type: 'view', zoneId, player: asPlayer(player) })) as object, // the main thread answers a view
    intent: async (zoneId, player, data) =>
      (await ask({ type: 'intent', zoneId, player: asPlayer(player), data })) as 'applied' | 'dropped', // the main thread answers a fate
  });
  return (message) => perform(message, simulation, routes);
}

function perform(message: ToWorker, simulation: InlineSimulation, routes: readonly GameRouteSpec[]): void {
  switch (message.type) {
    case 'step':
      return push(running.run(message.mark, () => stepped(message.call, simulation, message.step)));
    case 'call':
      return answer(
        message.call,
        running.run(message.mark, () => callOf(simulation, message.name, message.args)),
      );
    case 'route':
      return answer(
        message.call,
        running.run(message.mark, () => strays.run(null, () => callRoute(routes[message.index], message.request))),
      );
    case 'adopt':
      return simulation.adopt(message.zone, message.tick);
    case 'abandon':
      return simulation.abandon(message.zone, message.tick);
    case 'spoil':
      return simulation.spoil(message.zone, message.how);
    case 'drop':
      return simulation.drop(message.zone);
    case 'forget':
      return simulation.forget(message.zone);
    case 'border':
      return simulation.showBorder(message.zone, message.text);
    case 'whole-border':
      return simulation.showWhole(message.zone, message.text);
    case 'told':
      questions.get(message.ask)?.(message.outcome);
      questions.delete(message.ask);
  }
}

async function callRoute(route: GameRouteSpec | undefined, request: RouteRequest): Promise<unknown> {
  if (!route) throw new Error('no such route');
  return route.call(request);
}

/** Whatever goes wrong is the answer. */
function stepped(call: number, simulation: InlineSimulation, packed: PackedStep): FromWorker {
  try {
    const request = unpackStep(packed, (number) => simulation.playerOf(packed.zone, number));
    return { type: 'stepped', call, answer: simulation.stepNow(request) };
  } catch (error) {
    return { type: 'answered', call, outcome: { ok: false, error: sendError(error) } };
  }
}

let zonesKnown: readonly ZoneInfo[] = [];

function callOf(simulation: InlineSimulation, name: CallName, args: readonly unknown[]): Promise<unknown> {
  if (name === 'place') {
    const [player, news] = args as CallArguments['place']; // as the pool sends it
    zonesKnown = withNews(zonesKnown, news);
    return simulation.place(player, zonesKnown);
  }
  const call = simulation[name].bind(simulation) as (...given: readonly unknown[]) => Promise<unknown>; // the sender's types are those of the port
  return call(...(args as CallArguments[CallName]));
}

function answer(call: number, pending: Promise<unknown>): void {
  pending.then(
    (value) => push({ type: 'answered', call, outcome: { ok: true, value } }),
    (error: unknown) => push({ type: 'answered', call, outcome: { ok: false, error: sendError(error) } }),
  );
}

function push(message: FromWorker): void {
  answers.push(message);
  if (message.type === 'stepped') {
    const { row, frames } = message.answer;
    if (row) buffers.add(bufferOf(row.body));
    if (frames) buffers.add(bufferOf(frames.bytes));
  }
  // After the batch: what is answered in the same turn goes as one message.
  if (answers.length === 1) setImmediate(handOver);
}

function bufferOf(bytes: Uint8Array): ArrayBuffer {
  return bytes.buffer as ArrayBuffer; // a slab's: shared memory is nowhere here
}

function ask(question: Question): Promise<unknown> {
  const id = ++asked;
  port?.postMessage([{ type: 'ask', ask: id, question } satisfies FromWorker]);
  return new Promise((resolve, reject) => {
    questions.set(id, (outcome) => (outcome.ok ? resolve(outcome.value) : reject(receiveError(outcome.error))));
  });
}

function asPlayer(player: { id: string; username: string }) {
  return player as Extract<Question, { type: 'view' }>['player']; // the id comes from the session that the route was called with
}

const NO_ZONE: ReadonlySet<CallName> = new Set(['place', 'admit']);

/**
 * Lets what was answered go out between two of a batch that takes long: a slow one holds back none before it.
 * What belongs to no zone goes out one by one, so that one that hangs takes no other's answer along.
 */
async function workOff(batch: readonly ToWorker[], performOne: (message: ToWorker) => void): Promise<void> {
  handedOverMs = performance.now();
  for (const message of batch) {
    performOne(message);
    const belongsToNoZone = message.type === 'route' || (message.type === 'call' && NO_ZONE.has(message.name));
    if (!belongsToNoZone && performance.now() - handedOverMs < HAND_OVER_MS) continue;
    await new Promise(setImmediate);
    handOver();
  }
}

open().then(
  (performOne) => {
    let turn: Promise<void> = Promise.resolve();
    port.on('message', (batch: readonly ToWorker[]) => {
      turn = turn.then(() => workOff(batch, performOne));
    });
    port.postMessage([{ type: 'ready' } satisfies FromWorker]);
  },
  (error: unknown) => port.postMessage([{ type: 'unusable', message: sendError(error).message } satisfies FromWorker]),
);
