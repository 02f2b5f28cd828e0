/** Who said what a moment ago: each one's newest words, for as long as it takes to read them. */
import type { Said } from './scene.js';

const LEAST_MS = 3000;
const PER_CHARACTER_MS = 60;

export class Bubbles {
  readonly #words = new Map<string, { readonly text: string; readonly untilMs: number }>();

  hear(said: readonly Said[], nowMs: number): void {
    for (const { by, text } of said) this.#words.set(by, { text, untilMs: nowMs + LEAST_MS + PER_CHARACTER_MS * text.length });
  }

  /** What is over that thing now; null: nothing. */
  of(id: string, nowMs: number): string | null {
    const words = this.#words.get(id);
    if (!words) return null;
    if (words.untilMs > nowMs) return words.text;
    this.#words.delete(id);
    return null;
  }
}
