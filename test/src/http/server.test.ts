import type { Server } from 'node:http';
import net from 'node:net';
import { expect } from 'chai';
import { createHttpServer, HTTP_LIMITS } from '../../../src/http/server.js';
import { close, type Edge, listen, startEdge } from './edge.js';

/** Writes these bytes to a fresh socket; answers all that came until the server ended it. */
async function exchange(port: number, bytes: string): Promise<string> {
  const socket = net.connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  const ended = new Promise<void>((resolve) => {
    socket.on('data', (chunk) => chunks.push(chunk));
    // A reset after the answer is an end as well.
    socket.on('error', () => resolve());
    socket.on('close', () => resolve());
  });
  socket.write(bytes);
  await ended;
  socket.destroy();
  return Buffer.concat(chunks).toString('utf8');
}

function expectRefusal(answer: string, name: string): void {
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  expect(head, name)
    .to.match(/^HTTP\/1\.1 400 /)
    .and.match(/content-type: application\/json/i);
  expect(JSON.parse(body), name).to.have.nested.property('error.code', 'bad_request');
  expect(answer, name).to.not.match(/express|node|HPE_|\.ts|stack/i);
}

describe('the HTTP server', () => {
  let edge: Edge;
  beforeEach(async () => {
    edge = await startEdge();
  });
  afterEach(() => edge.close());

  it('answers bytes that are no HTTP in its error shape, ends that connection, and lives on (FAULTS 63)', async () => {
    for (const [name, bytes] of [
      ['noise', '\x00\x01\x02\r\n\r\n'],
      ['a bad version', 'GET / HTTP/9.9\r\nHost: x\r\n\r\n'],
      [
        'two lengths',
        'POST /api/auth/login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n',
      ],
      ['a negative length', 'POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n'],
      ['a bad header', 'GET / HTTP/1.1\r\nHost: x\r\nbad header: y\r\n\r\n'],
      ['100 kB of headers', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(100_000)}\r\n\r\n`],
    ] as const) {
      expectRefusal(await exchange(edge.port, bytes), name);
    }
    expect((await edge.call('GET', '/healthz')).status).to.equal(200);
  });

  it('answers requests that node would refuse by itself in its error shape too', async () => {
    const noHost = await exchange(edge.port, 'GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n');
    const trace = await exchange(edge.port, 'TRACE / HTTP/1.1\r\nHost: x\r\nX-Secret: canary\r\nConnection: close\r\n\r\n');
    const expects = await exchange(edge.port, 'GET /healthz HTTP/1.1\r\nHost: x\r\nExpect: wonders\r\nConnection: close\r\n\r\n');

    expectRefusal(noHost, 'no host');
    expect(trace)
      .to.match(/^HTTP\/1\.1 404 /)
      .and.contain('"not_found"')
      .and.not.contain('canary');
    expect(expects).to.match(/^HTTP\/1\.1 200 /);
  });

  it('gives a chunk too broken to read one answer, not two', async () => {
    const head =
      'POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n';

    const answer = await exchange(edge.port, `${head}zz\r\n`);

    expect(answer.match(/HTTP\/1\.1/g)).to.have.length(1);
    expect(answer).to.match(/^HTTP\/1\.1 400 /);
  });

  it('allows ten seconds for headers and fifteen for a request', () => {
    const server = createHttpServer(() => {});

    expect(server.headersTimeout).to.equal(10_000);
    expect(server.requestTimeout).to.equal(15_000);
    expect(server.keepAliveTimeout).to.equal(HTTP_LIMITS.keepAliveTimeout);
  });
});

describe('slow clients (FAULTS 64)', () => {
  let server: Server;
  afterEach(() => close(server));

  it('are answered 400 and put out, in their headers and in their bodies', async () => {
    const limits = { ...HTTP_LIMITS, headersTimeout: 40, requestTimeout: 60, connectionsCheckingInterval: 20 };
    server = createHttpServer((request) => request.resume(), limits);
    const port = await listen(server);

    const headers = await exchange(port, 'GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ');
    const body = await exchange(port, 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n{');

    expectRefusal(headers, 'headers');
    expectRefusal(body, 'body');
  });

  it('get no second answer into the middle of the first', async () => {
    const limits = { ...HTTP_LIMITS, headersTimeout: 40, requestTimeout: 60, connectionsCheckingInterval: 20 };
    server = createHttpServer((_request, response) => response.write('half an answer'), limits);
    const port = await listen(server);

    const answer = await exchange(port, 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\n{');

    expect(answer.match(/HTTP\/1\.1/g)).to.have.length(1);
    expect(answer).to.contain('half an answer');
  });
});
