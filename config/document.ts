/**
 * The page of all settings, `docs/settings.md`, made from the table that the server itself reads.
 * `npm run docs:settings` writes it; a test fails when the page and the table have parted. How settings
 * work together, and which to change when, is told by hand in `docs/operating.md`.
 */
import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { Setting } from './checks.js';
import { SETTINGS } from './settings.js';

const PAGE = new URL('../docs/settings.md', import.meta.url);

const HEAD = `# Settings

<!-- Made by \`npm run docs:settings\` from config/settings.ts: change that file, not this one. -->

Every setting is an environment variable. A \`.env\` file in the working directory is read too; the environment wins over it, and an
empty value counts as not given. All are checked at the start: a bad one ends it with exit status 78 and one line that names
the variable, what it got and what it takes. \`npm run serve -- --help\` prints this list; \`.env.example\` is a complete file to copy.
How they work together is in [Operating](operating.md).
`;

/** Headings of the page, each with the setting that stands first below it. */
const SECTIONS: readonly (readonly [title: string, first: keyof typeof SETTINGS])[] = [
  ['Where it listens, and what it runs', 'host'],
  ['Ticks and history', 'tickIntervalMs'],
  ['Zones', 'zoneWorkers'],
  ['Accounts', 'debugUsers'],
  ['Connections', 'trustProxy'],
  ['Logs', 'logLevel'],
];

/** The whole page. */
export function settingsPage(): string {
  const rows = Object.entries<Setting<unknown>>(SETTINGS);
  const starts = SECTIONS.map(([, first]) => rows.findIndex(([name]) => name === first));
  const sections = SECTIONS.map(([title], i) => sectionText(title, rows.slice(starts[i], starts[i + 1])));
  return [HEAD, ...sections].join('\n');
}

function sectionText(title: string, rows: readonly (readonly [string, Setting<unknown>])[]): string {
  const lines = rows.map(([, setting]) => row(`\`${setting.env}\``, defaultOf(setting), setting.takes, setting.help));
  return [`## ${title}`, '', row('variable', 'default', 'takes', 'meaning'), '|---|---|---|---|', ...lines, ''].join('\n');
}

function defaultOf({ default: text, defaultMeans }: Setting<unknown>): string {
  return defaultMeans ?? `\`${text}\``;
}

function row(...cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) writeFileSync(PAGE, settingsPage());
