/**
 * How things look: a shape for each kind, so that nobody has to tell them apart by colour; and words beside them.
 */
import type { Point } from '../../client/index.js';
import { colourOf, type Palette } from './palette.js';
import type { Thing } from './scene.js';

export interface Look {
  /** The middle of it, on the screen. */
  readonly at: Point;
  /** Pixels to a cell. */
  readonly scale: number;
  readonly palette: Palette;
  readonly isSelf: boolean;
}

const LEAST_RADIUS_PX = 9;
const LABEL_FONT = '600 12px ui-sans-serif, system-ui, sans-serif';
const BUBBLE_FONT = '14px ui-sans-serif, system-ui, sans-serif';
const BUBBLE_WIDTH_PX = 220;
const BUBBLE_LINE_PX = 19;
const BUBBLE_LINES = 4;

export function drawFigure(context: CanvasRenderingContext2D, thing: Thing, look: Look): void {
  if (look.isSelf) return drawPerson(context, thing, look);
  switch (thing.kind) {
    case 'wall':
      return drawBlock(context, thing, look, look.palette.wall, look.palette.wallEdge);
    case 'gate':
      return drawGate(context, thing, look);
    case 'item':
      return drawItem(context, look);
    case 'sprout':
      return drawSprout(context, look);
    case 'animal':
      return drawAnimal(context, look);
    case 'bot':
      return drawBot(context, look);
    case 'walker':
    case 'player':
      return drawPerson(context, thing, look);
    default:
      // A kind that this page has never heard of: there is something, and it is that large.
      return thing.width > 0 ? drawBlock(context, thing, look, look.palette.bot, look.palette.ink) : drawItem(context, look);
  }
}

function drawPerson(context: CanvasRenderingContext2D, { name }: Thing, { at, scale, palette, isSelf }: Look): void {
  const radius = Math.max(LEAST_RADIUS_PX, scale * 0.38);
  if (isSelf) {
    context.fillStyle = palette.self;
    context.globalAlpha = 0.25;
    disc(context, at, radius * 1.5);
    context.globalAlpha = 1;
  }
  context.fillStyle = isSelf ? palette.self : colourOf(name, palette);
  disc(context, at, radius);
  context.lineWidth = Math.max(1.5, radius * 0.12);
  context.strokeStyle = palette.paper;
  context.stroke();
  if (radius < 9) return;
  context.fillStyle = palette.paper;
  context.font = `700 ${Math.round(radius)}px ui-sans-serif, system-ui, sans-serif`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText((([...name][0] ?? '?') as string).toUpperCase(), at.x, at.y + radius * 0.06);
}

function drawBlock(context: CanvasRenderingContext2D, thing: Thing, { at, scale }: Look, fill: string, edge: string): void {
  const { x, y, width, height } = boxOf(thing, at, scale);
  context.fillStyle = fill;
  context.fillRect(x, y, width, height);
  // A lighter top makes it stand.
  context.fillStyle = edge;
  context.fillRect(x, y, width, Math.max(2, scale * 0.14));
}

function drawGate(context: CanvasRenderingContext2D, thing: Thing, { at, scale, palette }: Look): void {
  const { x, y, width, height } = boxOf(thing, at, scale);
  const rim = Math.max(2, scale * 0.16);
  context.fillStyle = palette.gate;
  context.beginPath();
  context.roundRect(x, y, width, height, scale * 0.4);
  context.fill();
  context.fillStyle = palette.beyond;
  context.beginPath();
  context.roundRect(x + rim, y + rim, width - 2 * rim, height - 2 * rim, scale * 0.3);
  context.fill();
}

function drawItem(context: CanvasRenderingContext2D, { at, scale, palette }: Look): void {
  const half = Math.max(5, scale * 0.2);
  context.fillStyle = palette.item;
  context.beginPath();
  context.moveTo(at.x, at.y - half);
  context.lineTo(at.x + half, at.y);
  context.lineTo(at.x, at.y + half);
  context.lineTo(at.x - half, at.y);
  context.closePath();
  context.fill();
}

