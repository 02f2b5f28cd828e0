/**
 * The live map: where somebody looks from, by mouse, touch or keys, and what is chosen there. How it looks is `map-painter.ts`.
 */
import { MapPainter } from './map-painter.js';
import { type Chosen, findEntity, type Model, type ZoneView } from './model.js';
import type { Palette } from './palette.js';
import { surfaceOf } from './surface.js';
import type { EntityRow } from './wire.js';

/** Entities are asked for of zones that are at least so large on the screen. */
const LEAST_LOOKED_PX = 24;
const MOST_LOOKED = 64;
const LEAST_LANES = 8;
const PICK_PX = 12;
const PAN_PX = 60;
const ZOOM_STEP = 1.25;

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

  /** Ids of the zones that are to be looked into: the chosen one, and those on the screen that are large enough. */
  looked(): readonly string[] {
    const large = this.#visible().filter(({ width }) => width * this.#scale >= LEAST_LOOKED_PX);
    return this.#withChosen(large).slice(0, MOST_LOOKED);
  }

  /** Ids of the zones whose ticks are to be seen: those, and some from the screen where they are few. */
  lanes(): readonly string[] {
    const looked = this.looked();
    return looked.length >= LEAST_LANES ? looked : this.#withChosen(this.#visible()).slice(0, LEAST_LANES);
  }

  #withChosen(zones: readonly ZoneView[]): readonly string[] {
    const chosen = this.model.zoneById(this.chosen?.zoneId ?? null);
    return [...new Set([...(chosen ? [chosen] : []), ...zones].map(({ id }) => id))];
  }

  draw(palette: Palette): void {
    if (this.model.zones.length === 0) return;
    if (!this.#isMoved) this.#fit();
    this.#follow();
    if (!this.#isNews(palette)) return;
    const surface = surfaceOf(this.canvas);
    if (!surface) return;
    const view = { scale: this.#scale, left: this.#left, top: this.#top, isByKeys: this.#isByKeys };
    new MapPainter({ ...surface, ...view, model: this.model, palette, visible: this.#visible(), chosen: this.chosen }).paint();
  }

  get #isByKeys(): boolean {
    return this.canvas.matches(':focus-visible');
  }

  /** A thousand zones take some milliseconds, and change twice a second. */
  #isNews(palette: Palette): boolean {
    const { clientWidth, clientHeight } = this.canvas;
    const place = [this.#scale, this.#left, this.#top, clientWidth, clientHeight, devicePixelRatio];
    const seen = [...place, this.#isByKeys, this.model.version, palette.ink, this.chosen?.zoneId, this.chosen?.entityId].join();
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
    // Where all of it is on the screen, nothing leaves it.
    if (!this.#isMoved) return;
    if (x > width * 0.2 && x < width * 0.8 && y > height * 0.2 && y < height * 0.8) return;
    this.#pan(x - width / 2, y - height / 2);
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
    else if (event.key === 'Enter') this.#chooseMiddle();
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

  /** Whoever has no pointer cannot aim between zones: it is the nearest one. */
  #chooseMiddle(): void {
    const [width, height] = [this.canvas.clientWidth / 2, this.canvas.clientHeight / 2];
    const [x, y] = this.#toWorld(width, height);
    const outside = (at: number, from: number, size: number) => Math.max(from - at, 0, at - from - size);
    const distance = (zone: ZoneView) => Math.hypot(outside(x, zone.x, zone.width), outside(y, zone.y, zone.height));
    const [first, ...others] = this.model.zones;
    const nearest = first && others.reduce((best, zone) => (distance(zone) < distance(best) ? zone : best), first);
    this.choose(this.#at(width, height) ?? (nearest ? { zoneId: nearest.id, entityId: null } : null));
  }

  #toWorld(screenX: number, screenY: number): readonly [number, number] {
    return [this.#left + screenX / this.#scale, this.#top + screenY / this.#scale];
  }

  #at(screenX: number, screenY: number): Chosen | null {
    const [x, y] = this.#toWorld(screenX, screenY);
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
