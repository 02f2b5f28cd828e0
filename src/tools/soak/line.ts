/** A straight line through points, by least squares: does something grow, and how sure is that? */

export interface Line {
  /** How much y rises for each x. */
  readonly slope: number;
  /** The standard error of the slope: the truth is rarely more than two of them away. */
  readonly error: number;
}

/** Through at least three points, not all of them at one x. */
export function lineThrough(points: readonly (readonly [x: number, y: number])[]): Line {
  const meanX = mean(points.map(([x]) => x));
  const meanY = mean(points.map(([, y]) => y));
  const spread = sum(points.map(([x]) => (x - meanX) ** 2));
  const slope = sum(points.map(([x, y]) => (x - meanX) * (y - meanY))) / spread;
  const misses = sum(points.map(([x, y]) => (y - meanY - slope * (x - meanX)) ** 2));
  return { slope, error: Math.sqrt(misses / (points.length - 2) / spread) };
}

const mean = (values: readonly number[]) => sum(values) / values.length;
const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);
