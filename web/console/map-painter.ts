/**
 * How the map looks: zones by how far they are behind, what is in them, what went from one to another lately. Where one looks from is
 * `map.ts`.
 */
import { type Chosen, kindOf, type Model, type ZoneView } from './model.js';
import type { Palette } from './palette.js';
import type { EntityRow } from './wire.js';

/** What is needed of a canvas. */
export interface Brush {
  fillStyle: unknown;
  strokeStyle: unknown;
  globalAlpha: number;
  lineWidth: number;
  font: string;
  beginPath(): void;
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  arc(x: number, y: number, radius: number, from: number, to: number): void;
  rect(x: number, y: number, width: number, height: number): void;
  fill(): void;
  stroke(): void;
  fillRect(x: number, y: number, width: number, height: number): void;
  strokeRect(x: number, y: number, width: number, height: number): void;
  fillText(text: string, x: number, y: number, mostWidth?: number): void;
  measureText(text: string): { readonly width: number };
}

/** One picture. */
export interface Picture {
  readonly context: Brush;
  /** Of the canvas. */
  readonly width: number;
  readonly height: number;
  readonly model: Model;
  readonly palette: Palette;
  readonly visible: readonly ZoneView[];
  readonly chosen: Chosen | null;
  /** Pixels a cell. */
  readonly scale: number;
  /** What is at the left upper corner. */
  readonly left: number;
  readonly top: number;
  /** Somebody aims with keys: the middle is marked. */
  readonly isByKeys: boolean;
}

const ARROW_MS = 2_500;
/** Ticks behind at which a zone is as red as it gets. */
const WORST_LAG = 10;

export class MapPainter {
  constructor(private readonly of: Picture) {}

  paint(): void {
    const { visible, isByKeys } = this.of;
    for (const zone of visible) this.#zone(zone);
    for (const zone of visible) for (const entity of zone.entities) this.#entity(zone, entity);
    for (const zone of visible) this.#label(zone);
    this.#arrows();
    if (isByKeys) this.#cross();
  }

