/**
 * A real server with one of the games of this folder on it, as a test needs it: zones made to measure, players
 * with a socket, and what the debug role can see. Waiting is bounded, and says what it waited for.
 */
import { expect } from 'chai';
import { flowGame } from '../built.js';
import { type Account, call, type Message, PlayerSocket, register } from '../player.js';
import { TestServer } from '../server.js';
import type { LogEntry, Stage } from './puppet.js';

export type Socket = Awaited<ReturnType<typeof PlayerSocket.join>>;
export interface Performer extends Account {
  socket: Socket;
}
/** An entity as the debug role sees it. */
export interface SeenEntity {
  readonly id: string;
  readonly zone_id: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly metadata: Record<string, unknown>;
}

const WAIT_LIMIT_MS = 6_000;
const LOOK_EVERY_MS = 10;

export class Theatre {
  #made = 0;
  readonly #sockets = new Set<Socket>();

  private constructor(
    readonly server: TestServer,
    readonly operator: Account,
  ) {}

  static async open(game: string, env: Readonly<Record<string, string>> = {}): Promise<Theatre> {
    const settings = { GAME: flowGame(game), TICK_INTERVAL_MS: '25', ZONE_GRACE_MS: '100', ...env };
    const server = await TestServer.start({ env: settings });
    return new Theatre(server, await register(server.url, 'operator'));
  }

  close(): Promise<void> {
    return this.server.dispose();
  }

  // ─── zones ───

  /** A new zone; answers its id. */
  async zone(stage: Stage & { readonly name?: string; readonly width?: number; readonly height?: number } = {}): Promise<string> {
    const { name = `zone-${++this.#made}`, width = 40, height = 40, ...metadata } = stage;
    const { status, body } = await this.asOperator('POST', '/api/zones', { name, width, height, metadata });
    if (status !== 201) throw new Error(`a zone was not made: ${status} ${JSON.stringify(body)}`);
    return body.id;
  }

