/**
 * A socket that a test can read: every text that was sent, as the message it is, and how it was closed. It
 * takes all at once, until a test says how many bytes wait.
 */
import type { CloseCode, Wire } from '../../actors/ports.js';

/** A message of the server: the fields a test looks at, whatever its type. */
// biome-ignore lint/suspicious/noExplicitAny: a test looks into messages of many shapes, and asserts what it finds.
export type Sent = { readonly type: string } & Record<string, any>;

export class RecordingWire implements Wire {
  readonly encoding = 'json';
  readonly sent: Sent[] = [];
  closing: { readonly code: CloseCode; readonly reason: string } | null = null;
  /** What the client has not taken yet. */
  waitingBytes = 0;

  send(text: string): void {
    if (!this.closing) this.sent.push(JSON.parse(text));
  }

  together(write: () => void): void {
    write();
  }

  sendParts(head: string, body: Uint8Array): void {
    this.send(Buffer.concat([Buffer.from(head, 'latin1'), body]).toString());
  }

  bufferedBytes(): number {
    return this.waitingBytes;
  }

  close(code: CloseCode, reason: string): void {
    this.closing ??= { code, reason };
  }

  /** What was sent, in short: types, and the codes of errors. */
  get types(): string[] {
    return this.sent.map(({ type, code }) => (type === 'error' ? code : type));
  }

  /** The same, of what came since the last call. */
  heard(): string[] {
    const types = this.types.slice(this.#heard);
    this.#heard = this.sent.length;
    return types;
  }
  #heard = 0;

  get last(): Sent {
    const last = this.sent.at(-1);
    if (!last) throw new Error('nothing was sent');
    return last;
  }
}
