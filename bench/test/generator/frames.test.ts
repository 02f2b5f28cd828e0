import { expect } from 'chai';
import { BINARY, clientFrame, FrameReader, type FrameSink, PING, TEXT } from '../../src/generator/frames.js';

class RecordingSink implements FrameSink {
  readonly frames: { opcode: number; payload: string; size: number }[] = [];
  constructor(readonly whole: boolean) {}

  frame(opcode: number, bytes: Buffer, start: number, size: number): void {
    this.frames.push({ opcode, payload: bytes.toString('latin1', start, Math.min(start + size, bytes.length)), size });
  }
}

/** A frame as a server sends it: not masked. */
function serverFrame(opcode: number, payload: string): Buffer {
  const { length } = payload;
  const size =
    length < 126
      ? [length]
      : length <= 0xffff
        ? [126, length >> 8, length & 255]
        : [127, 0, 0, 0, 0, 0, length >> 16, (length >> 8) & 255, length & 255];
  return Buffer.concat([Buffer.from([0x80 | opcode, ...size]), Buffer.from(payload, 'latin1')]);
}

function unmask(frame: Buffer): string {
  const start = (frame[1] ?? 0) === 0xfe ? 8 : 6;
  return Buffer.from(frame.subarray(start).map((byte, i) => byte ^ (frame[start - 4 + (i & 3)] ?? 0))).toString();
}

describe('client frames', () => {
  it('are final, masked, and say what they hold', () => {
    const frame = clientFrame('{"type":"ping"}', 0x12345678);

    expect([...frame.subarray(0, 6)]).to.deep.equal([0x80 | TEXT, 0x80 | 15, 0x12, 0x34, 0x56, 0x78]);
    expect(unmask(frame)).to.equal('{"type":"ping"}');
    expect(frame.toString()).not.to.include('ping');
  });

  it('carry bytes as binary, and lengths beyond 125 in two bytes', () => {
    const frame = clientFrame(Buffer.from('x'.repeat(300)), 0xffffffff);

    expect(frame[0]).to.equal(0x80 | BINARY);
    expect(frame.readUInt16BE(2)).to.equal(300);
    expect(unmask(frame)).to.equal('x'.repeat(300));
  });
});

describe('frame reader', () => {
  const sent = ['', 'short', 'm'.repeat(125), 'n'.repeat(126), 'o'.repeat(9000), 'p'.repeat(70_000), 'end'];
  const stream = Buffer.concat(sent.map((payload) => serverFrame(TEXT, payload)));

  for (const step of [1, 2, 3, 7, 130, 4096, 65_536, stream.length]) {
    it(`finds every frame whole when it is read ${step} bytes at a time`, () => {
      const sink = new RecordingSink(true);
      const reader = new FrameReader(sink);

      for (let at = 0; at < stream.length; at += step) reader.push(Buffer.from(stream.subarray(at, at + step)));

      expect(sink.frames.map(({ payload }) => payload)).to.deep.equal(sent);
    });

    it(`finds every frame's beginning and size when it is read ${step} bytes at a time into one buffer`, () => {
      const sink = new RecordingSink(false);
      const reader = new FrameReader(sink);
      const shared = Buffer.alloc(step);

      for (let at = 0; at < stream.length; at += step) {
        const size = stream.copy(shared, 0, at, at + step);
        reader.push(shared.subarray(0, size));
        shared.fill(0);
      }

      expect(sink.frames.map(({ size }) => size)).to.deep.equal(sent.map(({ length }) => length));
      expect(sink.frames.map(({ payload }) => payload.slice(0, 125))).to.deep.equal(sent.map((payload) => payload.slice(0, 125)));
    });
  }

  it('says which kind of frame it is', () => {
    const sink = new RecordingSink(true);

    new FrameReader(sink).push(Buffer.concat([serverFrame(PING, '1'), serverFrame(BINARY, 'b')]));

    expect(sink.frames.map(({ opcode }) => opcode)).to.deep.equal([PING, BINARY]);
  });

  it('throws for a fragment, because what it would count as is unclear', () => {
    const reader = new FrameReader(new RecordingSink(true));

    expect(() => reader.push(Buffer.from([TEXT, 1, 65]))).to.throw('fragmented');
  });
});
