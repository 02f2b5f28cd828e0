/**
 * Draws a scene as lines of text: the map around the player, who is here, what was said. A pure function of
 * what it is given; putting the lines on a terminal is `terminal.ts`'s.
 */
import type { LinkState } from '../../../client/index.js';
import { milliseconds } from '../spread.js';
import { printable, type Scene, type Thing } from './scene.js';

export interface Canvas {
  readonly columns: number;
  readonly rows: number;
  readonly colour: boolean;
  /** What is being typed to be said; null: nothing. */
  readonly draft: string | null;
}

const HELP = 'arrows/wasd walk   g pick up   f put down   t talk   q quit';
/**
 * Below the map and above it: one line for the place, some for what was said, one each for what happened, for what you
 * carry, for what the signs mean and for the keys. On a screen of 24 lines all that one sees fits between.
 */
const CHAT_ROWS = 2;
const OTHER_ROWS = CHAT_ROWS + 5;
const SIDEBAR_COLUMNS = 22;
const DEFAULT_SIGHT = 8;

/** Exactly `rows` lines of at most `columns` characters each (colours not counted). */
export function drawScene(scene: Scene, canvas: Canvas): string[] {
  const map = drawMap(scene, canvas);
  const people = drawPeople(scene);
  const withSidebar = map.map((row, index) => `${row}  ${people[index] ?? ''}`);
  const said = scene.said.slice(-CHAT_ROWS);
  const lines = [
    drawPlace(scene),
    ...withSidebar,
    ...Array.from({ length: CHAT_ROWS }, (_, index) => said[index] ?? ''),
    scene.notice?.text ?? '',
    `carrying: ${scene.you?.items.map(printable).join(', ') || 'nothing'}`,
    drawLegend(canvas),
    canvas.draft === null ? HELP : `say: ${canvas.draft}_`,
  ];
  return lines.slice(0, canvas.rows).map((line) => cut(line, canvas.columns));
}

function drawPlace({ zone, tick, rttMs, username, link }: Scene): string {
  const place = `${zone ? printable(zone.name) : '…'}  tick ${tick ?? '–'}  latency ${milliseconds(rttMs)}  ${username}`;
  return link.type === 'joined' ? place : `${place}  [${drawLink(link)}]`;
}

/** The state of the connection, for a person. */
export function drawLink(link: LinkState): string {
  switch (link.type) {
    case 'connecting':
      return 'connecting';
    case 'joined':
      return 'connected';
    case 'lost':
      return `connection lost, next try in ${(link.retryInMs / 1000).toFixed(1)} s`;
    case 'ended':
      return `connection ended: ${link.reason || `code ${link.code}`}`;
  }
}

function drawLegend({ colour }: Canvas): string {
  return LEGEND.map(([symbol, meaning]) => `${colour ? coloured(symbol) : symbol} ${meaning}`).join('   ');
}

function drawPeople({ things, you }: Scene): string[] {
  const walkers = things.filter(({ id, metadata }) => metadata.kind === 'walker' && id !== you?.id);
  return ['here:', '@ you', ...walkers.map((walker) => `${symbolOf(walker)} ${printable(walker.metadata.name ?? '?')}`)];
}

/** One row of the map a string; two characters a cell, so that a square looks like one. */
function drawMap(scene: Scene, { columns, rows, colour }: Canvas): string[] {
  const { you, zone } = scene;
  const reachX = reach(Math.floor((columns - SIDEBAR_COLUMNS) / 2), scene.sight);
  const reachY = reach(rows - OTHER_ROWS, scene.sight);
  // As high as the map, so that nothing jumps on the way through a gate.
  if (!you) return range(-reachY, reachY).map((y) => (y === 0 ? '  waiting for the next tick' : ''));
  const symbols = symbolsByCell(scene, { x: you.x - reachX, y: you.y - reachY, width: 2 * reachX + 1, height: 2 * reachY + 1 });
  return range(you.y - reachY, you.y + reachY).map((y) =>
    range(you.x - reachX, you.x + reachX)
      .map((x) => {
        const inside = !zone || (x >= 0 && y >= 0 && x < zone.width && y < zone.height);
        const symbol = symbols.get(`${x},${y}`) ?? (inside ? '·' : ' ');
        return `${colour ? coloured(symbol) : symbol} `;
      })
      .join(''),
  );
}

/** How many cells to each side of the player fit, and can be seen. */
function reach(cells: number, sight: number | null): number {
  return Math.max(1, Math.min(sight ?? DEFAULT_SIGHT, Math.floor((cells - 1) / 2)));
}

interface View {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What is drawn over what: the later over the earlier. */
const LAYERS = ['wall', 'gate', 'sprout', 'item', 'animal', 'walker'];

function symbolsByCell({ things, you }: Scene, view: View): Map<string, string> {
  const symbols = new Map<string, string>();
  const layered = [...things].sort((a, b) => layerOf(a) - layerOf(b));
  for (const thing of layered) {
    const symbol = thing.id === you?.id ? '@' : symbolOf(thing);
    // A wall may be a million cells long: only what is in view is looked at.
    for (const y of overlap(thing.y, thing.height, view.y, view.height)) {
      for (const x of overlap(thing.x, thing.width, view.x, view.width)) symbols.set(`${x},${y}`, symbol);
    }
  }
  if (you) symbols.set(`${you.x},${you.y}`, '@');
  return symbols;
}

function layerOf({ metadata }: Thing): number {
  return LAYERS.indexOf(metadata.kind ?? '');
}

/** A 0×0 entity lies on one cell. */
function overlap(from: number, size: number, viewFrom: number, viewSize: number): number[] {
  return range(Math.max(from, viewFrom), Math.min(from + Math.max(1, size), viewFrom + viewSize) - 1);
}

/** Neither letters nor digits: these are the initials of players. */
const SYMBOLS: ReadonlyMap<string | undefined, string> = new Map([
  ['wall', '#'],
  ['gate', '+'],
  ['item', '*'],
  ['sprout', ','],
  ['animal', '%'],
]);

const LEGEND = [
  ['#', 'wall'],
  ['+', 'gate'],
  ['*', 'something to pick up'],
  [',', 'something that grows'],
  ['%', 'animal'],
] as const;

function symbolOf({ metadata }: Thing): string {
  if (metadata.kind !== 'walker') return SYMBOLS.get(metadata.kind) ?? '?';
  const initial = (metadata.name ?? '').charAt(0).toUpperCase();
  // Letters that may be two columns wide would push the rest of the row aside.
  return /^[\p{L}\p{N}]$/u.test(initial) && initial < '\u1100' ? initial : '&';
}

const COLOURS: ReadonlyMap<string, number> = new Map([
  ['#', 90],
  ['·', 90],
  ['+', 95],
  ['*', 93],
  [',', 33],
  ['%', 92],
  ['@', 97],
]);
const WALKER_COLOUR = 96;

function coloured(symbol: string): string {
  return symbol === ' ' ? symbol : `${ESCAPE}[${COLOURS.get(symbol) ?? WALKER_COLOUR}m${symbol}${ESCAPE}[0m`;
}

/** Cuts to a number of visible characters; colour codes take no room. */
function cut(line: string, columns: number): string {
  let left = columns;
  return line.replace(COLOUR_OR_CHARACTER, (piece) =>
    piece.length > 1 && piece.startsWith(ESCAPE) ? piece : left-- > 0 ? piece : '',
  );
}

const ESCAPE = '\u001b';
const COLOUR_OR_CHARACTER = new RegExp(`${ESCAPE}\\[\\d+m|.`, 'gsu');

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
}
