/**
 * Beside the map: who is here, what happened, and the few numbers at the top.
 */
import type { LinkState } from '../../client/index.js';
import { byId, element, setText } from '../shared/dom.js';
import { distance } from './deeds.js';
import { colourOf, type Palette } from './palette.js';
import { printable, type Scene } from './scene.js';

const LOG_LINES = 60;
const NOTICE_MS = 4000;
const PEOPLE: ReadonlySet<string> = new Set(['walker', 'player']);

export class Panel {
  readonly #people = byId('people', HTMLElement);
  readonly #log = byId('log', HTMLElement);
  readonly #notice = byId('notice', HTMLElement);
  #noticeTimer: ReturnType<typeof setTimeout> | undefined;
  #shownPeople = '';

  /** Who is in sight, the nearest first; of those who are nobody, how many. */
  showPeople({ things, self }: Scene, palette: Palette): void {
    const others = things.filter(({ id, kind }) => PEOPLE.has(kind) && id !== self?.id);
    const near = self ? others.sort((a, b) => distance(a, self) - distance(b, self)) : others;
    const bots = things.filter(({ kind }) => kind === 'bot').length;
    const shown = JSON.stringify([self?.name, near.map(({ name }) => name), bots, palette.isDark]);
    if (shown === this.#shownPeople) return;
    this.#shownPeople = shown;
    const rows = near.map(({ name }) => person(name, colourOf(name, palette), 'other'));
    if (self) rows.unshift(person(`${self.name || 'you'} (you)`, palette.self, 'you'));
    if (bots > 0) rows.push(person(`${bots} passing by`, palette.bot, 'bots'));
    this.#people.replaceChildren(...rows);
  }

  /** A line of what happened. */
  tell(line: string): void {
    const atEnd = this.#log.scrollHeight - this.#log.scrollTop - this.#log.clientHeight < 30;
    this.#log.append(element('li', {}, printable(line)));
    while (this.#log.childElementCount > LOG_LINES) this.#log.firstElementChild?.remove();
    if (atEnd) this.#log.scrollTop = this.#log.scrollHeight;
  }

  /** Something that concerns the player now. */
  notice(text: string): void {
    setText(this.#notice, printable(text));
    this.#notice.hidden = false;
    clearTimeout(this.#noticeTimer);
    this.#noticeTimer = setTimeout(() => {
      this.#notice.hidden = true;
    }, NOTICE_MS);
  }

  showFacts({ zone, tick, rttMs }: { readonly zone: string; readonly tick: number | null; readonly rttMs: number | null }): void {
    setText(byId('zone', HTMLElement), zone);
    setText(byId('tick', HTMLElement), tick === null ? '–' : String(tick));
    setText(byId('latency', HTMLElement), rttMs === null ? '–' : `${rttMs < 10 ? rttMs.toFixed(1) : Math.round(rttMs)} ms`);
  }

  showLink(link: LinkState): void {
    const target = byId('link', HTMLElement);
    target.hidden = link.type === 'joined';
    setText(target, linkText(link));
  }
}

function person(name: string, colour: string, kind: string): HTMLElement {
  const dot = element('span', { class: 'dot', 'aria-hidden': 'true' });
  dot.style.backgroundColor = colour;
  return element('li', { class: kind }, dot, name);
}

function linkText(link: LinkState): string {
  switch (link.type) {
    case 'connecting':
      return 'connecting…';
    case 'joined':
      return 'connected';
    case 'lost':
      return 'connection lost, coming back…';
    case 'ended':
      return 'not connected';
  }
}
