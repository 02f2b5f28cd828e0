/**
 * Where cells, zones and points lie. The world is a plane of square cells, `x` to the east and `z` to the south; each cell
 * is a zone, which reaches a rim over the cell's edges. So zones overlap, and one who is past an edge but not past the margin
 * is still inside of the zone that it came from. A point of the world is the same one in every zone that it lies in.
 */
import type { Area, Zone } from '../contract.js';
import { rimCm, type Settings } from './settings.js';

export interface Cell {
  readonly column: number;
  readonly row: number;
}

/** A point of the world, in whole centimetres. */
export interface Point {
  readonly x: number;
  readonly z: number;
}

export class Grid {
  readonly #world: Settings['world'];
  readonly rimCm: number;
  /** Of a zone. */
  readonly sideCm: number;

  constructor(settings: Pick<Settings, 'world' | 'handover' | 'movement'>) {
    this.#world = settings.world;
    this.rimCm = rimCm(settings);
    this.sideCm = settings.world.cellCm + 2 * this.rimCm;
  }

  get cellCm(): number {
    return this.#world.cellCm;
  }

  cells(): Cell[] {
    const { columns, rows } = this.#world;
    return Array.from({ length: columns * rows }, (_, i) => ({ column: i % columns, row: Math.floor(i / columns) }));
  }

  has({ column, row }: Cell): boolean {
    return column >= 0 && row >= 0 && column < this.#world.columns && row < this.#world.rows;
  }

  nameOf({ column, row }: Cell): string {
    return `cell ${column},${row}`;
  }

  /** The cell that a zone is; null: somebody made a zone that is none of this world's. */
  cellOf({ name, width, height, metadata }: Zone): Cell | null {
    const cell = { column: Number(metadata.column), row: Number(metadata.row) };
    const isOurs = this.nameOf(cell) === name && this.has(cell) && width === this.sideCm && height === this.sideCm;
    return isOurs ? cell : null;
  }

  /** A place in the zone of this cell, as a point of the world. */
  toWorld({ column, row }: Cell, { x, y }: Pick<Area, 'x' | 'y'>): Point {
    return { x: column * this.cellCm + x - this.rimCm, z: row * this.cellCm + y - this.rimCm };
  }

  /** A point of the world, as the zone of this cell would call it: inside or not. */
  toZone({ column, row }: Cell, { x, z }: Point): { x: number; y: number } {
    return { x: x - column * this.cellCm + this.rimCm, y: z - row * this.cellCm + this.rimCm };
  }

  /** The nearest point that is in the world and in the zone of this cell. */
  clamp({ column, row }: Cell, { x, z }: Point): Point {
    return { x: this.#clampAxis(column, this.#world.columns, x), z: this.#clampAxis(row, this.#world.rows, z) };
  }

  /** How far past the edges of its cell a point is: negative to the west and north, positive to the east and south, 0 within. */
  pastEdges({ column, row }: Cell, { x, z }: Point): Point {
    return { x: this.#past(column, x), z: this.#past(row, z) };
  }

  #clampAxis(index: number, count: number, at: number): number {
    const least = Math.max(0, index * this.cellCm - this.rimCm);
    const most = Math.min(count * this.cellCm, (index + 1) * this.cellCm + this.rimCm) - 1;
    return Math.min(Math.max(at, least), most);
  }

  #past(index: number, at: number): number {
    const low = index * this.cellCm;
    if (at < low) return at - low;
    return Math.max(0, at - (low + this.cellCm));
  }
}
