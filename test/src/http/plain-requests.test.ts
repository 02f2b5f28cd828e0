import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { asksForWebSocket, PlainRequests } from '../../../src/http/plain-requests.js';
import { RawPeer } from '../../support/raw-peer.js';

const WISH = 'Host: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n';

describe('a request that asks for another protocol', () => {
  let server: Server;
  let url: string;
  /** The answers, in the order in which the server is allowed to give them. */
  let hold: Promise<void> = Promise.resolve();

  before(async () => {
    server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      if (request.url === '/held') await hold;
      response.end(JSON.stringify({ url: request.url, headers: request.headers, body: Buffer.concat(chunks).toString() }));
    });
    const plain = new PlainRequests(server);
    server.on('upgrade', (request, socket, head) => plain.answer(request, socket, head));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    // A TCP server that listens has an address with a port.
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  async function answersTo(bytes: string, count: number): Promise<{ url: string; headers: object; body: string }[]> {
    const peer = await RawPeer.dial(url, Buffer.from(bytes, 'latin1'));
    const bodies = () => Array.from(textOf(peer).matchAll(/^\{.*?\}(?=HTTP|\r|$)/gms), ([body]) => JSON.parse(body));
    await peer.until(() => bodies().length >= count);
    const answers = bodies();
    peer.socket.destroy();
    return answers;
  }

  it('is answered like any other, body and all, and nobody sees the wish', async () => {
    const [answer] = await answersTo(`POST /here HTTP/1.1\r\n${WISH}X-Umlaut: \xe4\r\nContent-Length: 5\r\n\r\nhello`, 1);

    expect(answer).to.deep.include({ url: '/here', body: 'hello' });
    expect(answer?.headers).to.deep.equal({ host: 'x', 'x-umlaut': '\xe4', 'content-length': '5' });
  });

  it('does not keep the next one on the same connection from being answered', async () => {
    const answers = await answersTo(`GET /one HTTP/1.1\r\n${WISH}\r\nGET /two HTTP/1.1\r\n${WISH}\r\n`, 2);

    expect(answers.map((answer) => answer.url)).to.deep.equal(['/one', '/two']);
  });

  it('waits for its turn behind one that is being answered', async () => {
    let release = () => {};
    hold = new Promise((resolve) => {
      release = resolve;
    });
    const both = answersTo(`GET /held HTTP/1.1\r\nHost: x\r\n\r\nGET /after HTTP/1.1\r\n${WISH}\r\n`, 2);
    await once(server, 'upgrade');
    release();

    expect((await both).map((answer) => answer.url)).to.deep.equal(['/held', '/after']);
  });

  it('is one whose list of wishes has no WebSocket in it', () => {
    const asks = (upgrade: string) => asksForWebSocket({ headers: { upgrade } });

    expect(['websocket', 'WebSocket', 'h2c, websocket'].map(asks)).to.deep.equal([true, true, true]);
    expect(['h2c', 'TLS/1.0', '', 'websocket2'].map(asks)).to.deep.equal([false, false, false, false]);
  });
});

function textOf(peer: RawPeer): string {
  return Buffer.from(peer.text, 'latin1').toString('utf8');
}
