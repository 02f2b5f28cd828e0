/**
 * From a text frame to a `ClientMessage`, or to the refusal that answers it: the one place that checks what
 * clients send, and where snake_case ends. Fields that a message does not have are ignored, so that newer
 * clients can talk to older servers; a field with a value of the wrong kind is malformed.
 */
import type { ClientMessage, Refusal } from '../../actors/control.js';
import { parseUuid, type ZoneId } from '../../actors/ids.js';
import type { JsonObject } from '../../games/contract.js';
import type { Check, GameChecks } from './checks.js';
import { isObject, parseGuarded } from './guard.js';

export type Parsed =
  | { readonly type: 'message'; readonly message: ClientMessage }
  | { readonly type: 'refused'; readonly refusal: Refusal };

/** Reads the text of one frame. */
export function parseMessage(text: string, game: GameChecks): Parsed {
  const guarded = parseGuarded(text);
  if (!guarded.ok) return malformed(guarded.message);
  const body = guarded.value;
  if (!isObject(body)) return malformed('a message is a JSON object');
  if (typeof body.type !== 'string') return malformed('type: expected a string', seqOrNull(body));
  const read = READERS.get(body.type);
  return read ? read(body, game) : readGameMessage(body.type, body, game);
}

/** The number of the intent in `text`, if it is one that has one: all that is read of a message refused as one too many. */
export function parseSeq(text: string): number | null {
  const guarded = parseGuarded(text);
  if (!guarded.ok || !isObject(guarded.value)) return null;
  const { type } = guarded.value;
  const numbered = typeof type === 'string' && (type === 'intent' || !READERS.has(type));
  return numbered ? seqOrNull(guarded.value) : null;
}

/** The refusal of a frame that is not text, and of no kind that the subprotocol has for clients. */
export const BINARY_REFUSED: Parsed = malformed('binary frames of this kind are not part of this subprotocol');

type Reader = (body: JsonObject, game: GameChecks) => Parsed;

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['hello', readHello],
  ['subscribe', readSubscribe],
  ['unsubscribe', () => accepted({ type: 'unsubscribe' })],
  ['resync', () => accepted({ type: 'resync' })],
  ['intent', readIntent],
  ['ping', (body) => accepted({ type: 'ping', t: body.t ?? null })],
]);

function readHello({ token, resume }: JsonObject): Parsed {
  if (typeof token !== 'string') return malformed('token: expected a string');
  if (resume !== undefined && typeof resume !== 'string') return malformed('resume: expected a string');
  return accepted({ type: 'hello', token, resume: resume ?? null });
}

function readSubscribe({ zone_id, sync = 'snapshot', acks = 'each' }: JsonObject): Parsed {
  if (typeof zone_id !== 'string') return malformed('zone_id: expected a string');
  if (sync !== 'snapshot' && sync !== 'delta') return malformed('sync: expected "snapshot" or "delta"');
  if (acks !== 'each' && acks !== 'tick') return malformed('acks: expected "each" or "tick"');
  // What is no UUID names no zone: well-formed, and answered as an unknown zone is.
  return accepted({ type: 'subscribe', zoneId: parseUuid<ZoneId>(zone_id.toLowerCase()), sync, acks });
}

function readIntent(body: JsonObject, game: GameChecks): Parsed {
  const seq = readSeq(body);
  if (seq === 'invalid') return malformed(SEQ_EXPECTED);
  if (!isObject(body.data)) return malformed('data: expected an object', seq);
  return checked(game.checkIntent(body.data), seq);
}

function readGameMessage(type: string, body: JsonObject, game: GameChecks): Parsed {
  const check = game.checkMessage(type, body);
  // It may be an intent of a game that this server does not run: then its number is passed over, and counts as dropped.
  if (check === 'unknown') return malformed('type: not a type of message that this server knows', seqOrNull(body));
  const seq = readSeq(body);
  return seq === 'invalid' ? malformed(SEQ_EXPECTED) : checked(check, seq);
}

function checked(check: Check, seq: number | null): Parsed {
  if (check.ok) return accepted({ type: 'intent', data: check.data, seq });
  return { type: 'refused', refusal: { code: 'bad_request', message: check.message, seq, malformed: false } };
}

const SEQ_EXPECTED = 'seq: expected a whole number from 1 to 9007199254740991';

/** Absent is null: an intent needs no number. */
function readSeq({ seq }: JsonObject): number | null | 'invalid' {
  if (seq === undefined) return null;
  return typeof seq === 'number' && Number.isSafeInteger(seq) && seq >= 1 ? seq : 'invalid';
}

function seqOrNull(body: JsonObject): number | null {
  const seq = readSeq(body);
  return seq === 'invalid' ? null : seq;
}

function accepted(message: ClientMessage): Parsed {
  return { type: 'message', message };
}

function malformed(message: string, seq: number | null = null): Parsed {
  return { type: 'refused', refusal: { code: 'bad_request', message, seq, malformed: true } };
}
