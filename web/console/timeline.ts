/**
 * The ticks of the zones that are looked at: a lane for each, a column for each tick with what it was spent on, those
 * that were missed or took longer than the interval marked, and beneath them how late the main thread was.
 */
import type { LaneTick, Model, ZoneView } from './model.js';
import type { Palette } from './palette.js';
import { surfaceOf } from './surface.js';
import { COSTS } from './wire.js';

const LANE_PX = 44;
const NAME_PX = 96;
const DELAY_PX = 46;
const NARROWEST_PX = 3;
const WIDEST_PX = 60;

export class Timeline {
  #columnPx = 8;
  /** Which tick somebody looks at, by its number; null: none. */
  #tick: number | null = null;
  #lane = 0;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly model: Model,
    private readonly detail: (text: string) => void,
  ) {
    canvas.addEventListener('wheel', (event) => {
      event.preventDefault();
      this.#zoom(event.deltaY < 0 ? 1.25 : 0.8);
    });
    canvas.addEventListener('pointerdown', ({ offsetX, offsetY }) => this.#pick(offsetX, offsetY));
    canvas.addEventListener('keydown', (event) => this.#key(event));
  }

  draw(palette: Palette): void {
    const surface = surfaceOf(this.canvas);
    if (!surface) return;
    const { context, width, height } = surface;
    const last = this.#lastTick();
    const lanes = this.#lanes(height);
    for (const [row, zone] of lanes.entries()) this.#drawLane(context, zone, row, width, last, palette);
    this.#drawDelays(context, lanes.length * LANE_PX, width, palette);
    this.#tell(lanes);
  }

  #lanes(height = this.canvas.clientHeight): readonly ZoneView[] {
    const fits = Math.max(1, Math.floor((height - DELAY_PX) / LANE_PX));
    const withTicks = this.model.zones.filter(({ index }) => this.model.lanes.has(index));
    return withTicks.slice(0, fits);
  }

  #lastTick(): number {
    return Math.max(0, ...Array.from(this.model.lanes.values(), (lane) => lane.at(-1)?.tick ?? 0));
  }

  #drawLane(context: CanvasRenderingContext2D, zone: ZoneView, row: number, width: number, last: number, palette: Palette): void {
    const [top, bottom] = [row * LANE_PX, (row + 1) * LANE_PX - 6];
    context.fillStyle = row === this.#lane && this.#tick !== null ? palette.ink : palette.muted;
    context.font = '12px ui-sans-serif, system-ui, sans-serif';
    context.fillText(zone.name, 4, bottom - 4, NAME_PX - 10);
    context.strokeStyle = palette.line;
    context.strokeRect(NAME_PX, top + 0.5, width - NAME_PX - 1, LANE_PX - 6);
    const lane = this.model.lanes.get(zone.index) ?? [];
    const interval = this.model.pulse?.status.tick.tick_interval_ms ?? 1_000;
    const dearest = Math.max(1, ...lane.map(({ costs }) => sum(costs)));
    for (const tick of lane) {
      const x = width - (last - tick.tick + 1) * this.#columnPx;
      if (x < NAME_PX) continue;
      this.#drawTick(context, tick, x, { top: top + 3, bottom, dearest, interval, palette });
      if (tick.tick !== this.#tick || row !== this.#lane) continue;
      context.strokeStyle = palette.ink;
      context.strokeRect(x - 0.5, top + 1.5, this.#columnPx, LANE_PX - 8);
    }
  }

  #drawTick(
    context: CanvasRenderingContext2D,
    { costs }: LaneTick,
    x: number,
    {
      top,
      bottom,
      dearest,
      interval,
      palette,
    }: { top: number; bottom: number; dearest: number; interval: number; palette: Palette },
  ): void {
    const width = Math.max(1, this.#columnPx - 1);
    if (!costs) {
      context.fillStyle = palette.bad;
      context.fillRect(x, top, width, bottom - top);
      return;
    }
    let y = bottom;
    for (const [kind, ms] of costs.entries()) {
      const height = (ms / dearest) * (bottom - top);
      context.fillStyle = palette.costs[kind] ?? palette.muted;
      context.fillRect(x, y - height, width, height);
      y -= height;
    }
    if (sum(costs) <= interval) return;
    // It took longer than there was time for.
    context.strokeStyle = palette.bad;
    context.strokeRect(x - 0.5, top, width + 1, bottom - top);
  }

  #drawDelays(context: CanvasRenderingContext2D, top: number, width: number, palette: Palette): void {
    const { delays } = this.model;
    const most = Math.max(10, ...delays.map(({ max }) => max));
    context.fillStyle = palette.muted;
    context.font = '12px ui-sans-serif, system-ui, sans-serif';
    context.fillText('loop delay', 4, top + DELAY_PX - 14, NAME_PX - 10);
    context.fillText(`${most.toFixed(0)} ms`, 4, top + 14, NAME_PX - 10);
    context.strokeStyle = palette.warn;
    context.beginPath();
    for (const [back, { max }] of [...delays].reverse().entries()) {
      const x = width - back * 4;
      if (x < NAME_PX) break;
      context.lineTo(x, top + DELAY_PX - 4 - (max / most) * (DELAY_PX - 10));
    }
    context.stroke();
  }

  #tell(lanes: readonly ZoneView[]): void {
    const zone = lanes[this.#lane];
    const tick = zone && this.model.lanes.get(zone.index)?.findLast((each) => each.tick === this.#tick);
    if (!zone || !tick) return this.detail(this.#tick === null ? 'Choose a tick to see what it was spent on.' : '');
    const head = `${zone.name}, tick ${tick.tick}: `;
    const spent = tick.costs?.map((ms, kind) => `${COSTS[kind]} ${ms.toFixed(2)}`).join('  ');
    this.detail(head + (spent ? `${spent}  (${sum(tick.costs).toFixed(2)} ms)` : 'missed'));
  }

  #pick(x: number, y: number): void {
    this.#lane = Math.min(Math.floor(y / LANE_PX), Math.max(0, this.#lanes().length - 1));
    this.#tick = this.#lastTick() + 1 - Math.ceil((this.canvas.clientWidth - x) / this.#columnPx);
  }

  #key(event: KeyboardEvent): void {
    const steps: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1 };
    const step = steps[event.key];
    if (step !== undefined) this.#tick = (this.#tick ?? this.#lastTick()) + step;
    else if (event.key === 'ArrowUp') this.#lane = Math.max(0, this.#lane - 1);
    else if (event.key === 'ArrowDown') this.#lane = Math.min(this.#lanes().length - 1, this.#lane + 1);
    else if (event.key === '+') this.#zoom(1.25);
    else if (event.key === '-') this.#zoom(0.8);
    else return;
    event.preventDefault();
  }

  #zoom(factor: number): void {
    this.#columnPx = Math.min(WIDEST_PX, Math.max(NARROWEST_PX, this.#columnPx * factor));
  }
}

function sum(costs: readonly number[] | null): number {
  return costs?.reduce((total, ms) => total + ms, 0) ?? 0;
}
