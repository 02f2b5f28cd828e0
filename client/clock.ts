/**
 * The server's time, followed by round trips: each says what the server's clock showed at some moment between two of
 * ours. The shortest of the last few says it best; older ones are forgotten, so that a clock that drifts is followed.
 */

const REMEMBERED = 8;
/** A larger correction is a clock that was set: waiting for ours to catch up would stop it for too long. */
const LARGEST_HOLD_MS = 1000;

interface Sample {
  readonly offsetMs: number;
  readonly roundTripMs: number;
}

export class ServerClock {
  #samples: Sample[] = [];
  #lastMs = 0;

  /** `monotonicMs`: our clock, in which the moments of samples are told. */
  constructor(private readonly monotonicMs: () => number = () => performance.now()) {}

  /** A server's answer to what was sent at `sentAtMs` and heard at `heardAtMs` says that it was `serverMs` since the epoch. */
  sample(serverMs: number, sentAtMs: number, heardAtMs: number): void {
    if (!Number.isFinite(serverMs)) return;
    const sample = { offsetMs: serverMs - (sentAtMs + heardAtMs) / 2, roundTripMs: heardAtMs - sentAtMs };
    this.#samples = [...this.#samples, sample].slice(-REMEMBERED);
  }

  /** Milliseconds since the epoch by the server's clock; null before the first sample. Does not go back, but where a clock was set. */
  now(): number | null {
    const best = this.#best();
    if (!best) return null;
    const nowMs = this.monotonicMs() + best.offsetMs;
    const held = nowMs < this.#lastMs && this.#lastMs - nowMs <= LARGEST_HOLD_MS;
    this.#lastMs = held ? this.#lastMs : nowMs;
    return this.#lastMs;
  }

  /** By so much `now` may be wrong, either way; null before the first sample. */
  get uncertaintyMs(): number | null {
    const best = this.#best();
    return best && best.roundTripMs / 2;
  }

  #best(): Sample | null {
    return this.#samples.reduce<Sample | null>((best, next) => (best && best.roundTripMs < next.roundTripMs ? best : next), null);
  }
}
