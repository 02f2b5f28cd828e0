/**
 * Memory for a connection that does nothing: how much more resident memory the server has with many than with a tenth as
 * many, after a collection each time. The first tenth pays for what all connections share.
 */
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Contestant } from '../contestants.js';
import { type Setting, Side } from './side.js';

/** Until what the joins left behind has settled. */
const SETTLE_MS = 1000;
const COLLECT_LIMIT_MS = 10_000;

/** KiB for each connection. `connections` are open at the end, a tenth of them before that. */
export async function measureIdle(contestant: Contestant, connections: number, setting: Setting): Promise<number> {
  const few = Math.ceil(connections / 10);
  const side = await Side.start({ contestant, form: 'plain', players: connections, idle: true }, setting);
  try {
    await side.join(0, few);
    const before = await residentKiB(side);
    await side.join(few, connections);
    const after = await residentKiB(side);
    return (after - before) / (connections - few);
  } finally {
    await side.end();
  }
}

async function residentKiB({ server }: Side): Promise<number> {
  await pause(SETTLE_MS);
  await server.ask('collect', COLLECT_LIMIT_MS);
  return residentKiBIn(readFileSync(`/proc/${server.pid}/status`, 'utf8'));
}

/** From the text of /proc/PID/status. */
export function residentKiBIn(status: string): number {
  const match = /^VmRSS:\s+(\d+) kB$/m.exec(status);
  if (!match) throw new Error('the kernel does not say how much memory is resident');
  return Number(match[1]);
}
