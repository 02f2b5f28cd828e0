/** Frames that no WebSocket client may send, each with the code that a server closes with (RFC 6455, and this server's limits). */
import { frame } from './raw-peer.js';

const TEXT = 0x81;
const PING_MESSAGE = '{"type":"ping"}';

export const MALFORMED_FRAMES: readonly [name: string, bytes: Buffer, code: number][] = [
  ['a reserved bit', frame(0xc1, PING_MESSAGE), 1002],
  ['all reserved bits', frame(0xf1, PING_MESSAGE), 1002],
  ['a bad data opcode', frame(0x83, PING_MESSAGE), 1002],
  ['a bad control opcode', frame(0x8b), 1002],
  ['no mask', frame(TEXT, PING_MESSAGE, { masked: false }), 1002],
  ['a control frame that is too long', frame(0x89, Buffer.alloc(126)), 1002],
  ['a control frame in pieces', frame(0x09, 'x'), 1002],
  ['a continuation of nothing', frame(0x80, 'x'), 1002],
  ['a new message within one', Buffer.concat([frame(0x01, '{'), frame(TEXT, '}')]), 1002],
  ['text that is no UTF-8', frame(TEXT, Buffer.from([0x7b, 0xff, 0xfe])), 1007],
  ['a close frame of one byte', frame(0x88, Buffer.from([0x03])), 1002],
  ['a close code that may not be sent', frame(0x88, Buffer.from([0x03, 0xed])), 1002],
  ['a length of 2^63', Buffer.from([TEXT, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]), 1009],
  ['a length of 2^53', Buffer.from([TEXT, 0xff, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]), 1009],
  ['a byte more than the limit', frame(TEXT, 'x'.repeat(16385)), 1009],
  ['more than the limit, in two pieces', Buffer.concat([frame(0x01, 'x'.repeat(9000)), frame(0x80, 'x'.repeat(9000))]), 1009],
  ['seventeen pieces', Buffer.concat([frame(0x01, '{'), ...Array.from({ length: 17 }, () => frame(0x00, ' '))]), 1008],
  ['empty pieces without end', Buffer.concat([frame(0x01), ...Array.from({ length: 50 }, () => frame(0x00))]), 1008],
];
