/**
 * Nothing that the pages point to is missing: links, headings, files of the tree, npm scripts and settings.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import type { Setting } from '../../config/checks.js';
import { SETTINGS } from '../../config/settings.js';
import { anchorsOf, type Page, pages, proseOf, ROOT } from './pages.js';

/** What a page has in its prose that does not exist, with the page's name. */
function missing(found: (page: Page) => Iterable<string>, exists: (what: string, page: Page) => boolean): string[] {
  return pages().flatMap((page) => [...found(page)].filter((what) => !exists(what, page)).map((what) => `${page.path}: ${what}`));
}

/** Every first group of the pattern. */
const groups = (text: string, pattern: RegExp): string[] => Array.from(text.matchAll(pattern), ([, group = '']) => group);

describe('the documentation', () => {
  it('is all there', () => {
    const paths = pages().map(({ path }) => path);

    expect(paths).to.include.members([
      'README.md',
      'docs/operating.md',
      'docs/design.md',
      'docs/settings.md',
      'docs/protocol.md',
    ]);
  });

  it('links to pages and headings that exist', () => {
    const byPath = new Map(pages().map((page) => [page.path, page]));
    const exists = (link: string, from: Page) => {
      const [file = '', anchor] = link.split('#');
      const path = file === '' ? from.path : join(dirname(from.path), file);
      if (!existsSync(join(ROOT, path))) return false;
      const target = byPath.get(path);
      return anchor === undefined || (target !== undefined && anchorsOf(target).has(anchor));
    };

    expect(missing((page) => groups(proseOf(page), /\]\((?!https?:)([^)\s]+)\)/g), exists)).to.deep.equal([]);
  });

  it('names files of the tree that exist', () => {
    const found = (page: Page) => groups(proseOf(page), /`((?:src|actors|games|config|test|docs)\/[\w./-]+\.\w+)`/g);
    // The games of the guide are made by whoever follows it.
    const exists = (path: string) => /^games\/(mushrooms|my-game)\//.test(path) || existsSync(join(ROOT, path));

    expect(missing(found, exists)).to.deep.equal([]);
  });

  it('names npm scripts that exist', () => {
    const { scripts }: { scripts: Record<string, string> } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const exists = (script: string) => script in scripts;

    expect(missing(({ text }) => groups(text, /\bnpm run (?:-s )?([\w:-]+)/g), exists)).to.deep.equal([]);
  });

  it('sets variables that are settings', () => {
    const settings = new Set(Object.values<Setting<unknown>>(SETTINGS).map(({ env }) => env));
    const exists = (name: string) => settings.has(name) || /^GRIDSTEAD_(TEST|CHAOS)_/.test(name);

    expect(missing(({ text }) => groups(text, /^ {4}([A-Z][A-Z_]+)=(?!.*\$\()/gm), exists)).to.deep.equal([]);
    expect(missing(({ text }) => groups(text, /`([A-Z]+(?:_[A-Z]+)+)(?:=[^`]*)?`/g), exists)).to.deep.equal([]);
  });
});
