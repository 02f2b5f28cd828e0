/** The tree of actors as nested lists; what was restarted since the last look flashes. */
import { element } from '../shared/dom.js';
import type { TreeNode } from './wire.js';

const FLASH_MS = 1_500;

export class Tree {
  readonly #restarts = new Map<string, number>();
  readonly #open = new Set<string>();

  constructor(private readonly list: HTMLUListElement) {}

  show(root: TreeNode): void {
    this.list.replaceChildren(this.#item(root, 0));
  }

  #item(node: TreeNode, depth: number): HTMLLIElement {
    const before = this.#restarts.get(node.id);
    this.#restarts.set(node.id, node.restarts);
    const line = element(
      'span',
      { class: 'line' },
      element('b', {}, node.name ?? node.id),
      ` ${node.kind} `,
      stateOf(node.state),
    );
    if (node.mailbox_length > 0) line.append(element('span', { class: 'number' }, ` · ${node.mailbox_length} wait`));
    if (node.restarts > 0) line.append(element('span', { class: 'number' }, ` · ${node.restarts} restarts`));
    if (node.last_error) line.append(element('span', { class: 'error' }, ` · ${node.last_error.message}`));
    const item = element('li', {}, line);
    if (before !== undefined && node.restarts > before) flash(item);
    if (node.children && node.children.length > 0) item.append(this.#children(node, node.children, depth));
    return item;
  }

  #children(node: TreeNode, children: readonly TreeNode[], depth: number): HTMLDetailsElement {
    const isOpen = this.#open.has(node.id) || (depth < 2 && !this.#open.has(`closed ${node.id}`));
    const details = element('details', { open: isOpen }, element('summary', {}, `${children.length} below`));
    const fill = () => {
      if (details.open && details.childElementCount === 1)
        details.append(element('ul', {}, ...children.map((child) => this.#item(child, depth + 1))));
    };
    fill();
    details.addEventListener('toggle', () => {
      this.#open.delete(details.open ? `closed ${node.id}` : node.id);
      this.#open.add(details.open ? node.id : `closed ${node.id}`);
      fill();
    });
    return details;
  }
}

function flash(item: HTMLElement): void {
  item.classList.add('flash');
  setTimeout(() => item.classList.remove('flash'), FLASH_MS);
}

function stateOf(state: unknown): string {
  if (typeof state === 'string') return state;
  if (typeof state !== 'object' || state === null) return '';
  return Object.entries(state)
    .map(([name, inner]) => `${name}.${stateOf(inner)}`)
    .join(' ');
}
