/**
 * A player's connection to the world that survives the loss of its socket: joins, resumes, sends again what may
 * have been lost, and hands out whole states however they travelled. The recipe is that of docs/protocol.md;
 * what states and messages mean to a game is the application's.
 */
import { BinaryDecoder, type JsonObject } from './binary.js';
import { ServerClock } from './clock.js';
import { Emitter } from './emitter.js';
import { IntentLedger, type NumberedIntent, type SeqReport, type SettledIntent } from './intent-ledger.js';
import { Link, type LinkState, type LinkTiming } from './link.js';
import { type GameMessage, isProtocolMessage, type ProtocolMessage, type ProtocolMessages, readMessage } from './messages.js';
import { ProtocolError } from './protocol-error.js';
import { type Snapshot, Snapshots } from './snapshots.js';
import { globalSocket, type SocketConstructor } from './socket.js';
import { Whereabouts } from './whereabouts.js';

/** What can be listened to: every message of the protocol by its `type`, and: */
export interface ClientEvents<Intent extends object> extends ProtocolMessages {
  /** Any message, of the protocol or of the game, as it came. */
  message: ProtocolMessage | GameMessage;
  /** A message of the game to this player. */
  game: GameMessage;
  /** A whole state of the zone, after each `tick` or `delta`. */
  state: StateEvent;
  /** Once for each intent that was taken. */
  settled: SettledIntent<Intent>;
  link: LinkState;
}

export interface StateEvent extends Snapshot {
  /** `state` with the intents that wait, as `predict` has it; without one, `state`. */
  readonly predicted: JsonObject;
}

export interface ClientOptions<Intent extends object> {
  /** Where the server is, as `http://host:port`. */
  readonly url: string;
  /** Of a login. */
  readonly token: string;
  /** Needed where there is no global one: that of `ws`. */
  readonly WebSocket?: SocketConstructor;
  /** How states travel; the application gets whole ones either way. */
  readonly sync?: 'delta' | 'snapshot';
  readonly encoding?: 'binary' | 'json';
  /** `tick`: no `intent_received` for each intent; the ticks tell of all. */
  readonly acks?: 'each' | 'tick';
  /** The zone to ask for where the server puts the player nowhere; null: none. */
  readonly home?: () => Promise<string | null>;
  /** What the state would be if the rules took this intent now. Must not change what it is given. */
  readonly predict?: (state: JsonObject, intent: Intent) => JsonObject;
  readonly timing?: LinkTiming & {
    /** How long after a join the server has to put the player into a zone. */
    readonly lobbyPatienceMs?: number;
  };
  /** [0, 1), for pauses. */
  readonly random?: () => number;
}

const JSON_PROTOCOL = 'gridstead.v1.json';
const BINARY_PROTOCOL = 'gridstead.v1.bin';

export class WorldClient<Intent extends object = JsonObject> extends Emitter<ClientEvents<Intent>> {
  /** The server's time. */
  readonly clock = new ServerClock();
  readonly #options: ClientOptions<Intent>;
  readonly #link: Link;
  readonly #whereabouts: Whereabouts;
  readonly #ledger = new IntentLedger<Intent>();
  #decoder = new BinaryDecoder();
  #snapshots = new Snapshots();
  #snapshot: Snapshot | null = null;
  #predicted: JsonObject | null = null;
  /** Applied, as a resume or a state that could not be read has told; the next state has what came of them. */
  #unseen: readonly NumberedIntent<Intent>[] = [];
  #joined = false;
  /** A `join_ack` that leaves open whether the resume worked: intents wait for the answer. */
  #unclear: SeqReport | null = null;
  #closing = false;
  #resumeToken: string | null = null;
  #playerId: string | null = null;
  #rttMs: number | null = null;
  #tickIntervalMs: number | null = null;

