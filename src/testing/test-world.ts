/**
 * A world for a game to be tried in, without a server: zones as plain lists, ticks on request, no clock, disk or socket.
 * It is strict where the framework is: it hands out frozen facts, runs each rule twice and
 * compares, and throws at a result that would be malformed. It is naive everywhere else: nothing is fast,
 * a tick never fails halfway, and a transfer arrives with the target's next tick.
 */
import type {
  Entity,
  EntityCreate,
  GameMessage,
  GameModule,
  JsonObject,
  Player,
  ReturnedTransfer,
  ReturnReason,
  Tick,
  TickResult,
  Transfer,
  Zone,
  ZoneState,
} from '../../games/contract.js';
import { checkGame } from '../games/load.js';
import { type GameChecks, gameChecks } from '../ws/checks.js';
import { fraction, source, uuid } from './chance.js';
import { NaiveEntities } from './entities.js';
import { Neighborhood } from './neighborhood.js';
import { applied, entityOf, fits } from './results.js';
import { check, frozen, plain, twice } from './strict.js';
import { afterKill, emptyZone, type TestZone } from './test-zone.js';

export interface TestWorldOptions {
  /** What chance is made of; the same seed gives the same world. */
  readonly seed?: string;
  /** How much time each tick takes. */
  readonly intervalMs?: number;
}

/** A world that the game's `init` has made. Rejects with `GameLoadError` where a server would not take the game. */
export async function createTestWorld(game: GameModule, options?: TestWorldOptions): Promise<TestWorld> {
  const world = new TestWorld(checkGame(game, game.name), options);
  await world.init();
  return world;
}

export class TestWorld {
  tickNumber = 0;
  readonly #game: GameModule;
  readonly #checks: GameChecks;
  readonly #seed: string;
  readonly #intervalMs: number;
  readonly #zones = new Map<string, TestZone>();
  readonly #players = new Map<string, Player>();
  readonly #messages = new Map<string, GameMessage[]>();
  /** Players who want in, and where: they get in once no other zone holds them. */
  readonly #heading = new Map<string, string>();
  /** Players who are connected: they stay where a transfer takes them. */
  readonly #connected = new Set<string>();
  /** Players whom a kill has disconnected, and where they were. */
  readonly #resumes = new Map<string, string>();
  readonly #neighborhood: Neighborhood;
  #now = 1_700_000_000_000;

  constructor(game: GameModule, { seed = 'bench', intervalMs = 1000 }: TestWorldOptions = {}) {
    this.#game = game;
    this.#checks = gameChecks(game);
    this.#neighborhood = new Neighborhood(game.border ?? 0);
    this.#seed = seed;
    this.#intervalMs = intervalMs;
  }