function drawSprout(context: CanvasRenderingContext2D, { at, scale, palette }: Look): void {
  context.strokeStyle = palette.sprout;
  context.lineWidth = Math.max(1.5, scale * 0.07);
  context.beginPath();
  for (const lean of [-1, 0, 1]) {
    context.moveTo(at.x, at.y + scale * 0.16);
    context.quadraticCurveTo(at.x + lean * scale * 0.05, at.y, at.x + lean * scale * 0.16, at.y - scale * 0.16);
  }
  context.stroke();
}

function drawAnimal(context: CanvasRenderingContext2D, { at, scale, palette }: Look): void {
  const size = Math.max(4, scale * 0.3);
  context.fillStyle = palette.animal;
  context.beginPath();
  context.ellipse(at.x, at.y + size * 0.25, size, size * 0.7, 0, 0, 2 * Math.PI);
  context.fill();
  for (const side of [-1, 1]) {
    context.beginPath();
    context.ellipse(at.x + side * size * 0.45, at.y - size * 0.65, size * 0.2, size * 0.55, side * 0.25, 0, 2 * Math.PI);
    context.fill();
  }
}

function drawBot(context: CanvasRenderingContext2D, { at, scale, palette }: Look): void {
  const side = Math.max(10, scale * 0.6);
  context.fillStyle = palette.bot;
  context.beginPath();
  context.roundRect(at.x - side / 2, at.y - side / 2, side, side, side * 0.25);
  context.fill();
}

/** A name under something; on a halo, so that it can be read over everything. */
export function drawLabel(context: CanvasRenderingContext2D, text: string, { x, y }: Point, palette: Palette): void {
  if (text === '') return;
  context.font = LABEL_FONT;
  context.textAlign = 'center';
  context.textBaseline = 'top';
  context.lineJoin = 'round';
  context.lineWidth = 3.5;
  context.strokeStyle = palette.paper;
  context.strokeText(text, x, y);
  context.fillStyle = palette.ink;
  context.fillText(text, x, y);
}

/** Words in a bubble that points down to `tip`. */
export function drawBubble(context: CanvasRenderingContext2D, text: string, tip: Point, palette: Palette): void {
  context.font = BUBBLE_FONT;
  const lines = wrapped(context, text);
  const width = Math.max(...lines.map((line) => context.measureText(line).width)) + 20;
  const height = lines.length * BUBBLE_LINE_PX + 12;
  // Words are not to be cut off by the edge that somebody stands at.
  const most = context.canvas.clientWidth - width - 4;
  const [left, top] = [Math.max(4, Math.min(most, tip.x - width / 2)), Math.max(4, tip.y - height - 9)];
  context.fillStyle = palette.paper;
  context.strokeStyle = palette.ink;
  context.lineWidth = 1.5;
  context.beginPath();
  context.roundRect(left, top, width, height, 10);
  context.moveTo(tip.x - 6, top + height);
  context.lineTo(tip.x, tip.y - 1);
  context.lineTo(tip.x + 6, top + height);
  context.stroke();
  context.fill();
  context.fillStyle = palette.ink;
  context.textAlign = 'center';
  context.textBaseline = 'top';
  for (const [index, line] of lines.entries()) context.fillText(line, tip.x, top + 8 + index * BUBBLE_LINE_PX);
}

/** In lines that fit; a word that does not is cut. */
function wrapped(context: CanvasRenderingContext2D, text: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).flatMap((long) => long.match(/.{1,24}/gu) ?? [])) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && context.measureText(longer).width > BUBBLE_WIDTH_PX) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  lines.push(line);
  return lines.length <= BUBBLE_LINES ? lines : [...lines.slice(0, BUBBLE_LINES - 1), '…'];
}

function disc(context: CanvasRenderingContext2D, { x, y }: Point, radius: number): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}

function boxOf({ width, height }: Thing, at: Point, scale: number) {
  const [w, h] = [Math.max(0.3, width) * scale, Math.max(0.3, height) * scale];
  return { x: at.x - w / 2, y: at.y - h / 2, width: w, height: h };
}
