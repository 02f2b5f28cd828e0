/**
 * All connections: lets sockets in, gives each its beat, and closes them together. Connection actors
 * are roots of their own, so that none is a sibling of twenty thousand others.
 */
import type { ConnectionHost, ConnectionInput, Identity } from '../control.js';
import type { SessionId } from '../ids.js';
import type { CloseCode, Wire } from '../ports.js';
import { Connection } from './connection.js';
import type { ConnectionDeps } from './deps.js';

/** How often a client hears how the line is. */
const BEAT_MS = 1_000;

export class Connections implements ConnectionHost, Iterable<Connection> {
  readonly #all = new Set<Connection>();
  readonly #deps: ConnectionDeps;
  #cancelBeat: () => void = () => {};

  constructor(deps: Omit<ConnectionDeps, 'gone'>) {
    this.#deps = { ...deps, gone: (connection) => this.#all.delete(connection) };
  }

  accept(wire: Wire, proof: { readonly identity: Identity | null; readonly badToken: boolean }): ConnectionInput {
    const connection = new Connection(wire, this.#deps);
    this.#all.add(connection);
    connection.begin(proof);
    return connection;
  }

  count(): number {
    return this.#all.size;
  }

  [Symbol.iterator](): Iterator<Connection> {
    return this.#all.values();
  }

  /** Begins to tell clients, once a second, how the line and the world are. */
  start(): void {
    this.#cancelBeat = this.#deps.clock.after(BEAT_MS, () => {
      for (const connection of this.#all) connection.beat();
      this.start();
    });
  }

  /** The sockets of a session that has ended. */
  sessionEnded(session: SessionId): void {
    for (const connection of this.#all) {
      if (connection.identity?.session === session) connection.close(4401, 'session ended');
    }
  }

  stop(code: CloseCode, reason: string): void {
    this.#cancelBeat();
    for (const connection of this.#all) connection.close(code, reason);
  }
}