  constructor(options: ClientOptions<Intent>) {
    super();
    this.#options = options;
    const { url, random, timing = {} } = options;
    this.#link = new Link(
      {
        ...timing,
        url: new URL('/ws', url.replace(/^http/, 'ws')).href,
        protocols: options.encoding === 'json' ? [JSON_PROTOCOL] : [BINARY_PROTOCOL, JSON_PROTOCOL],
        WebSocket: options.WebSocket ?? globalSocket(),
        random,
      },
      {
        opened: () => this.#hello(),
        frame: (data) => this.#onFrame(data),
        pulse: () => this.#ping(),
        changed: (state) => this.#onLink(state),
      },
    );
    this.#whereabouts = new Whereabouts({
      wish: { sync: options.sync ?? 'delta', acks: options.acks ?? 'each' },
      patienceMs: timing.lobbyPatienceMs,
      home: options.home ?? (async () => null),
      tickIntervalMs: () => this.#tickIntervalMs,
      send: (message) => this.#link.send(message),
      nowhere: () => this.#resolve(false),
    });
  }

  /** The newest round trip; null: none yet. */
  get rttMs(): number | null {
    return this.#rttMs;
  }

  /** As the server says it; null before the first join. */
  get tickIntervalMs(): number | null {
    return this.#tickIntervalMs;
  }

  /** Null before the first join. */
  get playerId(): string | null {
    return this.#playerId;
  }

  /** The zone it is in, or was in last; null: none. */
  get zoneId(): string | null {
    return this.#whereabouts.zoneId;
  }

  /** The newest whole state; null before the first. */
  get snapshot(): Snapshot | null {
    return this.#snapshot;
  }

  /** The newest state with the intents that wait, as `predict` has it; null before the first. */
  get predicted(): JsonObject | null {
    return this.#predicted;
  }

  /** The application has closed it. */
  get closed(): boolean {
    return this.#closing;
  }

  /** Intents whose fate is not known yet. */
  get waiting(): readonly NumberedIntent<Intent>[] {
    return this.#ledger.waiting;
  }

  /** Connects, and stays connected until `close` or an end that is final. */
  start(): void {
    this.#closing = false;
    this.#link.open();
  }

  /**
   * Sends an intent, now or as soon as there is a connection. Answers its number; null: too many wait
   * already, and this one was not taken. What became of it is told by `settled`.
   */
  intent(data: Intent): number | null {
    return this.#take(data, 'intent');
  }

  /** As `intent`, for a message type that the game has declared: `message` is sent as it is, with its number as `seq`. */
  message(message: Intent): number | null {
    return this.#take(message, 'message');
  }

  /** Goes to that zone, now or as soon as there is a connection. */
  subscribe(zoneId: string): void {
    this.#whereabouts.subscribe(zoneId);
  }

  unsubscribe(): void {
    this.#whereabouts.unsubscribe();
  }

  /** Ends the connection for good; resolves when the socket is gone. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#whereabouts.left();
    await this.#link.close();
  }

  // ─── intents ───

  #take(data: Intent, form: NumberedIntent['form']): number | null {
    const intent = this.#ledger.add(data, form);
    if (!intent) return null;
    if (this.#joined && !this.#unclear) this.#send(intent);
    if (this.#predicted) this.#predicted = this.#predict(this.#predicted, [intent]);
    return intent.seq;
  }

  #send({ seq, data, form }: NumberedIntent<Intent>): void {
    const wasSent = this.#link.send(form === 'intent' ? { type: 'intent', data, seq } : { ...data, seq });
    if (wasSent) this.#ledger.sent(seq);
  }

  #predict(state: JsonObject, intents: readonly NumberedIntent<Intent>[]): JsonObject {
    const { predict } = this.#options;
    return predict ? intents.reduce((before, { data }) => predict(before, data), state) : state;
  }

  #settle(settled: readonly SettledIntent<Intent>[]): void {
    this.#unseen = [...this.#unseen, ...settled.filter(({ fate }) => fate === 'applied')];
    if (settled.length > 0 && this.#snapshot)
      this.#predicted = this.#predict(this.#snapshot.state, [...this.#unseen, ...this.#ledger.waiting]);
    this.#tellSettled(settled);
  }

  #tellSettled(settled: readonly SettledIntent<Intent>[]): void {
    for (const intent of settled) this.emit('settled', intent);
  }

  // ─── the connection ───

  #hello(): void {
    this.#decoder = new BinaryDecoder();
    this.#snapshots = new Snapshots();
    this.#link.send({ type: 'hello', token: this.#options.token, resume: this.#resumeToken ?? undefined });
  }

  #ping(): void {
    if (this.#joined) this.#link.send({ type: 'ping', t: performance.now() });
  }

  #onLink(state: LinkState): void {
    if (state.type !== 'joined') this.#joined = false;
    if (state.type === 'lost' || state.type === 'ended') this.#whereabouts.left();
    this.emit('link', state);
  }

  #onFrame(frame: string | ArrayBuffer): void {
    const message = this.#read(frame);
    if (!message || this.#closing) return;
    if (isProtocolMessage(message)) this.#follow(message);
    else {
      this.emit('message', message);
      this.emit('game', message);
    }
  }

  #read(frame: string | ArrayBuffer): ProtocolMessage | GameMessage | null {
    if (typeof frame === 'string') return readMessage(frame);
    try {
      return this.#decoder.decode(new Uint8Array(frame));
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      // What follows builds on what could not be read: only another connection begins anew.
      this.#link.drop();
      return null;
    }
  }

  #follow(message: ProtocolMessage): void {
    this.emit('message', message);
    switch (message.type) {
      case 'join_ack':
        this.emit('join_ack', message);
        return this.#onJoined(message);
      case 'subscribed':
        this.#whereabouts.subscribed(message.zone_id);
        this.#resolve(true);
        return this.emit('subscribed', message);
      case 'unsubscribed':
        return this.emit('unsubscribed', message);
      case 'handover':
        this.#whereabouts.isIn(message.to.zone_id);
        return this.emit('handover', message);
      case 'tick':
        this.emit('tick', message);
        return this.#onState(message);
      case 'delta':
        this.emit('delta', message);
        return this.#onState(message);
      case 'intent_received':
        return this.emit('intent_received', message);
      case 'error':
        this.#onError(message);
        return this.emit('error', message);
      case 'pong':
        this.#onPong(message);
        return this.emit('pong', message);
      case 'telemetry':
        return this.emit('telemetry', message);
      default:
        return unreachable(message);
    }
  }

  #onJoined(message: ProtocolMessages['join_ack']): void {
    this.#resumeToken = message.resume_token;
    this.#playerId = message.player_id;
    this.#tickIntervalMs = message.tick_interval_ms;
    this.#joined = true;
    this.#link.succeeded();
    this.emit('link', { type: 'joined' });
    this.#unclear = { lastSeq: message.last_seq, dropped: message.dropped };
    const verdict = this.#ledger.judge(this.#unclear);
    // A zone comes of itself where a resume worked; where none does, it did not (see `nowhere`).
    if (verdict !== 'unclear') this.#resolve(verdict === 'resumed');
    // It also is the message after the join that makes the new resume token the one that counts.
    this.#ping();
    this.#whereabouts.joined();
  }

  /** It is known whether the numbers of before still count: goes on with what waits. */
  #resolve(resumed: boolean): void {
    const report = this.#unclear;
    if (!report) return;
    this.#unclear = null;
    const { settled, resend } = this.#ledger.rejoin(report, resumed);
    this.#settle(settled);
    for (const intent of resend) this.#send(intent);
  }

  #onState(message: ProtocolMessages['tick'] | ProtocolMessages['delta']): void {
    this.#whereabouts.isIn(message.zone_id);
    const snapshot = this.#wholeStateOf(message);
    const settled = message.ack === undefined ? [] : this.#ledger.acknowledge(message.ack);
    if (!snapshot) return this.#settle(settled);
    this.#snapshot = snapshot;
    this.#unseen = [];
    this.#predicted = this.#predict(snapshot.state, this.#ledger.waiting);
    this.#tellSettled(settled);
    this.emit('state', { ...snapshot, predicted: this.#predicted });
  }

  #wholeStateOf(message: ProtocolMessages['tick'] | ProtocolMessages['delta']): Snapshot | null {
    try {
      return this.#snapshots.apply(message);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#link.send({ type: 'resync' });
      return null;
    }
  }

  #onError({ code, seq }: ProtocolMessages['error']): void {
    if (seq !== undefined) this.#settle(this.#ledger.refuse(seq));
    else this.#whereabouts.refused(code);
  }

  #onPong({ t, server_time }: ProtocolMessages['pong']): void {
    if (typeof t !== 'number') return;
    const nowMs = performance.now();
    this.#rttMs = nowMs - t;
    this.clock.sample(Date.parse(server_time), t, nowMs);
  }
}

function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}
