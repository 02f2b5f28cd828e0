/**
 * One client's way out. How far it is behind with reading is judged with each text, and decides
 * whether views are made for it and whether it stays. Only snapshots are ever skipped.
 */
import type { Wire } from '../ports.js';

/** Beyond this, no further view is built until the client has caught up. */
export const LAGGING_BYTES = 256 * 1024;
/** Below this, it has caught up. */
export const CURRENT_BYTES = 64 * 1024;
/**
 * What may not be skipped would pile up without a bound: so much of it on top of what the client is
 * behind with, and it is closed. One view, however large, closes nobody: only time tells who is slow.
 */
export const UNSKIPPABLE_BYTES = 1024 * 1024;
/** A client that stays behind for longer is closed. */
export const LAG_LIMIT_MS = 10_000;

export class Outbox {
  #shut = false;
  #lagging = false;
  /** Goes out with the next view; null: nothing does. */
  #inNoHurry: string | null = null;
  #sentWhileLagging = 0;
  #viewBytes = 0;
  readonly #otherBytes = new Map<string, number>();

  constructor(
    private readonly wire: Pick<Wire, 'encoding' | 'send' | 'sendParts' | 'together' | 'bufferedBytes'>,
    private readonly judged: { fellBehind(): void; caughtUp(): void; tooSlow(): void },
  ) {}

  /** It fell behind, and has not caught up since. */
  get lagging(): boolean {
    return this.#lagging;
  }

  /** Bytes that the client has not taken yet. */
  get bufferedBytes(): number {
    return this.wire.bufferedBytes();
  }

  /** What was sent so far, by the messages' types; `tick` stands for all views. As characters, where it was text. */
  get sentBytes(): Readonly<Record<string, number>> {
    return { tick: this.#viewBytes, ...Object.fromEntries(this.#otherBytes) };
  }

  /** Nothing is sent any more, and nobody is told. */
  shut(): void {
    this.#shut = true;
  }

  get encoding(): Wire['encoding'] {
    return this.wire.encoding;
  }

  send(text: string): void {
    if (this.#shut) return;
    this.wire.send(text);
    const kind = kindOf(text);
    this.#otherBytes.set(kind, (this.#otherBytes.get(kind) ?? 0) + text.length);
    this.#judge(text.length);
  }

  sendParts(head: string, body: Uint8Array): void {
    if (this.#shut) return;
    const first = this.#inNoHurry;
    this.#inNoHurry = null;
    if (first === null) this.wire.sendParts(head, body);
    else
      this.wire.together(() => {
        this.wire.send(first);
        this.wire.sendParts(head, body);
      });
    this.#viewBytes += head.length + body.length;
    this.#judge(head.length + body.length);
  }

  /**
   * Where views come, it goes out in one write with the next one, and at the latest when the next such text comes: a write of
   * its own costs as much as a view does.
   */
  sendInNoHurry(text: string, viewsCome: boolean): void {
    const waiting = this.#inNoHurry;
    this.#inNoHurry = viewsCome ? text : null;
    if (!viewsCome) this.send(text);
    else if (waiting !== null) this.send(waiting);
  }

  #judge(sentBytes: number): void {
    if (this.#lagging) {
      this.#sentWhileLagging += sentBytes;
      if (this.#sentWhileLagging > UNSKIPPABLE_BYTES) this.judged.tooSlow();
    } else if (this.bufferedBytes > LAGGING_BYTES) {
      this.#lagging = true;
      this.#sentWhileLagging = 0;
      this.judged.fellBehind();
    }
  }

  /** The socket has written what was waiting. */
  drained(): void {
    if (this.#shut || !this.#lagging || this.bufferedBytes > CURRENT_BYTES) return;
    this.#lagging = false;
    this.judged.caughtUp();
  }
}

const TYPE_AT = '{"type":"'.length;

/** Every message begins with its type. */
function kindOf(text: string): string {
  return text.slice(TYPE_AT, text.indexOf('"', TYPE_AT));
}
