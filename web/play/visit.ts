/**
 * One player in the world, from walking in to leaving: the connection, what is seen, and what is done. It survives restarts of the
 * server; what ends it is a logout, or the end of the session.
 */
import {
  connect,
  type GameMessage,
  isProtocolMessage,
  type JsonObject,
  type LinkState,
  Motion,
  type StateEvent,
  type WorldClient,
  type Zone,
} from '../../client/index.js';
import { byId, setText } from '../shared/dom.js';
import { rest, type Session } from '../shared/session.js';
import { NOTHING, readBelongings } from './belongings.js';
import type { BelongingsPanel } from './belongings-panel.js';
import { Bubbles } from './bubbles.js';
import { type Declared, readDeclared, USUAL } from './declared.js';
import { type Deed, type Direction, pickUp, say } from './deeds.js';
import type { DeedsPanel } from './deeds-panel.js';
import type { Picture } from './painter.js';
import type { Palette } from './palette.js';
import type { Panel } from './panel.js';
import { printable, readScene, type Scene, type Thing } from './scene.js';
import { Steering } from './steering.js';

export interface VisitDeps {
  readonly session: Session;
  readonly panel: Panel;
  readonly belongings: BelongingsPanel;
  readonly deeds: DeedsPanel;
  /** Where the pointer holds the player to, at this moment. */
  readonly heldPlace: () => Direction | null;
  readonly palette: (soil: string) => Palette;
  /** The session is over. */
  readonly onOver: () => void;
}

const SESSION_OVER = 4401;
const TAKEN_OVER = 4409;

export class Visit {
  readonly #deps: VisitDeps;
  readonly #client: WorldClient<JsonObject>;
  readonly #motion = new Motion();
  readonly #bubbles = new Bubbles();
  readonly #steering = new Steering((deed) => this.act(deed));
  readonly #zones = new Map<string, Zone>();
  #scene: Scene | null = null;
  #belongings = NOTHING;
  #declared: Declared = USUAL;
  /** Something was done or seen that no picture shows yet. */
  #isStale = true;

