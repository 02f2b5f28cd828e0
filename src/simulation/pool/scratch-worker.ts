/**
 * A worker for one zone that failed and is resident nowhere: a tick that hangs is ended with its thread,
 * and the next one is tried on a fresh copy. Nobody else's zone is near it.
 */
import type { Scratch } from '../../../actors/ports.js';
import type { StoredZone } from '../../../actors/records.js';
import type { StepRequest } from '../../../actors/steps.js';
import type { PoolWorker } from './pool-worker.js';

/** The only zone there has the only mark. */
const MARK = 1;

export class ScratchWorker implements Scratch {
  #worker: PoolWorker | null = null;

  constructor(
    private readonly stored: StoredZone,
    private readonly start: () => PoolWorker,
  ) {}

  async probe(request: StepRequest): Promise<string | null> {
    const worker = await this.#loaded();
    const lost = () => new Error('it did not come back');
    try {
      return (await worker.call({ type: 'call', mark: MARK, name: 'probe', args: [request] }, lost)) as string | null; // what the port says of a probe
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  async close(): Promise<void> {
    await this.#worker?.stop();
  }

  async #loaded(): Promise<PoolWorker> {
    if (this.#worker && !this.#worker.gone) return this.#worker;
    const worker = this.start();
    this.#worker = worker;
    await worker.ready;
    await worker.call({ type: 'call', mark: MARK, name: 'load', args: [this.stored] }, () => new Error('the copy was lost'));
    return worker;
  }
}
