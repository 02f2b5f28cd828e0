/** Makes elements of a tree of Markdown. Links lead to the pages of this guide where they name one, else they are as they are. */
import { element } from '../shared/dom.js';
import type { Block, Inline } from './markdown.js';

/** `linkTo`: where a link of the documents leads here; null: nowhere, and its text is text. */
export function render(blocks: readonly Block[], linkTo: (to: string) => string | null): HTMLElement[] {
  const inline = (text: readonly Inline[]): (Node | string)[] => text.map((part) => renderInline(part, inline, linkTo));
  const all = (children: readonly Block[]): HTMLElement[] => children.map((block) => renderBlock(block, inline, all));
  return all(blocks);
}

type InlineRenderer = (text: readonly Inline[]) => (Node | string)[];

function renderBlock(block: Block, inline: InlineRenderer, all: (blocks: readonly Block[]) => HTMLElement[]): HTMLElement {
  switch (block.type) {
    case 'heading':
      return element(`h${Math.min(6, block.level)}` as 'h1', { id: block.anchor }, ...inline(block.text)); // h1 to h6
    case 'paragraph':
      return element('p', {}, ...inline(block.text));
    case 'code':
      return element('pre', { tabindex: 0 }, element('code', {}, block.text));
    case 'list':
      return element(block.isOrdered ? 'ol' : 'ul', {}, ...block.items.map((item) => element('li', {}, ...all(item))));
    case 'quote':
      return element('blockquote', {}, ...all(block.blocks));
    case 'table': {
      const row = (cells: readonly (readonly Inline[])[], tag: 'th' | 'td') =>
        element('tr', {}, ...cells.map((cell) => element(tag, {}, ...inline(cell))));
      const isHeadless = block.head.every((cell) => cell.length === 0);
      const body = element('tbody', {}, ...block.rows.map((cells) => row(cells, 'td')));
      const table = isHeadless
        ? element('table', {}, body)
        : element('table', {}, element('thead', {}, row(block.head, 'th')), body);
      return element('div', { class: 'wide', tabindex: 0 }, table);
    }
  }
}

function renderInline(part: Inline, inline: InlineRenderer, linkTo: (to: string) => string | null): Node | string {
  switch (part.type) {
    case 'text':
      return part.text;
    case 'code':
      return element('code', {}, part.text);
    case 'strong':
      return element('strong', {}, ...inline(part.text));
    case 'emphasis':
      return element('em', {}, ...inline(part.text));
    case 'picture':
      return element('img', { src: `/web/guide/docs/${part.from}`, alt: part.alt });
    case 'link': {
      const href = linkTo(part.to);
      return href === null ? element('span', {}, ...inline(part.text)) : element('a', { href }, ...inline(part.text));
    }
  }
}
