/**
 * `npm run bench`: Gridstead beside the barest WebSocket broadcaster, Colyseus and socket.io, in one run on one machine.
 * Starts servers and generators as processes of their own, ends all of them however it ends itself, and prints one table.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ladder } from './measure/hold.js';
import type { Setting } from './measure/side.js';
import type { BenchOptions } from './options.js';
import { HELP, readOptions, UsageError } from './options.js';
import { Child, canPin } from './processes/child.js';
import { BENCH_ROOT, makeProjectReady, PROJECT_ROOT, projectVersion, versionOf } from './project.js';
import { machineNow } from './report/machine.js';
import { keep, publish } from './report/page.js';
import type { Report } from './report/report.js';
import { conditionsOf, remarksOf, tableOf } from './report/table.js';
import { isIncomplete, measureAll, TICK_INTERVAL_MS } from './run.js';
import { GRIDSTEAD_SETTINGS, gridsteadEntry, NODE_FLAGS } from './servers/launch.js';

const EXIT = { failed: 1, usage: 2, interrupted: 130 } as const;

/** The folder of this run; null: none was made yet. */
let scratch: string | null = null;

// Whatever ends this process, its folder goes; its children are on a leash, and go too.
process.on('exit', () => {
  if (scratch !== null) rmSync(scratch, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => void Child.endAll().finally(() => process.exit(EXIT.interrupted)));
}

try {
  process.exitCode = await bench(process.argv.slice(2));
} catch (error) {
  const usage = error instanceof UsageError || isParseArgsError(error);
  say(`bench: ${error instanceof Error ? error.message : String(error)}${usage ? ' (--help lists the options)' : ''}`);
  process.exitCode = usage ? EXIT.usage : EXIT.failed;
}

async function bench(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (!options) {
    print(HELP);
    return 0;
  }
  if (process.platform !== 'linux')
    throw new Error('processor time and memory of other processes are read from /proc, so it takes Linux');
  makeProjectReady(say);
  const report = await run(options);
  print(`\n${tableOf(report)}\n\n${conditionsOf(report)}`);
  for (const remark of remarksOf(report)) print(`- ${remark}`);
  print(`\nkept in ${await keep(report)}`);
  if (options.write) await publish(report);
  return report.rows.some(isIncomplete) ? EXIT.failed : 0;
}

async function run(options: BenchOptions): Promise<Report> {
  const startedAt = new Date().toISOString();
  const folder = mkdtempSync(join(options.scratch ?? tmpdir(), 'gridstead-bench-'));
  scratch = folder;
  const pinned = canPin();
  if (!pinned) say('processes cannot be pinned to cores here; ratios will be rougher');
  const setting: Setting = {
    serverCore: pinned ? options.serverCore : null,
    generatorCore: pinned ? options.generatorCore : null,
    tickIntervalMs: TICK_INTERVAL_MS,
    settings: options.settings,
    scratch: folder,
  };
  const machine = machineNow(folder);
  return {
    startedAt,
    quick: options.quick,
    machine,
    versions: versionsNow(),
    conditions: {
      players: options.players,
      tickIntervalMs: TICK_INTERVAL_MS,
      pairs: options.pairs,
      warmupMs: options.warmupMs,
      windowMs: options.windowMs,
      serverCore: setting.serverCore,
      generatorCore: setting.generatorCore,
      nodeFlags: NODE_FLAGS,
      gridstead: { entry: gridsteadEntry(), settings: { ...GRIDSTEAD_SETTINGS, ...options.settings } },
      holdRungs: options.hold ? ladder(options.holdStep, options.holdMost) : null,
      idleConnections: options.idleConnections,
    },
    rows: await measureAll(options, setting, say),
  };
}

function versionsNow(): Record<string, string> {
  return {
    Gridstead: projectVersion(),
    ws: versionOf('ws', BENCH_ROOT),
    'ws of Gridstead': versionOf('ws', PROJECT_ROOT),
    sqlite3: versionOf('sqlite3', PROJECT_ROOT),
    '@colyseus/core': versionOf('@colyseus/core', BENCH_ROOT),
    '@colyseus/schema': versionOf('@colyseus/schema', BENCH_ROOT),
    '@colyseus/ws-transport': versionOf('@colyseus/ws-transport', BENCH_ROOT),
    'socket.io': versionOf('socket.io', BENCH_ROOT),
  };
}

function isParseArgsError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS_');
}

/** How it goes; the table alone is standard output. */
function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