  constructor(deps: VisitDeps) {
    this.#deps = deps;
    const predict = (state: JsonObject, intent: JsonObject) => walkAhead(state, intent, this.#declared.step);
    const client = connect({ url: location.origin, token: deps.session.token, acks: 'tick', predict });
    this.#client = client;
    client.on('state', (state) => this.#onState(state));
    client.on('subscribed', ({ zone }) => this.#zones.set(zone.id, zone));
    client.on('handover', ({ to }) => this.#describe(to.zone_id));
    client.on('game', (message) => this.#onGame(message));
    client.on('error', ({ code, message }) => {
      // Its author may have saved a game with other deeds.
      if (code === 'bad_request') void this.learn();
      if (code !== 'rate_limited' && code !== 'intent_dropped') deps.panel.notice(message);
    });
    let refused: number | null = null;
    client.on('message', (message) => {
      // It comes before its fate is settled. What was refused was not lost, and the notice says why.
      if (isProtocolMessage(message) && message.type === 'error' && message.code === 'bad_request') refused = message.seq ?? null;
    });
    client.on('settled', ({ seq, fate }) => {
      if (fate !== 'applied' && seq !== refused) deps.panel.tell('Something you did was lost on the way.');
    });
    client.on('link', (link) => this.#onLink(link));
  }

  get scene(): Scene | null {
    return this.#scene;
  }

  act({ form, data }: Deed): void {
    this.#isStale = true;
    if (form === 'intent') this.#client.intent(data);
    else this.#client.message(data);
  }

  hold(direction: Direction): void {
    this.#steering.hold(direction, performance.now());
  }

  goTo(place: Direction | null): void {
    this.#isStale = true;
    this.#steering.goTo(place, performance.now());
  }

  pickUp(): void {
    if (!this.#declared.canPickUp) return;
    const deed = this.#scene && pickUp(this.#scene);
    if (deed) this.act(deed);
    else this.#deps.panel.notice('There is nothing at hand.');
  }

  /** What can be done here: asked when one joins, and when whoever works on the game may have changed it. */
  async learn(): Promise<void> {
    // Without it there are the usual controls, and the game goes on.
    const answer = await fetch('/asyncapi.json').catch(() => null);
    if (answer?.ok) this.#declared = readDeclared(await answer.json());
    this.#steering.step = this.#declared.step;
    this.#deps.deeds.show(this.#declared);
    this.#deps.panel.showControls(this.#declared, this.#scene?.ground ?? 'steps');
  }

  say(text: string): void {
    this.act(say(text));
  }

  /** Does the picture differ from the last one? */
  hasNews(nowMs: number): boolean {
    return this.#isStale || this.#motion.isMoving(nowMs);
  }

  /** What is to be drawn now; null: nothing has been seen yet. */
  picture(nowMs: number): Picture | null {
    const scene = this.#scene;
    // What was on its way has one more picture to come, of its arrival.
    this.#isStale = this.#motion.isMoving(nowMs);
    if (!scene) return null;
    return {
      scene,
      palette: this.#deps.palette(scene.soil),
      place: (thing: Thing) => this.#motion.at(thing.id, nowMs) ?? thing,
      words: (thing: Thing) => this.#bubbles.of(thing.id, nowMs),
      goal: this.#steering.goal,
      ahead: this.#ahead(),
    };
  }

  showFacts(): void {
    const snapshot = this.#client.snapshot;
    const zone = snapshot && this.#zones.get(snapshot.zone);
    this.#deps.panel.showFacts({ zone: zone?.name ?? '…', tick: snapshot?.tick ?? null, rttMs: this.#client.rttMs });
  }

  async leave(): Promise<void> {
    await this.#client.close();
  }

  #onState(state: StateEvent): void {
    const nowMs = performance.now();
    const zone = this.#zones.get(state.zone) ?? null;
    if (!zone) this.#describe(state.zone);
    const scene = readScene(state, zone, this.#client.playerId);
    this.#isStale = true;
    this.#scene = scene;
    // What is one space is one zone to it: who goes over a border walks on.
    this.#motion.take({ zone: scene.space, state: { entities: scene.things.map((thing) => ({ ...thing })) } }, nowMs);
    this.#bubbles.hear(scene.said, nowMs);
    for (const { name, text } of scene.said) this.#deps.panel.tell(`${name}: ${text}`);
    this.#belongings = readBelongings(state.state, this.#belongings);
    this.#deps.belongings.show(this.#belongings);
    this.#deps.panel.showPeople(scene, this.#deps.palette(scene.soil));
    this.#deps.panel.showControls(this.#declared, scene.ground);
    const held = this.#deps.heldPlace();
    if (held) this.#steering.goTo(held, nowMs);
    this.#steering.see(scene, nowMs);
  }

  #ahead(): Picture['ahead'] {
    const [you, snapshot] = [this.#client.predicted?.you, this.#client.snapshot];
    if (!isPlace(you) || !this.#scene?.self || this.#client.waiting.length === 0) return null;
    const isMoved = snapshot && isPlace(snapshot.state.you) && (you.x !== snapshot.state.you.x || you.y !== snapshot.state.you.y);
    return isMoved ? { x: you.x + 0.5, y: you.y + 0.5 } : null;
  }

  #onGame(message: GameMessage): void {
    if (message.type === 'gate_closed') this.#deps.panel.notice('The gate does not let you through now.');
    else if (isRefusal(message)) this.#deps.panel.notice(printable(message.message));
  }

  #onLink(link: LinkState): void {
    this.#deps.panel.showLink(link);
    if (link.type === 'joined') void this.learn();
    else this.#steering.interrupt();
    byId('curtain', HTMLElement).hidden = link.type !== 'ended';
    if (link.type !== 'ended') return;
    if (link.code === SESSION_OVER) this.#deps.onOver();
    else this.#askToComeBack(link.code === TAKEN_OVER, link.reason);
  }

  #askToComeBack(isTakenOver: boolean, reason: string): void {
    setText(byId('curtain-title', HTMLElement), isTakenOver ? 'You play in another window' : 'The connection has ended');
    setText(
      byId('curtain-text', HTMLElement),
      isTakenOver ? 'A player is in one place at a time.' : reason || 'The server gave no reason.',
    );
    const button = byId('curtain-button', HTMLButtonElement);
    setText(button, isTakenOver ? 'Play here instead' : 'Try again');
    button.onclick = () => this.#client.start();
    button.focus();
  }

  /** A handover names the new zone by its id alone. */
  #describe(zoneId: string): void {
    if (this.#zones.has(zoneId)) return;
    // Without it there is no name on the screen, and the game goes on.
    rest.zone(this.#deps.session.token, zoneId).then(
      (zone) => this.#zones.set(zone.id, zone),
      () => {},
    );
  }
}

/** A step as the rules would take it, were nothing in its way. */
function walkAhead(state: JsonObject, intent: JsonObject, step: string | null): JsonObject {
  const { you } = state;
  if (intent.type !== step || !isPlace(you)) return state;
  return { ...state, you: { ...you, x: you.x + Number(intent.dx), y: you.y + Number(intent.dy) } };
}

function isPlace(value: unknown): value is { readonly x: number; readonly y: number } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'x' in value &&
    typeof value.x === 'number' &&
    'y' in value &&
    typeof value.y === 'number'
  );
}

/** Of either game: what was asked for was not done, and why. */
function isRefusal(message: GameMessage): message is GameMessage & { readonly message: string } {
  const isOne = message.type === 'refused' || message.success === false;
  return isOne && typeof message.message === 'string';
}
