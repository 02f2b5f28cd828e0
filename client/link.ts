/**
 * A socket that is there again when it was lost: opens it, notices when the other side is silent for too long, and
 * tries again with growing pauses. What is said over it is the session's (`world-client.ts`).
 */
import { OPEN, type Socket, type SocketConstructor } from './socket.js';

export type LinkState =
  | { readonly type: 'connecting' }
  /** The server has let this player in. */
  | { readonly type: 'joined' }
  /** The socket is gone; the next try is that far away. */
  | { readonly type: 'lost'; readonly code: number; readonly retryInMs: number }
  /** It will not come back by itself. */
  | { readonly type: 'ended'; readonly code: number; readonly reason: string };

/** Milliseconds, each with a default that suits the internet; tests are less patient. */
export interface LinkTiming {
  /** The shortest pause before a reconnect, and the longest. */
  readonly firstPauseMs?: number;
  readonly longestPauseMs?: number;
  /** How often the other side is given something to answer. */
  readonly pingEveryMs?: number;
  /** So much silence is a dead connection, however open it looks. */
  readonly silenceLimitMs?: number;
}

export interface LinkOptions extends LinkTiming {
  readonly url: string;
  readonly protocols: string[];
  readonly WebSocket: SocketConstructor;
  /** [0, 1) */
  readonly random?: () => number;
}

export interface LinkListener {
  opened(): void;
  frame(data: string | ArrayBuffer): void;
  /** Time for a ping. */
  pulse(): void;
  changed(state: LinkState): void;
}

const DEFAULTS = { firstPauseMs: 250, longestPauseMs: 5000, pingEveryMs: 1000, silenceLimitMs: 10_000 };
/** After a polite close the other side has so long to answer it. */
const CLOSE_PATIENCE_MS = 1000;
/** What a browser reports where a socket died without a close. */
const DIED = 1006;

/** The session is over, somebody else took over, or this client did what it must not: trying again changes nothing. */
const FINAL_CODES: ReadonlySet<number> = new Set([1008, 1009, 4401, 4409]);

export class Link {
  readonly #options: LinkOptions & typeof DEFAULTS;
  #socket: Socket | null = null;
  #attempt = 0;
  #heardAtMs = 0;
  #pulse: ReturnType<typeof setInterval> | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(
    options: LinkOptions,
    private readonly listener: LinkListener,
  ) {
    this.#options = { ...DEFAULTS, ...defined(options) };
  }

  /** Connects, and stays connected until `close` or an end that is final. */
  open(): void {
    const { WebSocket, url, protocols, pingEveryMs } = this.#options;
    this.#forget();
    this.listener.changed({ type: 'connecting' });
    const socket = new WebSocket(url, protocols);
    let refusal = '';
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      this.#heard();
      this.listener.opened();
    };
    socket.onmessage = ({ data }: { readonly data: unknown }) => {
      this.#heard();
      if (typeof data === 'string' || data instanceof ArrayBuffer) this.listener.frame(data);
    };
    // What went wrong shows in the close that follows; only ws says with which status an upgrade was refused.
    socket.onerror = ({ message }: { readonly message?: string }) => {
      refusal = /Unexpected server response: (4\d\d)/.exec(message ?? '')?.[1] ?? '';
    };
    socket.onclose = ({ code, reason }: { readonly code: number; readonly reason: string }) =>
      this.#closed(code, reason, refusal);
    this.#socket = socket;
    this.#heard();
    this.#pulse = setInterval(() => this.#watch(), pingEveryMs);
  }

  /** Those who come next need not wait as long as those who failed. */
  succeeded(): void {
    this.#attempt = 0;
  }

  send(message: object): boolean {
    if (this.#socket?.readyState !== OPEN) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  /** Nothing good comes of this socket any more: gives it up, and connects again after a pause. */
  drop(): void {
    if (!this.#socket) return;
    this.#forget();
    this.#closed(DIED, '', '');
  }

  /** Ends it for good; resolves when the socket is gone, or was given up. */
  async close(): Promise<void> {
    clearTimeout(this.#retry);
    clearInterval(this.#pulse);
    const socket = this.#socket;
    if (!socket) return;
    let impatience: ReturnType<typeof setTimeout> | undefined;
    await new Promise<void>((resolve) => {
      socket.onclose = () => resolve();
      impatience = setTimeout(resolve, CLOSE_PATIENCE_MS);
      socket.close(1000);
    });
    clearTimeout(impatience);
    this.#forget();
  }

  #watch(): void {
    if (performance.now() - this.#heardAtMs > this.#options.silenceLimitMs) this.drop();
    else this.listener.pulse();
  }

  #closed(code: number, reason: string, refusedWith: string): void {
    this.#forget();
    if (refusedWith) this.listener.changed({ type: 'ended', code, reason: `refused with HTTP ${refusedWith}` });
    else if (FINAL_CODES.has(code)) this.listener.changed({ type: 'ended', code, reason });
    else this.#retryLater(code);
  }

  #retryLater(code: number): void {
    const { firstPauseMs, longestPauseMs, random } = this.#options;
    const retryInMs = reconnectPauseMs(this.#attempt++, { firstPauseMs, longestPauseMs }, random);
    this.#retry = setTimeout(() => this.open(), retryInMs);
    this.listener.changed({ type: 'lost', code, retryInMs });
  }

  /** A socket that was given up may still say something, which concerns nobody. A half-open one would take minutes to close. */
  #forget(): void {
    clearInterval(this.#pulse);
    clearTimeout(this.#retry);
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    // ws throws errors that nobody listens to.
    socket.onerror = () => {};
    if (socket.terminate) socket.terminate();
    else socket.close();
  }

  #heard(): void {
    this.#heardAtMs = performance.now();
  }
}

/**
 * How long to wait before try number `attempt` (from 0): twice as long each time, up to a bound, and the
 * last half by chance, so that the clients of a server that comes back do not all come at once.
 */
export function reconnectPauseMs(
  attempt: number,
  { firstPauseMs, longestPauseMs }: { readonly firstPauseMs: number; readonly longestPauseMs: number } = DEFAULTS,
  random: () => number = Math.random,
): number {
  const fullMs = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(attempt, 16));
  return fullMs / 2 + (fullMs / 2) * random();
}

/** Without the options that are there but undefined: they stand for the defaults too. */
function defined<Options extends object>(options: Options): Options {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Options; // the same, with less in it
}
