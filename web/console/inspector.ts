/** What was chosen on the map: its facts, an entity's JSON, and what can be done with a zone. */
import { byId, element, setText } from '../shared/dom.js';
import { type Chosen, findEntity, type Model, type ZoneView } from './model.js';
import { ask, order } from './orders.js';
import type { EntityRow } from './wire.js';

/** What its player has asked for, as the server tells it. */
interface Asked {
  readonly intents: readonly { readonly tick_number: number; readonly seq: number | null; readonly data: unknown }[];
}

/** They are read from the journal: not more often than somebody can read them. */
const ASK_EVERY_MS = 2_000;

export class Inspector {
  #chosen: Chosen | null = null;
  readonly #title = byId('chosen-title', HTMLElement);
  readonly #facts = byId('chosen-facts', HTMLElement);
  readonly #json = byId('chosen-json', HTMLElement);
  readonly #orders = byId('zone-orders', HTMLElement);
  readonly #refusal = byId('order-refusal', HTMLElement);
  readonly #asked = byId('chosen-asked', HTMLElement);
  readonly #intents = byId('chosen-intents', HTMLElement);
  #askedAtMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly model: Model) {
    this.#orders.addEventListener('click', ({ target }) => {
      if (target instanceof HTMLButtonElement && target.dataset.order) void this.#obey(target.dataset.order);
    });
  }

  choose(chosen: Chosen | null): void {
    if (chosen?.zoneId !== this.#chosen?.zoneId) setText(this.#refusal, '');
    if (chosen?.entityId !== this.#chosen?.entityId) this.#forget();
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
      this.#asked.hidden = true;
      return;
    }
    setText(this.#title, zone.name);
    setText(this.#facts, factsOf(zone));
    const found = this.#chosen?.entityId ? findEntity(this.model, this.#chosen.entityId) : null;
    this.#json.hidden = !found;
    if (!found) return this.#forget();
    const [id, x, y, width, height, metadata] = found.entity;
    setText(this.#json, JSON.stringify({ id, x, y, width, height, metadata }, null, 2));
    const player = playerOf(found.entity);
    if (player) void this.#ask(found.zone.id, id, player);
  }

  #forget(): void {
    this.#askedAtMs = Number.NEGATIVE_INFINITY;
    this.#asked.hidden = true;
  }

  async #ask(zone: string, entity: string, player: string): Promise<void> {
    const nowMs = performance.now();
    if (nowMs - this.#askedAtMs < ASK_EVERY_MS) return;
    this.#askedAtMs = nowMs;
    const asked = await ask<Asked>(`debug/zones/${zone}/history/intents?player_id=${player}`);
    if (typeof asked === 'string' || this.#chosen?.entityId !== entity) return;
    this.#asked.hidden = false;
    const lines = asked.intents.map(
      ({ tick_number, seq, data }) => `${tick_number} ${seq === null ? '' : `#${seq} `}${JSON.stringify(data)}`,
    );
    if (lines.length === 0) lines.push('none that is kept');
    this.#intents.replaceChildren(...lines.map((line) => element('li', {}, line)));
  }

  async #obey(what: string): Promise<void> {
    const zone = this.model.zoneById(this.#chosen?.zoneId ?? null);
    if (!zone) return;
    setText(this.#refusal, '');
    const refusal = await give(zone, what);
    if (refusal) setText(this.#refusal, refusal);
  }
}

/** Whose it is, where the game says so in the usual way. */
function playerOf([, , , , , metadata]: EntityRow): string | null {
  const { player } = metadata;
  return typeof player === 'string' && /^[\da-f-]{36}$/i.test(player) ? player : null;
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
