/** Frames made by hand are those that ws would make. */
import { expect } from 'chai';
import * as library from 'ws';
import { frameStart, textFrame, textFrameHeader } from '../../../src/ws/frames.js';

/** On both sides of each place where a header changes its form. */
const LENGTHS = [0, 1, 125, 126, 127, 65_535, 65_536, 200_000];

describe('frames', () => {
  it('have the headers that ws gives them', () => {
    for (const length of LENGTHS) {
      const payload = Buffer.alloc(length, 'x');

      expect(textFrameHeader(length), `${length}`).to.deep.equal(headerByWs(payload, 1));
      expect(frameStart(false, '', length), `${length}`).to.deep.equal(headerByWs(payload, 1));
      expect(frameStart(true, '', length), `${length}`).to.deep.equal(headerByWs(payload, 2));
    }
    expect(textFrameHeader(2 ** 40 + 7)).to.deep.equal(Buffer.from([0x81, 127, 0, 0, 1, 0, 0, 0, 0, 7]));
  });

  it('count both parts of a message in two parts', () => {
    for (const length of LENGTHS) {
      const [head, body] = ['\0hea\xff', Buffer.alloc(length, 'y')];

      const frame = Buffer.concat([frameStart(true, head, body.length), body]);

      expect(frame.equals(framedByWs(Buffer.concat([Buffer.from(head, 'latin1'), body]), 2)), `${length}`).to.equal(true);
    }
  });

  it('count bytes of text, not characters', () => {
    for (const text of ['', 'abc', 'é'.repeat(63), '🜁'.repeat(40_000)]) {
      expect(textFrame(text).equals(framedByWs(Buffer.from(text), 1))).to.equal(true);
    }
  });
});

function headerByWs(payload: Buffer, opcode: number): Buffer {
  const frame = framedByWs(payload, opcode);
  return frame.subarray(0, frame.length - payload.length);
}

function framedByWs(payload: Buffer, opcode: number): Buffer {
  // It is exported and documented in the source; the type declarations have not heard of it.
  const { Sender } = library as unknown as { Sender: { frame(data: Buffer, options: object): Buffer[] } };
  return Buffer.concat(Sender.frame(payload, { fin: true, opcode, mask: false, readOnly: true, rsv1: false }));
}
