/**
 * What became of intents, told to whoever sent them: to a connection of the run they were sent in, or, of one that
 * came by a route, to who waits for it there.
 */
import type { PlayerId } from '../ids.js';
import type { QueuedIntent } from '../steps.js';
import type { Telemetry } from '../telemetry.js';
import type { Presence } from './presence.js';

type Fate = 'applied' | 'dropped';

export class IntentFates {
  readonly #followed = new WeakMap<QueuedIntent, (fate: Fate) => void>();

  /** `players`: those that are known now. */
  constructor(
    private readonly players: ReadonlyMap<PlayerId, Presence>,
    private readonly telemetry: Telemetry,
  ) {}

  /** `settled` is told once what became of an intent that came by a route. */
  follow(intent: QueuedIntent, settled: (fate: Fate) => void): void {
    this.#followed.set(intent, settled);
  }

  applied(intents: readonly QueuedIntent[]): void {
    for (const intent of intents) {
      this.#settle(intent, 'applied');
      if (intent.seq === null) continue;
      const listener = this.players.get(intent.player)?.listener;
      if (listener && listener.run === intent.run) listener.applied(intent.seq);
    }
  }

  /** Reports them to a connection of the run they were sent in; an older run's are nobody's any more. */
  drop(intents: readonly QueuedIntent[], reason?: string): void {
    this.telemetry.count('intents_dropped_total', intents.length);
    for (const intent of intents) {
      this.#settle(intent, 'dropped');
      const presence = this.players.get(intent.player);
      if (!presence || intent.run === null) continue;
      if (intent.seq !== null && presence.ledger.run === intent.run) presence.ledger.refuse(intent.seq);
      if (presence.listener?.run === intent.run) presence.listener.dropped(intent.seq, reason);
    }
  }

  #settle(intent: QueuedIntent, fate: Fate): void {
    // Only what came by a route is followed; nearly everything comes from a socket.
    if (intent.run !== null) return;
    this.#followed.get(intent)?.(fate);
    this.#followed.delete(intent);
  }
}
