/**
 * A disk of four megabytes that a test can fill, where the one who runs the tests may mount one; else just a folder.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SIZE = '4m';

export class SmallDisk {
  readonly folder = mkdtempSync(join(tmpdir(), 'gridstead-disk-'));
  /** false: it could not be mounted, and cannot be filled. */
  readonly isSmall = succeeds('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'gridstead-test', this.folder]);

  /** Leaves no byte free. */
  fill(): void {
    const file = openSync(this.#filler, 'w');
    for (const bytes of [65_536, 4_096, 512, 1]) writeUntilFull(file, Buffer.alloc(bytes));
    closeSync(file);
  }

  free(): void {
    rmSync(this.#filler);
  }

  remove(): void {
    if (this.isSmall) succeeds('umount', [this.folder]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  get #filler(): string {
    return join(this.folder, 'filler');
  }
}

function writeUntilFull(file: number, bytes: Buffer): void {
  try {
    for (;;) writeSync(file, bytes);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
  }
}

function succeeds(command: string, args: readonly string[]): boolean {
  return process.platform === 'linux' && spawnSync(command, args).status === 0;
}
