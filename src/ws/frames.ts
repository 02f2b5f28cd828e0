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

/** What goes before a text of so many bytes. */
export function textFrameHeader(lengthBytes: number): Buffer {
  return header(FINAL_TEXT, lengthBytes);
}

/** A text with its header, in one piece: cheaper than two writes where the text is short. */
export function textFrame(text: string): Buffer {
  const lengthBytes = Buffer.byteLength(text);
  const from = headerBytes(lengthBytes);
  const frame = Buffer.allocUnsafe(from + lengthBytes);
  writeHeader(frame, FINAL_TEXT, lengthBytes);
  frame.write(text, from);
  return frame;
}

/** The beginning of a message in two parts: the header for both, and the first, a character for each byte. */
export function frameStart(isBinary: boolean, head: string, bodyBytes: number): Buffer {
  return startWithRoom(isBinary, head, bodyBytes, 0);
}

/** A message in two parts, in one piece. */
export function wholeFrame(isBinary: boolean, head: string, body: Uint8Array): Buffer {
  const frame = startWithRoom(isBinary, head, body.length, body.length);
  frame.set(body, frame.length - body.length);
  return frame;
}

function startWithRoom(isBinary: boolean, head: string, bodyBytes: number, roomBytes: number): Buffer {
  const lengthBytes = head.length + bodyBytes;
  const from = headerBytes(lengthBytes);
  const start = Buffer.allocUnsafe(from + head.length + roomBytes);
  writeHeader(start, isBinary ? FINAL_BINARY : FINAL_TEXT, lengthBytes);
  start.write(head, from, 'latin1');
  return start;
}

function header(first: number, lengthBytes: number): Buffer {
  const bytes = Buffer.allocUnsafe(headerBytes(lengthBytes));
  writeHeader(bytes, first, lengthBytes);
  return bytes;
}

function headerBytes(lengthBytes: number): number {
  if (lengthBytes <= LONGEST_SHORT) return 2;
  return lengthBytes <= LONGEST_IN_TWO_BYTES ? 4 : 10;
}

function writeHeader(into: Buffer, first: number, lengthBytes: number): void {
  into[0] = first;
  if (lengthBytes <= LONGEST_SHORT) into[1] = lengthBytes;
  else if (lengthBytes <= LONGEST_IN_TWO_BYTES) {
    into[1] = IN_TWO_BYTES;
    into.writeUInt16BE(lengthBytes, 2);
  } else {
    into[1] = IN_EIGHT_BYTES;
    into.writeUInt16BE(0, 2);
    into.writeUIntBE(lengthBytes, 4, 6);
  }
}
