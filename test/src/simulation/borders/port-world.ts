/**
 * A square of zones side by side, driven at the port: it commits, takes back, restores and puts to sleep as the actors
 * would, on one or several simulations at once, which must answer the same. Everything durable is in memory here.
 */
import { expect } from 'chai';
import type { ZoneId } from '../../../../actors/ids.js';
import type { Simulation } from '../../../../actors/ports.js';
import type { InboxRow, JournalRow, StoredZone, ZoneNeighbor } from '../../../../actors/records.js';
import type { StepAnswer, StepRequest } from '../../../../actors/steps.js';
import type { JsonObject } from '../../../../games/contract.js';
import { type LookoutView, viewOf } from '../../../flows/borders/border-world.js';
import type { LookoutIntent } from '../../../support/pool-games/lookout.js';
import { held, intent, viewers, zoneId, zone as zoneInfo } from '../support.js';

/** Cells along the side of each zone. */
export const SIDE = 10;
const TICK_MS = 100;

interface StandingZone {
  readonly info: StoredZone['info'];
  neighbors: readonly ZoneNeighbor[];
  journal: JournalRow[];
  tick: number;
  isAwake: boolean;
  isJoined: boolean;
}

/** What befalls a zone in a tick. */
export interface TickPlan {
  readonly intents?: readonly LookoutIntent[];
  /** The step is taken back. */
  readonly isAbandoned?: boolean;
}

export class PortWorld {
  tickNumber = 0;
  readonly zones: readonly ZoneId[];
  readonly #zones = new Map<ZoneId, StandingZone>();
  #waiting: InboxRow[] = [];
  #lastRow = 0;

  /** `square` zones along each side, each beside those it touches, by a corner too. */
  constructor(
    readonly simulations: readonly Simulation[],
    square: number,
  ) {
    this.zones = Array.from({ length: square * square }, (_, index) => zoneId(index + 1));
    for (const [index, id] of this.zones.entries()) {
      const info = zoneInfo({ id, name: `z${index}`, width: SIDE, height: SIDE });
      const neighbors = neighborsOf(index, square, this.zones);
      this.#zones.set(id, { info, neighbors, journal: [], tick: 0, isAwake: false, isJoined: false });
    }
  }

  isAwake(zone: ZoneId): boolean {
    return this.#zone(zone).isAwake;
  }

