/** What a console knows of the main thread, from pulse after pulse. */
import { expect } from 'chai';
import { Model } from '../../../web/console/model.js';
import type { PulseMessage } from '../../../web/console/wire.js';

function told(...pulses: readonly (readonly [tick: number, delay: number, skipped: number])[]): Model {
  const model = new Model();
  for (const [tick_number, max, skipped_ticks] of pulses) {
    const tick = { paused: false, tick_number, tick_interval_ms: 50, drift_ms: 0, p99_duration_ms: 1, skipped_ticks };
    const pulse: PulseMessage = {
      ...{ type: 'pulse', at: 0, status: { tick, live_zones: 0, connections: 0 }, down: [], game: null },
      ...{ lost: 0, views: { same: 0, strange: null }, loop_delay_ms: { mean: 0, max }, awake: [], happened: [], entities: [] },
    };
    model.tell(pulse);
  }
  return model;
}

describe('the delays of a console', () => {
  it('lie beneath the ticks that came since the last pulse', () => {
    const { delays } = told([10, 3, 0], [20, 4, 0]);

    expect(delays.map(({ from, upTo, max }) => [from, upTo, max])).to.deep.equal([
      [10, 10, 3],
      [11, 20, 4],
    ]);
  });

  it('are the worst of several pulses in one tick', () => {
    expect(told([10, 3, 0], [10, 9, 0], [10, 4, 0]).delays.map(({ max }) => max)).to.deep.equal([9]);
  });

  it('say how many ticks were skipped meanwhile, and nothing of those before one looked, or of another process', () => {
    const { delays } = told([10, 3, 7], [11, 3, 9], [11, 3, 10], [1_001, 3, 0], [1_002, 3, 1]);

    expect(delays.map(({ upTo, skipped }) => [upTo, skipped])).to.deep.equal([
      [10, 0],
      [11, 3],
      [1_001, 0],
      [1_002, 1],
    ]);
    expect(delays[2]?.from).to.equal(1_001);
  });
});
