/**
 * Looks whether the same ticks give the same world, whoever runs them. Within one process each rule is asked twice as it is
 * (`strict.ts`); here a whole history is played a second time in a process that knows nothing of the first.
 */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, firstDifference } from './difference.js';
import type { Happening } from './history.js';
import { type Played, playFrom } from './playing.js';

/** The same history made two worlds. */
export class DeterminismError extends Error {
  readonly code = 'NOT_DETERMINISTIC';
  override readonly name = 'DeterminismError';
}

/**
 * Plays the history here and in a fresh process. `module`: the file of the game, whose default export it is.
 * Rejects with `DeterminismError`, which names the tick and the first difference, or with what a rule threw.
 */
export async function checkDeterminism(module: string | URL, history: readonly Happening[], seed = 'bench'): Promise<void> {
  const file = module instanceof URL ? fileURLToPath(module) : module;
  const [here, elsewhere] = await Promise.all([playFrom({ file, history, seed }), playInFreshProcess({ file, history, seed })]);
  for (const [index, one] of here.entries()) {
    const difference = firstDifference(one, elsewhere[index]);
    if (difference) throw new DeterminismError(`at tick ${one.tick} ${describe(difference)} in a fresh process`);
  }
}

function playInFreshProcess(order: Parameters<typeof playFrom>[0]): Promise<readonly Played[]> {
  const isSource = import.meta.url.endsWith('.ts');
  const entry = new URL(`./playing-process.${isSource ? 'ts' : 'js'}`, import.meta.url);
  const child = fork(entry, { execArgv: isSource ? ['--import', 'tsx'] : [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  return new Promise((resolve, reject) => {
    child.once('message', ({ played, failure }: { played?: readonly Played[]; failure?: string }) =>
      played ? resolve(played) : reject(new Error(failure)),
    );
    child.once('error', reject);
    child.once('exit', (status) => reject(new Error(`the fresh process ended with ${status} and said nothing`)));
    child.send(order);
  });
}
