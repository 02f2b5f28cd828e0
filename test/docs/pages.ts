/** The project's pages in Markdown, as text, with what a test wants of them: their prose and their headings' anchors. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '../..');

export interface Page {
  /** From the project's folder. */
  readonly path: string;
  readonly text: string;
}

/** README, CHANGELOG and everything under docs/. */
export function pages(): readonly Page[] {
  const docs = readdirSync(join(ROOT, 'docs'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
    // What typedoc brings along, and what it makes.
    .filter((path) => !/\/(node_modules|dist)\//.test(path));
  return ['README.md', 'CHANGELOG.md', ...docs.sort()].map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));
}

/** Without fenced blocks: their contents are examples, not statements. */
export function proseOf({ text }: Page): string {
  return text.replace(/^```[\s\S]*?^```$/gm, '');
}

/** Where links into the page may point, as GitHub names headings. */
export function anchorsOf(page: Page): ReadonlySet<string> {
  const headings = Array.from(proseOf(page).matchAll(/^#+ (.+)$/gm), ([, title = '']) => title);
  return new Set(
    headings.map((title) =>
      title
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replaceAll(' ', '-'),
    ),
  );
}
