/** The play page: the door, then the world, drawn frame by frame, until somebody leaves. */
import { byId, setText } from '../shared/dom.js';
import { askWhoWalksIn } from '../shared/login.js';
import { currentSession, forgetSession, logOut, type Session } from '../shared/session.js';
import { startTheme } from '../shared/theme.js';
import { BelongingsPanel } from './belongings-panel.js';
import { Camera } from './camera.js';
import { DeedsPanel } from './deeds-panel.js';
import { listenToKeys } from './keys.js';
import { paint } from './painter.js';
import { type Palette, readPalette } from './palette.js';
import { Panel } from './panel.js';
import { listenToPointer } from './pointer.js';
import { Visit } from './visit.js';

const ZOOM_STEP = 1.2;
const FACTS_EVERY_MS = 250;
/** Nothing moves, and the picture may still change: words fade, colours were chosen. */
const REPAINT_EVERY_MS = 250;

const canvas = byId('map', HTMLCanvasElement);
const camera = new Camera();
const panel = new Panel();
const belongings = new BelongingsPanel((deed) => visit?.act(deed));
const deeds = new DeedsPanel(
  (deed) => visit?.act(deed),
  (why) => panel.notice(why),
);
const palettes = new Map<string, Palette>();
let visit: Visit | null = null;
let paintedAtMs = Number.NEGATIVE_INFINITY;

startTheme(byId('theme', HTMLButtonElement), () => palettes.clear());
const heldPlace = listenToPointer(canvas, camera, {
  towards: (place) => visit?.goTo(place),
  released: (place) => visit?.goTo(place),
  zoom,
});
listenToKeys({
  direction: (direction) => visit?.hold(direction),
  deed(deed) {
    if (deed === 'pick_up') visit?.pickUp();
    else if (deed === 'talk') byId('words', HTMLInputElement).focus();
    else zoom(deed === 'zoom_in' ? ZOOM_STEP : 1 / ZOOM_STEP);
  },
});
byId('pick-up', HTMLButtonElement).addEventListener('click', () => visit?.pickUp());
byId('leave', HTMLButtonElement).addEventListener('click', () => void leave());
listenToTalk();
new ResizeObserver(fitCanvas).observe(canvas);
setInterval(() => visit?.showFacts(), FACTS_EVERY_MS);
// Back from the editor, perhaps.
addEventListener('focus', () => void visit?.learn());
requestAnimationFrame(frame);
await enter(currentSession(), '');

/** `why`: what is to be said to whoever has to log in. */
async function enter(session: Session | null, why: string): Promise<void> {
  const player = session ?? (await askWhoWalksIn(why));
  show(player);
  visit = new Visit({
    session: player,
    panel,
    belongings,
    deeds,
    heldPlace,
    palette,
    onOver: () => void close('Your session is over: log in again.'),
  });
  canvas.focus();
}

async function leave(): Promise<void> {
  const left = visit;
  visit = null;
  await left?.leave();
  await logOut();
  await close('');
}

async function close(why: string): Promise<void> {
  const left = visit;
  visit = null;
  await left?.leave();
  forgetSession();
  show(null);
  await enter(null, why);
}

/** null: nobody is in. */
function show(player: Session | null): void {
  for (const id of ['world', 'facts', 'leave', 'who']) byId(id, HTMLElement).hidden = player === null;
  byId('link', HTMLElement).hidden = true;
  byId('curtain', HTMLElement).hidden = true;
  setText(byId('who', HTMLElement), player?.username ?? '');
}

function palette(soil: string): Palette {
  const known = palettes.get(soil) ?? readPalette(document.documentElement, soil);
  palettes.set(soil, known);
  return known;
}

function frame(nowMs: number): void {
  requestAnimationFrame(frame);
  if (!visit || (!visit.hasNews(nowMs) && nowMs - paintedAtMs < REPAINT_EVERY_MS)) return;
  const context = canvas.getContext('2d');
  const picture = visit.picture(nowMs);
  if (!context || !picture) return;
  paintedAtMs = nowMs;
  const { self, sight } = picture.scene;
  if (self) camera.lookAt(picture.place(self), sight);
  paint(context, camera, picture);
}

function zoom(factor: number): void {
  camera.zoom(factor);
  paintedAtMs = Number.NEGATIVE_INFINITY;
}

function fitCanvas(): void {
  const { clientWidth, clientHeight } = canvas;
  canvas.width = Math.round(clientWidth * devicePixelRatio);
  canvas.height = Math.round(clientHeight * devicePixelRatio);
  camera.resize(clientWidth, clientHeight);
  paintedAtMs = Number.NEGATIVE_INFINITY;
}

function listenToTalk(): void {
  const words = byId('words', HTMLInputElement);
  byId('talk', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    const text = words.value.trim();
    if (text !== '') visit?.say(text);
    words.value = '';
    canvas.focus();
  });
  words.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') canvas.focus();
  });
}
