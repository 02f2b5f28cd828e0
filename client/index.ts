/**
 * The client library: everything that an application needs to play in a Gridstead world, in a browser or in
 * Node.js, and no dependency. docs/client.md shows how.
 */
export { BinaryDecoder, type JsonObject, type ServerMessage } from './binary.js';
export { ServerClock } from './clock.js';
export { connect, type IntentOf } from './connect.js';
export type { Fate, NumberedIntent, SettledIntent } from './intent-ledger.js';
export { type LinkState, type LinkTiming, reconnectPauseMs } from './link.js';
export {
  type GameMessage,
  isProtocolMessage,
  type ProtocolMessage,
  type ProtocolMessages,
  type StateMessage,
  type Zone,
} from './messages.js';
export { Motion, type MotionOptions, type Point } from './motion.js';
export { ProtocolError } from './protocol-error.js';
export { type FieldError, type Login, type Me, patiently, RestClient, RestError, UnreachableError } from './rest.js';
export { type Snapshot, Snapshots, type UncheckedState } from './snapshots.js';
export type { Handler, Socket, SocketConstructor } from './socket.js';
export { type ClientEvents, type ClientOptions, type StateEvent, WorldClient } from './world-client.js';
