/**
 * A person at the keyboard: keys become intents, messages become a picture. One step each tick: the game takes
 * no more, so a key that is held down is kept to its newest press.
 */
import type { Clock } from '../../../actors/ports.js';
import {
  type GameMessage,
  type IntentOf,
  isProtocolMessage,
  type LinkState,
  type ProtocolMessage,
  type SettledIntent,
  type Snapshot,
} from '../../../client/index.js';
import type movement from '../../../games/movement/index.js';
import { Keyboard, type Wish } from './keys.js';
import { drawScene } from './map.js';
import type { Notice, Scene } from './scene.js';

/** What this needs of the connection. */
export interface Connection {
  readonly rttMs: number | null;
  intent(data: IntentOf<typeof movement>): number | null;
}

/** Who plays: told of all that comes. */
export interface Player {
  message(message: ProtocolMessage | GameMessage): void;
  state(state: Snapshot): void;
  settled(intent: SettledIntent): void;
  link(link: LinkState): void;
}

/** What this needs of the terminal. */
export interface Screen {
  readonly columns: number;
  readonly rows: number;
  readonly hasColours: boolean;
  draw(lines: readonly string[]): void;
}

type Step = Extract<Wish, { type: 'move' }>;

/** Time enough to read one. */
const NOTICE_MS = 5000;

export class KeyboardPlayer implements Player {
  readonly #scene: Scene;
  readonly #screen: Screen;
  /** The player quits, or the connection has ended for good. */
  readonly #onEnd: () => void;
  readonly #clock: Clock;
  readonly #keyboard = new Keyboard();
  #connection: Connection | null = null;
  /** A step was sent, and no tick has come since. */
  #stepping = false;
  #nextStep: Step | null = null;
  /** The number of what was refused last. */
  #refused: number | null = null;
  /** The notice that is on the screen, and what stops the timer that takes it off. */
  #notice: Notice | null = null;
  #stopTimer: () => void = () => {};

  constructor(scene: Scene, screen: Screen, clock: Clock, onEnd: () => void) {
    this.#scene = scene;
    this.#screen = screen;
    this.#clock = clock;
    this.#onEnd = onEnd;
  }

  /** The connection is made for its listener, so it comes after it. */
  use(connection: Connection): void {
    this.#connection = connection;
  }

  press(keys: string): void {
    for (const wish of this.#keyboard.press(keys)) this.#want(wish);
    this.redraw();
  }

  /** No timer is left. */
  close(): void {
    this.#stopTimer();
  }

  redraw(): void {
    this.#timeNotice();
    const { columns, rows, hasColours } = this.#screen;
    this.#scene.rttMs = this.#connection?.rttMs ?? null;
    this.#screen.draw(drawScene(this.#scene, { columns, rows, colour: hasColours, draft: this.#keyboard.draft }));
  }

  message(message: ProtocolMessage | GameMessage): void {
    if (isProtocolMessage(message) && message.type === 'error' && message.code !== 'intent_dropped')
      this.#refused = message.seq ?? null;
    this.#scene.apply(message);
    this.redraw();
  }

  state(state: Snapshot): void {
    this.#scene.see(state);
    this.#stepOn();
    this.redraw();
  }

  settled({ seq, fate }: SettledIntent): void {
    // What was refused was not lost, and the reason stands there already.
    if (fate === 'applied' || seq === this.#refused) return;
    this.#scene.note('something you wanted was lost on the way');
    this.redraw();
  }

  link(link: LinkState): void {
    this.#scene.link = link;
    this.#stepping = false;
    this.#nextStep = null;
    if (link.type === 'ended') this.#onEnd();
    this.redraw();
  }

  /** A notice goes by itself; each new one has its time anew. */
  #timeNotice(): void {
    const { notice } = this.#scene;
    if (notice === this.#notice) return;
    this.#stopTimer();
    this.#notice = notice;
    if (!notice) return;
    this.#stopTimer = this.#clock.after(NOTICE_MS, () => {
      this.#scene.forget(notice);
      this.redraw();
    });
  }

  #want(wish: Wish): void {
    if (wish.type === 'quit') this.#onEnd();
    // What is pressed while nobody hears it would all happen at once on the return.
    else if (this.#scene.link.type === 'joined') this.#act(wish);
  }

  #act(wish: Exclude<Wish, { type: 'quit' }>): void {
    switch (wish.type) {
      case 'move':
        if (this.#stepping) this.#nextStep = wish;
        else this.#step(wish);
        break;
      case 'put_down': {
        const item = this.#scene.you?.items.at(-1);
        if (item !== undefined) this.#connection?.intent({ type: 'drop', item });
        break;
      }
      case 'pick_up':
      case 'say':
        this.#connection?.intent(wish);
        break;
    }
  }

  #stepOn(): void {
    this.#stepping = false;
    const step = this.#nextStep;
    this.#nextStep = null;
    if (step) this.#step(step);
  }

  #step(wish: Step): void {
    this.#stepping = true;
    this.#connection?.intent(wish);
  }
}
