/** Frames that share a body arrive whole, whoever is slow. */
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { expect } from 'chai';
import { FramePress, LONGEST_PRESSED_BYTES, LONGEST_PRESSED_HEAD } from '../../../src/ws/frame-press.js';
import { frameStart } from '../../../src/ws/frames.js';

describe('a frame press', () => {
  let server: Server;
  const sockets: Socket[] = [];

  before(async () => {
    server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
  });
  after(() => server.close());

  it('puts a head of each socket’s own before a body that they share', async () => {
    const press = new FramePress();
    const lines = [await line(), await line(), await line()];
    const bodies = [0, 1, 120, 121, 8_000, LONGEST_PRESSED_BYTES].map((length) => Buffer.alloc(length, `${length}`));
    const heads = ['', '\u0001\u00ff', 'x'.repeat(LONGEST_PRESSED_HEAD)];

    for (const isBinary of [false, true]) {
      for (const body of bodies) {
        for (const [index, { out, expected }] of lines.entries()) {
          const head = heads[index] ?? '';
          press.write(out, isBinary, head, body);
          expected.push(frame(isBinary, head, body));
        }
      }
    }

    for (const { received, expected } of lines) await received(Buffer.concat(expected));
  });

  it('leaves its buffer to a socket that could not write at once', async () => {
    const press = new FramePress();
    const [slow, other] = [await line(), await line()];
    const [shared, another] = [Buffer.alloc(LONGEST_PRESSED_BYTES, 's'), Buffer.alloc(LONGEST_PRESSED_BYTES, 'a')];
    slow.peer.pause();
    let waiting = 0;

    for (let n = 0; waiting < 4; n++) {
      for (const [line, body] of [
        [slow, shared],
        [other, shared],
        [other, another],
      ] as const) {
        press.write(line.out, true, String(n), body);
        line.expected.push(frame(true, String(n), body));
      }
      if (slow.out.writableLength > 0) waiting += 1;
      while (other.out.writableLength > 0) await new Promise(setImmediate);
    }
    slow.peer.resume();

    await slow.received(Buffer.concat(slow.expected));
    await other.received(Buffer.concat(other.expected));
  });

  it('costs a socket that is not read little more memory than what waits in it', async () => {
    const press = new FramePress();
    const slow = await line();
    const body = Buffer.alloc(20, 'b');
    slow.peer.pause();
    const stuffing = Buffer.alloc(2 ** 20);
    while (slow.out.writableLength === 0) slow.out.write(stuffing);
    const write = slow.out.write.bind(slow.out);
    const kept = new Set<ArrayBufferLike>();
    slow.out.write = (chunk: Uint8Array) => {
      kept.add(chunk.buffer);
      return write(chunk);
    };

    for (let n = 0; n < 1_000; n++) press.write(slow.out, true, '', body);

    const bytes = [...kept].reduce((sum, { byteLength }) => sum + byteLength, 0);
    expect(bytes).to.be.below(3 * 1_000 * frame(true, '', body).length);
  });

  it('leaves it to one that is corked', async () => {
    const press = new FramePress();
    const [corked, other] = [await line(), await line()];
    const body = Buffer.from('body');

    corked.out.cork();
    press.write(corked.out, false, 'first', body);
    press.write(other.out, false, 'other', body);
    press.write(corked.out, false, 'second', body);
    corked.out.uncork();

    await corked.received(Buffer.concat([frame(false, 'first', body), frame(false, 'second', body)]));
    await other.received(frame(false, 'other', body));
  });

  async function line() {
    const peer = connect((server.address() as { port: number }).port, '127.0.0.1'); // it listens on TCP
    const [out] = (await once(server, 'connection')) as [Socket];
    sockets.push(peer, out);
    const chunks: Buffer[] = [];
    let bytes = 0;
    let heard = () => {};
    peer.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      heard();
    });
    const received = async (wanted: Buffer) => {
      while (bytes < wanted.length) await new Promise<void>((resolve) => (heard = resolve));
      expect(Buffer.concat(chunks).equals(wanted)).to.equal(true);
    };
    return { peer, out, expected: [] as Buffer[], received };
  }
});

function frame(isBinary: boolean, head: string, body: Buffer): Buffer {
  return Buffer.concat([frameStart(isBinary, head, body.length), body]);
}
