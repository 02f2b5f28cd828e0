/**
 * What is measured of zones: many that tick, many that sleep beside a few that tick, and a start over a journal
 * that a kill left behind. Each makes its own world, runs real servers on it, and answers figures. What a console
 * costs is `watched.ts`.
 */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Journal, makeWorld, type Zones } from './made-world.js';
import { ServerProcess } from './server-process.js';

export type Figures = Readonly<Record<string, number>>;

/** For all of them: how long to look, and how large the world is against the full size. */
export interface Extent {
  readonly seconds: number;
  /** 1: full size. */
  readonly size: number;
}

export const GAME = join(import.meta.dirname, 'hum.js');
/** On a machine that cannot keep up, zones miss the tick in which they wish to stay awake: they are not to go to sleep for that. */
const STAYING = { GAME, ZONE_GRACE_MS: '600000' } as const;
export const STOPPED: Journal = { ticksBehind: 0, historyMb: 0 };
const LOOK_EVERY_MS = 100;
/** After a start, until caches are warm and code is compiled. */
export const SETTLE_MS = 5_000;
const ALL_LIVE_LIMIT_MS = 60_000;

/** 10,000 zones at 1 Hz, each with something to write in each tick. */
export async function live({ seconds, size }: Extent): Promise<Figures> {
  const zones = Math.round(10_000 * size);
  const kinds = [{ name: 'live', count: zones, entities: 10, hum: { moves: 1, wishEvery: 4 } }];
  return inWorld(kinds, STOPPED, async (file) => {
    const server = await ServerProcess.start({ databaseFile: file, env: { ...STAYING, TICK_INTERVAL_MS: '1000' } });
    try {
      const allLiveMs = await untilLive(server, zones);
      await pause(SETTLE_MS);
      return { zones, ready_ms: server.readyMs, all_live_ms: allLiveMs, ...(await look(server, zones, seconds)) };
    } finally {
      await server.end();
    }
  });
}

/** The same 20 zones at 10 Hz in two servers at the same time, one of them with 100,000 sleeping zones besides. */
export async function sleeping({ seconds, size }: Extent): Promise<Figures> {
  const few = { name: 'live', count: 20, entities: 50, hum: { moves: 25, wishEvery: 10 } };
  const many = { name: 'sleeping', count: Math.round(100_000 * size), entities: 1, hum: null };
  const start = (databaseFile: string) => ServerProcess.start({ databaseFile, env: { ...STAYING, TICK_INTERVAL_MS: '100' } });
  return inWorld([few], STOPPED, (alone) =>
    inWorld([few, many], STOPPED, async (beside) => {
      const servers = [await start(alone), await start(beside)] as const;
      try {
        await Promise.all(servers.map((server) => untilLive(server, few.count)));
        await pause(SETTLE_MS);
        const [without, withThem] = await Promise.all(servers.map((server) => look(server, few.count, seconds)));
        const cpu = { without: without?.cpu_us_per_zone_tick ?? 0, with: withThem?.cpu_us_per_zone_tick ?? 0 };
        return {
          sleeping: many.count,
          ready_ms: servers[1].readyMs,
          cpu_us_per_zone_tick_without: cpu.without,
          cpu_us_per_zone_tick_with: cpu.with,
          ratio: cpu.with / cpu.without,
          megabytes_without: without?.megabytes ?? 0,
          megabytes_with: withThem?.megabytes ?? 0,
        };
      } finally {
        await Promise.all(servers.map((server) => server.end()));
      }
    }),
  );
}

/** 100,000 entities in 2,000 zones, half a gigabyte of history, and the last minute of ticks only in the journal. */
export async function restart({ size }: Extent): Promise<Figures> {
  const zones = Math.round(2_000 * size);
  const kinds = [{ name: 'killed', count: zones, entities: 50, hum: { moves: 5, wishEvery: 4 } }];
  return inWorld(kinds, { ticksBehind: 55, historyMb: 512 * size }, async (file) => {
    const times: { readonly ready: number; readonly live: number }[] = [];
    for (let attempt = 0; attempt < 3; attempt++) {
      const copy = `${file}.${attempt}`;
      copyFileSync(file, copy);
      const server = await ServerProcess.start({ databaseFile: copy, env: { ...STAYING, TICK_INTERVAL_MS: '1000' } });
      const live = await untilLive(server, zones).finally(() => server.end());
      times.push({ ready: server.readyMs, live });
      rmSync(copy);
    }
    const median = (values: number[]) => values.sort((a, b) => a - b)[1] ?? 0;
    return {
      entities: zones * 50,
      journal_rows: zones * 55,
      ready_ms: median(times.map(({ ready }) => ready)),
      all_live_ms: median(times.map(({ live: ms }) => ms)),
    };
  });
}

export async function inWorld<Answer>(
  kinds: readonly Zones[],
  journal: Journal,
  use: (file: string) => Promise<Answer>,
): Promise<Answer> {
  const folder = mkdtempSync(join(tmpdir(), 'gridstead-scale-'));
  try {
    const file = join(folder, 'world.db');
    await makeWorld(file, kinds, journal);
    return await use(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Milliseconds from the birth of the process until all of these are live. */
export async function untilLive(server: ServerProcess, zones: number): Promise<number> {
  const limit = performance.now() + ALL_LIVE_LIMIT_MS;
  while ((await server.status()).live_zones < zones) {
    if (performance.now() > limit) throw new Error(`not all of ${zones} zones were live in time`);
    await pause(LOOK_EVERY_MS);
  }
  return server.ageMs;
}

async function look(server: ServerProcess, zones: number, seconds: number) {
  const before = await reading(server);
  await pause(seconds * 1_000);
  const after = await reading(server);
  const { tick_loop: loop } = await server.status();
  const ticks = after.ticks - before.ticks;
  const zoneTicks = after.zoneTicks - before.zoneTicks;
  return {
    ticks,
    // Of the last tick some may be under way at the moment of the reading, and of the first one some were.
    zone_ticks_of_100: (100 * zoneTicks) / (ticks * zones),
    missed: after.missed - before.missed,
    skipped_ticks: after.skipped - before.skipped,
    p99_tick_duration_ms: loop.p99_duration_ms,
    cores_used: (after.cpuMs - before.cpuMs) / (after.atMs - before.atMs),
    cpu_us_per_zone_tick: ((after.cpuMs - before.cpuMs) * 1_000) / zoneTicks,
    megabytes: server.megabytes(),
  };
}

export async function reading(server: ServerProcess) {
  const counters = await server.counters(['ticks_total', 'zone_ticks_total', 'zone_ticks_missed_total', 'ticks_skipped_total']);
  const [ticks = 0, zoneTicks = 0, missed = 0, skipped = 0] = counters;
  return { atMs: performance.now(), cpuMs: server.cpuMs(), ticks, zoneTicks, missed, skipped };
}
