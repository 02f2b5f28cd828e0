/**
 * Controls for what this page knows nothing of: a button for each thing that a game lets its players do, with a field for
 * each thing that is to be said with it. What is wrong with it, the server says.
 */
import type { JsonObject } from '../../client/index.js';
import { byId, element } from '../shared/dom.js';
import type { Declared, DeclaredDeed, Field } from './declared.js';
import type { Deed } from './deeds.js';

export class DeedsPanel {
  readonly #card = byId('deeds-card', HTMLElement);
  readonly #list = byId('deeds', HTMLElement);
  #shown = '';

  constructor(
    private readonly act: (deed: Deed) => void,
    private readonly refused: (why: string) => void,
  ) {}

  /** Leaves what is being typed alone where nothing is different. */
  show({ others }: Declared): void {
    const shown = JSON.stringify(others);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#card.hidden = others.length === 0;
    this.#list.replaceChildren(...others.map((deed) => this.#formOf(deed)));
  }

  #formOf(deed: DeclaredDeed): HTMLElement {
    const inputs = deed.fields.map((field) => ({ field, input: inputFor(field) }));
    const labels = inputs.map(({ field, input }) => element('label', {}, field.name, input));
    const form = element('form', { class: 'deed' }, element('button', { type: 'submit' }, wordsOf(deed.type)), ...labels);
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const said = inputs.map(({ field, input }) => [field.name, saidIn(field, input)] as const);
      const wrong = said.find(([, value]) => value === UNREADABLE);
      if (wrong) return this.refused(`${wrong[0]} has to be JSON, such as {"a": 1}, [1, 2] or "text".`);
      const fields = Object.fromEntries(said.filter(([, value]) => value !== undefined));
      this.act({ form: deed.form, data: { type: deed.type, ...fields } as JsonObject }); // of JSON's own kinds
    });
    return element('li', {}, form);
  }
}

type Input = HTMLInputElement | HTMLSelectElement;

const UNREADABLE = Symbol('unreadable');

function inputFor({ kind, isRequired, least, most, choices }: Field): Input {
  switch (kind) {
    case 'choice': {
      const all = isRequired ? choices : ['', ...choices];
      return element('select', {}, ...all.map((choice) => element('option', { value: choice }, choice)));
    }
    case 'switch':
      return element('input', { type: 'checkbox' });
    case 'number':
    case 'whole':
      return element('input', {
        type: 'number',
        step: kind === 'whole' ? 1 : 'any',
        min: least,
        max: most,
        required: isRequired,
      });
    case 'text':
      return element('input', { maxlength: most, required: isRequired, autocomplete: 'off' });
    case 'json':
      return element('input', { required: isRequired, autocomplete: 'off', placeholder: '{}', spellcheck: 'false' });
  }
}

/** undefined: nothing is said. */
function saidIn({ kind, isRequired }: Field, input: Input): unknown {
  if (input instanceof HTMLInputElement && kind === 'switch') return input.checked || isRequired ? input.checked : undefined;
  if (input.value === '') return undefined;
  if (kind === 'number' || kind === 'whole') return Number(input.value);
  return kind === 'json' ? parsed(input.value) : input.value;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return UNREADABLE;
  }
}

/** `pick_up` is "Pick up". */
function wordsOf(type: string): string {
  const words = type.replace(/[_-]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
