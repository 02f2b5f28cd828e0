/**
 * The first file of a worker. A worker cannot be started from TypeScript; one that runs from source
 * gets the loader here, one that runs from built output needs none.
 */
import { workerData } from 'node:worker_threads';

if (workerData.entry.endsWith('.ts')) {
  const [commonJs, modules] = await Promise.all([import('tsx/cjs/api'), import('tsx/esm/api')]);
  // Both: where no package.json says otherwise, a game in TypeScript counts as CommonJS.
  commonJs.register();
  modules.register();
}
await import(workerData.entry);
