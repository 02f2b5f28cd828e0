/**
 * A peer that speaks bytes: for sending what no WebSocket or HTTP client would, and reading what comes back.
 * Frames and upgrade requests are made here too, as wrong as a test wants them.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

export class RawPeer {
  #bytes = Buffer.alloc(0);
  #ended = false;

  /** A peer at `url` that has sent `bytes`. */
  static async dial(url: string, bytes: string | Buffer = ''): Promise<RawPeer> {
    const { hostname, port } = new URL(url);
    const peer = new RawPeer(connect(Number(port), hostname));
    await once(peer.socket, 'connect');
    peer.socket.write(bytes);
    return peer;
  }

  /** A peer whose upgrade has been accepted, ready to send frames of its own making. */
  static async upgrade(url: string, headers: Record<string, string | null> = {}): Promise<RawPeer> {
    const peer = await RawPeer.dial(url, upgradeRequest(headers));
    await peer.until((text) => text.includes('\r\n\r\n'));
    return peer;
  }

  constructor(readonly socket: Socket) {
    socket.on('data', (chunk) => {
      this.#bytes = Buffer.concat([this.#bytes, chunk]);
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#ended = true;
    });
  }
  get text(): string {
    return this.#bytes.toString('latin1');
  }
  async until(condition: (text: string) => boolean): Promise<string> {
    await until(() => condition(this.text) || this.#ended);
    return this.text;
  }
  /** Resolves with all that came, when the other side has ended the connection. */
  async ended(): Promise<string> {
    await until(() => this.#ended);
    return this.text;
  }
  /** The code of the close frame that came after the upgrade; null: none yet. Server frames are short and unmasked. */
  closeCode(): number | null {
    let at = this.#bytes.indexOf('\r\n\r\n') + 4;
    while (at + 2 <= this.#bytes.length) {
      const opcode = this.#bytes.readUInt8(at) & 0x0f;
      const short = this.#bytes.readUInt8(at + 1);
      const header = short === 126 ? 4 : 2;
      const length = short === 126 ? this.#bytes.readUInt16BE(at + 2) : short;
      if (opcode === 8) return this.#bytes.readUInt16BE(at + header);
      at += header + length;
    }
    return null;
  }
  async untilClosed(): Promise<number | null> {
    await until(() => this.closeCode() !== null || this.#ended);
    return this.closeCode();
  }
}

export function upgradeRequest(lines: Record<string, string | null> = {}, start = 'GET /ws HTTP/1.1'): string {
  const headers: Record<string, string | null> = {
    Host: '127.0.0.1',
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    ...lines,
  };
  const kept = Object.entries(headers).filter(([, value]) => value !== null);
  return `${[start, ...kept.map(([name, value]) => `${name}: ${value}`)].join('\r\n')}\r\n\r\n`;
}

/** A client's frame, masked with zeros unless told otherwise. */
export function frame(firstByte: number, payload: Buffer | string = '', { masked = true } = {}): Buffer {
  const body = Buffer.from(payload);
  const mask = masked ? 0x80 : 0;
  const length = body.length < 126 ? [mask | body.length] : [mask | 126, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([firstByte, ...length]), masked ? Buffer.alloc(4) : Buffer.alloc(0), body]);
}

const PATIENCE_MS = 5000;

/** Waits for something that other code brings about. Gives up, so that a test that fails ends too. */
export async function until(condition: () => boolean): Promise<void> {
  const deadlineMs = performance.now() + PATIENCE_MS;
  while (!condition()) {
    if (performance.now() > deadlineMs) throw new Error(`waited in vain for ${condition}`);
    await pause(1);
  }
}
