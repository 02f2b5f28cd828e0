/**
 * Reads as much Markdown as the documentation uses into a tree: headings, paragraphs, lists, tables, code and quotes; in
 * them code, links, pictures and emphasis. HTML in it is text like any other. Making elements of the tree is `render.ts`'s.
 */
export type Block =
  | { readonly type: 'heading'; readonly level: number; readonly text: readonly Inline[]; readonly anchor: string }
  | { readonly type: 'paragraph'; readonly text: readonly Inline[] }
  | { readonly type: 'code'; readonly text: string }
  | { readonly type: 'list'; readonly isOrdered: boolean; readonly items: readonly (readonly Block[])[] }
  | { readonly type: 'quote'; readonly blocks: readonly Block[] }
  | {
      readonly type: 'table';
      readonly head: readonly (readonly Inline[])[];
      readonly rows: readonly (readonly (readonly Inline[])[])[];
    };

export type Inline =
  | { readonly type: 'text' | 'code'; readonly text: string }
  | { readonly type: 'strong' | 'emphasis'; readonly text: readonly Inline[] }
  | { readonly type: 'link'; readonly text: readonly Inline[]; readonly to: string }
  | { readonly type: 'picture'; readonly alt: string; readonly from: string };

const FENCE = /^\s*```/;
const HEADING = /^(#{1,6})\s+(.*)$/;
const ITEM = /^(\s*)([-*]|\d+\.)\s+(.*)$/;
const QUOTE = /^>\s?(.*)$/;
const TABLE = /^\s*\|/;
const RULE_OF_TABLE = /^\s*\|?[\s:|-]+\|?\s*$/;
const INDENTED = /^ {4}(.*)$/;

export function readMarkdown(source: string): Block[] {
  return blocksOf(source.replaceAll('\r\n', '\n').split('\n'));
}

function blocksOf(lines: readonly string[]): Block[] {
  const blocks: Block[] = [];
  let at = 0;
  while (at < lines.length) {
    const [block, next] = blockAt(lines, at);
    if (block) blocks.push(block);
    at = next;
  }
  return blocks;
}

/** The block that begins there, and where the next one may. */
function blockAt(lines: readonly string[], at: number): [Block | null, number] {
  const line = lines[at] ?? '';
  if (line.trim() === '') return [null, at + 1];
  const heading = HEADING.exec(line);
  if (heading) return [headingOf(heading[1]?.length ?? 1, heading[2] ?? ''), at + 1];
  if (FENCE.test(line)) return fenced(lines, at + 1);
  if (ITEM.test(line)) return list(lines, at);
  if (QUOTE.test(line)) return gathered(lines, at, QUOTE, (quoted) => ({ type: 'quote', blocks: blocksOf(quoted) }));
  if (TABLE.test(line)) return gathered(lines, at, /^(\s*\|.*)$/, tableOf);
  if (INDENTED.test(line)) return gathered(lines, at, INDENTED, (code) => ({ type: 'code', text: code.join('\n') }));
  return paragraph(lines, at);
}

function headingOf(level: number, text: string): Block {
  return { type: 'heading', level, text: inlinesOf(text), anchor: anchorOf(text) };
}

/** As the places where Markdown is usually shown make them. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-');
}

function fenced(lines: readonly string[], from: number): [Block, number] {
  let to = from;
  while (to < lines.length && !FENCE.test(lines[to] ?? '')) to++;
  return [{ type: 'code', text: lines.slice(from, to).join('\n') }, to + 1];
}

/** The lines from there that are of one kind, without what makes them so. */
function gathered(lines: readonly string[], at: number, kind: RegExp, make: (inner: string[]) => Block): [Block, number] {
  const inner: string[] = [];
  let to = at;
  for (let match = kind.exec(lines[to] ?? ''); match; match = kind.exec(lines[to] ?? '')) {
    inner.push(match[1] ?? '');
    to++;
    if (to >= lines.length) break;
  }
  return [make(inner), to];
}

/** An item goes on as long as lines are indented; what is blank in between belongs to it. */
function list(lines: readonly string[], at: number): [Block, number] {
  const first = ITEM.exec(lines[at] ?? '');
  const margin = first?.[1]?.length ?? 0;
  const items: string[][] = [];
  let to = at;
  for (; to < lines.length; to++) {
    const line = lines[to] ?? '';
    const item = ITEM.exec(line);
    if (item && (item[1]?.length ?? 0) === margin) items.push([item[3] ?? '']);
    else if (isContinued(lines, to, margin)) items.at(-1)?.push(line.slice(margin + 2).trimEnd());
    else break;
  }
  const isOrdered = /\d/.test(first?.[2] ?? '');
  return [
    { type: 'list', isOrdered, items: items.map((item) => blocksOf(item.map((line, index) => unindented(line, index)))) },
    to,
  ];
}

function isContinued(lines: readonly string[], at: number, margin: number): boolean {
  const line = lines[at] ?? '';
  const isIndented = (text: string) =>
    text.trim() !== '' && /^\s*/.exec(text)?.[0].length !== undefined && text.search(/\S/) > margin;
  return isIndented(line) || (line.trim() === '' && isIndented(lines[at + 1] ?? ''));
}

/** Items of numbered lists are indented by one more than those of others. */
function unindented(line: string, index: number): string {
  return index === 0 ? line : line.replace(/^ (?=\S)/, '');
}

function paragraph(lines: readonly string[], at: number): [Block, number] {
  let to = at;
  const isText = (line: string) =>
    line.trim() !== '' && !HEADING.test(line) && !FENCE.test(line) && !TABLE.test(line) && !QUOTE.test(line);
  while (to < lines.length && isText(lines[to] ?? '') && (to === at || !ITEM.test(lines[to] ?? ''))) to++;
  return [{ type: 'paragraph', text: inlinesOf(lines.slice(at, to).join(' ')) }, to];
}

function tableOf(lines: readonly string[]): Block {
  const rows = lines.filter((line, index) => index !== 1 || !RULE_OF_TABLE.test(line)).map(cellsOf);
  const [head = [], ...body] = rows;
  return { type: 'table', head, rows: body };
}

function cellsOf(line: string): Inline[][] {
  const inner = line.trim().replace(/^\||\|$/g, '');
  return inner.split(/(?<!\\)\|/).map((cell) => inlinesOf(cell.replaceAll('\\|', '|').trim()));
}

const INLINE =
  /`([^`]+)`|!\[([^\]]*)\]\(([^)\s]+)\)|\[((?:`[^`]*`|[^\]])+)\]\(([^)\s]+)\)|<(https?:[^\s>]+)>|\*\*(.+?)\*\*|(?<![\w*])[*_](?=\S)(.+?)(?<=\S)[*_](?![\w*])/su;

export function inlinesOf(text: string): Inline[] {
  const found = INLINE.exec(text);
  if (!found) return text === '' ? [] : [{ type: 'text', text }];
  const before = text.slice(0, found.index);
  const after = text.slice(found.index + found[0].length);
  return [...(before === '' ? [] : [{ type: 'text' as const, text: before }]), inlineOf(found), ...inlinesOf(after)];
}

function inlineOf([, code, alt, from, label, to, address, strong, emphasis]: RegExpExecArray): Inline {
  if (code !== undefined) return { type: 'code', text: code };
  if (from !== undefined) return { type: 'picture', alt: alt ?? '', from };
  if (label !== undefined) return { type: 'link', text: inlinesOf(label), to: to ?? '' };
  if (address !== undefined) return { type: 'link', text: [{ type: 'text', text: address }], to: address };
  if (strong !== undefined) return { type: 'strong', text: inlinesOf(strong) };
  return { type: 'emphasis', text: inlinesOf(emphasis ?? '') };
}
