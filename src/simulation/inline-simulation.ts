/**
 * The simulation on this very thread: for small worlds, tests and debugging.
 * It keeps the resident zones, and lets their game code run under a guard (`game-runner.ts`). Nothing can stop a game here
 * and go on as if nothing had happened: a step that hangs for ten budgets is reported to `onHang`, and the process is to end.
 */
import { GameStepError, HostLostError } from '../../actors/errors.js';
import type { EntityId, PlayerId, TickNumber, ZoneId } from '../../actors/ids.js';
import type { Clock, Scratch, Simulation } from '../../actors/ports.js';
import type { StoredEntity, StoredZone, ZoneInfo } from '../../actors/records.js';
import type { LoadedZone, Spoiling, StepAnswer, StepRequest } from '../../actors/steps.js';
import type { Log } from '../../actors/telemetry.js';
import type { Area, GameModule, JsonObject } from '../../games/contract.js';
import { Board } from './borders/board.js';
import { Strip } from './borders/strip.js';
import { decodeChange, encodeChange } from './borders/strip-codec.js';
import { type Asking, Entrance, publicPlayer } from './entrance.js';
import { GameRunner } from './game-runner.js';
import { Guard } from './guard.js';
import { messageOf } from './plain-json.js';
import { TickRandom } from './random.js';
import { ResidentEntity } from './resident-entity.js';
import { ResidentZone, type ZoneRules } from './resident-zone.js';
import { Slab } from './slab.js';
import { Strays } from './strays.js';
import { ByteWriter } from './views/byte-writer.js';
import { makeView } from './views/make-views.js';

/** How many budgets a step may take before it counts as hung for good. */
const HANG_BUDGETS = 10;

export interface InlineSimulationOptions {
  readonly game: GameModule;
  /** From which the chance of all ticks comes. */
  readonly secret: string;
  readonly maxZoneBytes: number;
  /** What `place`, `admit` and a view may take; a step is cut off at ten of these. */
  readonly tickBudgetMs: number;
  /** Other threads show zones beside this one's: they are told what changes at the edges here. Default false. */
  readonly hasOtherHosts?: boolean;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly log: Log;
  /** true: ticks may be spoilt on purpose. */
  readonly spoilable?: boolean;
  /** false: somebody outside this thread watches and ends it; nothing here is cut off. Default true. */
  readonly guarded?: boolean;
  /** Knows what game code leaves behind. Absent: nobody asks. */
  readonly strays?: Strays;
  /** Where what steps answer in bytes is put. Absent: where nobody else puts anything. */
  readonly slab?: Slab;
  /** A step of this zone did not end. Its tick is not applied, but the game may be left in any state: end the process. */
  readonly onHang: (zone: ZoneId) => void;
}

export class InlineSimulation implements Simulation {
  readonly #options: InlineSimulationOptions;
  readonly #runner: GameRunner;
  #entrance: Entrance;
  #rules: ZoneRules;
  readonly #zones = new Map<ZoneId, ResidentZone>();
  readonly #spoilt = new Map<ZoneId, Spoiling>();
  /** What the zones here see of those beside them. */
  readonly #board = new Board<Strip>();

  constructor(options: InlineSimulationOptions) {
    this.#options = options;
    const { game, strays = new Strays(), tickBudgetMs, clock, log } = options;
    const guard = options.guarded === false ? UNGUARDED : new Guard();
    this.#runner = new GameRunner({ guard, strays, tickBudgetMs, clock, log });
    this.#entrance = new Entrance(game, this.#runner);
    this.#rules = this.#rulesOf(game, this.#entrance);
  }

