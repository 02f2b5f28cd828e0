/**
 * The console's own line to the server: says who looks and at what, hands on what comes, and begins again by itself
 * when it ends, until the session is over.
 */
import type { LookMessage, Told } from './wire.js';

export interface ChannelDeps {
  readonly token: string;
  look(): LookMessage;
  told(message: Told): void;
  /** The line is there, or is not. */
  changed(isOpen: boolean): void;
  /** The session has ended, or has not the role: it is of no use to begin again. */
  over(why: string): void;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 8_000;
const SESSION_OVER = 4401;

export class Channel {
  #socket: WebSocket | null = null;
  #pauseMs = FIRST_PAUSE_MS;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;

  constructor(private readonly deps: ChannelDeps) {
    this.#open();
  }

  /** What is looked at has changed. */
  look(): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(this.deps.look()));
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#socket?.close();
  }

  #open(): void {
    const { deps } = this;
    const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/console/ws`);
    this.#socket = socket;
    socket.addEventListener('open', () => {
      socket.send(JSON.stringify({ type: 'hello', token: deps.token }));
      this.look();
      deps.changed(true);
    });
    socket.addEventListener('message', ({ data }) => {
      this.#pauseMs = FIRST_PAUSE_MS;
      deps.told(JSON.parse(String(data)) as Told); // what this very server sends here
    });
    socket.addEventListener('close', ({ code, reason }) => {
      if (this.#closed) return;
      deps.changed(false);
      if (code === SESSION_OVER) deps.over(reason);
      else this.#again();
    });
  }

  #again(): void {
    this.#timer = setTimeout(() => this.#open(), this.#pauseMs * (0.5 + Math.random() / 2));
    this.#pauseMs = Math.min(LONGEST_PAUSE_MS, this.#pauseMs * 2);
  }
}
