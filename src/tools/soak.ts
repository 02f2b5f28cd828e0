/**
 * `npm run soak`: does a server grow that is asked for more than it may serve? A real one, with half the places that its
 * visitors want and half the intents that they send, for minutes or hours. Its heap is measured after collecting all
 * garbage, and a line is laid through the figures. Exit status 1: it rises by more than the limit.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { patiently, RestClient } from '../../client/index.js';
import { EXIT_FAILED, runTool, wholeNumber } from './arguments.js';
import { seededRandom } from './bot.js';
import { RandomWalk } from './minds/random-walk.js';
import { ServerProcess } from './scale/server-process.js';
import { lineThrough } from './soak/line.js';
import type { Left } from './soak/probe.js';
import { Visitor, VisitTally } from './soak/visitor.js';

const HELP = `npm run soak -- [options]
  --minutes N   for how long (10)
  --players N   how many want in; there is room for half of them (60)
  --limit N     by how many kB a minute the heap may seem to rise (100)
Exit status: 0; 1 when it rises faster, or nobody could play; 2 for a wrong option.`;

const SAMPLE_EVERY_MS = 10_000;
/** Until then code is compiled, caches are filled and the first journal rows are trimmed: no line goes through that. */
const SETTLED_AFTER = 1 / 3;
const INTENTS_PER_TICK = 4;
/**
 * Compiled code goes on growing for as long as the compiler finds something to improve, by a hundred kilobytes a minute in the first
 * ten; and it comes and goes. Without it what is left is what the program keeps.
 */
const WITHOUT_COMPILED_CODE = ['--no-opt', '--no-flush-bytecode'];
const PROBE = pathToFileURL(join(import.meta.dirname, 'soak/probe.js')).href;

/** Refusals and skips that a server with too many visitors must show. */
const COUNTERS = [
  'connections_refused_total',
  'intents_refused_total',
  'resumes_total',
  'zone_ticks_total',
  'ticks_skipped_total',
];

interface Sample extends Left {
  readonly atMs: number;
}

await runTool('soak', async () => {
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean', default: false },
      minutes: { type: 'string', default: '10' },
      players: { type: 'string', default: '60' },
      limit: { type: 'string', default: '100' },
    },
  });
  if (values.help) return say(HELP);
  const folder = mkdtempSync(join(tmpdir(), 'gridstead-soak-'));
  try {
    return await soak({
      databaseFile: join(folder, 'world.db'),
      minutes: wholeNumber('minutes', values.minutes, 1, 24 * 60),
      players: wholeNumber('players', values.players, 2, 5_000),
      limitKb: wholeNumber('limit', values.limit, 1, 1_000_000),
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

async function soak({
  databaseFile,
  minutes,
  players,
  limitKb,
}: {
  readonly databaseFile: string;
  readonly minutes: number;
  readonly players: number;
  readonly limitKb: number;
}): Promise<number> {
  const server = await ServerProcess.start({
    databaseFile,
    flags: ['--expose-gc', ...WITHOUT_COMPILED_CODE, `--import=${PROBE}`],
    isAsked: true,
    env: {
      ...{ TICK_INTERVAL_MS: '100', MAX_CONNECTIONS: String(players >> 1), MAX_INTENTS_PER_TICK: String(INTENTS_PER_TICK) },
      // What is kept for a while is kept for a short one, so that it goes as often as it comes.
      ...{ RESUME_WINDOW_MS: '5000', ZONE_GRACE_MS: '1000', JOURNAL_KEEP_MINUTES: '1', AUTH_PER_MINUTE: '0', BCRYPT_COST: '4' },
    },
  });
  try {
    const tally = new VisitTally();
    const visitors = await makeVisitors(server.url, players, tally);
    const visits = Promise.all(visitors.map((visitor) => visitor.visit()));
    const samples = await Promise.race([watch(server, minutes, databaseFile, tally), visits.then(() => [])]);
    for (const visitor of visitors) visitor.stop();
    await visits;
    say(await summary(server, tally));
    return verdict(samples, limitKb, tally);
  } finally {
    await server.end('SIGTERM');
  }
}

async function makeVisitors(url: string, players: number, tally: VisitTally): Promise<readonly Visitor[]> {
  const rest = new RestClient(url);
  const visitors: Visitor[] = [];
  for (let index = 0; index < players; index++) {
    const [name, password] = [`visitor-${index + 1}`, randomBytes(18).toString('base64url')];
    await patiently(() => rest.register(name, password));
    const random = seededRandom(index + 1);
    visitors.push(new Visitor({ url, rest, name, password, random, tally, mind: new RandomWalk(2 * INTENTS_PER_TICK, random) }));
  }
  return visitors;
}

/** Looks every ten seconds, and says what it sees. */
async function watch(
  server: ServerProcess,
  minutes: number,
  databaseFile: string,
  tally: VisitTally,
): Promise<readonly Sample[]> {
  say('    min   main heap  other threads  resident   database  connections  joins so far');
  const samples: Sample[] = [];
  const startedMs = performance.now();
  for (let dueMs = SAMPLE_EVERY_MS; dueMs <= minutes * 60_000; dueMs += SAMPLE_EVERY_MS) {
    await pause(startedMs + dueMs - performance.now());
    const sample = { ...(await server.ask<Left>('how much')), atMs: performance.now() - startedMs };
    samples.push(sample);
    const { mainBytes, threadsBytes, threads, residentBytes, atMs } = sample;
    const columns = [
      (atMs / 60_000).toFixed(2).padStart(7),
      megabytes(mainBytes).padStart(10),
      `${megabytes(threadsBytes)} (${threads})`.padStart(14),
      megabytes(residentBytes).padStart(9),
      megabytes(statSync(databaseFile).size).padStart(9),
      String((await server.status()).connections).padStart(11),
      String(tally.joins).padStart(12),
    ];
    say(columns.join('  '));
  }
  return samples;
}

async function summary(server: ServerProcess, tally: VisitTally): Promise<string> {
  const counts = await server.counters(COUNTERS);
  const { joins, drops, leaves, logouts, ticks, intents, errors } = tally;
  return [
    `joins ${joins}, lines lost ${drops}, leaves ${leaves}, logouts ${logouts}, ticks seen ${ticks}, intents sent ${intents}`,
    `refused: ${[...errors].map(([code, times]) => `${code} ${times}`).join(', ') || 'nothing'}`,
    `the server's counters: ${COUNTERS.map((name, at) => `${name} ${counts[at]}`).join(', ')}`,
  ].join('\n');
}

function verdict(samples: readonly Sample[], limitKb: number, tally: VisitTally): number {
  const settled = samples.slice(Math.floor(samples.length * SETTLED_AFTER));
  if (settled.length < 3 || tally.ticks === 0) throw new Error('nobody could play, or not for long enough to say anything');
  const kbPerMinute = settled.map((one) => [one.atMs / 60_000, (one.mainBytes + one.threadsBytes) / 1_000] as const);
  const { slope, error } = lineThrough(kbPerMinute);
  say(
    `heap after collecting garbage: ${slope.toFixed(1)} kB a minute, give or take ${(2 * error).toFixed(1)}; the limit is ${limitKb}`,
  );
  return slope > limitKb ? EXIT_FAILED : 0;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(2)} MB`;
}

function say(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}
