/**
 * One server with one generator, as separate processes on separate cores: half of a pair. Made for one measurement
 * and ended after it; nothing is kept from one to the next.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PLAYERS_PER_ZONE } from '../../games/arena/rules.js';
import type { Contestant, Form } from '../contestants.js';
import type { Answer, Order, WindowFigures } from '../generator/orders.js';
import { Child } from '../processes/child.js';
import { COMPILED } from '../project.js';
import { launchOf } from '../servers/launch.js';

/** Where and how everything runs; one for all measurements of a run. */
export interface Setting {
  readonly serverCore: number | null;
  readonly generatorCore: number | null;
  readonly tickIntervalMs: number;
  /** Settings for Gridstead. */
  readonly settings: Readonly<Record<string, string>>;
  /** The folder of this run, in which databases are made. Whoever made it removes it, however the run ends. */
  readonly scratch: string;
}

export interface SideOptions {
  readonly contestant: Contestant;
  readonly form: Form;
  readonly players: number;
  readonly idle: boolean;
}

/** The contestant does not exist on this server: reported, not failed. */
export class UnavailableError extends Error {}

const START_LIMIT_MS = 30_000;
/** Accounts and sockets for thousands of players, on a core that another server is starting on. */
const PREPARE_LIMIT_MS = 300_000;
/** Beyond what a window takes by itself. */
const MEASURE_SLACK_MS = 20_000;
const GENERATOR = join(COMPILED, 'src/generator/main.js');

export class Side {
  readonly server: Child;
  readonly #generator: Child;
  readonly #folder: string;

  private constructor(server: Child, generator: Child, folder: string) {
    this.server = server;
    this.#generator = generator;
    this.#folder = folder;
  }

  /** A server that listens, and a generator with accounts and zones; nobody has joined. */
  static async start({ contestant, form, players, idle }: SideOptions, setting: Setting): Promise<Side> {
    const { tickIntervalMs, settings } = setting;
    const folder = await mkdtemp(join(setting.scratch, 'side-'));
    const zones = Math.ceil(players / PLAYERS_PER_ZONE);
    const launch = launchOf(contestant.server, { form, zones, tickIntervalMs, folder, settings, exposeGc: idle });
    const server = new Child({ ...launch, core: setting.serverCore });
    const generator = new Child({ args: [GENERATOR], core: setting.generatorCore });
    const side = new Side(server, generator, folder);
    try {
      const url = await server.printed(/listening on (\S+)/, START_LIMIT_MS);
      const { server: name, subprotocol } = contestant;
      const order: Order = { type: 'prepare', server: name, form, url, players, periodMs: tickIntervalMs, subprotocol, idle };
      await side.#order(order, PREPARE_LIMIT_MS);
      return side;
    } catch (error) {
      await side.end();
      throw error;
    }
  }

  /** Lets players `from` to `to` join. Rejects with `UnavailableError` where the server lacks the subprotocol. */
  async join(from: number, to: number): Promise<void> {
    await this.#order({ type: 'join', from, to }, PREPARE_LIMIT_MS);
  }

  async measure(warmupMs: number, windowMs: number): Promise<WindowFigures> {
    const limitMs = warmupMs + windowMs + MEASURE_SLACK_MS;
    const answer = await this.#order({ type: 'measure', warmupMs, windowMs, serverPid: this.server.pid }, limitMs);
    if (answer.type !== 'measured') throw new Error(`the generator answered ${answer.type}`);
    return answer.window;
  }

  /** Ends both, and removes the database. */
  async end(): Promise<void> {
    await Promise.all([this.#generator.kill(), this.server.kill()]);
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #order(order: Order, limitMs: number): Promise<Answer> {
    const answer = await this.#generator.ask<Answer>(order, limitMs);
    if (answer.type === 'unavailable') throw new UnavailableError(answer.why);
    if (answer.type === 'failed') throw new Error(answer.why);
    return answer;
  }
}
