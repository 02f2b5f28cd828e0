/**
 * How ticks look: a column for each, split in what it was spent on; a tick that has room enough lies on its side, with
 * words. What was missed, took longer than the interval, or was skipped by the whole process is marked.
 */
import type { Delay, LaneTick } from './model.js';
import type { Palette } from './palette.js';
import type { TimelineView } from './timeline-view.js';
import { COSTS } from './wire.js';

export const LANE_PX = 44;
export const NAME_PX = 96;
export const DELAY_PX = 46;
/** A tick that is at least so wide has room for words. */
const SIDEWAYS_PX = 240;
/** Room for "10 skipped". */
const LEAST_WORDS_PX = 64;
/** The least that the strip of delays shows as its whole height. */
const USUAL_DELAY_MS = 10;
const FONT = '12px ui-sans-serif, system-ui, sans-serif';

export interface Paint {
  readonly context: CanvasRenderingContext2D;
  readonly width: number;
  readonly palette: Palette;
  readonly view: TimelineView;
  /** Milliseconds from one tick to the next. */
  readonly interval: number;
}

export interface Lane {
  readonly name: string;
  readonly top: number;
  readonly ticks: readonly LaneTick[];
  readonly isChosen: boolean;
}

interface Box {
  readonly x: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export function drawLane(paint: Paint, { name, top, ticks, isChosen }: Lane): void {
  const { context, width, palette, view } = paint;
  const height = LANE_PX - 6;
  write(paint, name, 4, top + height - 4, isChosen ? palette.ink : palette.muted);
  context.strokeStyle = palette.line;
  context.strokeRect(NAME_PX, top + 0.5, width - NAME_PX - 1, height);
  const seen = ticks.filter(({ tick }) => tick <= view.last && view.xOf(tick) > -view.columnPx);
  const dearest = Math.max(1, ...seen.map(({ costs }) => sum(costs)));
  for (const tick of seen) {
    const left = Math.max(0, view.xOf(tick.tick));
    const wide = Math.min(view.columnPx, view.xOf(tick.tick) + view.columnPx);
    const box = { x: NAME_PX + left, top: top + 3, width: Math.max(1, wide - 1), height: height - 3 };
    drawTick(paint, tick, box, dearest);
    if (!isChosen || tick.tick !== view.tick) continue;
    context.strokeStyle = palette.ink;
    context.strokeRect(box.x - 0.5, box.top - 1.5, box.width + 1, box.height + 2);
  }
}

function drawTick(paint: Paint, { costs }: LaneTick, box: Box, dearest: number): void {
  const { context, palette, interval } = paint;
  if (!costs) {
    context.fillStyle = palette.bad;
    context.fillRect(box.x, box.top, box.width, box.height);
    if (box.width >= SIDEWAYS_PX) write(paint, 'missed', box.x + 6, box.top + 22, palette.ground);
    return;
  }
  if (box.width >= SIDEWAYS_PX) drawSideways(paint, costs, box);
  else drawColumn(paint, costs, box, dearest);
  if (sum(costs) <= interval) return;
  // It took longer than there was time for.
  context.strokeStyle = palette.bad;
  context.lineWidth = 2;
  context.strokeRect(box.x, box.top, box.width, box.height);
  context.lineWidth = 1;
}

function drawColumn({ context, palette }: Paint, costs: readonly number[], box: Box, dearest: number): void {
  let y = box.top + box.height;
  for (const [kind, ms] of costs.entries()) {
    const high = (ms / dearest) * box.height;
    context.fillStyle = palette.costs[kind] ?? palette.muted;
    context.fillRect(box.x, y - high, box.width, high);
    y -= high;
  }
}

/** One kind after the other from left to right, each with its name where there is room for it. */
function drawSideways(paint: Paint, costs: readonly number[], box: Box): void {
  const { context, palette } = paint;
  const whole = Math.max(0.001, sum(costs));
  let x = box.x;
  for (const [kind, ms] of costs.entries()) {
    const wide = (ms / whole) * box.width;
    context.fillStyle = palette.costs[kind] ?? palette.muted;
    context.fillRect(x, box.top, wide, box.height);
    const text = `${COSTS[kind]} ${ms.toFixed(2)}`;
    context.font = FONT;
    if (context.measureText(text).width < wide - 8) write(paint, text, x + 4, box.top + 22, palette.ground);
    x += wide;
  }
}

/** Beneath the ticks during which it was so late: the worst of what was measured meanwhile. */
export function drawDelays(paint: Paint, delays: readonly Delay[], top: number): void {
  const { context, palette, view } = paint;
  const seen = delays.filter(({ upTo }) => upTo <= view.last && view.xOf(upTo) > -view.columnPx);
  const most = Math.max(USUAL_DELAY_MS, ...seen.map(({ max }) => max));
  write(paint, `${most.toFixed(0)} ms`, 4, top + 14, palette.muted);
  write(paint, 'loop delay', 4, top + DELAY_PX - 14, palette.muted);
  // What was skipped is written above.
  const [bottom, room] = [top + DELAY_PX - 4, DELAY_PX - 24];
  for (const { from, upTo, max, skipped } of seen) {
    const x = NAME_PX + Math.max(0, view.xOf(from));
    const width = Math.max(1, NAME_PX + view.xOf(upTo) + view.columnPx - x - 1);
    context.fillStyle = skipped > 0 ? palette.bad : palette.warn;
    context.fillRect(x, bottom - (max / most) * room, width, Math.max(1, (max / most) * room));
    if (skipped > 0 && width > LEAST_WORDS_PX) write(paint, `${skipped} skipped`, x, top + 14, palette.bad);
  }
}

function write({ context }: Paint, text: string, x: number, y: number, colour: string): void {
  context.font = FONT;
  context.fillStyle = colour;
  context.fillText(text, x, y, x < NAME_PX ? NAME_PX - 10 : undefined);
}

export function sum(costs: readonly number[] | null): number {
  return costs?.reduce((total, ms) => total + ms, 0) ?? 0;
}
