/**
 * A socket without a network: what a peer sends is put in by the test, chunk by chunk, and what is written to it is
 * kept. Upgraded to a WebSocket by a request that was never sent.
 */
import type { IncomingMessage } from 'node:http';
import { Duplex } from 'node:stream';

export class MemorySocket extends Duplex {
  #onWritten: (bytes: Buffer) => void = () => {};

  onWritten(call: (bytes: Buffer) => void): this {
    this.#onWritten = call;
    return this;
  }

  /** The peer has sent this. A copy goes in: who reads may write to it. Nothing arrives at a socket that is closed. */
  arrive(bytes: Uint8Array): void {
    if (!this.destroyed) this.push(Buffer.from(bytes));
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#onWritten(chunk);
    done();
  }
}

/** What `handleUpgrade` reads of a request. */
export const UPGRADE_REQUEST = {
  method: 'GET',
  url: '/ws',
  headers: { upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==' },
} as unknown as IncomingMessage; // ws looks at nothing else

/** A client's frame with a mask of its own. */
export function maskedFrame(
  first: number,
  payload: Uint8Array | string,
  mask: Uint8Array = Buffer.from([0x37, 0xfa, 0x21, 0x3d]),
): Buffer {
  const body = Buffer.from(payload).map((byte, at) => byte ^ (mask[at % 4] ?? 0));
  return Buffer.concat([maskedHeader(first, body.length), mask, body]);
}

function maskedHeader(first: number, length: number): Buffer {
  if (length < 126) return Buffer.from([first, 0x80 | length]);
  if (length < 65_536) return Buffer.from([first, 0xfe, length >> 8, length & 0xff]);
  const header = Buffer.alloc(10);
  header.writeUInt16BE((first << 8) | 0xff);
  header.writeBigUInt64BE(BigInt(length), 2);
  return header;
}
