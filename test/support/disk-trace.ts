/**
 * What a process does to its SQLite write-ahead log and what it tells its clients, in order, as the operating system
 * sees it: needs `strace`, and the right to use it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { until } from './until.js';

const CALLS = 'pwrite64,write,writev,sendto,sendmsg,fsync,fdatasync';

export class DiskTrace {
  private constructor(
    private readonly tracer: ChildProcess,
    private readonly file: string,
  ) {}

  /** Begins to watch; null: that is not possible here. `file`: where the trace goes. */
  static async attach(pid: number, file: string): Promise<DiskTrace | null> {
    const args = ['-f', '-y', '-s', '4096', '-e', `trace=${CALLS}`, '-o', file, '-p', String(pid)];
    const tracer = spawn('strace', args, { stdio: ['ignore', 'ignore', 'pipe'] });
    const attached = await new Promise<boolean>((resolve) => {
      tracer.on('error', () => resolve(false));
      tracer.on('exit', () => resolve(false));
      tracer.stderr?.on('data', (text) => /attached/.test(String(text)) && resolve(true));
    });
    return attached ? new DiskTrace(tracer, file) : null;
  }

  /** What happened to the log up to the moment when `text` was sent: 'write' and 'sync' (one that had ended). */
  async logUntil(text: string): Promise<readonly ('write' | 'sync')[]> {
    const escaped = text.replaceAll('"', '\\"');
    const lines = () => readFileSync(this.file, 'utf8').split('\n');
    await until(() => lines().some((line) => line.includes(escaped)));
    const all = lines();
    return logEvents(
      all.slice(
        0,
        all.findIndex((line) => line.includes(escaped)),
      ),
    );
  }

  async detach(): Promise<void> {
    const gone = new Promise((resolve) => this.tracer.on('exit', resolve));
    this.tracer.kill('SIGINT');
    await gone;
  }
}

function logEvents(lines: readonly string[]): ('write' | 'sync')[] {
  const syncing = new Set<string>();
  return lines.flatMap((line) => {
    const [thread = ''] = line.split(' ', 1);
    if (/pwrite64\(\d+<[^>]*-wal>/.test(line)) return ['write'];
    if (/f(data)?sync\(\d+<[^>]*-wal>/.test(line)) {
      if (!line.includes('<unfinished')) return ['sync'];
      syncing.add(thread);
    }
    if (!/<\.\.\. f(data)?sync resumed>/.test(line) || !syncing.delete(thread)) return [];
    return ['sync'];
  });
}
