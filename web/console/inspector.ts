/** What was chosen on the map: its facts, an entity's JSON, and what can be done with a zone. */
import { byId, setText } from '../shared/dom.js';
import { type Chosen, findEntity } from './map.js';
import type { Model, ZoneView } from './model.js';
import { order } from './orders.js';

export class Inspector {
  #chosen: Chosen | null = null;
  readonly #title = byId('chosen-title', HTMLElement);
  readonly #facts = byId('chosen-facts', HTMLElement);
  readonly #json = byId('chosen-json', HTMLElement);
  readonly #orders = byId('zone-orders', HTMLElement);
  readonly #refusal = byId('order-refusal', HTMLElement);

  constructor(private readonly model: Model) {
    this.#orders.addEventListener('click', ({ target }) => {
      if (target instanceof HTMLButtonElement && target.dataset.order) void this.#obey(target.dataset.order);
    });
  }

  choose(chosen: Chosen | null): void {
    if (chosen?.zoneId !== this.#chosen?.zoneId) setText(this.#refusal, '');
    this.#chosen = chosen;
    this.show();
  }

  show(): void {
    const zone = this.model.zoneById(this.#chosen?.zoneId ?? null);
    this.#orders.hidden = !zone;
    if (!zone) {
      setText(this.#title, 'Nothing chosen');
      setText(this.#facts, 'Choose a zone or an entity on the map.');
      this.#json.hidden = true;
      return;
    }
    setText(this.#title, zone.name);
    setText(this.#facts, factsOf(zone));
    const found = this.#chosen?.entityId ? findEntity(this.model, this.#chosen.entityId) : null;
    this.#json.hidden = !found;
    if (!found) return;
    const [id, x, y, width, height, metadata] = found.entity;
    setText(this.#json, JSON.stringify({ id, x, y, width, height, metadata }, null, 2));
  }

  async #obey(what: string): Promise<void> {
    const zone = this.model.zoneById(this.#chosen?.zoneId ?? null);
    if (!zone) return;
    setText(this.#refusal, '');
    const refusal = await give(zone, what);
    if (refusal) setText(this.#refusal, refusal);
  }
}

async function give(zone: ZoneView, what: string): Promise<string | null> {
  switch (what) {
    case 'restart':
    case 'quarantine':
      return order('POST', `debug/zones/${zone.id}/${what}`);
    case 'throw':
    case 'hang':
      return order('POST', `debug/zones/${zone.id}/spoil`, { how: what });
    default: {
      const isMeant = confirm(`Delete zone "${zone.name}" with all that is in it? This cannot be taken back.`);
      return isMeant ? order('DELETE', `zones/${zone.id}`) : null;
    }
  }
}

function factsOf({ phase, tick, missed, restarts, present, mailbox, count, width, height }: ZoneView): string {
  const size = `${width}×${height}`;
  if (phase === 'asleep') return `asleep · ${size}`;
  return `${phase} · ${size} · tick ${tick} · ${present} here · ${count} things · ${mailbox} intents wait · ${missed} missed · ${restarts} restarts`;
}
