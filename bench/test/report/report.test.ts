import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import type { WindowFigures } from '../../src/generator/orders.js';
import { chartOf } from '../../src/report/chart.js';
import { BEGIN, END, PAGE, replaceBetween } from '../../src/report/page.js';
import type { Report, Row } from '../../src/report/report.js';
import { median, summarize } from '../../src/report/summary.js';
import { conditionsOf, remarksOf, tableOf } from '../../src/report/table.js';

function window(us: number, over: Partial<WindowFigures> = {}): WindowFigures {
  return {
    players: 1000,
    windowMs: 8000,
    states: 80_000,
    bytesPerState: 8603.4,
    delivered: 1,
    intervalP50Ms: 100,
    intervalP99Ms: 112,
    latencyP50Ms: 55,
    latencyP99Ms: 104,
    serverCpuMs: 80 * us,
    generatorCpu: 0.3,
    paceLagP99Ms: 0.4,
    errors: 0,
    lost: 0,
    firstLoss: null,
    ...over,
  };
}

const MEASURED: Row = {
  id: 'gridstead',
  title: 'Gridstead, JSON snapshots',
  form: 'plain',
  pairs: [
    { limit: window(20), contestant: window(22) },
    { limit: window(30), contestant: window(27, { delivered: 0.991 }) },
    { limit: window(25), contestant: window(25) },
  ],
  missing: null,
  held: 4000,
  idleKiB: 17.6,
};
const MISSING: Row = {
  id: 'gridstead-bin',
  title: 'Gridstead, binary deltas',
  form: 'fog',
  pairs: [],
  missing: 'not available: no',
};

function report(rows: readonly Row[], over: Partial<Report> = {}): Report {
  return {
    startedAt: '2030-01-02T03:04:05.000Z',
    quick: false,
    machine: { cpu: 'A Processor', cores: 2, memoryGiB: 8, kernel: '6.1', node: '20.20.2', flushMs: 0.21, inMemory: false },
    versions: { ws: '8.0.0' },
    conditions: {
      players: 1000,
      tickIntervalMs: 100,
      pairs: 3,
      warmupMs: 3000,
      windowMs: 8000,
      serverCore: 0,
      generatorCore: 1,
      nodeFlags: ['--max-semi-space-size=64'],
      gridstead: { entry: 'main.js', settings: { ZONE_WORKERS: '1' } },
      holdRungs: null,
      idleConnections: 2000,
    },
    rows,
    ...over,
  };
}

describe('summary', () => {
  it('takes the median of the ratios of pairs, not the ratio of medians', () => {
    const summary = summarize(MEASURED.pairs);

    expect(summary?.ratio).to.be.closeTo(1, 1e-9);
    expect([summary?.ratioLeast, summary?.ratioMost]).to.deep.equal([0.9, 1.1]);
    expect([summary?.limitUs, summary?.us]).to.deep.equal([25, 25]);
  });

  it('takes the least of what was delivered, and the busiest generators', () => {
    expect(summarize(MEASURED.pairs)).to.include({ delivered: 0.991, generatorCpu: 0.6 });
  });

  it('is null where nothing was delivered', () => {
    expect(summarize([{ limit: window(20), contestant: window(0, { states: 0 }) }])).to.equal(null);
    expect(summarize([])).to.equal(null);
  });

  it('has no latency where none was measured', () => {
    const pair = { limit: window(20), contestant: window(20, { latencyP50Ms: null, latencyP99Ms: null }) };

    expect(summarize([pair])).to.include({ latencyP50Ms: null, intervalP50Ms: 100 });
  });
});

describe('median', () => {
  it('is the middle, or the mean of the two in the middle', () => {
    expect([median([3, 1, 2]), median([4, 1, 2, 3]), median([7])]).to.deep.equal([2, 2.5, 7]);
  });
});

describe('table', () => {
  it('has the ratio first and every figure of a row', () => {
    const row = tableOf(report([MEASURED]))
      .split('\n')
      .at(-1);

    expect(row).to.equal(
      '| Gridstead, JSON snapshots | **1.00** (0.90–1.10) | 25.0 → 25.0 | 8,603 | 99.1 % | 100 / 112 | 55 / 104 | 4,000 | 18 | 60 % |',
    );
  });

  it('has as many cells in each line', () => {
    const lines = tableOf(report([MEASURED, MISSING])).split('\n');

    expect(new Set(lines.map((line) => line.split('|').length)).size).to.equal(1);
  });

  it('says what was not measured, and why', () => {
    const page = report([MISSING]);

    expect(tableOf(page)).to.include('| Gridstead, binary deltas | not measured |');
    expect(remarksOf(page)).to.deep.equal(['Gridstead, binary deltas (fog): not available: no']);
  });

  it('says when a figure is doubtful', () => {
    const doubtful = { ...MEASURED, pairs: [{ limit: window(20), contestant: window(20, { lost: 2, generatorCpu: 0.6 }) }] };

    expect(remarksOf(report([doubtful])).join())
      .to.include('2 error messages and lost sockets')
      .and.include('generators were busy');
    expect(remarksOf(report([MEASURED], { quick: true }))[0]).to.include('mean nothing');
  });

  it('says so when the database was in memory', () => {
    const machine = { ...report([]).machine, inMemory: true };

    expect(conditionsOf(report([], { machine }))).to.include('durability cost nothing here');
    expect(conditionsOf(report([])))
      .to.include('0.21 ms')
      .and.include('--max-semi-space-size=64');
  });
});

describe('chart', () => {
  it('draws a bar for each row that was measured, with its ratio', () => {
    const svg = chartOf(report([MEASURED, MISSING]));

    expect(svg).to.match(/^<svg [^>]*>[\s\S]*<\/svg>\n$/);
    expect(svg).to.include('>1.00</text>').and.include('Gridstead, JSON snapshots').and.not.include('binary');
  });

  it('is empty where nothing was measured', () => {
    expect(chartOf(report([MISSING]))).to.equal('');
  });
});

describe('page', () => {
  it('gets what stands between its marks replaced, and nothing else', () => {
    const once = replaceBetween('before <b> old <e> after', '<b>', '<e>', 'new');

    expect(once).to.equal('before <b>\n\nnew\n\n<e> after');
    expect(replaceBetween(once, '<b>', '<e>', 'new')).to.equal(once);
  });

  it('in docs/ has the marks', () => {
    expect(replaceBetween(readFileSync(PAGE, 'utf8'), BEGIN, END, 'the report')).to.include('the report');
  });

  it('is left alone where a mark is missing', () => {
    expect(() => replaceBetween('<b> without an end', '<b>', '<e>', 'new')).to.throw('<e>');
  });
});
