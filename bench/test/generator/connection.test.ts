import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { type WebSocket, WebSocketServer } from 'ws';
import { Connection, type ConnectionListener, NOT_SELECTED } from '../../src/generator/connection.js';

/** Keeps what comes, and lets a test wait for a number of things. */
class RecordingListener implements ConnectionListener {
  readonly whole = true;
  readonly heard: string[] = [];
  #wake = () => {};

  opened(): void {
    this.#note('opened');
  }

  message(bytes: Buffer, start: number, size: number): void {
    this.#note(bytes.toString('utf8', start, start + size));
  }

  ended(why: string): void {
    this.#note(`ended: ${why}`);
  }

  async hears(count: number): Promise<string[]> {
    while (this.heard.length < count) await new Promise<void>((resolve) => (this.#wake = resolve));
    return this.heard;
  }

  #note(what: string): void {
    this.heard.push(what);
    this.#wake();
  }
}

describe('connection', () => {
  let server: WebSocketServer;
  let listener: RecordingListener;
  let connection: Connection;

  beforeEach(async () => {
    server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    await once(server, 'listening');
    listener = new RecordingListener();
  });
  afterEach(async () => {
    connection.destroy();
    for (const client of server.clients) client.terminate();
    await new Promise((resolve) => server.close(resolve));
  });

  function open(subprotocol: string | null = null): void {
    const { port } = server.address() as AddressInfo; // it listens on a port, so it is one
    connection = new Connection({ host: '127.0.0.1', port, path: '/', headers: [], subprotocol }, listener);
  }

  it('speaks with a real server: text, bytes and large messages', async () => {
    server.on('connection', (ws: WebSocket) => {
      ws.on('message', (message, isBinary) => ws.send(message, { binary: isBinary }));
    });

    open();
    await listener.hears(1);
    connection.send('hello');
    connection.send(Buffer.from('bytes'));
    connection.send('x'.repeat(40_000));

    expect(await listener.hears(4)).to.deep.equal(['opened', 'hello', 'bytes', 'x'.repeat(40_000)]);
  });

  it('hears what the server says in the very packet of its answer', async () => {
    server.on('connection', (ws: WebSocket) => ws.send('at once'));

    open();

    expect(await listener.hears(2)).to.deep.equal(['opened', 'at once']);
  });

  it('answers pings with their payload', async () => {
    const answered = new Promise<string>((resolve) => {
      server.on('connection', (ws: WebSocket) => {
        ws.on('pong', (payload) => resolve(payload.toString()));
        ws.ping('17');
      });
    });

    open();

    expect(await answered).to.equal('17');
  });

  it('ends where the server does not speak the subprotocol', async () => {
    server.options.handleProtocols = () => false;

    open('gridstead.v1.bin');

    expect(await listener.hears(1)).to.deep.equal([`ended: ${NOT_SELECTED}`]);
  });

  it('opens where the server selects the subprotocol', async () => {
    server.options.handleProtocols = () => 'gridstead.v1.bin';

    open('gridstead.v1.bin');

    expect(await listener.hears(1)).to.deep.equal(['opened']);
  });

  it('says with which code the server closed', async () => {
    server.on('connection', (ws: WebSocket) => ws.close(1013));

    open();

    expect(await listener.hears(2)).to.deep.equal(['opened', 'ended: closed with 1013']);
  });

  it('says how the upgrade was refused', async () => {
    server.options.verifyClient = (_, answer: (allowed: boolean, status: number) => void) => answer(false, 503);

    open();

    expect(await listener.hears(1)).to.deep.equal(['ended: the upgrade was answered "HTTP/1.1 503 Service Unavailable"']);
  });
});
