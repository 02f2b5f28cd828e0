/**
 * Loaded into every measured server before its own code (`--import`). Ends the server when the measuring process is
 * gone, however it went, and, where garbage collection is exposed, collects on request so that memory can be compared.
 * Does nothing else, and nothing at all in worker threads, so what is measured is the server as it is.
 */
import { isMainThread } from 'node:worker_threads';

if (isMainThread && process.send) {
  process.on('disconnect', () => process.exit(0));
  process.on('message', (request) => {
    if (request !== 'collect') return;
    // Twice: what finalizers let go in the first is freed in the second.
    globalThis.gc?.();
    globalThis.gc?.();
    process.send?.('collected');
  });
  // The channel alone must not keep a server alive that wants to end.
  process.channel?.unref();
}
