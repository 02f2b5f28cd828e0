/**
 * One player's socket: the upgrade request by hand, then frames. All sockets read into one buffer, which costs
 * nothing for each read; so whoever is handed bytes must be done with them when it returns.
 */
import { connect, type Socket } from 'node:net';
import { CLOSE, clientFrame, FrameReader, type FrameSink, type Message, PING, PONG } from './frames.js';

export interface ConnectionTarget {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly headers: readonly string[];
  /** null: none is asked for. */
  readonly subprotocol: string | null;
}

export interface ConnectionListener {
  opened(): void;
  /** Whether the next message is wanted whole; else its first 125 bytes will do. */
  readonly whole: boolean;
  /** A text or binary message of `size` bytes. Of `bytes`, those from `start` on are its beginning, or all of it. */
  message(bytes: Buffer, start: number, size: number): void;
  /** The socket is gone, or never was of use. Called once. */
  ended(why: string): void;
}

/** The server does not speak the subprotocol that was asked for. */
export const NOT_SELECTED = 'the server did not select the subprotocol';

const READ_BUFFER = Buffer.allocUnsafeSlow(256 * 1024);
const HEAD_END = Buffer.from('\r\n\r\n');
const LONGEST_HEAD_BYTES = 16 * 1024;

export class Connection implements FrameSink {
  readonly #target: ConnectionTarget;
  readonly #listener: ConnectionListener;
  readonly #socket: Socket;
  readonly #reader = new FrameReader(this);
  /** Not 0, and the same for all frames of this connection: what it is makes no difference to a server. */
  readonly #key = 1 + Math.floor(Math.random() * 0xfffffffe);
  /** Of the answer to the upgrade; null once it has come. */
  #head: Buffer | null = Buffer.alloc(0);
  #ended = false;

  constructor(target: ConnectionTarget, listener: ConnectionListener) {
    this.#target = target;
    this.#listener = listener;
    this.#socket = connect({
      host: target.host,
      port: target.port,
      noDelay: true,
      onread: { buffer: READ_BUFFER, callback: (size, bytes) => this.#read(bytes, size) },
    });
    this.#socket.on('connect', () => this.#socket.write(upgradeRequest(target)));
    this.#socket.on('error', (error) => this.#end(error.message));
    this.#socket.on('close', () => this.#end('the server closed the socket'));
  }

  get whole(): boolean {
    return this.#listener.whole;
  }

  send(message: Message): void {
    this.#socket.write(clientFrame(message, this.#key));
  }

  destroy(): void {
    this.#ended = true;
    this.#socket.destroy();
  }

  frame(opcode: number, bytes: Buffer, start: number, size: number): void {
    if (opcode === PING) this.#socket.write(clientFrame(bytes.subarray(start, start + size), this.#key, PONG));
    else if (opcode === CLOSE) this.#end(`closed with ${size >= 2 ? bytes.readUInt16BE(start) : 'no code'}`);
    else if (opcode !== PONG) this.#listener.message(bytes, start, size);
  }

  #read(bytes: Uint8Array, size: number): boolean {
    if (this.#ended) return true;
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, size);
    try {
      if (this.#head) this.#readHead(chunk);
      else this.#reader.push(chunk);
    } catch (error) {
      this.#end(error instanceof Error ? error.message : String(error));
    }
    return true;
  }

  #readHead(chunk: Buffer): void {
    const head = Buffer.concat([this.#head ?? chunk, chunk]);
    const end = head.indexOf(HEAD_END);
    this.#head = head;
    if (end < 0) {
      if (head.length > LONGEST_HEAD_BYTES) throw new Error('the answer to the upgrade has no end');
      return;
    }
    const problem = problemOf(head.toString('latin1', 0, end), this.#target.subprotocol);
    if (problem) throw new Error(problem);
    this.#head = null;
    this.#listener.opened();
    this.#reader.push(head.subarray(end + HEAD_END.length));
  }

  #end(why: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#socket.destroy();
    this.#listener.ended(why);
  }
}

function upgradeRequest({ host, port, path, headers, subprotocol }: ConnectionTarget): string {
  return [
    `GET ${path} HTTP/1.1`,
    `Host: ${host}:${port}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    // Nobody checks the answer to it, so it need not be new.
    'Sec-WebSocket-Key: Z3JpZHN0ZWFkIGJlbmNoIQ==',
    ...(subprotocol === null ? [] : [`Sec-WebSocket-Protocol: ${subprotocol}`]),
    ...headers,
    '',
    '',
  ].join('\r\n');
}

/** What is wrong with this answer to an upgrade request; null: nothing. */
function problemOf(head: string, subprotocol: string | null): string | null {
  const [status = '', ...lines] = head.split('\r\n');
  if (!/^HTTP\/1\.1 101\b/.test(status)) return `the upgrade was answered "${status}"`;
  const selected = lines.map((line) => /^sec-websocket-protocol:\s*(\S+)/i.exec(line)?.[1]).find((value) => value !== undefined);
  return subprotocol === null || selected === subprotocol ? null : NOT_SELECTED;
}
