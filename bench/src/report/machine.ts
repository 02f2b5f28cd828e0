/** The machine that a run is made on, as far as it bears on the figures. */
import { closeSync, fdatasyncSync, openSync, statfsSync, writeSync } from 'node:fs';
import { availableParallelism, cpus, release, totalmem } from 'node:os';
import { join } from 'node:path';
import type { Machine } from './report.js';
import { median } from './summary.js';

const FLUSHES = 25;
const PAGE_BYTES = 4096;
/** What Linux calls tmpfs and ramfs. */
const MEMORY_FILE_SYSTEMS: ReadonlySet<number> = new Set([0x01021994, 0x858458f6]);

/** `folder` is where databases will be made. */
export function machineNow(folder: string): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown processor',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.versions.node,
    flushMs: flushMs(folder),
    inMemory: MEMORY_FILE_SYSTEMS.has(statfsSync(folder).type),
  };
}

function flushMs(folder: string): number {
  const file = openSync(join(folder, 'flush'), 'w');
  try {
    const page = Buffer.alloc(PAGE_BYTES, 1);
    const times = Array.from({ length: FLUSHES }, () => {
      const startMs = performance.now();
      writeSync(file, page);
      fdatasyncSync(file);
      return performance.now() - startMs;
    });
    return median(times);
  } finally {
    closeSync(file);
  }
}
