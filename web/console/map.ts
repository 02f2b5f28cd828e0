/**
 * The live map: all zones as they lie, what is in those on the screen, and what went from one to another lately.
 */
import type { Model, ZoneView } from './model.js';
import type { Palette } from './palette.js';
import { surfaceOf } from './surface.js';
import type { EntityRow } from './wire.js';

/** What somebody has chosen on the map. */
export interface Chosen {
  readonly zoneId: string;
  /** null: the zone itself. */
  readonly entityId: string | null;
}

/** Entities are asked for of zones that are at least so large on the screen. */
const LEAST_LOOKED_PX = 24;
const MOST_LOOKED = 64;
const ARROW_MS = 2_500;
const PICK_PX = 12;
const PAN_PX = 60;
const ZOOM_STEP = 1.25;
/** Ticks behind at which a zone is as red as it gets. */
const WORST_LAG = 10;

export class MapView {
  chosen: Chosen | null = null;
  #scale = 1;
  #left = 0;
  #top = 0;
  /** Somebody has moved it: until then all zones are on it, however large it is. */
  #isMoved = false;
  #drawn = '';

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly model: Model,
    private readonly choose: (chosen: Chosen | null) => void,
  ) {
    this.#listen();
  }

  /** Ids of the zones on the screen that are large enough to look into. */
  looked(): readonly string[] {
    return this.#visible()
      .filter(({ width }) => width * this.#scale >= LEAST_LOOKED_PX)
      .slice(0, MOST_LOOKED)
      .map(({ id }) => id);
  }

  draw(palette: Palette): void {
    if (this.model.zones.length === 0) return;
    if (!this.#isMoved) this.#fit();
    this.#follow();
    if (!this.#isNews(palette)) return;
    const surface = surfaceOf(this.canvas);
    if (!surface) return;
    const { context } = surface;
    const visible = this.#visible();
    for (const zone of visible) this.#zone(context, zone, palette);
    for (const zone of visible) for (const entity of zone.entities) this.#entity(context, zone, entity, palette);
    for (const zone of visible) this.#label(context, zone, palette);
    this.#arrows(context, palette);
  }

  /** A thousand zones take some milliseconds, and change twice a second. */
  #isNews(palette: Palette): boolean {
    const { clientWidth, clientHeight } = this.canvas;
    const place = [this.#scale, this.#left, this.#top, clientWidth, clientHeight, devicePixelRatio];
    const seen = [...place, this.model.version, palette.ink, this.chosen?.zoneId, this.chosen?.entityId].join();
    const isNews = seen !== this.#drawn;
    this.#drawn = seen;
    return isNews;
  }

  /** Everything on the screen. */
  #fit(): void {
    const { right, bottom } = this.model.extent;
    this.#scale = 0.94 * Math.min(this.canvas.clientWidth / right, this.canvas.clientHeight / bottom);
    this.#left = right / 2 - this.canvas.clientWidth / 2 / this.#scale;
    this.#top = bottom / 2 - this.canvas.clientHeight / 2 / this.#scale;
  }

  #visible(): readonly ZoneView[] {
    const [right, bottom] = [
      this.#left + this.canvas.clientWidth / this.#scale,
      this.#top + this.canvas.clientHeight / this.#scale,
    ];
    return this.model.zones.filter(
      ({ x, y, width, height }) => x < right && y < bottom && x + width > this.#left && y + height > this.#top,
    );
  }

  /** An entity that was chosen is kept in the middle once it has left it. */
  #follow(): void {
    const found = this.chosen?.entityId ? findEntity(this.model, this.chosen.entityId) : null;
    if (!found) return;
    const { zone, entity } = found;
    if (zone.id !== this.chosen?.zoneId) this.choose({ zoneId: zone.id, entityId: entity[0] });
    const [x, y] = this.#toScreen(zone.x + entity[1], zone.y + entity[2]);
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (x > width * 0.2 && x < width * 0.8 && y > height * 0.2 && y < height * 0.8) return;
    this.#pan(x - width / 2, y - height / 2);
  }

  #zone(context: CanvasRenderingContext2D, zone: ZoneView, palette: Palette): void {
    const [x, y] = this.#toScreen(zone.x, zone.y);
    const [width, height] = [zone.width * this.#scale, zone.height * this.#scale];
    context.globalAlpha = zone.phase === 'asleep' ? 0.35 : 1;
    context.fillStyle = palette.surface;
    context.fillRect(x, y, width, height);
    const colour = colourOf(zone, this.model, palette);
    context.globalAlpha = zone.phase === 'asleep' ? 0.1 : 0.18;
    context.fillStyle = colour;
    context.fillRect(x, y, width, height);
    context.globalAlpha = 1;
    const isChosen = this.chosen?.zoneId === zone.id;
    context.lineWidth = isChosen ? 3 : 1;
    context.strokeStyle = isChosen ? palette.ink : colour;
    context.strokeRect(x + 0.5, y + 0.5, width - 1, height - 1);
  }

  #label(context: CanvasRenderingContext2D, zone: ZoneView, palette: Palette): void {
    const [x, y] = this.#toScreen(zone.x, zone.y);
    const [width, height] = [zone.width * this.#scale, zone.height * this.#scale];
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

  #entity(
    context: CanvasRenderingContext2D,
    zone: ZoneView,
    [id, x, y, width, height, metadata]: EntityRow,
    palette: Palette,
  ): void {
    const kind = kindOf(metadata);
    const [left, top] = this.#toScreen(zone.x + x, zone.y + y);
    const [wide, high] = [width * this.#scale, height * this.#scale];
    const radius = Math.min(9, Math.max(2.5, Math.max(wide, high) / 2));
    context.fillStyle = { player: palette.accent, bot: palette.warn, thing: palette.muted }[kind];
    context.globalAlpha = kind === 'thing' ? 0.45 : 1;
    context.beginPath();
    // What stands about has its size; who moves about can be found at every scale.
    if (kind === 'thing' && wide > 2 && high > 2) context.rect(left, top, wide, high);
    else context.arc(left + wide / 2, top + high / 2, radius, 0, 2 * Math.PI);
    context.fill();
    context.globalAlpha = 1;
    if (this.chosen?.entityId !== id) return;
    context.strokeStyle = palette.ink;
    context.lineWidth = 2;
    context.beginPath();
    context.arc(left + wide / 2, top + high / 2, radius + 5, 0, 2 * Math.PI);
    context.stroke();
  }

  #arrows(context: CanvasRenderingContext2D, palette: Palette): void {
    const nowMs = this.model.pulse?.at ?? 0;
    for (const { zone, to, at } of this.model.handovers) {
      const [from, target] = [this.model.zones[zone], to === undefined ? undefined : this.model.zones[to]];
      const age = (nowMs - at) / ARROW_MS;
      if (!from || !target || age > 1) continue;
      context.globalAlpha = Math.min(1, 1 - age);
      context.strokeStyle = palette.accent;
      context.fillStyle = palette.accent;
      this.#arrow(context, this.#middle(from), this.#middle(target));
      context.globalAlpha = 1;
    }
  }

  #arrow(context: CanvasRenderingContext2D, [x1, y1]: readonly number[], [x2, y2]: readonly number[]): void {
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
    return this.#toScreen(x + width / 2, y + height / 2);
  }

  #toScreen(x: number, y: number): [number, number] {
    return [(x - this.#left) * this.#scale, (y - this.#top) * this.#scale];
  }

  // ─── by mouse, touch and keyboard ───

  #listen(): void {
    const { canvas } = this;
    let held: { x: number; y: number; moved: boolean } | null = null;
    canvas.addEventListener('pointerdown', ({ offsetX, offsetY, pointerId }) => {
      held = { x: offsetX, y: offsetY, moved: false };
      canvas.setPointerCapture(pointerId);
    });
    canvas.addEventListener('pointermove', ({ offsetX, offsetY }) => {
      if (!held || (!held.moved && Math.hypot(offsetX - held.x, offsetY - held.y) < 4)) return;
      this.#pan(held.x - offsetX, held.y - offsetY);
      held = { x: offsetX, y: offsetY, moved: true };
    });
    canvas.addEventListener('pointerup', ({ offsetX, offsetY }) => {
      if (held && !held.moved) this.choose(this.#at(offsetX, offsetY));
      held = null;
    });
    canvas.addEventListener('wheel', (event) => {
      event.preventDefault();
      this.#zoom(event.deltaY < 0 ? ZOOM_STEP : 1 / ZOOM_STEP, event.offsetX, event.offsetY);
    });
    canvas.addEventListener('keydown', (event) => this.#key(event));
  }

  #key(event: KeyboardEvent): void {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const pans: Readonly<Record<string, readonly [number, number]>> = {
      ArrowLeft: [-PAN_PX, 0],
      ArrowRight: [PAN_PX, 0],
      ArrowUp: [0, -PAN_PX],
      ArrowDown: [0, PAN_PX],
    };
    const pan = pans[event.key];
    if (pan) this.#pan(...pan);
    else if (event.key === '+') this.#zoom(ZOOM_STEP, width / 2, height / 2);
    else if (event.key === '-') this.#zoom(1 / ZOOM_STEP, width / 2, height / 2);
    else if (event.key === '0') this.#isMoved = false;
    else if (event.key === 'Enter') this.choose(this.#at(width / 2, height / 2));
    else return;
    event.preventDefault();
  }

  #pan(x: number, y: number): void {
    this.#isMoved = true;
    this.#left += x / this.#scale;
    this.#top += y / this.#scale;
  }

  #zoom(factor: number, x: number, y: number): void {
    this.#isMoved = true;
    this.#left += x / this.#scale - x / this.#scale / factor;
    this.#top += y / this.#scale - y / this.#scale / factor;
    this.#scale *= factor;
  }

  #at(screenX: number, screenY: number): Chosen | null {
    const [x, y] = [this.#left + screenX / this.#scale, this.#top + screenY / this.#scale];
    const zone = this.model.zones.find(
      (each) => x >= each.x && y >= each.y && x < each.x + each.width && y < each.y + each.height,
    );
    if (!zone) return null;
    const distance = ([, left, top, width, height]: EntityRow) =>
      Math.hypot(zone.x + left + width / 2 - x, zone.y + top + height / 2 - y) * this.#scale;
    const nearest = [...zone.entities].sort((a, b) => distance(a) - distance(b))[0];
    return { zoneId: zone.id, entityId: nearest && distance(nearest) < PICK_PX ? nearest[0] : null };
  }
}

/** Where an entity is, of those that the console knows. */
export function findEntity(model: Model, id: string): { readonly zone: ZoneView; readonly entity: EntityRow } | null {
  for (const zone of model.zones) {
    const entity = zone.entities.find(([other]) => other === id);
    if (entity) return { zone, entity };
  }
  return null;
}

/** Games say in their own words what an entity is; these are the usual ones. */
export function kindOf(metadata: Readonly<Record<string, unknown>>): 'player' | 'bot' | 'thing' {
  const { kind, player } = metadata;
  if (typeof player === 'string' || kind === 'player' || kind === 'walker') return 'player';
  return kind === 'bot' || kind === 'animal' ? 'bot' : 'thing';
}

function colourOf(zone: ZoneView, { pulse }: Model, palette: Palette): string {
  if (zone.phase === 'asleep') return palette.line;
  if (zone.phase === 'quarantined' || zone.phase === 'pausing') return palette.bad;
  if (zone.phase === 'stalled') return palette.warn;
  const lag = Math.max(0, (pulse?.status.tick.tick_number ?? 0) - zone.tick - 1) / WORST_LAG;
  return lag > 0.6 ? palette.bad : lag > 0.2 ? palette.warn : palette.accent;
}
