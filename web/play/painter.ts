/**
 * Draws a scene on a canvas: the ground, what lies and stands on it, who is there, and how far one sees. Figures are
 * `figures.ts`'s.
 */
import type { Point } from '../../client/index.js';
import type { Camera } from './camera.js';
import { distance } from './deeds.js';
import { drawBubble, drawFigure, drawLabel } from './figures.js';
import type { Palette } from './palette.js';
import type { Scene, Thing } from './scene.js';

export interface Picture {
  readonly scene: Scene;
  readonly palette: Palette;
  /** Where that thing is shown now. */
  place(thing: Thing): Point;
  /** What is over it; null: nothing. */
  words(thing: Thing): string | null;
  /** Where one is walking to; null: nowhere in particular. */
  readonly goal: Point | null;
  /** Where one will be when what was sent has happened; null: as one is. */
  readonly ahead: Point | null;
}

/** What is drawn over what: the later over the earlier. */
const LAYERS = ['wall', 'gate', 'sprout', 'item', 'thing', 'animal', 'bot', 'walker', 'player'];
const PEOPLE: ReadonlySet<string> = new Set(['walker', 'player']);
/** Of lines on a plane, in cells: those that are seen near, and those of far. */
const PLANE_LINES = [10, 100];
const TUFT_CELLS = 4;
const LEAST_TUFT_SCALE = 8;
/** What lies so near has its name beside it. */
const NEAR_CELLS = 3;

export function paint(context: CanvasRenderingContext2D, camera: Camera, picture: Picture): void {
  const { scene, palette } = picture;
  const { canvas } = context;
  const ratio = devicePixelRatio;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.fillStyle = palette.beyond;
  context.fillRect(0, 0, canvas.clientWidth, canvas.clientHeight);
  paintGround(context, camera, picture);
  if (picture.goal) paintGoal(context, camera, picture.goal, palette);
  const layered = [...scene.things].sort((a, b) => layerOf(a, scene) - layerOf(b, scene));
  for (const thing of layered) {
    const isSelf = thing.id === scene.self?.id;
    drawFigure(context, thing, { at: camera.toScreen(picture.place(thing)), scale: camera.scale, palette, isSelf });
  }
  if (picture.ahead) paintAhead(context, camera, picture.ahead, palette);
  paintSight(context, camera, picture);
  for (const thing of layered) paintName(context, camera, thing, picture);
  for (const thing of layered) paintWords(context, camera, thing, picture);
}

function paintGround(context: CanvasRenderingContext2D, camera: Camera, { scene, palette }: Picture): void {
  const { left, top, right, bottom } = camera.view;
  const { width, height } = scene.size ?? { width: Number.POSITIVE_INFINITY, height: Number.POSITIVE_INFINITY };
  const isPlane = scene.ground === 'plane';
  const area = {
    left: isPlane ? left : Math.max(0, left),
    top: isPlane ? top : Math.max(0, top),
    right: Math.min(width, right),
    bottom: Math.min(height, bottom),
  };
  const [from, to] = [camera.toScreen({ x: area.left, y: area.top }), camera.toScreen({ x: area.right, y: area.bottom })];
  context.fillStyle = palette.soil;
  context.fillRect(from.x, from.y, to.x - from.x, to.y - from.y);
  if (!isPlane) return paintLines(context, camera, area, 1, palette.grid);
  const [near = 10, far = 100] = PLANE_LINES;
  paintTufts(context, camera, area, palette);
  paintLines(context, camera, area, near, palette.grid);
  paintLines(context, camera, area, far, palette.border);
}

