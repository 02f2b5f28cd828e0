import { expect } from 'chai';
import { COUNTERS, HISTOGRAMS } from '../../../actors/telemetry.js';
import { Metrics } from '../../../src/observe/metrics.js';

describe('metrics', () => {
  let metrics: Metrics;

  beforeEach(() => {
    metrics = new Metrics('my-game');
  });
  afterEach(() => metrics.stop());

  it('show every counter from 0 and every histogram, with its meaning', async () => {
    const text = await metrics.text();

    for (const [name, help] of Object.entries(COUNTERS)) {
      expect(text).to.include(`# HELP gridstead_${name} ${help}\n# TYPE gridstead_${name} counter\ngridstead_${name} 0\n`);
    }
    for (const [name, help] of Object.entries(HISTOGRAMS)) {
      expect(text).to.include(`# HELP gridstead_${name} ${help}\n# TYPE gridstead_${name} histogram\n`);
    }
    expect(metrics.contentType).to.match(/^text\/plain; version=0\.0\.4/);
  });

  it('count and observe', async () => {
    metrics.count('ticks_total');
    metrics.count('ticks_total', 2);
    metrics.observe('tick_duration_ms', 3);

    const text = await metrics.text();

    expect(text).to.include('gridstead_ticks_total 3\n');
    expect(text)
      .to.include('gridstead_tick_duration_ms_bucket{le="2.5"} 0\n')
      .and.include('gridstead_tick_duration_ms_bucket{le="5"} 1\n');
    expect(text).to.include('gridstead_tick_duration_ms_sum 3\n');
  });

  it('count for the game under its name, as many names as there may be', async () => {
    metrics.countForGame({ handovers: 2 });
    metrics.countForGame({ handovers: 1, bots: 0.5 });
    for (let i = 0; i < 300; i += 1) metrics.countForGame({ [`made_of_data_${i}`]: 1 });

    const text = await metrics.text();

    expect(text).to.include('\nmy_game_handovers_total 3\n').and.include('\nmy_game_bots_total 0.5\n');
    expect(text.match(/^my_game_made_of_data_\d+_total /gm)).to.have.lengthOf(198);
  });

  it('read live gauges anew each time', async () => {
    let connections = 1;
    metrics.gauge('connections', 'Sockets now', () => connections);
    expect(await metrics.text()).to.include('gridstead_connections 1\n');

    connections = 2;

    expect(await metrics.text()).to.include('gridstead_connections 2\n');
  });

  it('refuse a gauge whose name is taken', () => {
    metrics.gauge('connections', 'Sockets now', () => 1);

    expect(() => metrics.gauge('connections', 'Sockets now', () => 2)).to.throw(/already been registered/);
  });

  it('show the process: memory, CPU, event loop delay, garbage collection', async () => {
    const text = await metrics.text();

    expect(figure(text, 'process_resident_memory_bytes')).to.be.above(1e6);
    expect(figure(text, 'nodejs_heap_size_used_bytes')).to.be.above(1e6);
    expect(figure(text, 'process_cpu_seconds_total')).to.be.above(0);
    for (const share of ['p50', 'p99', 'max']) expect(figure(text, `nodejs_eventloop_lag_${share}_seconds`)).to.be.at.least(0);
    expect(text).to.include('# TYPE nodejs_gc_duration_seconds histogram');
  });

  it('of two servers in one process are apart', async () => {
    const other = new Metrics('my-game');
    try {
      other.count('ticks_total', 7);

      expect(await metrics.text()).to.include('gridstead_ticks_total 0\n');
    } finally {
      other.stop();
    }
  });

  it('can be read after they were stopped', async () => {
    metrics.count('ticks_total');
    metrics.stop();

    expect(await metrics.text()).to.include('gridstead_ticks_total 1\n');
  });
});

function figure(text: string, name: string): number {
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
}
