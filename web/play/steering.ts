/**
 * From where somebody wants to go to what is sent, and no more of it than helps: on cells a step a tick, on a plane
 * a direction when it changes. A wish is a direction that is held, or a place to get to.
 */
import { type Deed, type Direction, distance, head, step } from './deeds.js';
import type { Scene } from './scene.js';

/** So near is there. */
const THERE = { steps: 0.5, plane: 0.4 };
/** So many states without coming nearer: something is in the way. */
const PATIENCE_STATES = 3;
/** A direction that turns all the time, as under a mouse, is sent so often. */
const HEADING_EVERY_MS = 66;
const NOWHERE: Direction = { x: 0, y: 0 };

export class Steering {
  #held: Direction = NOWHERE;
  #goal: Direction | null = null;
  #scene: Scene | null = null;
  /** A step was sent, and no state has come since. */
  #stepping = false;
  #heading: Direction = NOWHERE;
  #headedAtMs = Number.NEGATIVE_INFINITY;
  #nearest = Number.POSITIVE_INFINITY;
  #statesWithoutProgress = 0;

  /** What a step is called on cells; null: this game has none. */
  step: string | null = 'move';

  constructor(private readonly send: (deed: Deed) => void) {}

  /** Where it is going; null: nowhere in particular. */
  get goal(): Direction | null {
    return this.#goal;
  }

  /** This way, as long as nothing else is said. Of length 1 at most. */
  hold(direction: Direction, nowMs: number): void {
    this.#held = direction;
    if (direction.x !== 0 || direction.y !== 0) this.#goal = null;
    this.#steer(nowMs);
  }

  /** To that place; null: never mind. */
  goTo(place: Direction | null, nowMs: number): void {
    this.#goal = place;
    this.#nearest = Number.POSITIVE_INFINITY;
    this.#statesWithoutProgress = 0;
    this.#steer(nowMs);
  }

  /** The world is as it is now. */
  see(scene: Scene, nowMs: number): void {
    this.#scene = scene;
    this.#stepping = false;
    this.#checkProgress();
    this.#steer(nowMs);
  }

  /** Nobody hears what is sent now, and what was wanted is not wanted any more when somebody does. */
  interrupt(): void {
    this.#goal = null;
    this.#stepping = false;
    this.#heading = NOWHERE;
    this.#scene = null;
  }

  #checkProgress(): void {
    const self = this.#scene?.self;
    if (!this.#goal || !self) return;
    const left = distance(this.#goal, self);
    const isNearer = left < this.#nearest - 0.05;
    this.#statesWithoutProgress = isNearer ? 0 : this.#statesWithoutProgress + 1;
    this.#nearest = Math.min(this.#nearest, left);
    const isThere = left <= THERE[this.#scene?.ground ?? 'steps'];
    if (isThere || this.#statesWithoutProgress > PATIENCE_STATES) this.#goal = null;
  }

  #steer(nowMs: number): void {
    if (!this.#scene?.self) return;
    const way = this.#way();
    if (this.#scene.ground === 'steps') this.#takeStep(way);
    else this.#takeHeading(way, nowMs);
  }

  #way(): Direction {
    const self = this.#scene?.self;
    if (!this.#goal || !self) return this.#held;
    const left = distance(this.#goal, self);
    if (left < 0.01) return NOWHERE;
    return { x: (this.#goal.x - self.x) / left, y: (this.#goal.y - self.y) / left };
  }

  #takeStep(way: Direction): void {
    if (this.step === null || this.#stepping || (way.x === 0 && way.y === 0)) return;
    this.#stepping = true;
    this.send(step(way, this.step));
  }

  #takeHeading(way: Direction, nowMs: number): void {
    const turned = Math.hypot(way.x - this.#heading.x, way.y - this.#heading.y);
    if (turned < 0.02) return;
    const startsOrStops = isNowhere(way) || isNowhere(this.#heading);
    if (!startsOrStops && nowMs - this.#headedAtMs < HEADING_EVERY_MS) return;
    this.#heading = way;
    this.#headedAtMs = nowMs;
    this.send(head(way));
  }
}

function isNowhere({ x, y }: Direction): boolean {
  return x === 0 && y === 0;
}
