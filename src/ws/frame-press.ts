/**
 * Frames whose bodies go to many sockets and whose beginnings are each socket's own: the body is copied once, each beginning
 * is put right before it, and a frame is one piece of one buffer, in one write. A socket that could not write its frame at
 * once keeps the buffer, and the others go on with another; what comes behind that frame is put into bytes of its own, so that a
 * socket that is not read keeps one such buffer and not one for each frame.
 */
import type { Duplex } from 'node:stream';
import { frameStart, LONGEST_HEADER, writeFrameStart } from './frames.js';

/** Longer ones would cost more to copy, where nobody shares them, than a second piece costs. */
export const LONGEST_PRESSED_BYTES = 2 ** 14;
export const LONGEST_PRESSED_HEAD = 64;

const BODY_AT = LONGEST_HEADER + LONGEST_PRESSED_HEAD;

export class FramePress {
  #bytes = newBuffer();
  /** Whose bytes are in the buffer; null: nobody's. */
  #body: Uint8Array | null = null;
  /** The only one that can still need what is in the buffer. */
  #writtenTo: Duplex | null = null;

  /**
   * Writes `head`, a character for each byte, and `body`. `socket`: one that needs nothing any more of what it was given when
   * nothing waits in it, as those of the system are. The same body again, as an object, must have the same bytes.
   */
  write(socket: Duplex, isBinary: boolean, head: string, body: Uint8Array): void {
    if (socket.writableLength > 0) socket.write(Buffer.concat([frameStart(isBinary, head, body.length), body]));
    else this.#press(socket, isBinary, head, body);
  }

  #press(socket: Duplex, isBinary: boolean, head: string, body: Uint8Array): void {
    if (this.#writtenTo !== null && this.#writtenTo.writableLength > 0) this.#renew();
    if (body !== this.#body) this.#copy(body);
    const from = writeFrameStart(this.#bytes, BODY_AT, isBinary, head, body.length);
    this.#writtenTo = socket;
    socket.write(this.#bytes.subarray(from, BODY_AT + body.length));
  }

  #copy(body: Uint8Array): void {
    this.#bytes.set(body, BODY_AT);
    this.#body = body;
  }

  #renew(): void {
    this.#bytes = newBuffer();
    this.#body = null;
  }
}

function newBuffer(): Buffer {
  return Buffer.allocUnsafeSlow(BODY_AT + LONGEST_PRESSED_BYTES);
}
