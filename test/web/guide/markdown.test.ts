/** As much Markdown as the documentation uses. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { anchorOf, type Block, inlinesOf, readMarkdown } from '../../../web/guide/markdown.js';

const DOCS = resolve(import.meta.dirname, '../../../docs');

const text = (words: string) => [{ type: 'text', text: words }];

describe('markdown', () => {
  it('has headings with anchors, paragraphs over lines, and code of both kinds', () => {
    expect(readMarkdown('## Close codes (`ws`)\n\none\ntwo\n\n```ts\n# a\n```\n\n    npm test\n')).to.deep.equal([
      {
        type: 'heading',
        level: 2,
        text: [...text('Close codes ('), { type: 'code', text: 'ws' }, ...text(')')],
        anchor: 'close-codes-ws',
      },
      { type: 'paragraph', text: text('one two') },
      { type: 'code', text: '# a' },
      { type: 'code', text: 'npm test' },
    ]);
  });

  it('has addresses that are their own words', () => {
    expect(inlinesOf('open <http://127.0.0.1:8000/play>, <b>')).to.deep.equal([
      ...text('open '),
      { type: 'link', text: text('http://127.0.0.1:8000/play'), to: 'http://127.0.0.1:8000/play' },
      ...text(', <b>'),
    ]);
  });

  it('has lists in lists, whose items go on over lines', () => {
    const [list] = readMarkdown('1. first\n   goes on\n   - inner\n2. second\n');

    expect(list).to.deep.equal({
      type: 'list',
      isOrdered: true,
      items: [
        [
          { type: 'paragraph', text: text('first goes on') },
          { type: 'list', isOrdered: false, items: [[{ type: 'paragraph', text: text('inner') }]] },
        ],
        [{ type: 'paragraph', text: text('second') }],
      ],
    });
  });

  it('has tables, with bars in their cells', () => {
    const [table] = readMarkdown('| a | b |\n|---|---|\n| `x\\|y` | 2 |\n');

    expect(table).to.deep.equal({
      type: 'table',
      head: [text('a'), text('b')],
      rows: [[[{ type: 'code', text: 'x|y' }], text('2')]],
    });
  });

  it('has links, pictures and emphasis, and takes HTML for text', () => {
    expect(inlinesOf('see [`a`](b.md#c), ![p](q.png), **so** *it* <b>is</b> snake_case_names')).to.deep.equal([
      ...text('see '),
      { type: 'link', text: [{ type: 'code', text: 'a' }], to: 'b.md#c' },
      ...text(', '),
      { type: 'picture', alt: 'p', from: 'q.png' },
      ...text(', '),
      { type: 'strong', text: text('so') },
      ...text(' '),
      { type: 'emphasis', text: text('it') },
      ...text(' <b>is</b> snake_case_names'),
    ]);
  });

  it('reads every page of the documentation, with every anchor that another one names', () => {
    const pages = new Map(
      readdirSync(DOCS).flatMap((file) => (file.endsWith('.md') ? [[file, readFileSync(join(DOCS, file), 'utf8')]] : [])),
    );
    const anchors = new Map([...pages].map(([file, source]) => [file, anchorsOf(readMarkdown(source))]));

    for (const [file, source] of pages) {
      for (const [, page = '', anchor = ''] of source.matchAll(/\]\(([\w-]*(?:\.md)?)#([^)]+)\)/g)) {
        expect(anchors.get(page === '' ? file : page), `${file} -> ${page}#${anchor}`).to.include(anchor);
      }
    }
    expect(anchorOf('What a client sends')).to.equal('what-a-client-sends');
  });
});

function anchorsOf(blocks: readonly Block[]): string[] {
  return blocks.flatMap((block) => (block.type === 'heading' ? [block.anchor] : []));
}
