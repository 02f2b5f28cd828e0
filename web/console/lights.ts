/**
 * The promises as far as they can be seen from here: each is held against every pulse. A light that has turned red
 * stays so, and says what was seen.
 */
import type { Model, ZoneView } from './model.js';
import type { Happened, PulseMessage } from './wire.js';

export interface Light {
  readonly name: string;
  /** false: nothing was seen yet that could have been against it. */
  readonly isSeen: boolean;
  /** What was seen, where nothing is against it. */
  readonly seen: string;
  /** null: nothing was seen against it. */
  readonly broken: string | null;
}

/** An intent that waits so many ticks in a zone that ticks is not going to be taken. */
const LONGEST_WAIT_TICKS = 20;

export class Lights {
  /** By the promise's number in the contract. */
  readonly #broken = new Map<number, string>();
  readonly #highest = new Map<string, number>();
  readonly #lastInLane = new Map<number, number>();
  readonly #waitsSince = new Map<string, number>();
  #twice: ReadonlySet<string> = new Set();
  #views = 0;
  #viewsBefore = 0;

  all(): readonly Light[] {
    return PROMISES.map((name, index) => ({
      name,
      ...(index + 1 === VIEWS ? this.#viewsSeen() : { isSeen: true, seen: 'nothing was seen against it' }),
      broken: this.#broken.get(index + 1) ?? null,
    }));
  }

  /** The zones are others, or in another order. */
  relay(): void {
    this.#lastInLane.clear();
  }

  check(model: Model, pulse: PulseMessage): void {
    this.#nothingTakenBack(model);
    this.#onePlace(pulse);
    this.#intentsAreTaken(model);
    this.#forward(model, pulse.happened);
    this.#failuresStay(model, pulse.happened);
    this.#viewsAreShown(pulse);
  }

  #nothingTakenBack(model: Model): void {
    for (const { id, name, tick, phase } of model.zones) {
      const highest = this.#highest.get(id) ?? 0;
      // A zone that is being restored has not said yet what it is at.
      if (phase === 'live' && tick > 0 && tick < highest)
        this.#break(1, `zone ${name} went from tick ${highest} back to ${tick}`);
      this.#highest.set(id, Math.max(highest, tick));
    }
  }

  /** Zones are read one after the other: what is in two of them once may have crossed meanwhile. */
  #onePlace({ entities }: PulseMessage): void {
    const seen = new Set<string>();
    const twice = new Set<string>();
    for (const { list } of entities) for (const [id] of list) (seen.has(id) ? twice : seen).add(id);
    for (const id of twice) if (this.#twice.has(id)) this.#break(2, `entity ${id} was in two zones, twice in a row`);
    this.#twice = twice;
  }

  #intentsAreTaken({ zones }: Model): void {
    for (const { id, name, phase, mailbox, tick } of zones) {
      if (phase !== 'live' || mailbox === 0) this.#waitsSince.delete(id);
      else if (!this.#waitsSince.has(id)) this.#waitsSince.set(id, tick);
      const since = this.#waitsSince.get(id) ?? tick;
      // Whoever plays has always something waiting: what counts is that it is more and more.
      if (tick - since > LONGEST_WAIT_TICKS && mailbox > tick - since) this.#break(3, `${mailbox} intents wait in zone ${name}`);
    }
  }

  #forward(model: Model, happened: readonly Happened[]): void {
    for (const event of happened) {
      if (event.type !== 'tick') continue;
      const last = this.#lastInLane.get(event.zone) ?? 0;
      if (event.tick <= last) this.#break(5, `zone ${nameOf(model, event.zone)} ticked ${event.tick} after ${last}`);
      this.#lastInLane.set(event.zone, Math.max(last, event.tick));
    }
  }

  #failuresStay(model: Model, happened: readonly Happened[]): void {
    const failed = new Set(happened.flatMap((event) => (event.type === 'failed' ? event.zone : [])));
    if (failed.size === 0) return;
    // Those of a thread that was ended are restored, and say so; whoever missed a tick with its thread alive was disturbed.
    const disturbed = happened.find(
      (event) => event.type === 'missed' && !failed.has(event.zone) && isLive(model.zones[event.zone]),
    );
    if (disturbed) this.#break(6, `zone ${nameOf(model, disturbed.zone)} missed a tick when another failed`);
  }

  /** The server looks, at one player after the other: what a player is sent does not come here. */
  #viewsAreShown({ views: { same, strange } }: PulseMessage): void {
    if (strange !== null) this.#break(VIEWS, strange);
    // Each line to the server counts from the beginning.
    this.#viewsBefore += this.#views > same ? this.#views : 0;
    this.#views = same;
  }

  #viewsSeen(): Pick<Light, 'isSeen' | 'seen'> {
    const views = this.#viewsBefore + this.#views;
    if (views === 0) return { isSeen: false, seen: 'no view was looked at yet: that takes a player who is sent one' };
    return { isSeen: true, seen: `of the views of players, ${views} were looked at, and were what the game shows` };
  }

  #break(promise: number, why: string): void {
    if (!this.#broken.has(promise)) this.#broken.set(promise, why);
  }
}

/** In the order of the contract. */
const PROMISES = [
  'Nothing seen is taken back',
  'Each entity is in one place',
  'Intents are taken',
  'Views are what the game shows',
  'Ticks go forward',
  'A failure stays in its zone',
] as const;
const VIEWS = 4;

function isLive(zone: ZoneView | undefined): boolean {
  return zone?.phase === 'live';
}

function nameOf(model: Model, zone: number): string {
  return model.zones[zone]?.name ?? String(zone);
}
