/**
 * A player at the public wire, for tests: REST by fetch, a WebSocket that remembers every message it
 * got, and waiting for the next one that a test is after.
 */
import { WebSocket } from 'ws';

const WAIT_LIMIT_MS = 8_000;
export const PASSWORD = 'correct horse battery';

/** A message of the server: the fields a test looks at, whatever its type. */
// biome-ignore lint/suspicious/noExplicitAny: a test looks into messages of many shapes, and asserts what it finds.
export type Message = { readonly type: string } & Record<string, any>;

export interface Account {
  readonly id: string;
  readonly username: string;
  readonly token: string;
}

/** A JSON request; answers the status and the parsed body, null where there is none. */
export async function call(
  url: string,
  method: string,
  path: string,
  options: { readonly token?: string; readonly body?: unknown } = {},
  // biome-ignore lint/suspicious/noExplicitAny: see above.
): Promise<{ readonly status: number; readonly body: any }> {
  const headers: Record<string, string> = {};
  if (options.token) headers.authorization = `Bearer ${options.token}`;
  if (options.body !== undefined) headers['content-type'] = 'application/json';
  const body = options.body === undefined ? undefined : JSON.stringify(options.body);
  const response = await fetch(`${url}${path}`, { method, headers, body });
  const text = await response.text();
  return { status: response.status, body: text ? JSON.parse(text) : null };
}

export async function register(url: string, username: string): Promise<Account> {
  const registered = await call(url, 'POST', '/api/auth/register', { body: { username, password: PASSWORD } });
  if (registered.status !== 201) throw new Error(`register answered ${registered.status}: ${JSON.stringify(registered.body)}`);
  return login(url, username);
}

export async function login(url: string, username: string): Promise<Account> {
  const { status, body } = await call(url, 'POST', '/api/auth/login', { body: { username, password: PASSWORD } });
  if (status !== 200) throw new Error(`login answered ${status}: ${JSON.stringify(body)}`);
  return { id: body.player.id, username, token: body.token };
}

export interface PlayerSocketOptions {
  readonly headers?: Record<string, string>;
  /** false: pings of the server are not answered. */
  readonly autoPong?: boolean;
}

/** A socket that has said hello, with the answer it got. */
export type JoinedSocket = PlayerSocket & { readonly joinAck: Message };

export class PlayerSocket {
  readonly messages: Message[] = [];
  /** Each message as it came, for tests that search every byte. */
  readonly texts: string[] = [];
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  readonly #waiting: (() => void)[] = [];
  #read = 0;

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data) => {
      const text = String(data);
      this.texts.push(text);
      this.messages.push(JSON.parse(text));
      for (const wake of this.#waiting.splice(0)) wake();
    });
    socket.on('error', () => {});
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => {
        resolve({ code, reason: String(reason) });
        for (const wake of this.#waiting.splice(0)) wake();
      });
    });
  }

  /** An open socket that has said nothing yet. */
  static async open(socketUrl: string, options: PlayerSocketOptions = {}): Promise<PlayerSocket> {
    const socket = new WebSocket(socketUrl, options);
    const player = new PlayerSocket(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', () => resolve());
      socket.once('error', reject);
    });
    return player;
  }

  /** Says hello and waits for the answer. */
  static async join(socketUrl: string, token: string, resume?: string): Promise<JoinedSocket> {
    const player = await PlayerSocket.open(socketUrl);
    player.send({ type: 'hello', token, resume });
    const joinAck = await player.next('join_ack');
    return Object.assign(player, { joinAck });
  }

  send(message: object): void {
    this.socket.send(JSON.stringify(message));
  }

  /** The next message, after those already returned, that is of this type (and passes the test). Others are passed over. */
  next(type: string, test: (message: Message) => boolean = () => true): Promise<Message> {
    return this.nextOf((message) => message.type === type && test(message), type);
  }

  /** As `next`, of any type; `what` is for the error when none comes. */
  async nextOf(test: (message: Message) => boolean, what: string): Promise<Message> {
    const deadline = Date.now() + WAIT_LIMIT_MS;
    for (;;) {
      while (this.#read < this.messages.length) {
        const message = this.messages[this.#read++];
        if (message && test(message)) return message;
      }
      if (this.socket.readyState === WebSocket.CLOSED) throw new Error(`closed while waiting for ${what}: ${this.tail()}`);
      await this.#arrival(deadline, what);
    }
  }

  /** All messages of a type so far, returned or not. */
  all(type: string): Message[] {
    return this.messages.filter((message) => message.type === type);
  }

  /** The last few messages, for an error that helps. */
  tail(): string {
    return this.texts
      .slice(-5)
      .map((text) => text.slice(0, 200))
      .join('\n');
  }

  close(): void {
    this.socket.close();
  }

  /** Ends the socket as a pulled cable would look to the server: no closing handshake. */
  terminate(): void {
    this.socket.terminate();
  }

  #arrival(deadline: number, type: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`no ${type} came; last:\n${this.tail()}`)),
        Math.max(1, deadline - Date.now()),
      );
      this.#waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}
