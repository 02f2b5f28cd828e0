/**
 * The worker thread that computes password hashes; `hashing.ts` starts it and asks it.
 * bcryptjs blocks its thread for as long as a hash takes, which here disturbs nobody.
 */
import { compareSync, hashSync } from 'bcryptjs';

export type HashTask =
  | { readonly type: 'hash'; readonly password: string; readonly cost: number }
  | { readonly type: 'compare'; readonly password: string; readonly hash: string };

/** The hash, or whether password and hash belong together. */
export default function perform(task: HashTask): string | boolean {
  return task.type === 'hash' ? hashSync(task.password, task.cost) : compareSync(task.password, task.hash);
}
