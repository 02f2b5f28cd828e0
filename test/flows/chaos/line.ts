/**
 * How a teller reaches the server, and knows that time has passed: over a real socket and real time here, over a
 * simulated network and its time in `test/simulation`.
 */
import { WebSocket } from 'ws';
import type { Message } from '../../support/player.js';

/** One connection. Nothing here throws; a dead one ignores everything. */
export interface Line {
  say(message: object): void;
  /** Loses it without a word; `closed` is called all the same. */
  drop(): void;
}

/** Called later, never while `dial` runs. */
export interface LineEvents {
  opened(): void;
  heard(message: Message): void;
  closed(code: number): void;
}

export interface Surroundings {
  dial(events: LineEvents): Line;
  /** Calls once, so many milliseconds from now; the answer cancels it. */
  later(ms: number, call: () => void): () => void;
}

/** `socketUrl`: where the server is now; it moves with each start. */
export function overSockets(socketUrl: () => string): Surroundings {
  return {
    dial(events) {
      const socket = new WebSocket(socketUrl());
      socket.on('open', () => events.opened());
      socket.on('message', (data) => events.heard(JSON.parse(String(data))));
      socket.on('error', () => {});
      socket.on('close', (code) => events.closed(code));
      return {
        say: (message) => {
          if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
        },
        drop: () => socket.terminate(),
      };
    },
    later(ms, call) {
      const timer = setTimeout(call, ms);
      return () => clearTimeout(timer);
    },
  };
}
