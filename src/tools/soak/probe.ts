/**
 * Runs inside the server of a soak, in each of its threads: collects garbage when it is asked to, and says what is left.
 * Loaded in front of the server by `--import`, with `--expose-gc`; whoever started the process asks by a message.
 */
import { BroadcastChannel, isMainThread } from 'node:worker_threads';

/** What is in use once nothing is left to collect. Bytes. */
export interface Left {
  readonly mainBytes: number;
  /** Of the other threads, all together. */
  readonly threadsBytes: number;
  readonly threads: number;
  readonly residentBytes: number;
}

/** A thread that is busy with a tick answers when it has ended. */
const THREADS_ANSWER_WITHIN_MS = 500;
const LOOKS = 4;

const asks = new BroadcastChannel('gridstead-soak-asks');
const answers = new BroadcastChannel('gridstead-soak-answers');
// A server that stops must not wait for somebody who might ask.
for (const channel of [asks, answers]) Reflect.get(channel, 'unref').call(channel);

if (isMainThread) listenToParent();
else {
  asks.onmessage = () => {
    answers.postMessage(collected());
  };
}

function listenToParent(): void {
  process.on('message', () => void measure().then((left) => process.send?.(left)));
  process.channel?.unref();
}

async function measure(): Promise<Left> {
  const told: number[] = [];
  answers.onmessage = ({ data }) => {
    told.push(Number(data));
  };
  asks.postMessage('how much');
  // What is in flight at one moment is no growth: the least of several looks is what stays.
  let mainBytes = collected();
  for (let look = 1; look < LOOKS; look++) {
    await new Promise((resolve) => setTimeout(resolve, THREADS_ANSWER_WITHIN_MS / (LOOKS - 1)));
    mainBytes = Math.min(mainBytes, collected());
  }
  return {
    mainBytes,
    threadsBytes: told.reduce((sum, bytes) => sum + bytes, 0),
    threads: told.length,
    residentBytes: process.memoryUsage.rss(),
  };
}

function collected(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