  #zone(zone: ZoneView): void {
    const { context, palette } = this.of;
    const [x, y] = this.#onScreen(zone.x, zone.y);
    const [width, height] = [zone.width * this.of.scale, zone.height * this.of.scale];
    context.globalAlpha = zone.phase === 'asleep' ? 0.35 : 1;
    context.fillStyle = palette.surface;
    context.fillRect(x, y, width, height);
    const colour = colourOf(zone, this.of.model, palette);
    context.globalAlpha = zone.phase === 'asleep' ? 0.1 : 0.18;
    context.fillStyle = colour;
    context.fillRect(x, y, width, height);
    context.globalAlpha = 1;
    const isChosen = this.of.chosen?.zoneId === zone.id;
    context.lineWidth = isChosen ? 3 : 1;
    context.strokeStyle = isChosen ? palette.ink : colour;
    context.strokeRect(x + 0.5, y + 0.5, width - 1, height - 1);
  }

  #label(zone: ZoneView): void {
    const { context, palette } = this.of;
    const [x, y] = this.#onScreen(zone.x, zone.y);
    const [width, height] = [zone.width * this.of.scale, zone.height * this.of.scale];
    if (width < 60 || height < 34) return;
    const facts = zone.phase === 'live' ? `${zone.present} here, ${zone.count} things` : zone.phase;
    for (const [row, text] of [zone.name, facts].entries()) {
      context.font = `${row === 0 ? 600 : 400} 12px ui-sans-serif, system-ui, sans-serif`;
      const wide = Math.min(width - 12, context.measureText(text).width);
      context.globalAlpha = 0.75;
      context.fillStyle = palette.surface;
      context.fillRect(x + 4, y + 4 + row * 15, wide + 4, 15);
      context.globalAlpha = 1;
      context.fillStyle = row === 0 ? palette.ink : palette.muted;
      context.fillText(text, x + 6, y + 15 + row * 15, width - 12);
    }
  }

  #entity(zone: ZoneView, [id, x, y, width, height, metadata]: EntityRow): void {
    const { context, palette } = this.of;
    const kind = kindOf(metadata);
    const [left, top] = this.#onScreen(zone.x + x, zone.y + y);
    const [wide, high] = [width * this.of.scale, height * this.of.scale];
    const radius = Math.min(9, Math.max(2.5, Math.max(wide, high) / 2));
    context.fillStyle = { player: palette.accent, bot: palette.warn, thing: palette.muted }[kind];
    context.globalAlpha = kind === 'thing' ? 0.45 : 1;
    context.beginPath();
    // What stands about has its size; who moves about can be found at every scale.
    if (kind === 'thing' && wide > 2 && high > 2) context.rect(left, top, wide, high);
    else context.arc(left + wide / 2, top + high / 2, radius, 0, 2 * Math.PI);
    context.fill();
    context.globalAlpha = 1;
    if (this.of.chosen?.entityId !== id) return;
    context.strokeStyle = palette.ink;
    context.lineWidth = 2;
    context.beginPath();
    context.arc(left + wide / 2, top + high / 2, radius + 5, 0, 2 * Math.PI);
    context.stroke();
  }

  #arrows(): void {
    const { context, palette } = this.of;
    const nowMs = this.of.model.pulse?.at ?? 0;
    for (const { zone, to, at } of this.of.model.handovers) {
      const [from, target] = [this.of.model.zones[zone], to === undefined ? undefined : this.of.model.zones[to]];
      const age = (nowMs - at) / ARROW_MS;
      if (!from || !target || age > 1) continue;
      context.globalAlpha = Math.min(1, 1 - age);
      context.strokeStyle = palette.accent;
      context.fillStyle = palette.accent;
      this.#arrow(this.#middle(from), this.#middle(target));
      context.globalAlpha = 1;
    }
  }

  #arrow([x1, y1]: readonly number[], [x2, y2]: readonly number[]): void {
    const { context } = this.of;
    if (x1 === undefined || y1 === undefined || x2 === undefined || y2 === undefined) return;
    const angle = Math.atan2(y2 - y1, x2 - x1);
    context.lineWidth = 2;
    context.beginPath();
    context.moveTo(x1, y1);
    context.lineTo(x2, y2);
    context.stroke();
    context.beginPath();
    context.moveTo(x2, y2);
    for (const side of [-0.4, 0.4]) context.lineTo(x2 - 10 * Math.cos(angle + side), y2 - 10 * Math.sin(angle + side));
    context.fill();
  }

  #middle({ x, y, width, height }: ZoneView): readonly [number, number] {
    return this.#onScreen(x + width / 2, y + height / 2);
  }

  /** What Enter would choose. */
  #cross(): void {
    const { context, palette } = this.of;
    const [x, y] = [this.of.width / 2, this.of.height / 2];
    context.strokeStyle = palette.ink;
    context.lineWidth = 1;
    context.beginPath();
    for (const [dx, dy] of [
      [8, 0],
      [0, 8],
    ] as const) {
      context.moveTo(x - dx, y - dy);
      context.lineTo(x + dx, y + dy);
    }
    context.stroke();
  }

  #onScreen(x: number, y: number): readonly [number, number] {
    return [(x - this.of.left) * this.of.scale, (y - this.of.top) * this.of.scale];
  }
}

function colourOf(zone: ZoneView, { pulse }: Model, palette: Palette): string {
  if (zone.phase === 'asleep') return palette.line;
  if (zone.phase === 'quarantined' || zone.phase === 'pausing') return palette.bad;
  if (zone.phase === 'stalled') return palette.warn;
  const lag = Math.max(0, (pulse?.status.tick.tick_number ?? 0) - zone.tick - 1) / WORST_LAG;
  return lag > 0.6 ? palette.bad : lag > 0.2 ? palette.warn : palette.accent;
}