  /** Runs this game from now on; answers the zones that are to be restored with it, and are resident no more. */
  switchGame(game: GameModule): readonly ZoneId[] {
    this.#entrance = new Entrance(game, this.#runner);
    this.#rules = this.#rulesOf(game, this.#entrance);
    const zones = [...this.#zones.keys()];
    for (const zone of zones) this.drop(zone);
    return zones;
  }

  spoil(zone: ZoneId, how: Spoiling): void {
    if (this.#options.spoilable) this.#spoilt.set(zone, how);
  }

  /** The game, with ticks that were spoilt. */
  #spoilable(game: GameModule): GameModule {
    if (!this.#options.spoilable) return game;
    return {
      ...game,
      onTick: (tick) => {
        const id = tick.zone.id as ZoneId; // the zone of a tick is one of ours
        const how = this.#spoilt.get(id);
        this.#spoilt.delete(id);
        if (how === 'throw') throw new Error('this tick was made to fail');
        while (how === 'hang');
        return game.onTick(tick);
      },
    };
  }

  #rulesOf(game: GameModule, entrance: Entrance): ZoneRules {
    const { secret, maxZoneBytes, clock, hasOtherHosts: hasCopies = false, slab = new Slab() } = this.#options;
    return {
      game: this.#spoilable(game),
      random: (zone, tick) => TickRandom.of(secret, zone, tick),
      maxZoneBytes,
      admit: (zone, player, present) => entrance.admitWithin(zone, player, present),
      border: game.border === undefined ? null : { cells: game.border, board: this.#board, hasCopies },
      monotonicMs: () => clock.monotonicMs(),
      room: { writer: new ByteWriter(), slab },
    };
  }

  /** Rejects with `CorruptBodyError`. */
  async load(stored: StoredZone): Promise<LoadedZone> {
    const zone = new ResidentZone(stored, this.#rules);
    this.#zones.set(stored.info.id, zone);
    return { ...zone.loaded(), unseen: this.#layOut(stored, zone.strip) };
  }

  /** The zone is seen from now on, and sees those beside it; answers of which of them nothing is known here. */
  #layOut({ info, neighbors }: StoredZone, strip: Strip | null): readonly ZoneId[] {
    if (!strip) return [];
    const beside = neighbors.map(({ id }) => id);
    this.#board.host(info.id, beside);
    this.#board.set(info.id, strip);
    return this.#board.unknown(beside);
  }

  showBorder(zone: ZoneId, change: string): void {
    const strip = this.#board.get(zone);
    // Without a copy there is nothing that the change could be of: a whole one is on its way.
    if (strip && !this.#board.hosts(zone)) strip.apply(decodeChange(change, strip));
  }

  /** A copy of a strip that is made elsewhere. */
  showWhole(zone: ZoneId, whole: string): void {
    if (!this.#board.hosts(zone)) this.#board.set(zone, new Strip(decodeChange(whole, null)));
  }

  /** The whole strip of a zone that is known here, for somebody else's board; null: it is not known. */
  async strip(zone: ZoneId): Promise<string | null> {
    const strip = this.#board.get(zone);
    return strip ? encodeChange(strip.whole(), null) : null;
  }

  async showStored(_zone: ZoneId, neighbor: StoredZone): Promise<void> {
    const { id } = neighbor.info;
    if (this.#board.get(id) || !this.#board.wants(id)) return;
    const { strip } = new ResidentZone(neighbor, this.#rules);
    if (strip) this.#board.set(id, strip);
  }

  forget(zone: ZoneId): void {
    this.#zones.delete(zone);
    this.#board.forget(zone);
    for (const resident of this.#zones.values()) resident.forgetNeighbor(zone);
  }

  async step(request: StepRequest): Promise<StepAnswer> {
    return this.stepNow(request);
  }

  /** `step`, for a caller that has nobody to let in meanwhile. Throws what `step` rejects with. */
  stepNow(request: StepRequest): StepAnswer {
    const zone = this.#resident(request.zone);
    const budgetMs = HANG_BUDGETS * this.#options.tickBudgetMs;
    const step = this.#runner.run(request.zone, budgetMs, () => zone.step(request));
    if (step.type === 'answered') return step.answer;
    zone.discard();
    this.#options.onHang(request.zone);
    throw new GameStepError(request.zone, request.tick, `it did not end within ${budgetMs} ms`);
  }

  /** The player of this small number, of those who are or were in the zone. */
  playerOf(zone: ZoneId, number: number): PlayerId | undefined {
    return this.#resident(zone).playerOf(number);
  }

  async probe(request: StepRequest): Promise<string | null> {
    return this.#probe(this.#resident(request.zone), request);
  }

  scratch(stored: StoredZone): Scratch {
    const zone = new ResidentZone(stored, this.#rules);
    return { probe: async (request) => this.#probe(zone, request), close: async () => {} };
  }

  #probe(zone: ResidentZone, request: StepRequest): string | null {
    const probe = this.#runner.run(request.zone, this.#options.tickBudgetMs, () => zone.probe(request));
    if (probe.type === 'answered') return probe.answer;
    zone.discard();
    return 'it did not come back';
  }

  adopt(zone: ZoneId, tick: TickNumber): void {
    this.#zones.get(zone)?.adopt(tick);
  }

  abandon(zone: ZoneId, tick: TickNumber): void {
    this.#zones.get(zone)?.abandon(tick);
  }

  drop(zone: ZoneId): void {
    this.#zones.delete(zone);
    this.#board.leave(zone);
  }

  async checkpoint(zone: ZoneId): ReturnType<Simulation['checkpoint']> {
    return this.#resident(zone).checkpoint();
  }

  async entities(zone: ZoneId, area: Area | null): Promise<readonly StoredEntity[]> {
    return this.#resident(zone).read(({ entitySet, entities }) => {
      const found = area ? entitySet.inArea(area) : [...entities.values()];
      return found.filter(ResidentEntity.is).map(ResidentEntity.stored);
    });
  }

  async entity(zone: ZoneId, id: EntityId): Promise<StoredEntity | null> {
    return this.#resident(zone).read(({ entities }) => {
      const entity = entities.get(id);
      return entity ? ResidentEntity.stored(entity) : null;
    });
  }

  /** Rejects with `GameStepError` when the game fails at it, or is late. */
  async view(zone: ZoneId, player: Asking): Promise<JsonObject> {
    return this.#resident(zone).read((state, source) => {
      const { tick } = state.facts;
      const viewer = state.players.get(player.id)?.view ?? publicPlayer(player);
      try {
        const view = this.#runner.run(zone, this.#options.tickBudgetMs, () => makeView(source, viewer));
        if (view.type === 'answered') return parseView(view.answer);
      } catch (error) {
        throw new GameStepError(zone, tick, `getPlayerState failed: ${messageOf(error)}`, { cause: error });
      }
      throw new GameStepError(zone, tick, 'getPlayerState was late');
    });
  }

  async place(player: Asking, zones: readonly ZoneInfo[]): Promise<ZoneId | null> {
    return this.#entrance.place(player, zones);
  }

  async admit(zone: ZoneInfo, player: Asking, present: number): Promise<boolean> {
    return this.#entrance.admit(zone, player, present);
  }

  /** Runs a route handler up to its first wait. Throws what it throws, and when that takes longer than the budget. */
  callRoute<Answer>(handler: () => Answer): Answer {
    const outcome = this.#runner.run(null, this.#options.tickBudgetMs, handler);
    if (outcome.type === 'answered') return outcome.answer;
    throw new Error(`a route handler took longer than ${this.#options.tickBudgetMs} ms`);
  }

  #resident(zone: ZoneId): ResidentZone {
    const resident = this.#zones.get(zone);
    if (!resident) throw new HostLostError(zone);
    return resident;
  }
}

const UNGUARDED: Pick<Guard, 'run'> = { run: (_timeoutMs, call) => ({ type: 'answered', answer: call() }) };

/** A copy that is nobody's but the caller's. */
function parseView(text: string): JsonObject {
  const view: JsonObject = JSON.parse(text); // the text of an object: that is what a view is
  return view;
}
