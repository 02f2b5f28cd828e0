/**
 * A client of a `TestWorld`: speaks the protocol through a wire that is no socket, and remembers all it was
 * sent. What a client may know it knows from messages alone; tests look behind them through the world.
 */
import type { ClientMessage, ConnectionHost, ConnectionInput } from '../../actors/control.js';
import type { ZoneId } from '../../actors/ids.js';
import type { CloseCode, Wire } from '../../actors/ports.js';
import type { JsonObject } from '../../games/contract.js';

/** A message as it came: tests read the fields that they expect. */
export interface Received {
  readonly type: string;
  readonly tick_number?: number;
  readonly zone_id?: string;
  readonly seq?: number;
  readonly ack?: number;
  readonly code?: string;
  readonly duplicate?: boolean;
  readonly last_seq?: number;
  readonly dropped?: readonly number[];
  readonly resume_token?: string;
  readonly state?: {
    readonly entities: readonly SeenEntity[];
    readonly events: readonly JsonObject[];
    readonly [key: string]: unknown;
  };
  readonly from?: { readonly zone_id: string };
  readonly to?: { readonly zone_id: string; readonly x: number; readonly y: number };
  readonly [field: string]: unknown;
}

export interface SeenEntity {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly metadata: JsonObject;
}

/** What a client needs of the world it is in. */
export interface ClientDeps {
  readonly host: ConnectionHost;
  readonly token: string;
  settle(): Promise<void>;
  /** Sees each message at the very moment it is sent. */
  heard?(message: Received): void;
}

export class TestClient {
  readonly messages: Received[] = [];
  closedWith: CloseCode | null = null;
  /** What the wire says that the client has not taken yet. */
  bufferedBytes = 0;
  resumeToken: string | null = null;
  /** The server has answered its hello: only now has it a number to count from. */
  joined = false;
  #input: ConnectionInput | null = null;

  constructor(
    private deps: ClientDeps,
    readonly name: string,
  ) {}

  /** It has a socket. */
  get connected(): boolean {
    return this.#input !== null;
  }

  /** The world it talks to from now on: after a crash there is another one. */
  moveTo(deps: ClientDeps): void {
    this.#input = null;
    this.deps = deps;
  }

  /** Opens a socket and says hello. Whoever starts anew has nothing to resume with until it is told. */
  async connect(resume: string | null = null): Promise<this> {
    if (resume === null) this.resumeToken = null;
    this.closedWith = null;
    this.joined = false;
    const input: ConnectionInput = this.deps.host.accept(
      this.#wire(() => input),
      { identity: null, badToken: false },
    );
    this.#input = input;
    await this.say({ type: 'hello', token: this.deps.token, resume });
    return this;
  }

  resume(): Promise<this> {
    return this.connect(this.resumeToken);
  }

  /** The socket goes, without a word. */
  async drop(): Promise<void> {
    const input = this.#input;
    this.#input = null;
    input?.closed();
    await this.deps.settle();
  }

  async subscribe(zone: ZoneId, acks: 'each' | 'tick' = 'each'): Promise<void> {
    await this.say({ type: 'subscribe', zoneId: zone, sync: 'snapshot', acks });
  }

  async unsubscribe(): Promise<void> {
    await this.say({ type: 'unsubscribe' });
  }

  async intent(data: JsonObject, seq: number | null = null): Promise<void> {
    await this.say({ type: 'intent', data, seq });
  }

  /** Says it, and lets the world come to rest. */
  async say(message: ClientMessage): Promise<void> {
    this.#input?.message(message);
    await this.deps.settle();
  }

  // ─── what it was sent ───

  all(type: string): readonly Received[] {
    return this.messages.filter((message) => message.type === type);
  }

  last(type: string): Received | undefined {
    return this.all(type).at(-1);
  }

  /** Codes of the errors it was told, in order. */
  errors(): readonly string[] {
    return this.all('error').map(({ code }) => String(code));
  }

  /** Numbers of the ticks it was shown. */
  ticks(): readonly number[] {
    return this.all('tick').map(({ tick_number }) => Number(tick_number));
  }

  /** Forgets what it was sent so far. */
  clear(): void {
    this.messages.length = 0;
  }

  #wire(input: () => ConnectionInput): Wire {
    const send = (text: string) => {
      if (this.#input !== input()) return;
      const message: Received = JSON.parse(text);
      this.messages.push(message);
      if (message.resume_token) this.resumeToken = message.resume_token;
      if (message.type === 'join_ack') this.joined = true;
      this.deps.heard?.(message);
    };
    return {
      encoding: 'json',
      send,
      sendParts: (head, body) => send(Buffer.concat([Buffer.from(head, 'latin1'), body]).toString()),
      together: (write) => write(),
      bufferedBytes: () => this.bufferedBytes,
      close: (code) => {
        if (this.#input === input()) {
          this.closedWith = code;
          this.#input = null;
        }
        queueMicrotask(() => input().closed());
      },
    };
  }
}
