/**
 * Plays a script: one step after the other, each until it has happened, with a line about each. For tests,
 * demonstrations, and terminals that are none.
 */
import type { Fate, GameMessage, IntentOf, LinkState, ProtocolMessage, SettledIntent, Snapshot } from '../../../client/index.js';
import type movement from '../../../games/movement/index.js';
import type { Connection, Player } from './keyboard-player.js';
import { drawLink } from './map.js';
import type { Scene } from './scene.js';
import type { Step } from './script.js';

/** With no news for this long, something is wrong: a script has nobody who could give up. */
const PATIENCE_MS = 30_000;

export class ScriptPlayer implements Player {
  readonly #scene: Scene;
  readonly #say: (line: string) => void;
  readonly #patienceMs: number;
  readonly #fates = new Map<number, Fate>();
  /** Called at each piece of news; there is one at most, for steps come one after the other. */
  #wake: (() => void) | null = null;
  #ticks = 0;
  #endedBecause: string | null = null;

  constructor(scene: Scene, say: (line: string) => void, patienceMs = PATIENCE_MS) {
    this.#scene = scene;
    this.#say = say;
    this.#patienceMs = patienceMs;
  }

  /** Plays all steps. Throws when the connection ends for good, or nothing happens any more. */
  async play(steps: readonly Step[], connection: Connection): Promise<void> {
    await this.#until(() => this.#scene.you !== null && this.#scene.zone !== null);
    this.#tell('here');
    for (const step of steps) {
      if (step.type === 'quit') return;
      if (step.type === 'wait') await this.#wait(step.ticks);
      else await this.#do(step.word, step.data, connection);
    }
  }

  message(message: ProtocolMessage | GameMessage): void {
    this.#scene.apply(message);
    this.#wake?.();
  }

  state(state: Snapshot): void {
    this.#scene.see(state);
    this.#ticks++;
    this.#wake?.();
  }

  settled({ seq, fate }: SettledIntent): void {
    this.#fates.set(seq, fate);
    this.#wake?.();
  }

  link(link: LinkState): void {
    this.#scene.link = link;
    this.#say(drawLink(link));
    if (link.type === 'ended') this.#endedBecause = drawLink(link);
    this.#wake?.();
  }

  async #do(word: string, data: IntentOf<typeof movement>, connection: Connection): Promise<void> {
    const seq = connection.intent(data);
    // One step at a time: there is always room for one more.
    if (seq === null) throw new Error(`${word} could not be sent`);
    await this.#until(() => this.#fates.has(seq));
    const fate = this.#fates.get(seq);
    this.#fates.delete(seq);
    this.#tell(fate === 'applied' ? word : `${word} (${fate})`);
  }

  async #wait(ticks: number): Promise<void> {
    const enough = this.#ticks + ticks;
    await this.#until(() => this.#ticks >= enough);
    this.#tell('wait');
  }

  #tell(what: string): void {
    const { you, zone, tick } = this.#scene;
    const where = you ? `at (${you.x}, ${you.y})` : 'on the way';
    this.#say(`${what}: ${where} in ${zone?.name ?? 'another zone'}, tick ${tick}`);
  }

  /** Waits for news until it is so. */
  async #until(isSo: () => boolean): Promise<void> {
    while (!isSo()) {
      if (this.#endedBecause !== null) throw new Error(this.#endedBecause);
      await this.#news();
    }
  }

  #news(): Promise<void> {
    return new Promise((resolve, reject) => {
      const impatience = setTimeout(() => reject(new Error(`nothing came for ${this.#patienceMs} ms`)), this.#patienceMs);
      this.#wake = () => {
        this.#wake = null;
        clearTimeout(impatience);
        resolve();
      };
    });
  }
}
