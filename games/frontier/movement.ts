/**
 * From what somebody wants to a step: whole centimetres for each tick of the world's own time. What a client
 * says about time is never asked, so nobody is faster by saying more, or by saying it more often.
 */

/** A wish: each part from -1 to 1; longer than 1 together counts as 1. */
export interface Heading {
  readonly x: number;
  readonly z: number;
}

/** One tick's way, never longer than the speed allows: fractions of a centimetre are cut off. */
export function stepOf({ x, z }: Heading, speedCmPerS: number, tickMs: number): Heading {
  const length = Math.sqrt(x * x + z * z);
  const reachCm = (speedCmPerS * tickMs) / 1000 / Math.max(1, length);
  return { x: whole(x * reachCm), z: whole(z * reachCm) };
}

/** Without the -0 that JSON does not know. */
function whole(length: number): number {
  return Math.trunc(length) + 0;
}

/** The speed of a way that took one tick, in whole centimetres a second. */
export function velocityOf(stepCm: number, tickMs: number): number {
  return whole((stepCm * 1000) / tickMs);
}
