/**
 * The line between a client and its server, as bad as a test wants it: slow, cut, or half-open, where bytes go in and
 * nothing comes out and nobody says so.
 */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  silent: boolean;
}

export class BadLine {
  /** Each way. */
  delayMs = 0;
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

  async close(): Promise<void> {
    this.cut();
    this.#listener.close();
    await once(this.#listener, 'close');
  }

  #join(client: Socket): void {
    const server = connect({ port: this.#target, host: '127.0.0.1' });
    const pair: Pair = { client, server, silent: false };
    this.#pairs.add(pair);
    this.#carry(pair, client, server);
    this.#carry(pair, server, client);
  }

  #carry(pair: Pair, from: Socket, to: Socket): void {
    from.on('data', (bytes) => this.#later(() => pair.silent || to.destroyed || to.write(bytes)));
    from.on('error', () => {});
    from.on('close', () => {
      // On a half-open line the other end hears nothing of it, and is ended with the line.
      if (to.destroyed) this.#pairs.delete(pair);
      else if (!pair.silent) this.#later(() => to.destroy());
    });
  }

  #later(task: () => void): void {
    if (this.delayMs === 0) task();
    else setTimeout(task, this.delayMs);
  }
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}
