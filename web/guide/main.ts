/** The guide: the documents of docs/, one at a time. */
import { byId, element } from '../shared/dom.js';
import { startTheme } from '../shared/theme.js';
import { type Block, readMarkdown } from './markdown.js';
import { render } from './render.js';

const DOCS = '/web/guide/docs';
const FIRST = 'getting-started';

startTheme(byId('theme', HTMLButtonElement));
const pages = (await (await fetch(`${DOCS}/pages.json`)).json()) as [name: string, title: string][]; // of our own build
const name = new URLSearchParams(location.search).get('page') ?? FIRST;
listPages();
await show();

function listPages(): void {
  const items = pages.map(([page, title]) =>
    element('li', {}, element('a', { href: `/guide?page=${page}`, 'aria-current': page === name ? 'page' : null }, title)),
  );
  byId('pages', HTMLElement).replaceChildren(...items);
}

async function show(): Promise<void> {
  const article = byId('article', HTMLElement);
  const known = pages.find(([page]) => page === name);
  if (!known) return article.replaceChildren(element('h1', {}, 'There is no such page'));
  const blocks = readMarkdown(await (await fetch(`${DOCS}/${name}.md`)).text());
  document.title = `Gridstead: ${known[1]}`;
  article.replaceChildren(...render(blocks, linkTo));
  listHeadings(blocks);
  // The place that the address names was not there when the browser looked for it.
  if (location.hash.length > 1) document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
}

function listHeadings(blocks: readonly Block[]): void {
  const items = blocks.flatMap((block) => {
    if (block.type !== 'heading' || block.level !== 2) return [];
    const title = byId('article', HTMLElement).querySelector(`[id="${CSS.escape(block.anchor)}"]`)?.textContent ?? '';
    return [element('li', {}, element('a', { href: `#${block.anchor}` }, title))];
  });
  byId('headings', HTMLElement).replaceChildren(...items);
}

/** Documents name one another by file; what is in the repository beside them is not here. */
function linkTo(to: string): string | null {
  if (to.startsWith('#') || /^https?:/.test(to)) return to;
  const [, page, anchor = ''] = /^(?:\.\/)?([\w-]+)\.md(#.*)?$/.exec(to) ?? [];
  return page !== undefined && pages.some(([known]) => known === page) ? `/guide?page=${page}${anchor}` : null;
}
