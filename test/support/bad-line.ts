/**
 * The line between a client and its server, a database among them, as bad as a test wants it: slow, cut, or half-open,
 * where bytes go in and nothing comes out and nobody says so.
 */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** How a line fails that fails for whoever is on it and whoever comes. */
type Breach = 'ends' | 'is silent';

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  silent: boolean;
}

export class BadLine {
  /** Each way. */
  delayMs = 0;
  #broken: Breach | null = null;
  readonly #listener = createServer((client) => this.#join(client));
  readonly #pairs = new Set<Pair>();
  #target: number;

  private constructor(serverUrl: string) {
    this.#target = portOf(serverUrl);
  }

  static async to(serverUrl: string): Promise<BadLine> {
    const line = new BadLine(serverUrl);
    line.#listener.listen(0, '127.0.0.1');
    await once(line.#listener, 'listening');
    return line;
  }

  get url(): string {
    // A TCP server that listens has an address with a port.
    return `http://127.0.0.1:${(this.#listener.address() as AddressInfo).port}`;
  }

  /** Where connections go from now on: a server that was started again. */
  leadTo(serverUrl: string): void {
    this.#target = portOf(serverUrl);
  }

  /** All connections of now end without a word. */
  cut(): void {
    for (const { client, server } of this.#pairs) {
      client.destroy();
      server.destroy();
    }
  }

  /** The connections of now stay open, and carry nothing any more. */
  halfOpen(): void {
    for (const pair of this.#pairs) pair.silent = true;
  }

  /** Until `mend`, for the connections of now and for all new ones: each ends at once, or stays open and carries nothing. */
  break(how: Breach): void {
    this.#broken = how;
    if (how === 'ends') this.cut();
    else this.halfOpen();
  }

  /** New connections are good again. Those that carried nothing never will. */
  mend(): void {
    this.#broken = null;
  }

  async close(): Promise<void> {
    this.cut();
    this.#listener.close();
    await once(this.#listener, 'close');
  }

  #join(client: Socket): void {
    if (this.#broken === 'ends') return void client.destroy();
    const server = connect({ port: this.#target, host: '127.0.0.1' });
    const pair: Pair = { client, server, silent: this.#broken === 'is silent' };
    this.#pairs.add(pair);
    this.#carry(pair, client, server);
    this.#carry(pair, server, client);
  }

  #carry(pair: Pair, from: Socket, to: Socket): void {
    let [waiting, last] = [0, Promise.resolve()];
    // Nothing overtakes what was sent before it, though the line has become quicker since.
    const later = (task: () => void) => {
      if (this.delayMs === 0 && waiting === 0) return task();
      waiting += 1;
      const dueMs = performance.now() + this.delayMs;
      last = last
        .then(() => sleep(dueMs - performance.now()))
        .then(() => {
          waiting -= 1;
          task();
        });
    };
    from.on('data', (bytes) => later(() => pair.silent || to.destroyed || to.write(bytes)));
    from.on('error', () => {});
    from.on('close', () => {
      // On a half-open line the other end hears nothing of it, and is ended with the line.
      if (to.destroyed) this.#pairs.delete(pair);
      else if (!pair.silent) later(() => to.destroy());
    });
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}
