/** The ratios of a report as a bar chart, in SVG that needs nothing else: a drawing of the table's first column. */
import { FORMS } from '../contestants.js';
import type { Report } from './report.js';
import { summarize } from './summary.js';

const WIDTH = 760;
const LEFT = 210;
const RIGHT = 90;
const BAR = 18;
const ROW = 28;
const TOP = 56;
const FONT = 'font-family="system-ui, sans-serif"';
const COLORS: Readonly<Record<string, string>> = { limit: '#8a94a6', gridstead: '#1f7a4d', 'gridstead-bin': '#1f7a4d' };
const OTHER_COLOR = '#b9793b';
const FORM_TITLES = { plain: 'plain', fog: 'fog' } as const;

interface Bar {
  readonly label: string;
  readonly color: string;
  readonly ratio: number;
}

/** '' where nothing was measured. */
export function chartOf(report: Report): string {
  const groups = FORMS.map((form) => ({ form, bars: barsOf(report, form) })).filter(({ bars }) => bars.length > 0);
  const all = groups.flatMap(({ bars }) => bars);
  if (all.length === 0) return '';
  const scale = (WIDTH - LEFT - RIGHT) / Math.max(1.2, ...all.map(({ ratio }) => ratio));
  const height = TOP + ROW * (all.length + groups.length) + 24;
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="Server CPU for each snapshot against the limit">`,
    `<rect width="${WIDTH}" height="${height}" rx="6" fill="#ffffff"/>`,
    text(
      20,
      28,
      'Server CPU for each snapshot, against the in-memory limit beside it (less is better)',
      'font-size="15" font-weight="600"',
    ),
  ];
  let y = TOP;
  for (const { form, bars } of groups) {
    parts.push(text(20, y + 14, FORM_TITLES[form], 'font-size="13" font-weight="600"'));
    y += ROW;
    for (const bar of bars) {
      parts.push(...barParts(bar, y, scale));
      y += ROW;
    }
  }
  const x = (LEFT + scale).toFixed(1);
  parts.push(`<line x1="${x}" y1="${TOP}" x2="${x}" y2="${y}" stroke="#333" stroke-dasharray="3 3"/>`, '</svg>');
  return `${parts.join('\n')}\n`;
}

function barsOf({ rows }: Report, form: string): Bar[] {
  return rows.flatMap((row) => {
    const summary = row.form === form ? summarize(row.pairs) : null;
    return summary ? [{ label: row.title, color: COLORS[row.id] ?? OTHER_COLOR, ratio: summary.ratio }] : [];
  });
}

function barParts({ label, color, ratio }: Bar, y: number, scale: number): string[] {
  const width = ratio * scale;
  return [
    text(LEFT - 10, y + 14, label, 'font-size="13" text-anchor="end"'),
    `<rect x="${LEFT}" y="${y}" width="${width.toFixed(1)}" height="${BAR}" rx="2" fill="${color}"/>`,
    text(LEFT + width + 8, y + 14, ratio.toFixed(2), 'font-size="13"'),
  ];
}

function text(x: number, y: number, content: string, attributes: string): string {
  return `<text x="${x.toFixed(1)}" y="${y}" ${FONT} fill="#1b1f24" ${attributes}>${escapeXml(content)}</text>`;
}

function escapeXml(content: string): string {
  return content.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