interface Area {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

function paintLines(context: CanvasRenderingContext2D, camera: Camera, area: Area, every: number, colour: string): void {
  if (camera.scale * every < 6) return;
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.beginPath();
  const [from, to] = [camera.toScreen({ x: area.left, y: area.top }), camera.toScreen({ x: area.right, y: area.bottom })];
  for (let x = Math.ceil(area.left / every) * every; x <= area.right; x += every) {
    const at = Math.round(camera.toScreen({ x, y: 0 }).x) + 0.5;
    context.moveTo(at, from.y);
    context.lineTo(at, to.y);
  }
  for (let y = Math.ceil(area.top / every) * every; y <= area.bottom; y += every) {
    const at = Math.round(camera.toScreen({ x: 0, y }).y) + 0.5;
    context.moveTo(from.x, at);
    context.lineTo(to.x, at);
  }
  context.stroke();
}

/** Something on the ground that stands still, so that one sees oneself walk. Always the same at the same place. */
function paintTufts(context: CanvasRenderingContext2D, camera: Camera, area: Area, palette: Palette): void {
  if (camera.scale < LEAST_TUFT_SCALE) return;
  context.fillStyle = palette.grid;
  for (let column = Math.floor(area.left / TUFT_CELLS); column * TUFT_CELLS < area.right; column++) {
    for (let row = Math.floor(area.top / TUFT_CELLS); row * TUFT_CELLS < area.bottom; row++) {
      const chance = scattered(column, row);
      const { x, y } = camera.toScreen({
        x: (column + scattered(row, column)) * TUFT_CELLS,
        y: (row + scattered(row + 17, column + 31)) * TUFT_CELLS,
      });
      context.beginPath();
      context.ellipse(
        x,
        y,
        camera.scale * (0.2 + 0.5 * chance),
        camera.scale * (0.12 + 0.25 * chance),
        chance * 3,
        0,
        2 * Math.PI,
      );
      context.fill();
    }
  }
}

/** An even number in [0, 1) for two whole ones, and no pattern to be seen in them. */
function scattered(a: number, b: number): number {
  const mixed = Math.imul(Math.imul(a, 0x2c1b3c6d) ^ (b + 0x9e37), 0x297a2d39);
  return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
}

function paintGoal(context: CanvasRenderingContext2D, camera: Camera, goal: Point, palette: Palette): void {
  const { x, y } = camera.toScreen(goal);
  context.strokeStyle = palette.self;
  context.lineWidth = 2;
  context.setLineDash([4, 4]);
  context.beginPath();
  context.arc(x, y, Math.max(6, camera.scale * 0.3), 0, 2 * Math.PI);
  context.stroke();
  context.setLineDash([]);
}

/** The step that is under way, before anybody has confirmed it. */
function paintAhead(context: CanvasRenderingContext2D, camera: Camera, ahead: Point, palette: Palette): void {
  const { x, y } = camera.toScreen(ahead);
  const side = camera.scale * 0.86;
  context.strokeStyle = palette.self;
  context.globalAlpha = 0.7;
  context.lineWidth = 2;
  context.beginPath();
  context.roundRect(x - side / 2, y - side / 2, side, side, side * 0.2);
  context.stroke();
  context.globalAlpha = 1;
}

/** What is out of sight is in the shade: nothing that may be there is shown. */
function paintSight(context: CanvasRenderingContext2D, camera: Camera, { scene, palette, place }: Picture): void {
  if (!scene.self || scene.sight === null) return;
  const { x, y } = camera.toScreen(place(scene.self));
  const reach = (scene.sight + (scene.ground === 'steps' ? 0.5 : 0)) * camera.scale;
  const { clientWidth, clientHeight } = context.canvas;
  context.fillStyle = palette.shade;
  context.beginPath();
  context.rect(0, 0, clientWidth, clientHeight);
  if (scene.ground === 'steps') context.roundRect(x - reach, y - reach, 2 * reach, 2 * reach, camera.scale * 0.4);
  else context.arc(x, y, reach, 0, 2 * Math.PI);
  context.fill('evenodd');
}

function paintName(context: CanvasRenderingContext2D, camera: Camera, thing: Thing, { scene, palette, place }: Picture): void {
  const isNamed = PEOPLE.has(thing.kind) || thing.kind === 'gate' || thing.id === scene.self?.id;
  const isNear = scene.self !== null && thing.kind === 'item' && distance(thing, scene.self) <= NEAR_CELLS;
  if (!isNamed && !isNear) return;
  const { x, y } = camera.toScreen(place(thing));
  drawLabel(context, labelOf(thing), { x, y: y + Math.max(11, camera.scale * 0.5 * Math.max(1, thing.height)) + 4 }, palette);
}

function paintWords(context: CanvasRenderingContext2D, camera: Camera, thing: Thing, { words, place, palette }: Picture): void {
  const said = words(thing);
  if (!said) return;
  const { x, y } = camera.toScreen(place(thing));
  drawBubble(context, said, { x, y: y - Math.max(12, camera.scale * 0.55) }, palette);
}

function labelOf({ name, quantity }: Thing): string {
  return quantity !== null && quantity > 1 ? `${name} ×${quantity}` : name;
}

/** Oneself is never under anybody. */
function layerOf({ id, kind }: Thing, { self }: Scene): number {
  return id === self?.id ? LAYERS.length : LAYERS.indexOf(kind);
}
