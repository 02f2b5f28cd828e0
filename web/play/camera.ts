/**
 * What of the world is on the screen: a place in the middle, and so many pixels to a cell. Turns one into the other.
 */
import type { Point } from '../../client/index.js';

const LEAST_PX = 4;
const MOST_PX = 96;
/** A little beyond what one sees. */
const MARGIN_CELLS = 1;
/** Somebody who sees far sees what is near large enough all the same. */
const FURTHEST_FIT_CELLS = 13;
const SIGHT_UNKNOWN_CELLS = 10;

export class Camera {
  #width = 1;
  #height = 1;
  #middle: Point = { x: 0, y: 0 };
  #sight: number = SIGHT_UNKNOWN_CELLS;
  #zoom = 1;

  /** Of the screen, in its pixels. */
  resize(width: number, height: number): void {
    this.#width = width;
    this.#height = height;
  }

  /** What stands in the middle, and how far it sees. */
  lookAt(middle: Point, sight: number | null): void {
    this.#middle = middle;
    this.#sight = Math.min(FURTHEST_FIT_CELLS, sight ?? SIGHT_UNKNOWN_CELLS);
  }

  zoom(factor: number): void {
    const fit = this.#fit();
    this.#zoom = Math.min(MOST_PX / fit, Math.max(LEAST_PX / fit, this.#zoom * factor));
  }

  /** Pixels to a cell. */
  get scale(): number {
    return this.#fit() * this.#zoom;
  }

  toScreen({ x, y }: Point): Point {
    const { scale } = this;
    return { x: this.#width / 2 + (x - this.#middle.x) * scale, y: this.#height / 2 + (y - this.#middle.y) * scale };
  }

  toWorld(x: number, y: number): Point {
    const { scale } = this;
    return { x: this.#middle.x + (x - this.#width / 2) / scale, y: this.#middle.y + (y - this.#height / 2) / scale };
  }

  /** The part of the world that is on the screen. */
  get view(): { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number } {
    const [from, to] = [this.toWorld(0, 0), this.toWorld(this.#width, this.#height)];
    return { left: from.x, top: from.y, right: to.x, bottom: to.y };
  }

  #fit(): number {
    return Math.min(this.#width, this.#height) / (2 * (this.#sight + MARGIN_CELLS) + 1);
  }
}
