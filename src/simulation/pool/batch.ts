/**
 * What is said to a worker in one turn, in the order in which it is worked off: as it was said, but steps that are known to be slow last.
 */
import type { ToWorker } from './protocol.js';

/** What changes what other zones see. */
const PUBLISHES: ReadonlySet<ToWorker['type']> = new Set(['adopt', 'border', 'whole-border', 'forget']);

/** A step that takes less, in milliseconds, holds up nobody to speak of. */
const SLOW_MS = 1;

type Step = Extract<ToWorker, { type: 'step' }>;

export class Batch {
  #messages: ToWorker[] = [];
  #asksForSteps = false;

  get length(): number {
    return this.#messages.length;
  }

  /** false: the batch is to go first. What is published after a step was asked for is not for that step, wherever the zone is that it sees. */
  mayHold({ type }: ToWorker): boolean {
    return !this.#asksForSteps || !PUBLISHES.has(type);
  }

  add(message: ToWorker): void {
    this.#asksForSteps ||= message.type === 'step';
    this.#messages.push(message);
  }

  /** All of it; the batch is empty then. Whatever is said about a zone before its step stays before it; a slow step holds up none of the others. */
  take(): readonly ToWorker[] {
    const messages = this.#messages;
    this.#messages = [];
    this.#asksForSteps = false;
    const slow = messages.filter(isSlow);
    if (slow.length === 0) return messages;
    return [...messages.filter((message) => !isSlow(message)), ...slow.sort((a, b) => a.expectedMs - b.expectedMs)];
  }
}

function isSlow(message: ToWorker): message is Step {
  return message.type === 'step' && message.expectedMs >= SLOW_MS;
}
