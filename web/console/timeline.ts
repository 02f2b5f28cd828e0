/**
 * The ticks of the zones that are looked at, a lane for each, as somebody leafs through them by mouse or keyboard. What of it is on
 * the screen is `timeline-view.ts`, how it looks `timeline-painter.ts`.
 */
import type { LaneTick, Model, ZoneView } from './model.js';
import type { Palette } from './palette.js';
import { surfaceOf } from './surface.js';
import { DELAY_PX, drawDelays, drawLane, LANE_PX, NAME_PX, sum } from './timeline-painter.js';
import { TimelineView } from './timeline-view.js';
import { COSTS } from './wire.js';

const ZOOM_STEP = 1.25;

export class Timeline {
  readonly #view = new TimelineView();
  /** Which zone's tick is chosen, and the first that is on the screen, among those that have lanes. */
  #lane = 0;
  #first = 0;
  /** The zone that is chosen elsewhere: it comes first. */
  #foremost: string | null = null;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly model: Model,
    private readonly detail: (text: string) => void,
  ) {
    canvas.addEventListener('wheel', (event) => {
      event.preventDefault();
      this.#view.zoom(event.deltaY < 0 ? ZOOM_STEP : 1 / ZOOM_STEP);
    });
    canvas.addEventListener('pointerdown', ({ offsetX, offsetY }) => this.#pick(offsetX, offsetY));
    canvas.addEventListener('dblclick', () => this.#view.alone());
    canvas.addEventListener('keydown', (event) => this.#key(event));
  }

  putFirst(zoneId: string | null): void {
    [this.#foremost, this.#lane, this.#first] = [zoneId, 0, 0];
  }

  draw(palette: Palette): void {
    const surface = surfaceOf(this.canvas);
    if (!surface) return;
    const { context, width, height } = surface;
    this.#view.fit(width - NAME_PX, this.model.newestTick);
    const lanes = this.#shown(height);
    const paint = {
      context,
      width,
      palette,
      view: this.#view,
      interval: this.model.pulse?.status.tick.tick_interval_ms ?? 1_000,
    };
    for (const [row, zone] of lanes.entries()) {
      const isChosen = this.#view.tick !== null && this.#first + row === this.#lane;
      drawLane(paint, { name: zone.name, top: row * LANE_PX, ticks: this.model.lanes.get(zone.index) ?? [], isChosen });
    }
    drawDelays(paint, this.model.delays, lanes.length * LANE_PX);
    this.#tell();
  }

  #zones(): readonly ZoneView[] {
    const { zones, lanes } = this.model;
    const isFirst = ({ id }: ZoneView) => Number(id === this.#foremost);
    const all = Array.from(lanes.keys(), (index) => zones[index]).filter((zone) => zone !== undefined);
    return all.sort((a, b) => isFirst(b) - isFirst(a));
  }

  /** As many as there is room for, the chosen one among them. */
  #shown(height: number): readonly ZoneView[] {
    const zones = this.#zones();
    const fits = Math.max(1, Math.floor((height - DELAY_PX) / LANE_PX));
    this.#lane = Math.max(0, Math.min(this.#lane, zones.length - 1));
    this.#first = Math.min(this.#lane, Math.max(this.#first, this.#lane - fits + 1, 0));
    return zones.slice(this.#first, this.#first + fits);
  }

  #tell(): void {
    const zones = this.#zones();
    const zone = zones[this.#lane];
    const { tick } = this.#view;
    if (!zone || tick === null) {
      const lanes = zones.length > 1 ? ` Zone ${this.#lane + 1} of ${zones.length}: up and down.` : '';
      return this.detail(`Choose a tick to see what it was spent on; Enter shows it alone, Escape lets time go on.${lanes}`);
    }
    this.detail(
      textOf(
        zone.name,
        tick,
        this.model.lanes.get(zone.index)?.findLast((each) => each.tick === tick),
      ),
    );
  }

  #pick(x: number, y: number): void {
    if (x < NAME_PX) return;
    this.#lane = this.#first + Math.floor(y / LANE_PX);
    this.#view.choose(this.#view.tickAt(x - NAME_PX));
  }

  #key(event: KeyboardEvent): void {
    const deed = this.#deedOf(event.key);
    if (!deed) return;
    event.preventDefault();
    deed();
  }

  #deedOf(key: string): (() => void) | undefined {
    const view = this.#view;
    const deeds: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => view.step(-1),
      ArrowRight: () => view.step(1),
      ArrowUp: () => this.#turn(-1),
      ArrowDown: () => this.#turn(1),
      '+': () => view.zoom(ZOOM_STEP),
      '-': () => view.zoom(1 / ZOOM_STEP),
      Enter: () => view.alone(),
      Escape: () => view.release(),
    };
    return Object.hasOwn(deeds, key) ? deeds[key] : undefined;
  }

  #turn(by: number): void {
    this.#lane += by;
    if (this.#view.tick === null) this.#view.step(0);
  }
}

function textOf(zone: string, number: number, tick: LaneTick | undefined): string {
  const head = `${zone}, tick ${number}: `;
  if (!tick) return `${head}it did not tick`;
  const spent = tick.costs?.map((ms, kind) => `${COSTS[kind]} ${ms.toFixed(2)}`).join('  ');
  return head + (spent ? `${spent}  (${sum(tick.costs).toFixed(2)} ms)` : 'missed');
}
