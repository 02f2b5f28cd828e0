/**
 * Who is measured: servers, the encodings that one of them offers, and the two forms of the workload. The limit is
 * one of them: set beside itself it shows how much of a difference is noise.
 */

/** `plain`: everybody sees the whole zone. `fog`: what is within sight. */
export type Form = 'plain' | 'fog';
export const FORMS: readonly Form[] = ['plain', 'fog'];

export type ServerName = 'limit' | 'gridstead' | 'colyseus' | 'socket.io';

/** One way of being served. */
export interface Contestant {
  /** What `--only` takes and results are filed under. */
  readonly id: string;
  /** What readers are shown. */
  readonly title: string;
  readonly server: ServerName;
  /** The WebSocket subprotocol that clients ask for; null: none. One that the server does not choose is not available. */
  readonly subprotocol: string | null;
}

/** What everything is compared with: the same workload, nothing kept, nothing checked. */
export const LIMIT: Contestant = { id: 'limit', title: 'limit: ws, in memory', server: 'limit', subprotocol: null };

export const CONTESTANTS: readonly Contestant[] = [
  LIMIT,
  { id: 'gridstead', title: 'Gridstead, JSON snapshots', server: 'gridstead', subprotocol: null },
  { id: 'gridstead-bin', title: 'Gridstead, binary deltas', server: 'gridstead', subprotocol: 'gridstead.v1.bin' },
  { id: 'colyseus', title: 'Colyseus', server: 'colyseus', subprotocol: null },
  { id: 'socket.io', title: 'socket.io', server: 'socket.io', subprotocol: null },
];
