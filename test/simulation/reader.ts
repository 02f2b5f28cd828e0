/**
 * What a client makes of the frames of one connection: whole states, whichever encoding they came in, read by the
 * decoders that applications get. A frame that they cannot read is kept as such.
 */
import { BinaryDecoder, type ServerMessage } from '../../client/binary.js';
import { Snapshots } from '../../client/snapshots.js';
import type { Message } from '../support/player.js';

export type Encoding = 'json' | 'binary';

/** Before JSON in a binary frame. */
const JSON_KIND = Uint8Array.of(0);

/** A message of the server as it is on its way: the bytes that a socket would carry. */
export function textFrame(encoding: Encoding, text: string): Buffer {
  return encoding === 'json' ? Buffer.from(text) : Buffer.concat([JSON_KIND, Buffer.from(text)]);
}

export class Reader {
  readonly #decoder = new BinaryDecoder();
  readonly #snapshots = new Snapshots();

  constructor(private readonly encoding: Encoding) {}

  /** Throws `ProtocolError` or `SyntaxError` for what no server may send. A `delta` comes out as the `tick` it stands for. */
  read(frame: Buffer): Message {
    const message: ServerMessage = this.encoding === 'json' ? JSON.parse(frame.toString()) : this.#decoder.decode(frame);
    if (message.type !== 'tick' && message.type !== 'delta') return message;
    const { state } = this.#snapshots.apply(message);
    return { type: 'tick', zone_id: message.zone_id, tick_number: message.tick_number, ack: message.ack, state };
  }
}
