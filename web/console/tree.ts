/**
 * The tree of actors as nested lists. What was restarted since the last look flashes, and where it is out of sight, what it is
 * folded into does.
 */
import { element, setText } from '../shared/dom.js';
import { Keyed } from './keyed.js';
import type { TreeNode } from './wire.js';

/** As long as the animation of the style. */
const FLASH_MS = 1_500;
/** Deeper than this is folded until somebody opens it. */
const OPEN_DEPTH = 2;

export class Tree {
  readonly #root: Branch;

  constructor(list: HTMLUListElement) {
    this.#root = new Branch(list, 0);
  }

  show(root: TreeNode): void {
    this.#root.show([root]);
  }
}

/** The actors of one list. */
class Branch {
  readonly #items: Keyed<TreeNode, Item>;

  constructor(list: HTMLUListElement, depth: number) {
    this.#items = new Keyed(
      list,
      ({ id }) => id,
      () => new Item(depth),
      (item, node) => item.show(node),
    );
  }

  show(nodes: readonly TreeNode[]): void {
    this.#items.show(nodes);
  }
}

class Item {
  readonly #line = element('span', { class: 'line' });
  readonly element = element('li', {}, this.#line);
  #restarts: number | null = null;
  #below: Below | null = null;

  constructor(private readonly depth: number) {}

  show(node: TreeNode): void {
    this.#describe(node);
    if (this.#restarts !== null && node.restarts > this.#restarts) flash(this.#line);
    this.#restarts = node.restarts;
    const { children = [] } = node;
    if (children.length > 0 && !this.#below) {
      this.#below = new Below(this.depth);
      this.element.append(this.#below.element);
    }
    if (this.#below) this.#below.element.hidden = children.length === 0;
    this.#below?.show(children);
  }

  #describe({ id, name, kind, state, mailbox_length, restarts, last_error }: TreeNode): void {
    const parts = [
      element('b', {}, name ?? id),
      ` ${kind} ${stateOf(state)}`,
      ...(mailbox_length > 0 ? [element('span', { class: 'number' }, ` · ${mailbox_length} wait`)] : []),
      ...(restarts > 0 ? [element('span', { class: 'number' }, ` · ${restarts} restarts`)] : []),
      ...(last_error ? [element('span', { class: 'error' }, ` · ${last_error.message}`)] : []),
    ];
    const text = parts.map((part) => (typeof part === 'string' ? part : part.textContent)).join('');
    if (text !== this.#line.textContent) this.#line.replaceChildren(...parts);
  }
}

/** What hangs under an actor: made only once it is unfolded, for there may be thousands. */
class Below {
  readonly #summary = element('summary');
  readonly #list = element('ul');
  readonly element: HTMLDetailsElement;
  readonly #branch: Branch;
  #nodes: readonly TreeNode[] = [];
  #restarts: number | null = null;

  constructor(depth: number) {
    this.element = element('details', { open: depth < OPEN_DEPTH }, this.#summary, this.#list);
    this.#branch = new Branch(this.#list, depth + 1);
    this.element.addEventListener('toggle', () => this.#unfold());
  }

  show(nodes: readonly TreeNode[]): void {
    this.#nodes = nodes;
    setText(this.#summary, `${nodes.length} below`);
    const restarts = nodes.reduce((sum, node) => sum + restartsIn(node), 0);
    if (this.#restarts !== null && restarts > this.#restarts && !this.element.open) flash(this.#summary);
    this.#restarts = restarts;
    this.#unfold();
  }

  #unfold(): void {
    if (this.element.open) this.#branch.show(this.#nodes);
  }
}

function restartsIn({ restarts, children = [] }: TreeNode): number {
  return children.reduce((sum, child) => sum + restartsIn(child), restarts);
}

/** Again from the start, should it be flashing. */
function flash(target: HTMLElement): void {
  target.classList.remove('flash');
  void target.offsetWidth;
  target.classList.add('flash');
  setTimeout(() => target.classList.remove('flash'), FLASH_MS);
}

function stateOf(state: unknown): string {
  if (typeof state === 'string') return state;
  if (typeof state !== 'object' || state === null) return '';
  return Object.entries(state)
    .map(([name, inner]) => `${name}.${stateOf(inner)}`)
    .join(' ');
}
