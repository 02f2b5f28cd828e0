/**
 * A small world behind the title: zones as tiles, and dots that step from cell to cell, tick by tick. It stands
 * still for those who want no motion, and while nobody looks.
 */
const CELL_PX = 22;
const ZONE_CELLS = 6;
const WALKERS = 26;
const TICK_MS = 700;
/** Where the world begins to show, as a part of the width, and how soon it shows whole. */
const FADE_FROM = 0.4;
const FADE_STEEPNESS = 3;

interface Walker {
  fromX: number;
  fromY: number;
  x: number;
  y: number;
  readonly colour: string;
}

const COLOURS = ['#e0a63a', '#3f9e73', '#c8643c', '#5b84c4', '#9a6fc0'];

/** Answers the function that paints it anew, in the colours of now. */
export function startWalkers(canvas: HTMLCanvasElement): () => void {
  const walkers = Array.from({ length: WALKERS }, (_, index) => newWalker(index, columnsOf(canvas), rowsOf(canvas)));
  const still = matchMedia('(prefers-reduced-motion: reduce)');
  let sinceMs = performance.now();
  const paint = (nowMs: number) => draw(canvas, walkers, Math.min(1, (nowMs - sinceMs) / (TICK_MS * 0.6)));
  const frame = (nowMs: number) => {
    if (nowMs - sinceMs > TICK_MS) {
      sinceMs = nowMs;
      for (const walker of walkers) step(walker, columnsOf(canvas), rowsOf(canvas));
    }
    paint(nowMs);
    if (!still.matches) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  return () => paint(performance.now());
}

function newWalker(index: number, columns: number, rows: number): Walker {
  const [x, y] = [Math.floor(Math.random() * columns), Math.floor(Math.random() * rows)];
  return { fromX: x, fromY: y, x, y, colour: COLOURS[index % COLOURS.length] ?? 'gray' };
}

function step(walker: Walker, columns: number, rows: number): void {
  walker.fromX = walker.x;
  walker.fromY = walker.y;
  const along = Math.random() < 0.5 ? 1 : -1;
  if (Math.random() < 0.5) walker.x = within(walker.x + along, columns);
  else walker.y = within(walker.y + along, rows);
}

function within(value: number, size: number): number {
  return Math.min(Math.max(0, value), Math.max(0, size - 1));
}

function columnsOf(canvas: HTMLCanvasElement): number {
  return Math.ceil(canvas.clientWidth / CELL_PX);
}

function rowsOf(canvas: HTMLCanvasElement): number {
  return Math.ceil(canvas.clientHeight / CELL_PX);
}

function draw(canvas: HTMLCanvasElement, walkers: readonly Walker[], part: number): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  const { clientWidth: width, clientHeight: height } = canvas;
  const scale = devicePixelRatio;
  if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(height * scale)) {
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
  }
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  drawGrid(context, width, height);
  for (const { fromX, fromY, x, y, colour } of walkers) {
    const [shownX, shownY] = [fromX + (x - fromX) * part, fromY + (y - fromY) * part];
    context.globalAlpha = fade(shownX * CELL_PX, width);
    context.fillStyle = colour;
    context.beginPath();
    context.arc((shownX + 0.5) * CELL_PX, (shownY + 0.5) * CELL_PX, CELL_PX * 0.32, 0, 2 * Math.PI);
    context.fill();
  }
  context.globalAlpha = 1;
}

function drawGrid(context: CanvasRenderingContext2D, width: number, height: number): void {
  context.strokeStyle = getComputedStyle(context.canvas).getPropertyValue('--line');
  for (let column = 0; column * CELL_PX < width; column++) {
    const x = column * CELL_PX + 0.5;
    const shown = fade(x, width);
    if (shown === 0) continue;
    context.globalAlpha = shown * strengthOf(column);
    line(context, x, 0, x, height);
    for (let row = 0; row * CELL_PX < height; row++) {
      const y = row * CELL_PX + 0.5;
      context.globalAlpha = shown * strengthOf(row);
      line(context, x, y, x + CELL_PX, y);
    }
  }
}

/** Edges of zones are stronger than those of cells. */
function strengthOf(index: number): number {
  return index % ZONE_CELLS === 0 ? 1 : 0.35;
}

/** The title stands on the left: the world fades in beside it. */
function fade(x: number, width: number): number {
  return Math.min(1, Math.max(0, (x / width - FADE_FROM) * FADE_STEEPNESS));
}

function line(context: CanvasRenderingContext2D, fromX: number, fromY: number, toX: number, toY: number): void {
  context.beginPath();
  context.moveTo(fromX, fromY);
  context.lineTo(toX, toY);
  context.stroke();
}
