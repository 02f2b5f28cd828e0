/** The processor time that another process has used, all its threads together. Linux only: it is read from /proc. */
import { readdirSync, readFileSync } from 'node:fs';

/** A hundredth of a second: what Linux calls a clock tick, on every machine that Node.js runs on. */
const CLOCK_TICK_MS = 10;
const UTIME_AND_STIME = [11, 12] as const;

/** Milliseconds since the process began; in nanosecond steps where the kernel says them, else in steps of 10 ms. */
export function cpuTimeMs(pid: number): number {
  return fromSchedulerStatistics(pid) ?? fromStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
}

/** The text of /proc/PID/stat. The second field is a name in brackets and may hold anything, brackets too. */
export function fromStat(text: string): number {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return UTIME_AND_STIME.reduce((sum, field) => sum + Number(fields[field]), 0) * CLOCK_TICK_MS;
}

/** null: this kernel keeps none. A thread that has ended is missing here, but servers end none in a window. */
function fromSchedulerStatistics(pid: number): number | null {
  let totalNs = 0;
  try {
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      totalNs += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ', 1)[0]);
    }
  } catch {
    return null;
  }
  return totalNs > 0 ? totalNs / 1e6 : null;
}
