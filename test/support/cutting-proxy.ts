/**
 * A TCP proxy in front of a database that cuts a connection at the worst moment: the server has got the
 * statement and has answered it, and the client never hears of it.
 */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface CuttingProxy {
  readonly port: number;
  /** The next answer to a statement with this text is lost, and its connection with it. */
  cutAfter(text: string): void;
  /** How often that has happened. */
  cuts(): number;
  close(): Promise<void>;
}

export async function startCuttingProxy(target: { readonly host: string; readonly port: number }): Promise<CuttingProxy> {
  const sockets = new Set<Socket>();
  let text: string | null = null;
  let cuts = 0;
  const server = createServer((client) => {
    const database = connect(target);
    let waitsForCut = false;
    for (const socket of [client, database]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        database.destroy();
      });
    }
    client.on('data', (bytes) => {
      if (text && bytes.includes(text)) {
        waitsForCut = true;
        text = null;
      }
      database.write(bytes);
    });
    database.on('data', (bytes) => {
      if (!waitsForCut) return client.write(bytes);
      cuts++;
      return client.destroy();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    cutAfter: (wanted) => {
      text = wanted;
    },
    cuts: () => cuts,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
