/**
 * What the library needs of a WebSocket: what browsers have, and `ws` for Node.js offers the same way. It is
 * handed in where there is no global one.
 */

export interface Socket {
  binaryType: string;
  readonly readyState: number;
  // `never`: every environment has event types of its own; which fields are read of them, the handlers say.
  onopen: Handler;
  onmessage: Handler;
  onclose: Handler;
  onerror: Handler;
  send(text: string): void;
  close(code?: number): void;
  /** Only `ws` has it: ends the socket without a word. */
  terminate?(): void;
}

/** What is called when something comes of a socket. */
export type Handler = ((event: never) => void) | null;

export type SocketConstructor = new (url: string, protocols: string[]) => Socket;

export const OPEN = 1;

/** Throws where there is none. */
export function globalSocket(): SocketConstructor {
  // Node.js 20 has none, and its types know of none.
  const { WebSocket } = globalThis as { readonly WebSocket?: SocketConstructor };
  if (!WebSocket) throw new Error('there is no global WebSocket here: hand one in, such as that of the package ws');
  return WebSocket;
}
