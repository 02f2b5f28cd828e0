/**
 * The past of the chosen zone: any tick that is kept, with what was asked of the zone in it, and a stretch of them as a test.
 */
import { byId, element, setText } from '../shared/dom.js';
import { kindOf, type Model, type ZoneView } from './model.js';
import { ask } from './orders.js';
import type { Palette } from './palette.js';
import { surfaceOf } from './surface.js';

interface Range {
  readonly after: number | null;
  readonly up_to: number | null;
}
interface Past {
  readonly tick_number: number;
  readonly entities: readonly {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
    readonly metadata: Readonly<Record<string, unknown>>;
  }[];
  readonly intents: readonly { readonly player_id: string; readonly seq: number | null; readonly data: unknown }[];
}
interface ExportedTest {
  readonly name: string;
  readonly test: string;
  readonly json: string;
}

/** A slider that is dragged asks for many ticks: only for the one it rests on. */
const SETTLE_MS = 120;

export class History {
  #zone: ZoneView | null = null;
  #past: Past | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #slider = byId('history-tick', HTMLInputElement);
  readonly #facts = byId('history-facts', HTMLElement);

  constructor(private readonly model: Model) {
    this.#slider.addEventListener('input', () => {
      setText(byId('history-at', HTMLElement), this.#slider.value);
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => void this.#show(Number(this.#slider.value)), SETTLE_MS);
    });
    byId('history-export', HTMLButtonElement).addEventListener('click', () => void this.#export());
  }

  /** Which ticks there are is asked when the panel is opened, and when another zone is chosen. */
  async look(zoneId: string | null): Promise<void> {
    this.#zone = this.model.zoneById(zoneId) ?? null;
    this.#past = null;
    const range = this.#zone && (await ask<Range>(`debug/zones/${this.#zone.id}/history`));
    const isThere = typeof range === 'object' && range !== null && range.after !== null && range.up_to !== null;
    byId('history-tools', HTMLElement).hidden = !isThere;
    byId('past', HTMLElement).hidden = !isThere;
    if (!isThere || !this.#zone) {
      setText(
        this.#facts,
        this.#zone ? `Nothing is kept of ${this.#zone.name} yet.` : 'Choose a zone on the map to look at its past.',
      );
      return;
    }
    const [first, last] = [Number(range.after) + 1, Number(range.up_to)];
    setText(this.#facts, `${this.#zone.name}: ticks ${first} to ${last} are kept.`);
    for (const id of ['history-tick', 'history-from', 'history-to']) {
      Object.assign(byId(id, HTMLInputElement), { min: String(first), max: String(last) });
    }
    this.#slider.value = String(last);
    byId('history-from', HTMLInputElement).value = String(Math.max(first, last - 20));
    byId('history-to', HTMLInputElement).value = String(last);
    await this.#show(last);
  }

  draw(palette: Palette): void {
    const surface = surfaceOf(byId('past-map', HTMLCanvasElement));
    if (!surface || !this.#zone || !this.#past) return;
    const { context, width, height } = surface;
    const scale = Math.min(width / this.#zone.width, height / this.#zone.height);
    context.fillStyle = palette.surface;
    context.fillRect(0, 0, this.#zone.width * scale, this.#zone.height * scale);
    for (const entity of this.#past.entities) {
      context.fillStyle = { player: palette.accent, bot: palette.warn, thing: palette.line }[kindOf(entity.metadata)];
      const [wide, high] = [Math.max(4, entity.width * scale), Math.max(4, entity.height * scale)];
      context.fillRect(entity.x * scale, entity.y * scale, wide, high);
    }
  }

  async #show(tick: number): Promise<void> {
    const zone = this.#zone;
    const past = zone && (await ask<Past>(`debug/zones/${zone.id}/history/${tick}`));
    if (zone !== this.#zone || !past) return;
    if (typeof past === 'string') return setText(this.#facts, past);
    this.#past = past;
    setText(byId('history-at', HTMLElement), `${past.tick_number}`);
    const lines = past.intents.map(({ player_id, seq, data }) =>
      element('li', {}, `${player_id.slice(0, 8)} ${seq ?? ''} ${JSON.stringify(data)}`),
    );
    if (lines.length === 0) lines.push(element('li', {}, 'Nothing was asked of the zone in this tick.'));
    byId('past-intents', HTMLElement).replaceChildren(...lines);
  }

  async #export(): Promise<void> {
    const [from, to] = ['history-from', 'history-to'].map((id) => byId(id, HTMLInputElement).value);
    const exported = await ask<ExportedTest>(`debug/zones/${this.#zone?.id ?? ''}/history/test?from=${from}&to=${to}`);
    if (typeof exported === 'string') return setText(this.#facts, exported);
    save(`${exported.name}.test.ts`, exported.test);
    save(`${exported.name}.json`, exported.json);
    setText(this.#facts, `Put ${exported.name}.test.ts and .json into test/replays.`);
  }
}

/** As a download. */
function save(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  element('a', { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1_000);
}
