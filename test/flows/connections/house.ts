/**
 * A real server with the parlour game on it, as tests of the connection need it: its zones by name, players
 * with open sockets, and the operator's hand on the clock, for what must be so within one tick.
 */

import { flowGame } from '../../support/built.js';
import { GARDEN, PARLOUR } from '../../support/flow-games/parlour.js';
import { type Account, call, type Message, PlayerSocket, type PlayerSocketOptions, register } from '../../support/player.js';
import { TestServer } from '../../support/server.js';

export type Joined = Awaited<ReturnType<typeof PlayerSocket.join>>;

/** Limits of the shared house, low enough to be reached. */
export const INTENTS_PER_TICK = 4;
export const MESSAGES_PER_SECOND = 60;
export const MESSAGE_BYTES = 2048;

const GAME = flowGame('parlour.ts');

export class House {
  parlour = '';
  garden = '';
  readonly #sockets: PlayerSocket[] = [];

  private constructor(
    readonly server: TestServer,
    readonly operator: Account,
  ) {}

  static async open(env: Readonly<Record<string, string>> = {}): Promise<House> {
    const server = await TestServer.start({ env: { GAME, TICK_INTERVAL_MS: '25', ...env } });
    const house = new House(server, await register(server.url, 'operator'));
    house.parlour = await house.#zoneNamed(PARLOUR);
    house.garden = await house.#zoneNamed(GARDEN);
    return house;
  }

  /** Ends the server and all sockets. */
  async close(): Promise<void> {
    this.hangUp();
    await this.server.dispose();
  }

  /** For `afterEach`: the sockets that the test opened. The clock runs again. */
  async tidy(): Promise<void> {
    this.hangUp();
    await this.asOperator('POST', '/api/debug/tick/resume');
  }

  hangUp(): void {
    for (const socket of this.#sockets.splice(0)) socket.terminate();
  }

  // ─── players ───

  /** Somebody new. */
  account(username: string): Promise<Account> {
    return register(this.server.url, username);
  }

  /** A socket that has joined by hello. */
  async join(token: string, resume?: string): Promise<Joined> {
    return this.#keep(await PlayerSocket.join(this.server.socketUrl, token, resume));
  }

  /** A socket that has said nothing. */
  async dial(options: PlayerSocketOptions & { readonly query?: string } = {}): Promise<PlayerSocket> {
    const { query = '', ...rest } = options;
    return this.#keep(await PlayerSocket.open(`${this.server.socketUrl}${query}`, rest));
  }

  /** Somebody new, subscribed and seen by a tick. */
  async enter(username: string, zone = this.parlour, options: object = {}): Promise<Joined> {
    const socket = await this.join((await this.account(username)).token);
    await subscribe(socket, zone, options);
    await socket.next('tick');
    return socket;
  }

  #keep<Socket extends PlayerSocket>(socket: Socket): Socket {
    this.#sockets.push(socket);
    return socket;
  }

  // ─── the operator ───

  asOperator(method: string, path: string, body?: object): ReturnType<typeof call> {
    return call(this.server.url, method, path, { token: this.operator.token, body });
  }

  /** Answers the last tick's number. */
  async pause(): Promise<number> {
    return (await this.asOperator('POST', '/api/debug/tick/pause')).body.tick_number;
  }

  async step(): Promise<number> {
    return (await this.asOperator('POST', '/api/debug/tick/step')).body.tick_number;
  }

  async resume(): Promise<void> {
    await this.asOperator('POST', '/api/debug/tick/resume');
  }

  /** A new zone; answers its id. */
  async zone(name: string, metadata: object = {}): Promise<string> {
    return (await this.asOperator('POST', '/api/zones', { name, width: 20, height: 20, metadata })).body.id;
  }

  /** Names of the avatars that stand in a zone. */
  async avatars(zone = this.parlour): Promise<string[]> {
    const { body } = await this.asOperator('GET', `/api/debug/zones/${zone}/state`);
    return body.entities.map(({ metadata }: Message) => metadata.name);
  }

  async #zoneNamed(name: string): Promise<string> {
    const { body } = await call(this.server.url, 'GET', '/api/zones', { token: this.operator.token });
    return body.zones.find((zone: Message) => zone.name === name).id;
  }
}

/** A house for the tests that need no settings of their own. Whoever opens it closes it. */
export function openHouse(): Promise<House> {
  return House.open({
    MAX_INTENTS_PER_TICK: String(INTENTS_PER_TICK),
    MAX_MESSAGES_PER_SECOND: String(MESSAGES_PER_SECOND),
    MAX_MESSAGE_BYTES: String(MESSAGE_BYTES),
  });
}

/** Resolves with `subscribed`. */
export function subscribe(socket: PlayerSocket, zone: string, options: object = {}): Promise<Message> {
  socket.send({ type: 'subscribe', zone_id: zone, ...options });
  return socket.next('subscribed');
}

export function note(n: number, seq?: number): object {
  return { type: 'intent', data: { type: 'note', n }, seq };
}

/** The first view, from now on, in which these numbers were noted. */
export function noted(socket: PlayerSocket, ...numbers: number[]): Promise<Message> {
  return socket.next('tick', ({ state }) => numbers.every((n) => state.you?.notes?.includes(n)));
}

/** Resolves with the error; the codes of others are passed over. */
export function refusal(socket: PlayerSocket, code: string): Promise<Message> {
  return socket.next('error', (message) => message.code === code);
}

/** Of all ticks so far: their events, in order. */
export function eventsOf(ticks: readonly Message[]): Message[] {
  return ticks.flatMap(({ state }) => state.events);
}

/** What came after this message, in order. */
export function behind(socket: PlayerSocket, message: Message): Message[] {
  return socket.messages.slice(socket.messages.indexOf(message) + 1);
}
