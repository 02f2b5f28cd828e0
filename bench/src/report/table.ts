/** The report as Markdown: one table, ratios first, and below it what was measured on, with what, and how. */
import { FORMS, type Form } from '../contestants.js';
import type { Report, Row } from './report.js';
import { type Summary, summarize } from './summary.js';

/** Generators that use more than this of their core may have slowed what they measured. */
const BUSY_GENERATOR = 0.85;

const COLUMNS = [
  '',
  'CPU against the limit',
  'µs a snapshot (limit → it)',
  'bytes a snapshot',
  'delivered',
  'tick interval p50 / p99, ms',
  'intent to visible p50 / p99, ms',
  'players held',
  'KiB an idle connection',
  'generators, of a core',
];
const FORM_TITLES: Record<Form, string> = { plain: 'everybody sees the zone', fog: 'fog, 8 cells of sight' };
const NOTHING = '–';

export function tableOf(report: Report): string {
  const lines = [line(COLUMNS), line(COLUMNS.map((_, column) => (column === 0 ? '---' : '---:')))];
  for (const form of FORMS) {
    const rows = report.rows.filter((row) => row.form === form);
    if (rows.length > 0) lines.push(line([`**${FORM_TITLES[form]}**`, ...COLUMNS.slice(1).map(() => '')]), ...rows.map(rowLine));
  }
  return lines.join('\n');
}

/** What one needs to judge the table, as a list. */
export function conditionsOf(report: Report): string {
  const { machine, versions, conditions } = report;
  const { players, tickIntervalMs, pairs, warmupMs, windowMs, serverCore, generatorCore, gridstead } = conditions;
  const pinned =
    serverCore === null
      ? 'not pinned to cores'
      : `both servers of a pair on core ${serverCore}, their generators on core ${generatorCore}`;
  const flush = machine.inMemory
    ? 'the database lay in memory: **durability cost nothing here**'
    : `a flush to the database's disk takes ${machine.flushMs.toFixed(2)} ms`;
  return [
    `- ${report.startedAt.slice(0, 10)}, ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, Linux ${machine.kernel}, Node.js ${machine.node}; ${flush}.`,
    `- ${players} players in zones of 50, a tick every ${tickIntervalMs} ms, ${pinned}; ${pairs} pair${pairs === 1 ? '' : 's'} a row, windows of ${windowMs / 1000} s after ${warmupMs / 1000} s.`,
    `- Flags of every server: \`${conditions.nodeFlags.join(' ')}\`. Gridstead: \`${gridstead.entry}\` with ${settingsText(gridstead.settings)}; SQLite in WAL mode, \`synchronous=FULL\`.`,
    `- ${Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}.`,
  ].join('\n');
}

/** What makes a figure doubtful or absent, each as a line; none where all is well. */
export function remarksOf({ rows, quick }: Report): string[] {
  const remarks = rows.flatMap((row) => {
    const name = `${row.title} (${row.form})`;
    const summary = summarize(row.pairs);
    return [
      ...(row.missing === null ? [] : [`${name}: ${row.missing}`]),
      ...(summary && summary.mishaps > 0 ? [`${name}: ${summary.mishaps} error messages and lost sockets.`] : []),
      ...(summary && summary.generatorCpu > BUSY_GENERATOR
        ? [`${name}: the generators were busy; they may have slowed it.`]
        : []),
    ];
  });
  return quick ? ['A quick run: it shows that everything works, and its figures mean nothing.', ...remarks] : remarks;
}

function rowLine(row: Row): string {
  const summary = summarize(row.pairs);
  const figures = summary ? figuresOf(summary) : ['not measured', ...Array.from({ length: 5 }, () => NOTHING)];
  const held = row.held === undefined ? NOTHING : (row.held?.toLocaleString('en') ?? 'fewer');
  const idle = row.idleKiB === undefined ? NOTHING : row.idleKiB.toFixed(0);
  return line([row.title, ...figures, held, idle, summary ? percent(summary.generatorCpu, 0) : NOTHING]);
}

function figuresOf(summary: Summary): string[] {
  const { ratio, ratioLeast, ratioMost, limitUs, us, bytes, delivered } = summary;
  const spread = ratioLeast === ratioMost ? '' : ` (${ratioLeast.toFixed(2)}–${ratioMost.toFixed(2)})`;
  return [
    `**${ratio.toFixed(2)}**${spread}`,
    `${limitUs.toFixed(1)} → ${us.toFixed(1)}`,
    Math.round(bytes).toLocaleString('en'),
    percent(delivered, 1),
    both(summary.intervalP50Ms, summary.intervalP99Ms),
    both(summary.latencyP50Ms, summary.latencyP99Ms),
  ];
}

function both(p50: number | null, p99: number | null): string {
  return p50 === null || p99 === null ? NOTHING : `${p50.toFixed(0)} / ${p99.toFixed(0)}`;
}

function percent(share: number, digits: number): string {
  return `${(100 * share).toFixed(digits)} %`;
}

function settingsText(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `\`${name}=${value}\``)
    .join(', ');
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
