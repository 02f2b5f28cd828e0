/** Where a report goes: a JSON file for each run, and on request the page, the chart and the JSON under docs/. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BENCH_ROOT, PROJECT_ROOT } from '../project.js';
import { chartOf } from './chart.js';
import type { Report } from './report.js';
import { conditionsOf, remarksOf, tableOf } from './table.js';

/** Between these, docs/performance.md is ours. */
export const BEGIN = '<!-- bench:begin, written by `npm run bench -- --write` -->';
export const END = '<!-- bench:end -->';
export const PAGE = join(PROJECT_ROOT, 'docs/performance.md');
/** For what the page shows and links. */
const PAGE_FILES = join(PROJECT_ROOT, 'docs/performance');

/** Writes the run's JSON file. Answers its path. */
export async function keep(report: Report): Promise<string> {
  const folder = join(BENCH_ROOT, 'results');
  const file = join(folder, `${report.startedAt.replace(/[:.]/g, '-')}${report.quick ? '-quick' : ''}.json`);
  await mkdir(folder, { recursive: true });
  await writeFile(file, jsonOf(report));
  return file;
}

/** Puts the report into docs/performance.md, beside its chart and its JSON. */
export async function publish(report: Report): Promise<void> {
  const written = replaceBetween(await readFile(PAGE, 'utf8'), BEGIN, END, sectionOf(report));
  await mkdir(PAGE_FILES, { recursive: true });
  await writeFile(join(PAGE_FILES, 'latest.json'), jsonOf(report));
  await writeFile(join(PAGE_FILES, 'latest.svg'), chartOf(report));
  await writeFile(PAGE, written);
}

/** The text with what stands between two marks replaced. Throws where a mark is missing. */
export function replaceBetween(text: string, begin: string, end: string, content: string): string {
  const from = text.indexOf(begin);
  const to = text.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`the page has no "${from < 0 ? begin : end}"`);
  return `${text.slice(0, from + begin.length)}\n\n${content}\n\n${text.slice(to)}`;
}

/** All of a report that a page shows. */
function sectionOf(report: Report): string {
  const remarks = remarksOf(report).map((remark) => `- ${remark}`);
  const chart = '![Server CPU for each snapshot against the limit](performance/latest.svg)';
  return [chart, tableOf(report), [conditionsOf(report), ...remarks].join('\n')].join('\n\n');
}

function jsonOf(report: Report): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
