/**
 * A player of frontier that never stands still: it walks to and fro over borders, picks things up on either side of them, lays
 * them down, puts them on and off, loses its socket and resumes. It writes down what it saw and judges nothing.
 */
import { WebSocket } from 'ws';
import { connect, type JsonObject, type StateEvent, type WorldClient } from '../../../client/index.js';
import type { Account } from '../../support/player.js';
import type { Chance } from './chance.js';

/** One view, as far as it can be judged. */
export interface Sighting {
  readonly zone: string;
  readonly tick: number;
  /** Where the player saw itself, and its velocity. */
  readonly x: number;
  readonly z: number;
  readonly vx: number;
  readonly vz: number;
  /** How many headings it had asked for by then, and whether all of them had been taken. */
  readonly headings: number;
  readonly settled: boolean;
  /** The version of its inventory, as far as it was told. */
  readonly version: number;
}

/** Items of the world: what lies within reach, or nearly. */
const NEAR_CM = 240;

export class Roamer {
  readonly sightings: Sighting[] = [];
  readonly errors = new Map<string, number>();
  handovers = 0;
  resumes = 0;
  picked = 0;
  readonly #client: WorldClient;
  readonly #sockets: WebSocket[] = [];
  #headings = 0;
  readonly #openHeadings = new Set<number>();
  #version = 0;
  #items: readonly JsonObject[] = [];
  #worn: readonly string[] = [];
  #state: JsonObject | null = null;

  /** `socketUrl`: where the server is now; it moves with each start. */
  constructor(
    readonly account: Account,
    private readonly chance: Chance,
    socketUrl: () => string,
  ) {
    const sockets = this.#sockets;
    class Rerouted extends WebSocket {
      constructor(_url: string | URL, protocols?: string | string[]) {
        super(socketUrl(), protocols);
        sockets.push(this);
      }
    }
    const timing = { firstPauseMs: 10, longestPauseMs: 50 };
    this.#client = connect({ url: 'http://127.0.0.1', token: account.token, WebSocket: Rerouted, acks: 'tick', timing });
    this.#client.on('state', (state) => this.#onState(state));
    this.#client.on('handover', () => this.handovers++);
    this.#client.on('link', ({ type }) => type === 'joined' && this.resumes++);
    this.#client.on('error', ({ code }) => this.errors.set(code, (this.errors.get(code) ?? 0) + 1));
    this.#client.on('settled', ({ seq }) => this.#openHeadings.delete(seq));
    this.#client.on('game', ({ type, operation, code }) => {
      if (type === 'item_result' && operation === 'pick_up' && code === 'ok') this.picked++;
    });
  }

  get name(): string {
    return this.account.username;
  }

  /** The last thing it did was to see itself, over the connection it has. */
  get isThere(): boolean {
    return this.#state !== null;
  }

  async stop(): Promise<void> {
    await this.#client.close();
  }

  /** Loses the socket without a word. */
  drop(): void {
    this.#sockets.at(-1)?.terminate();
  }

  /** Does something, as chance has it. */
  act(): void {
    if (!this.#state) return;
    const mood = this.chance.next();
    if (mood < 0.02) this.drop();
    else if (mood < 0.3) this.#head();
    else if (mood < 0.6) this.#pickUp();
    else if (mood < 0.75) this.#layDown();
    else if (mood < 0.85) this.#wear();
  }

  #head(): void {
    const side = () => this.chance.between(-10, 10) / 10;
    const seq = this.#client.message({ type: 'input', dt: 0.02, intent: { x: side(), z: side() } });
    this.#headings++;
    if (seq !== null) this.#openHeadings.add(seq);
  }

  #pickUp(): void {
    const self = this.#state?.player as JsonObject;
    const near = listOf(this.#state?.entities).filter(({ kind, x, z }) => {
      return kind === 'item' && Math.hypot(Number(x) - Number(self.x), Number(z) - Number(self.z)) <= NEAR_CM;
    });
    if (near.length > 0) this.#client.message({ type: 'pick_up', item: String(this.chance.oneOf(near).id) });
  }

  #layDown(): void {
    if (this.#items.length === 0) return;
    const { instance_id, quantity } = this.chance.oneOf(this.#items);
    const part = Number(quantity) > 1 && this.chance.next() < 0.7 ? { quantity: this.chance.between(1, Number(quantity)) } : {};
    this.#client.message({ type: 'drop', instance_id: String(instance_id), ...part });
  }

  #wear(): void {
    const slot = this.chance.oneOf(['head', 'feet', 'main_hand', 'off_hand']);
    if (this.#worn.includes(slot)) this.#client.message({ type: 'unequip', slot });
    else if (this.#items.length > 0) {
      this.#client.message({ type: 'equip', instance_id: String(this.chance.oneOf(this.#items).instance_id), slot });
    }
  }

  #onState({ zone, tick, state }: StateEvent): void {
    const { player, inventory, equipment } = state;
    if (isObject(inventory)) {
      this.#items = listOf(inventory.items);
      this.#version = Number(inventory.version);
    }
    if (isObject(equipment) && isObject(equipment.slots)) this.#worn = Object.keys(equipment.slots);
    if (!isObject(player)) return;
    this.#state = state;
    const [x, z, vx, vz] = [player.x, player.z, player.vx, player.vz].map(Number) as [number, number, number, number];
    const told = { headings: this.#headings, settled: this.#openHeadings.size === 0, version: this.#version };
    this.sightings.push({ zone, tick, x, z, vx, vz, ...told });
  }
}

function listOf(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
