/**
 * What one has, to see and to handle: by dragging, or by choosing a thing and then what to do with it.
 */
import { byId, element } from '../shared/dom.js';
import { type Belongings, type Compartment, NOTHING, type Slot, type Stack, words } from './belongings.js';
import { type Deed, drop, equip, layDown, unequip, use } from './deeds.js';
import { listenToDrags } from './drag.js';

/** A thing that can be chosen or dragged. `slot`: where it is worn; null: it is carried. */
interface Held {
  readonly stack: Stack;
  readonly slot: string | null;
  /** It has no id of its own, and is laid down by its name. */
  readonly isNamed: boolean;
}

export class BelongingsPanel {
  readonly #card = byId('belongings', HTMLElement);
  readonly #root = byId('things', HTMLElement);
  #shown: Belongings = NOTHING;
  #held = new Map<string, Held>();
  #chosen: string | null = null;
  #isDragging = false;

  constructor(private readonly act: (deed: Deed) => void) {
    listenToDrags(document.body, {
      dropped: (dragged, target) => this.#drop(dragged, target),
      dragging: (isUnderWay) => {
        this.#isDragging = isUnderWay;
        if (!isUnderWay) this.#draw();
      },
    });
  }

  show(belongings: Belongings): void {
    if (JSON.stringify(belongings) === JSON.stringify(this.#shown)) return;
    this.#shown = belongings;
    if (!this.#isDragging) this.#draw();
  }

  #draw(): void {
    const { carried, compartments, slots, load, skills } = this.#shown;
    this.#card.hidden = carried.length + compartments.length + slots.length === 0;
    const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.key : undefined;
    this.#held = new Map();
    const parts: Node[] = [];
    if (carried.length > 0)
      parts.push(element('ul', { class: 'carried' }, ...carried.map((stack) => this.#item(stack, null, true))));
    if (slots.length > 0) parts.push(element('div', { class: 'slots' }, ...slots.map((slot) => this.#slot(slot))));
    parts.push(...compartments.map((compartment) => this.#compartment(compartment)));
    parts.push(...this.#choices());
    if (load) parts.push(loadOf(load));
    if (skills.length > 0) parts.push(skillsOf(skills));
    this.#root.replaceChildren(...parts);
    if (focused) this.#root.querySelector<HTMLElement>(`[data-key="${CSS.escape(focused)}"]`)?.focus();
  }

  #slot({ name, worn }: Slot): HTMLElement {
    const title = element('span', { class: 'title' }, words(name));
    const slot = element('div', { class: 'slot', 'data-drop': `slot ${name}`, role: 'group', 'aria-label': words(name) }, title);
    if (worn) slot.append(this.#item(worn, name, false));
    return slot;
  }

  #compartment({ name, bulk, free, stacks }: Compartment): HTMLElement {
    const title = element('span', { class: 'title' }, element('span', {}, words(name)), `${bulk - free} of ${bulk}`);
    const list = element('ul', { 'aria-label': words(name) }, ...stacks.map((stack) => this.#item(stack, null, false)));
    return element('div', { class: 'compartment', 'data-drop': `compartment ${name}` }, title, list);
  }

  #item(stack: Stack, slot: string | null, isNamed: boolean): HTMLElement {
    this.#held.set(stack.id, { stack, slot, isNamed });
    const label = stack.quantity > 1 ? `${stack.name} ×${stack.quantity}` : stack.name;
    const button = element(
      'button',
      {
        type: 'button',
        class: 'item',
        'data-drag': stack.id,
        'data-key': stack.id,
        'aria-pressed': String(this.#chosen === stack.id),
        title: stack.durability === null ? null : `durability ${stack.durability}`,
      },
      label,
    );
    button.addEventListener('click', () => {
      this.#chosen = this.#chosen === stack.id ? null : stack.id;
      this.#draw();
    });
    return slot === null ? element('li', {}, button) : button;
  }

  /** What can be done with what is chosen; whether the game lets it, it will say. */
  #choices(): Node[] {
    const held = this.#chosen === null ? undefined : this.#held.get(this.#chosen);
    if (!held) return [];
    const choices: [string, Deed][] = [];
    if (held.slot !== null) choices.push(['Use', use(held.slot)], ['Take off', unequip(held.slot, null)]);
    else {
      if (!held.isNamed) choices.push(...this.#shown.slots.map(({ name }) => wear(held, name)));
      choices.push(['Lay down', layingDown(held)]);
    }
    const buttons = choices.map(([label, deed]) => {
      const button = element('button', { type: 'button', 'data-key': `do ${label}` }, label);
      button.addEventListener('click', () => this.#do(deed));
      return button;
    });
    return [element('div', { class: 'choices', role: 'group', 'aria-label': `what to do with ${held.stack.name}` }, ...buttons)];
  }

  #do(deed: Deed): void {
    this.#chosen = null;
    this.act(deed);
    this.#draw();
  }

  #drop(dragged: string, target: string): void {
    const held = this.#held.get(dragged);
    const [kind, name = ''] = target.split(' ');
    if (!held) return;
    if (kind === 'ground' && held.slot === null) this.#do(layingDown(held));
    else if (kind === 'ground' && held.slot !== null) this.#do(unequip(held.slot, null));
    else if (kind === 'slot' && held.slot === null && !held.isNamed) this.#do(equip(held.stack.id, name));
    else if (kind === 'compartment' && held.slot !== null) this.#do(unequip(held.slot, name));
  }
}

function wear({ stack }: Held, slot: string): [string, Deed] {
  return [`To ${words(slot)}`, equip(stack.id, slot)];
}

function layingDown({ stack, isNamed }: Held): Deed {
  return isNamed ? layDown(stack.name) : drop(stack.id);
}

function loadOf({ weightKg, percent, slowerPercent }: NonNullable<Belongings['load']>): HTMLElement {
  const slower = slowerPercent > 0 ? `, ${slowerPercent} % slower` : '';
  const text = `${weightKg.toFixed(1)} kg, ${percent} % of what you can carry${slower}`;
  return element(
    'p',
    { class: 'load' },
    text,
    element('progress', { max: 100, value: Math.min(100, percent), 'aria-label': 'load' }),
  );
}

function skillsOf(skills: Belongings['skills']): HTMLElement {
  return element('p', { class: 'load muted' }, `Skills: ${skills.map(({ name, level }) => `${name} ${level}`).join(', ')}`);
}
