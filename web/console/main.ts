/** The console: the door, then everything that the server tells, drawn as it comes. */
import { byId, element, setText } from '../shared/dom.js';
import { askWhoWalksIn } from '../shared/login.js';
import { currentSession, forgetSession, logOut, type Session } from '../shared/session.js';
import { startTheme } from '../shared/theme.js';
import { Channel } from './channel.js';
import { History } from './history.js';
import { Inspector } from './inspector.js';
import { Keyed } from './keyed.js';
import { type Light, Lights } from './lights.js';
import { MapView } from './map.js';
import { Model } from './model.js';
import { order } from './orders.js';
import type { Palette } from './palette.js';
import { readPalette } from './read-palette.js';
import { Sockets } from './sockets.js';
import { startTabs } from './tabs.js';
import { Timeline } from './timeline.js';
import { Tree } from './tree.js';
import type { PulseMessage } from './wire.js';

const FAILURES_SHOWN = 50;

let channel: Channel | null = null;
let palette: Palette | null = null;
const model = new Model();
const lights = new Lights();

startTheme(byId('theme', HTMLButtonElement), () => {
  palette = null;
});
const shownPanel = startTabs(document.querySelector<HTMLElement>('[role=tablist]') ?? document.body, () => {
  channel?.look();
  lookBack();
});
const inspector = new Inspector(model);
const history = new History(model);
const map = new MapView(byId('map', HTMLCanvasElement), model, (chosen) => {
  const isAnother = chosen?.zoneId !== map.chosen?.zoneId;
  map.chosen = chosen;
  inspector.choose(chosen);
  if (!isAnother) return;
  timeline.putFirst(chosen?.zoneId ?? null);
  lookBack();
});
const timeline = new Timeline(byId('timeline', HTMLCanvasElement), model, (text) =>
  setText(byId('tick-detail', HTMLElement), text),
);
const tree = new Tree(byId('tree', HTMLUListElement));
const lightList = new Keyed(byId('lights', HTMLElement), ({ name }: Light) => name, lightOf, showLight);
const sockets = new Sockets(byId('connections', HTMLElement), byId('more-connections', HTMLElement), model, refused);
listen();
requestAnimationFrame(frame);
await enter(currentSession(), '');

/** `why`: what is to be said to whoever has to log in. */
async function enter(session: Session | null, why: string): Promise<void> {
  const operator = session ?? (await askWhoWalksIn(why));
  show(true);
  channel = new Channel({
    token: operator.token,
    look: () => ({
      type: 'look',
      map: map.looked(),
      lanes: map.lanes(),
      tree: shownPanel() === 'panel-tree',
      connections: shownPanel() === 'panel-connections',
    }),
    told(message) {
      model.tell(message);
      if (message.type === 'zones') lights.relay();
      else showPulse(message);
      channel?.look();
    },
    changed: (isOpen) => setText(byId('link', HTMLElement), isOpen ? '' : 'The server is away: trying again…'),
    over: (reason) => void leave(reason),
  });
}

async function leave(why: string): Promise<void> {
  channel?.close();
  channel = null;
  forgetSession();
  show(false);
  await enter(null, why);
}

function show(isIn: boolean): void {
  byId('board', HTMLElement).hidden = !isIn;
  byId('facts', HTMLElement).hidden = !isIn;
  byId('leave', HTMLElement).hidden = !isIn;
}

function frame(): void {
  requestAnimationFrame(frame);
  if (document.hidden || byId('board', HTMLElement).hidden) return;
  palette ??= readPalette();
  map.draw(palette);
  if (shownPanel() === 'panel-timeline') timeline.draw(palette);
  if (shownPanel() === 'panel-history') history.draw(palette);
}

function lookBack(): void {
  if (shownPanel() === 'panel-history') void history.look(map.chosen?.zoneId ?? null);
}

function showPulse(pulse: PulseMessage): void {
  const { tick, live_zones, connections } = pulse.status;
  const facts = {
    tick: tick.paused ? `${tick.tick_number}, paused` : String(tick.tick_number),
    duration: `${tick.p99_duration_ms.toFixed(1)} ms`,
    drift: `${tick.drift_ms.toFixed(1)} ms`,
    loop: `${pulse.loop_delay_ms.max.toFixed(0)} ms`,
    live: String(live_zones),
    sockets: String(connections),
  };
  for (const [id, text] of Object.entries(facts)) setText(byId(id, HTMLElement), text);
  setText(byId('link', HTMLElement), pulse.down.length > 0 ? `Down: ${pulse.down.join(', ')}` : '');
  setText(byId('pause', HTMLElement), tick.paused ? 'Resume' : 'Pause');
  byId('step', HTMLButtonElement).disabled = !tick.paused;
  lights.check(model, pulse);
  showLights();
  inspector.show();
  if (shownPanel() === 'panel-tree' && model.tree) tree.show(model.tree);
  if (shownPanel() === 'panel-connections') sockets.show();
  if (shownPanel() === 'panel-world') showWorld(pulse);
}

function showLights(): void {
  lightList.show(lights.all());
}

/** What was seen against it is said to everybody; red and round are not all there is to tell it by. */
function lightOf({ name }: Light): { readonly element: HTMLElement; readonly said: HTMLElement } {
  const said = element('span', { class: 'visually-hidden' });
  return { element: element('span', { class: 'light' }, name, said), said };
}

function showLight({ element: light, said }: { readonly element: HTMLElement; readonly said: HTMLElement }, shown: Light): void {
  const { isSeen, seen, broken } = shown;
  const text = broken ?? seen;
  light.className = broken ? 'light broken' : isSeen ? 'light' : 'light unseen';
  light.title = text;
  setText(said, `: ${text}`);
}

function showWorld({ game }: PulseMessage): void {
  const refusal = game?.refused ? ` Version ${game.refused.version} was refused: ${game.refused.error}` : '';
  setText(byId('game-version', HTMLElement), game ? `The game runs in version ${game.version} (${game.state}).${refusal}` : '');
  const newest = model.failures.slice(-FAILURES_SHOWN).reverse();
  byId('failures', HTMLElement).replaceChildren(
    ...newest.map(({ at, zone, message }) =>
      element('li', {}, element('time', {}, new Date(at).toLocaleTimeString()), ` ${model.zones[zone]?.name ?? ''}: ${message}`),
    ),
  );
}

function listen(): void {
  byId('leave', HTMLButtonElement).addEventListener('click', () => void logOut().then(() => leave('')));
  byId('pause', HTMLButtonElement).addEventListener('click', () => {
    void obey('POST', `debug/tick/${model.pulse?.status.tick.paused ? 'resume' : 'pause'}`);
  });
  byId('step', HTMLButtonElement).addEventListener('click', () => void obey('POST', 'debug/tick/step'));
  byId('kill', HTMLButtonElement).addEventListener('click', () => void obey('POST', 'debug/server/kill'));
  byId('make-zone', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    const [name, width, height] = ['zone-name', 'zone-width', 'zone-height'].map((id) => byId(id, HTMLInputElement).value);
    void obey('POST', 'zones', { name, width: Number(width), height: Number(height) });
  });
}

async function obey(method: 'POST' | 'DELETE', path: string, body?: object): Promise<void> {
  const why = await order(method, path, body);
  refused(why ?? '');
}

function refused(why: string): void {
  setText(byId('order-refusal', HTMLElement), why);
}
