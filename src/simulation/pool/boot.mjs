/**
 * The first file of a worker. A worker cannot be started from TypeScript; one that runs from source
 * gets the loader here, one that runs from built output needs none.
 */
import { workerData } from 'node:worker_threads';

if (workerData.entry.endsWith('.ts')) {
  const { register } = await import('tsx/esm/api');
  register();
}
await import(workerData.entry);