  /** Runs the game's `init`, as each start does. */
  async init(): Promise<void> {
    await this.#game.init?.({
      zones: () => this.zones(),
      createZone: async (zone) => this.addZone(zone),
      createEntities: async (zoneId, entities) => {
        const zone = this.#byId(zoneId);
        return zone.entities.size > 0 ? [] : entities.map((entity) => this.add(zone.zone.name, entity));
      },
      connect: async (a, b, { dx, dy }) => this.#neighborhood.connect(this.#byId(a).zone, this.#byId(b).zone, dx, dy),
    });
  }

  zones(): Zone[] {
    return [...this.#zones.values()].map(({ zone }) => zone);
  }

  /** Makes a zone, or answers the standing one of that name. */
  addZone({ name, width, height, metadata = {} }: { name: string; width: number; height: number; metadata?: object }): Zone {
    const standing = this.#zones.get(name);
    if (standing) return standing.zone;
    const zone = frozen({ id: uuid(`zone ${name}`), name, width, height, metadata: plain(metadata) });
    this.#zones.set(name, emptyZone(zone, this.#now));
    return zone;
  }

  removeZone(name: string): void {
    this.#neighborhood.remove(this.#zone(name).zone);
    this.#zones.delete(name);
  }

  /** Puts an entity into a zone, to arrange a test; answers its id. */
  add(zoneName: string, entity: EntityCreate): string {
    const zone = this.#zone(zoneName);
    const made = entityOf(entity, uuid(`entity ${zoneName} ${zone.entities.size}`));
    check(fits(zone.zone, made), `entity outside of ${zoneName}`, entity);
    zone.entities = new Map(zone.entities).set(made.id, made);
    return made.id;
  }

  /**
   * Subscribes a player where `place` says, or to the zone named; answers its id. It is in `joined` of
   * the next tick, or, when another zone has it still, of the first tick after that one let it go.
   */
  join(username: string, zoneName?: string): string {
    const player = this.#players.get(username) ?? frozen({ id: uuid(`player ${username}`), username, state: null });
    this.#players.set(username, player);
    const known = zoneName ?? this.#resumes.get(username);
    const placed = known ? this.#zone(known).zone.id : this.#game.place?.(player, this.zones());
    const zone = [...this.#zones.values()].find((each) => each.zone.id === placed);
    if (!zone) throw new Error(`${username} is placed nowhere`);
    this.leave(username);
    this.#resumes.delete(username);
    this.#heading.set(username, zone.zone.name);
    return player.id;
  }

  /** The player goes: it is in `left` of the zone's next tick. What it still wanted is dropped. */
  leave(username: string): void {
    this.#heading.delete(username);
    this.#connected.delete(username);
    for (const zone of this.#zones.values()) {
      zone.subscribed.delete(username);
      zone.waiting = zone.waiting.filter(({ playerId }) => playerId !== this.#players.get(username)?.id);
    }
  }

  /** Queues an intent, or a message of a type that the game has declared, for the next tick. false: the game's own schema refuses it. */
  intent(username: string, data: JsonObject, seq?: number): boolean {
    const message = this.#checks.checkMessage(String(data.type), data);
    const checked = message === 'unknown' ? this.#checks.checkIntent(data) : message;
    if (!checked.ok) return false;
    const numbered = seq === undefined ? {} : { seq };
    const { id: playerId } = this.player(username);
    const intent = frozen({ playerId, data: plain(checked.data), receivedAt: this.#now, ...numbered });
    this.#zone(this.where(username)).waiting.push(intent);
    return true;
  }

  /** Runs that many ticks in each zone that has a reason to be live. */
  tick(count = 1): void {
    for (let i = 0; i < count; i++) {
      this.tickNumber++;
      this.#now += this.#intervalMs;
      this.#letIn();
      this.#neighborhood.lookAround(this.#zones.values());
      for (const zone of [...this.#zones.values()]) if (this.isLive(zone.zone.name)) this.#step(zone);
    }
  }

  /** Lets time pass without a tick, as while the server is down. */
  sleep(ms: number): void {
    this.#now += ms;
  }

  /**
   * The process is killed and started again. What the last tick left is all there is: nobody is connected, and what players still
   * wanted is lost. Who joins again is where it was; who does so before the next tick has not even left.
   */
  async kill(): Promise<void> {
    for (const name of this.#connected) this.#resumes.set(name, this.where(name));
    this.#connected.clear();
    this.#heading.clear();
    for (const zone of this.#zones.values()) afterKill(zone);
    // Numbers are reserved in blocks, and never used twice.
    this.tickNumber = Math.ceil((this.tickNumber + 1) / 1000) * 1000;
    await this.init();
  }

  isLive(zoneName: string): boolean {
    const { zone, subscribed, present, waiting, inbox, effects, wakeAt } = this.#zone(zoneName);
    const due = wakeAt !== null && wakeAt <= this.#now;
    const isSeen = this.#neighborhood.inSight(zone).some(({ id }) => this.#byId(id).subscribed.size > 0);
    return due || isSeen || subscribed.size + present.size + waiting.length + inbox.length + effects.length > 0;
  }

  now(): number {
    return this.#now;
  }

  /** Who is connected, by name. */
  connected(): readonly string[] {
    return [...this.#connected];
  }

  player(username: string): Player {
    const player = this.#players.get(username);
    if (!player) throw new Error(`no player ${username}`);
    return player;
  }

  /** The name of the zone where the player is, or is on its way to. */
  where(username: string): string {
    const heading = this.#heading.get(username);
    if (heading) return heading;
    for (const { zone, subscribed, inbox } of this.#zones.values()) {
      if (subscribed.has(username) || inbox.some(({ followers }) => followers.includes(username))) return zone.name;
    }
    throw new Error(`${username} is nowhere`);
  }

  entities(zoneName: string): Entity[] {
    return [...this.#zone(zoneName).entities.values()];
  }

  zone(zoneName: string): Zone {
    return this.#zone(zoneName).zone;
  }

  wakeAt(zoneName: string): number | null {
    return this.#zone(zoneName).wakeAt;
  }

  /** Messages of the game to this player so far, the oldest first. */
  messages(username: string): readonly GameMessage[] {
    return this.#messages.get(username) ?? [];
  }

  /** What the player sees after the last tick, as it would come over the wire. `sinceTick`: of the last message it had. */
  viewOf(username: string, zoneName = this.where(username), sinceTick: number | null = null): JsonObject {
    const testZone = this.#zone(zoneName);
    const { zone, entities, events, extras } = testZone;
    const set = new NaiveEntities([...entities.values()]);
    const state: ZoneState = frozen({ ...extras, zone_id: zone.id, entities: [...set], events });
    const beside = { neighbors: this.#neighborhood.beside(zone), border: this.#neighborhood.borderOf(testZone) };
    const told = { state, tickNumber: this.tickNumber, sinceTick };
    const view = { zone, player: this.player(username), entities: set, ...beside, ...told };
    const seen = twice(() => this.#game.getPlayerState?.(view) ?? state);
    check(typeof seen === 'object' && !Array.isArray(seen), 'a view is an object', seen);
    return plain(seen);
  }

  #letIn(): void {
    for (const [username, zoneName] of this.#heading) {
      const holders = [...this.#zones.values()].filter(
        ({ present, inbox }) => present.has(username) || inbox.some(({ followers }) => followers.includes(username)),
      );
      if (holders.some(({ zone }) => zone.name !== zoneName)) continue;
      this.#heading.delete(username);
      this.#connected.add(username);
      this.#zone(zoneName).subscribed.add(username);
    }
  }

  #step(zone: TestZone): void {
    const returned = this.#takeInbox(zone);
    const here = new Set([...zone.subscribed].map((name) => this.player(name).id));
    const intents = zone.waiting.filter(({ playerId }) => here.has(playerId));
    zone.waiting = zone.waiting.filter(({ playerId }) => !here.has(playerId));
    const effects = zone.effects.splice(0);
    zone.departed = [];
    const issued = new Set<string>();
    const tick = () => this.#tickOf(zone, { returned, intents, effects }, issued);
    const result = twice(() => this.#game.onTick(tick()));
    const made = source(`${this.#seed} ${zone.zone.name} ${this.tickNumber} made`);
    const { after, leaving } = applied(zone.zone, zone.entities, result, { issued, fresh: () => uuid(made()) });
    zone.entities = after;
    zone.present = new Set(zone.subscribed);
    zone.events = frozen(result.events ?? []);
    zone.extras = result.extras ?? {};
    zone.tickedAt = this.#now;
    if (zone.wakeAt !== null && zone.wakeAt <= this.#now) zone.wakeAt = null;
    if (result.wakeAt !== undefined) zone.wakeAt = result.wakeAt;
    if (result.zoneMetadata) zone.zone = frozen({ ...zone.zone, metadata: plain(result.zoneMetadata) });
    this.#tellPlayers(result);
    for (const { transfer, entity } of leaving) this.#send(zone, transfer, entity);
    for (const { toZone, data } of result.sends ?? []) this.#affect(zone, toZone, plain(data));
    for (const name of zone.subscribed) if (!this.#connected.has(name)) zone.subscribed.delete(name);
  }

  #tickOf(
    zone: TestZone,
    { returned, intents, effects }: Pick<Tick, 'returned' | 'intents' | 'effects'>,
    issued: Set<string>,
  ): Tick {
    const players = (names: Iterable<string>) => [...names].map((name) => this.player(name));
    const fresh = source(`${this.#seed} ${zone.zone.name} ${this.tickNumber}`);
    return Object.freeze({
      zone: zone.zone,
      entities: new NaiveEntities([...zone.entities.values()]),
      intents: frozen([...intents]),
      players: frozen(players(zone.subscribed)),
      joined: frozen(players([...zone.subscribed].filter((name) => !zone.present.has(name)))),
      left: frozen(players([...zone.present].filter((name) => !zone.subscribed.has(name)))),
      returned: frozen([...returned]),
      effects: frozen([...effects]),
      neighbors: this.#neighborhood.beside(zone.zone),
      border: this.#neighborhood.borderOf(zone),
      tickNumber: this.tickNumber,
      now: this.#now,
      elapsedMs: this.#now - zone.tickedAt,
      random: () => fraction(fresh()),
      newId() {
        const id = uuid(fresh());
        issued.add(id);
        return id;
      },
    });
  }

  /** What arrives is here before the tick looks, and its players with it. */
  #takeInbox(zone: TestZone): ReturnedTransfer[] {
    const parcels = zone.inbox.splice(0);
    const entities = new Map(zone.entities);
    for (const { entity, followers } of parcels) {
      entities.set(entity.id, entity);
      for (const name of followers) zone.subscribed.add(name);
    }
    zone.entities = entities;
    return parcels.flatMap(({ returned }) => returned ?? []);
  }

  #send(from: TestZone, { id, toZone, x, y, follow = [] }: Transfer, entity: Entity): void {
    const followers = [...from.subscribed].filter((name) => follow.includes(this.player(name).id));
    for (const name of followers) from.subscribed.delete(name);
    from.present = new Set([...from.present].filter((name) => !followers.includes(name)));
    const target = [...this.#zones.values()].find(({ zone }) => zone.id === toZone);
    const arriving = frozen({ ...entity, x, y });
    const reason = this.#refusal(target, arriving, followers);
    from.departed = [...from.departed, { toZone, entity: arriving }];
    if (target && !reason) target.inbox.push({ entity: arriving, followers, from });
    else from.inbox.push({ entity, followers, from, returned: frozen({ id, toZone, reason: reason ?? 'gone' }) });
  }

  /** What is for no zone comes back. */
  #affect(from: TestZone, toZone: string, data: JsonObject): void {
    const tickNumber = this.tickNumber;
    const target = [...this.#zones.values()].find(({ zone }) => zone.id === toZone);
    if (target) target.effects.push(frozen({ fromZone: from.zone.id, tickNumber, data }));
    else from.effects.push(frozen({ fromZone: toZone, tickNumber, data, returned: 'gone' }));
  }

  #refusal(target: TestZone | undefined, entity: Entity, followers: readonly string[]): ReturnReason | null {
    if (!target) return 'gone';
    if (!fits(target.zone, entity)) return 'too_small';
    const { zone, subscribed } = target;
    const admitted = followers.every((name) => this.#game.admit?.(zone, this.player(name), subscribed.size) ?? true);
    return admitted ? null : 'refused';
  }

  #tellPlayers({ playerStates = [], messages = [] }: TickResult): void {
    const byId = new Map([...this.#players.values()].map((player) => [player.id, player]));
    for (const { playerId, state } of playerStates) {
      const player = byId.get(playerId);
      if (player) this.#players.set(player.username, frozen({ ...player, state: state && plain(state) }));
    }
    for (const message of messages) {
      const name = byId.get(message.playerId)?.username ?? '';
      this.#messages.set(name, [...this.messages(name), message]);
    }
  }

  #zone(name: string): TestZone {
    const zone = this.#zones.get(name);
    if (!zone) throw new Error(`no zone ${name}`);
    return zone;
  }

  #byId(id: string): TestZone {
    const zone = [...this.#zones.values()].find((each) => each.zone.id === id);
    if (!zone) throw new Error(`no zone ${id}`);
    return zone;
  }
}