  /** Everything in the zone but its log. */
  async entities(zone: string): Promise<readonly SeenEntity[]> {
    return (await this.#all(zone)).filter(({ metadata }) => metadata.log === undefined);
  }

  /** Each tick of the zone in which something came in. */
  async log(zone: string): Promise<readonly LogEntry[]> {
    const found = (await this.#all(zone)).find(({ metadata }) => metadata.log !== undefined);
    return (found?.metadata.log ?? []) as readonly LogEntry[]; // the puppet wrote them
  }

  async #all(zone: string): Promise<readonly SeenEntity[]> {
    const { status, body } = await this.asOperator('GET', `/api/debug/zones/${zone}/state`);
    if (status !== 200) throw new Error(`the state of a zone: ${status} ${JSON.stringify(body)}`);
    return body.entities;
  }

  /** The zone's actor as the debug role sees it; null: it sleeps. */
  async actor(zone: string): Promise<Message | null> {
    return (await this.asOperator('GET', `/api/debug/zones/${zone}/state`)).body.actor;
  }

  /** The first of the transitions so far that a test asks for, as `name+` (joined) and `name-` (left), in order. */
  async moves(zone: string): Promise<readonly string[]> {
    const log = await this.log(zone);
    return log.flatMap(({ joined, left }) => [...left.map((name) => `${name}-`), ...joined.map((name) => `${name}+`)]);
  }

  // ─── players ───

  /** A new player with a socket that has said hello. */
  async player(role = 'actor'): Promise<Performer> {
    const account = await register(this.server.url, `${role}-${++this.#made}`);
    return { ...account, socket: await this.join(account) };
  }

  async join(account: Account, resume?: string): Promise<Socket> {
    const socket = await PlayerSocket.join(this.server.socketUrl, account.token, resume);
    this.#sockets.add(socket);
    return socket;
  }

  /** Between two tests: whoever is left costs each tick. */
  async everybodyOut(): Promise<void> {
    const sockets = [...this.#sockets];
    this.#sockets.clear();
    for (const socket of sockets) socket.close();
    await Promise.all(sockets.map(({ closed }) => closed));
  }

  /** A new player in the zone, in whose first tick it is. */
  async playerIn(zone: string): Promise<Performer> {
    const player = await this.player();
    await enter(player, zone);
    return player;
  }

  // ─── the world ───

  /** Holds the world still. */
  async pause(): Promise<void> {
    await this.asOperator('POST', '/api/debug/tick/pause');
  }

  async resume(): Promise<void> {
    await this.asOperator('POST', '/api/debug/tick/resume');
  }

  /** One tick of a paused world. */
  async step(): Promise<{ readonly tick_number: number; readonly missed: readonly string[] }> {
    const { status, body } = await this.asOperator('POST', '/api/debug/tick/step');
    if (status !== 200) throw new Error(`a step: ${status} ${JSON.stringify(body)}`);
    return body;
  }

  asOperator(method: string, path: string, body?: unknown) {
    return call(this.server.url, method, path, { token: this.operator.token, body });
  }

  /** In every tick of the zone, `players` is what `joined` and `left` have made of it. */
  async consistent(zone: string): Promise<void> {
    const here = new Set<string>();
    for (const { joined, left, players } of await this.log(zone)) {
      for (const name of left) expect(here.delete(name), `${name} left and was not there`).to.equal(true);
      for (const name of joined) {
        expect(here.has(name), `${name} joined twice`).to.equal(false);
        here.add(name);
      }
      expect([...players].sort()).to.deep.equal([...here].sort());
    }
  }

  /** These ticks of the zone have every number, but for those that it missed because the machine was slow, which it counts. */
  async withoutGaps(zone: string, ticks: readonly Message[]): Promise<void> {
    rising(ticks);
    const numbers = ticks.map(({ tick_number }) => tick_number);
    const skipped = (numbers.at(-1) ?? 0) - (numbers[0] ?? 0) + 1 - numbers.length;
    expect(skipped, 'ticks that were lost').to.be.at.most((await this.actor(zone))?.timings.missed_ticks);
  }

  // ─── waiting ───

  /** Asks again until the answer is no longer undefined or false. */
  async until<T>(what: string, look: () => Promise<T | undefined | false>): Promise<T> {
    const deadline = Date.now() + WAIT_LIMIT_MS;
    for (;;) {
      const found = await look();
      if (found !== undefined && found !== false) return found;
      if (Date.now() > deadline) throw new Error(`it did not come about: ${what}`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }
}

/** Numbers of ticks never repeat and never go back. */
export function rising(ticks: readonly Message[]): void {
  for (const [index, { tick_number }] of ticks.entries()) {
    if (index > 0) expect(tick_number).to.be.greaterThan(ticks[index - 1]?.tick_number);
  }
}

/** Subscribes, and waits for the first tick. */
export async function enter({ socket }: Performer, zone: string): Promise<Message> {
  socket.send({ type: 'subscribe', zone_id: zone });
  await socket.next('subscribed', (message) => message.zone_id === zone);
  return socket.next('tick', (message) => message.zone_id === zone);
}

/** Sends an order to the puppet. */
export function order({ socket }: Performer, data: object, seq?: number): void {
  socket.send({ type: 'intent', data, seq });
}

/** Sends an order, and answers the tick (or delta) that says it was applied. */
export async function obeyed(player: Performer, data: object, seq: number): Promise<Message> {
  order(player, data, seq);
  const is = ({ type, ack, seq: about }: Message) =>
    ((type === 'tick' || type === 'delta') && ack >= seq) || (type === 'error' && about === seq);
  const message = await player.socket.nextOf(is, `the tick with ack ${seq}`);
  if (message.type === 'error') throw new Error(`order ${seq} was not obeyed: ${JSON.stringify(message)}`);
  return message;
}

/** Makes an entity, and answers its id. */
export async function make(player: Performer, seq: number, create: object): Promise<string> {
  const mark = `made-${player.username}-${seq}`;
  const { metadata, ...place } = create as { metadata?: object };
  const result = { creates: [{ x: 1, y: 1, ...place, metadata: { ...metadata, mark } }] };
  const { state } = await obeyed(player, { type: 'do', result }, seq);
  return state.entities.find((entity: SeenEntity) => entity.metadata.mark === mark).id;
}
