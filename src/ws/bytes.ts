/**
 * What a socket reads, handed on as it is read. An event of the stream would bring it too, and cost more than reading it does: with each
 * chunk, the stream goes and looks for another in a turn of the tick queue.
 */
import type { Duplex } from 'node:stream';

/** From now on `take` is given all that `raw` reads, in order. While `raw` is paused it waits in the stream, as ever. */
export function onBytes(raw: Duplex, take: (bytes: Buffer) => void): void {
  raw.on('data', take);
  // `push` is how a stream is given what was read. As long as it flows and nothing waits in it, there is nothing else that it would do with it.
  const push: Duplex['push'] = raw.push.bind(raw);
  raw.push = (chunk: unknown, encoding) => {
    const flows = raw.readableFlowing === true && raw.readableLength === 0 && !raw.destroyed;
    if (!flows || !Buffer.isBuffer(chunk)) return push(chunk, encoding);
    take(chunk);
    return true;
  };
}
