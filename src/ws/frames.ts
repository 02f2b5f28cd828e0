/**
 * WebSocket frames as a server sends them (RFC 6455, section 5.2): final, unmasked, uncompressed. Made by hand, so
 * that one frame can be written to many sockets as it is. Whether a socket may still be written to is its owner's to know.
 */

const FINAL_TEXT = 0x81;
const FINAL_BINARY = 0x82;

/** Payloads up to this length say so in their second byte; longer ones in two or eight bytes behind it. */
const LONGEST_SHORT = 125;
const IN_TWO_BYTES = 126;
const IN_EIGHT_BYTES = 127;
const LONGEST_IN_TWO_BYTES = 0xffff;
export const LONGEST_HEADER = 10;

/** What goes before a text of so many bytes. */
export function textFrameHeader(lengthBytes: number): Buffer {
  return header(FINAL_TEXT, lengthBytes);
}

/** A text with its header, in one piece: cheaper than two writes where the text is short. */
export function textFrame(text: string): Buffer {
  const lengthBytes = Buffer.byteLength(text);
  const from = headerBytes(lengthBytes);
  const frame = Buffer.allocUnsafe(from + lengthBytes);
  writeHeader(frame, 0, FINAL_TEXT, lengthBytes);
  frame.write(text, from);
  return frame;
}

/** The beginning of a message in two parts: the header for both, and the first, a character for each byte. */
export function frameStart(isBinary: boolean, head: string, bodyBytes: number): Buffer {
  const from = headerBytes(head.length + bodyBytes);
  const start = Buffer.allocUnsafe(from + head.length);
  writeFrameStart(start, start.length, isBinary, head, bodyBytes);
  return start;
}

/** The same, written into `bytes` so that it ends before `end`; answers where it begins. There must be room for it. */
export function writeFrameStart(bytes: Buffer, end: number, isBinary: boolean, head: string, bodyBytes: number): number {
  const lengthBytes = head.length + bodyBytes;
  const headAt = end - head.length;
  const from = headAt - headerBytes(lengthBytes);
  writeHeader(bytes, from, isBinary ? FINAL_BINARY : FINAL_TEXT, lengthBytes);
  bytes.write(head, headAt, 'latin1');
  return from;
}

function header(first: number, lengthBytes: number): Buffer {
  const bytes = Buffer.allocUnsafe(headerBytes(lengthBytes));
  writeHeader(bytes, 0, first, lengthBytes);
  return bytes;
}

function headerBytes(lengthBytes: number): number {
  if (lengthBytes <= LONGEST_SHORT) return 2;
  return lengthBytes <= LONGEST_IN_TWO_BYTES ? 4 : LONGEST_HEADER;
}

function writeHeader(into: Buffer, at: number, first: number, lengthBytes: number): void {
  into[at] = first;
  if (lengthBytes <= LONGEST_SHORT) into[at + 1] = lengthBytes;
  else if (lengthBytes <= LONGEST_IN_TWO_BYTES) {
    into[at + 1] = IN_TWO_BYTES;
    into.writeUInt16BE(lengthBytes, at + 2);
  } else {
    into[at + 1] = IN_EIGHT_BYTES;
    into.writeUInt16BE(0, at + 2);
    into.writeUIntBE(lengthBytes, at + 4, 6);
  }
}
