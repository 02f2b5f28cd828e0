/**
 * Which ticks the timeline shows and how wide: from the newest back, or held still around one that somebody has chosen;
 * down to one tick alone. Numbers only; drawing is the painter's.
 */
const NARROWEST_PX = 3;
const USUAL_PX = 8;

export class TimelineView {
  /** null: none is chosen. */
  tick: number | null = null;
  #columnPx = USUAL_PX;
  /** The tick at the right edge; null: the newest there is. */
  #held: number | null = null;
  #newest = 0;
  /** Until it is told, more than enough. */
  #width = 10_000;

  get columnPx(): number {
    return this.#columnPx;
  }

  /** At the right edge. */
  get last(): number {
    return this.#held ?? this.#newest;
  }

  /** One tick has all the room there is. */
  get isAlone(): boolean {
    return this.#columnPx >= this.#width;
  }

  /** How much room there is, and which tick is the newest. */
  fit(width: number, newest: number): void {
    const wasAlone = this.isAlone;
    [this.#width, this.#newest] = [Math.max(NARROWEST_PX, width), newest];
    this.#columnPx = wasAlone ? this.#width : Math.min(this.#columnPx, this.#width);
  }

  /** The left edge of a tick's column, from the left edge of the room. May be outside of it. */
  xOf(tick: number): number {
    return this.#width - (this.last - tick + 1) * this.#columnPx;
  }

  tickAt(x: number): number {
    return this.last + 1 - Math.ceil((this.#width - x) / this.#columnPx);
  }

  /** Holds still, and keeps that tick in sight. */
  choose(tick: number): void {
    this.tick = Math.max(1, Math.min(tick, this.#newest));
    this.#held = this.last;
    const fits = Math.max(1, Math.floor(this.#width / this.#columnPx));
    if (this.tick > this.#held) this.#held = this.tick;
    if (this.tick <= this.#held - fits) this.#held = this.tick + fits - 1;
  }

  /** To the tick beside the chosen one, or the newest. */
  step(by: number): void {
    this.choose(this.tick === null ? this.last : this.tick + by);
  }

  /** With the chosen tick, or the right edge, where it is. */
  zoom(factor: number): void {
    const anchor = this.tick ?? this.last;
    const x = this.xOf(anchor);
    this.#columnPx = Math.min(this.#width, Math.max(NARROWEST_PX, this.#columnPx * factor));
    if (this.tick === null) return;
    this.#held = anchor - 1 + Math.max(1, Math.round((this.#width - Math.max(0, x)) / this.#columnPx));
    this.choose(this.tick);
  }

  /** The chosen tick, or the newest, and nothing else; and back. */
  alone(): void {
    const isAlone = this.isAlone;
    this.choose(this.tick ?? this.last);
    this.#columnPx = isAlone ? USUAL_PX : this.#width;
    if (!isAlone) this.#held = this.tick;
  }

  /** None is chosen, and time goes on. */
  release(): void {
    [this.tick, this.#held] = [null, null];
    this.#columnPx = Math.min(this.#columnPx, USUAL_PX);
  }
}
