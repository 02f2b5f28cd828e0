/**
 * Beside the map: who is here, what happened, and the few numbers at the top.
 */
import type { LinkState } from '../../client/index.js';
import { byId, element, setText } from '../shared/dom.js';
import type { Declared } from './declared.js';
import { distance } from './deeds.js';
import { colourOf, type Palette } from './palette.js';
import { printable, type Scene, type Thing } from './scene.js';

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
    const people: Person[] = near.map((other) => ({ name: other.name, where: self ? wayTo(self, other) : '', kind: 'other' }));
    if (self) people.unshift({ name: `${self.name || 'you'} (you)`, where: placeOf(self), kind: 'you' });
    if (bots > 0) people.push({ name: `${bots} passing by`, where: '', kind: 'bots' });
    const shown = JSON.stringify([people, palette.isDark]);
    if (shown === this.#shownPeople) return;
    this.#shownPeople = shown;
    this.#people.replaceChildren(...people.map((each) => row(each, palette)));
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

  /** Only what this game can do. */
  showControls({ step, canTalk, canPickUp }: Declared, ground: Scene['ground']): void {
    byId('talk', HTMLElement).hidden = !canTalk || ground !== 'steps';
    byId('pick-up', HTMLElement).hidden = !canPickUp;
    byId('pick-up-hint', HTMLElement).hidden = !canPickUp;
    byId('walk-hint', HTMLElement).hidden = step === null && ground === 'steps';
  }

  showLink(link: LinkState): void {
    const target = byId('link', HTMLElement);
    target.hidden = link.type === 'joined';
    setText(target, linkText(link));
  }
}

interface Person {
  readonly name: string;
  /** In words, for those who do not see the map. */
  readonly where: string;
  readonly kind: 'you' | 'other' | 'bots';
}

function row({ name, where, kind }: Person, palette: Palette): HTMLElement {
  const dot = element('span', { class: 'dot', 'aria-hidden': 'true' });
  dot.style.backgroundColor = { you: palette.self, bots: palette.bot, other: colourOf(name, palette) }[kind];
  const label = element('span', { class: 'name' }, name);
  return element('li', { class: kind }, dot, label, element('span', { class: 'whereabouts muted number' }, where));
}

function placeOf({ x, y }: Thing): string {
  return `${Math.floor(x)}, ${Math.floor(y)}`;
}

/** "3 east, 2 north". */
function wayTo(from: Thing, to: Thing): string {
  const [east, south] = [Math.round(to.x - from.x), Math.round(to.y - from.y)];
  const along = east === 0 ? [] : [`${Math.abs(east)} ${east > 0 ? 'east' : 'west'}`];
  const across = south === 0 ? [] : [`${Math.abs(south)} ${south > 0 ? 'south' : 'north'}`];
  return [...along, ...across].join(', ') || 'beside you';
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