  /** Restores the zone in these simulations: wakes it, moves it, or brings it back. */
  async load(zone: ZoneId, simulations = this.simulations): Promise<void> {
    await Promise.all(simulations.map((simulation) => this.#loadIn(simulation, zone)));
    this.#zone(zone).isAwake = true;
  }

  async #loadIn(simulation: Simulation, zone: ZoneId): Promise<void> {
    const { unseen } = await simulation.load(this.stored(zone));
    for (const beside of unseen) await simulation.showStored(zone, this.stored(beside));
  }

  /** Its inbox must be empty. */
  sleep(zone: ZoneId): boolean {
    if (this.#waiting.some(({ to }) => to === zone)) return false;
    this.#zone(zone).isAwake = false;
    for (const simulation of this.simulations) simulation.drop(zone);
    return true;
  }

  remove(zone: ZoneId): void {
    this.#zones.delete(zone);
    this.#waiting = this.#waiting.filter(({ to, from }) => to !== zone && from !== zone);
    for (const other of this.#zones.values()) other.neighbors = other.neighbors.filter(({ id }) => id !== zone);
    for (const simulation of this.simulations) {
      simulation.drop(zone);
      simulation.forget(zone);
    }
  }

  /** One tick of every zone that is awake; answers what the player of each was shown, by zone. */
  async tick(plans: ReadonlyMap<ZoneId, TickPlan> = new Map()): Promise<ReadonlyMap<ZoneId, LookoutView>> {
    this.tickNumber += 1;
    const awake = [...this.#zones].filter(([, { isAwake }]) => isAwake).map(([id]) => id);
    const requests = awake.map((zone) => this.#request(zone, plans.get(zone)?.intents ?? []));
    const answers = await Promise.all(
      this.simulations.map((simulation) => Promise.all(requests.map((request) => simulation.step(request)))),
    );
    const [first = [], ...others] = answers;
    for (const other of others) expect(other.map(comparable)).to.deep.equal(first.map(comparable));
    const views = new Map<ZoneId, LookoutView>();
    for (const [index, request] of requests.entries()) {
      const of = answers.map((each) => each[index]).filter((answer) => answer !== undefined);
      const isAbandoned = plans.get(request.zone)?.isAbandoned ?? false;
      if (isAbandoned) for (const simulation of this.simulations) simulation.abandon(request.zone, request.tick);
      else this.#commit(request, of);
      const [answer] = of;
      if (answer && !isAbandoned) views.set(request.zone, viewOf(stateOf(answer)));
    }
    return views;
  }

  stored(zone: ZoneId): StoredZone {
    const { info, neighbors, journal, tick } = this.#zone(zone);
    return {
      ...{ info, epoch: 1, checkpoint: null, journal, held: [], wakeAtMs: null, tickedUntilMs: tick * TICK_MS },
      inbox: this.#waiting.filter(({ to }) => to === zone),
      neighbors,
      departed: this.#waiting.filter(({ from }) => from === zone),
      known: { tick, posted: neighbors.map(({ id }) => this.#zone(id).tick) },
    };
  }

  #request(zone: ZoneId, intents: readonly LookoutIntent[]): StepRequest {
    const number = this.zones.indexOf(zone) + 1;
    return {
      zone,
      tick: this.tickNumber,
      nowMs: this.tickNumber * TICK_MS,
      intents: intents.map((data) => intent(number, null, asJson(data))),
      joins: this.#zone(zone).isJoined ? [] : [held(number)],
      leaves: [],
      inbox: this.#waiting.filter(({ to, tick }) => to === zone && tick < this.tickNumber),
      viewers: viewers(this.tickNumber - 1, number),
    };
  }

  /** As a zone's actor publishes: the rows are posted in the same turn as the strip. */
  #commit(request: StepRequest, answers: readonly StepAnswer[]): void {
    const zone = this.#zone(request.zone);
    const [answer] = answers;
    if (!answer) throw new Error('nobody has answered');
    if (answer.row) zone.journal = [...zone.journal, answer.row];
    zone.tick = request.tick;
    zone.isJoined = true;
    this.#waiting = this.#waiting.filter(({ id }) => !answer.takes.includes(id));
    for (const [at, simulation] of this.simulations.entries()) {
      simulation.adopt(request.zone, request.tick);
      const change = answers[at]?.border?.change;
      if (typeof change === 'string') simulation.showBorder(request.zone, change);
    }
    for (const send of answer.sends) {
      this.#lastRow += 1;
      this.#waiting.push({ ...send, id: this.#lastRow, from: request.zone, followers: [] });
    }
  }

  #zone(zone: ZoneId): StandingZone {
    const standing = this.#zones.get(zone);
    if (!standing) throw new Error(`there is no zone ${zone}`);
    return standing;
  }
}

function neighborsOf(index: number, square: number, zones: readonly ZoneId[]): readonly ZoneNeighbor[] {
  const [column, row] = [index % square, Math.floor(index / square)];
  return zones.flatMap((id, other) => {
    const [dx, dy] = [(other % square) - column, Math.floor(other / square) - row];
    const isBeside = other !== index && Math.abs(dx) <= 1 && Math.abs(dy) <= 1;
    return isBeside ? { id, name: `z${other}`, width: SIDE, height: SIDE, dx: dx * SIDE, dy: dy * SIDE } : [];
  });
}

/** What two simulations must agree about; how long it took them, and what they tell their own threads, is theirs. */
function comparable({ timings: _, border: __, frames, row, ...answer }: StepAnswer): object {
  const written = row && { ...row, body: JSON.parse(Buffer.from(row.body).toString()), inputs: JSON.parse(row.inputs) };
  return { ...answer, frames: frames && Buffer.from(frames.bytes).toString(), row: written };
}

/** Of the only viewer. */
function stateOf({ frames }: StepAnswer): unknown {
  if (!frames) throw new Error('nobody is shown this tick');
  const { bytes, table } = frames;
  const [from = 0, to = 0] = table;
  return JSON.parse(`{${Buffer.from(bytes.subarray(from, to)).toString()}`).state;
}

function asJson(intent: LookoutIntent): JsonObject {
  return intent as unknown as JsonObject; // each is plain JSON
}
