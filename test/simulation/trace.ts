/**
 * What happened, line by line, and a digest of it: two runs of one seed are the same run when their digests are.
 * Lines are kept only where somebody wants to read them.
 */
import { createHash } from 'node:crypto';
import type { Timeline } from './timeline.js';

export class Trace {
  readonly #hash = createHash('sha256');

  constructor(
    private readonly timeline: Timeline,
    private readonly print: ((line: string) => void) | null,
  ) {}

  add(text: string): void {
    const line = `${this.timeline.nowMs.toFixed(3).padStart(10)} ${text}`;
    this.#hash.update(line);
    this.print?.(line);
  }

  /** Once, at the end. */
  digest(): string {
    return this.#hash.digest('base64url').slice(0, 16);
  }
}

/** Ids and tokens that the server draws from the system's own chance: the only thing in a run that differs, and nothing hangs on them. */
export function withoutTokens(message: object): string {
  return JSON.stringify(message, (key, value) =>
    key === 'resume_token' || key === 'connection_id' || key === 'resume' ? '-' : value,
  );
}
