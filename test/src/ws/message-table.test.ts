import { expect } from 'chai';
import * as messages from '../../../actors/connection/messages.js';
import { type ConnectionId, newUuid, type PlayerId, type ZoneId } from '../../../actors/ids.js';
import { RESERVED_MESSAGE_TYPES } from '../../../actors/protocol.js';
import { gameChecks } from '../../../src/ws/checks.js';
import { MESSAGE_TABLE } from '../../../src/ws/message-table.js';
import { parseMessage } from '../../../src/ws/parse.js';

const ZONE = newUuid<ZoneId>();

/** The complaint of the table about a message; undefined: there is none. */
function complaint(message: { readonly type: string }): string | undefined {
  const facts = MESSAGE_TABLE.find(({ type }) => type === message.type);
  return facts ? facts.schema.validate(message, { convert: false }).error?.message : `no message of type ${message.type}`;
}

describe('the table of messages', () => {
  it('has exactly the types that the protocol keeps for itself', () => {
    expect(new Set(MESSAGE_TABLE.map(({ type }) => type))).to.deep.equal(RESERVED_MESSAGE_TYPES);
  });

  it('fits every message that a server makes', () => {
    const join = {
      playerId: newUuid<PlayerId>(),
      connectionId: newUuid<ConnectionId>(),
      resumeToken: 'r',
      lastSeq: 3,
      dropped: [1],
    };
    const zone = { id: ZONE, name: 'z', width: 1, height: 2, metadata: {}, createdAtMs: 0, updatedAtMs: 0 };
    const body = `"tick_number":1,"zone_id":"${ZONE}","state":{}}`;
    const texts = [
      messages.joinAckText({ ...join, nowMs: 0, tickIntervalMs: 50 }),
      messages.subscribedText(zone),
      messages.unsubscribedText(ZONE),
      messages.intentReceivedText(ZONE, 4, 2, true),
      messages.intentReceivedText(null, 4, null, false),
      messages.pongText({ any: 'thing' }, 0),
      messages.telemetryText(20, null),
      messages.handoverText(ZONE, ZONE, 1, 2),
      messages.errorText('intent_dropped', 'gone', { seq: 2, reason: 'poison' }),
      messages.jsonHead(false, 7) + body,
      `${messages.jsonHead(true, null)}"base":0,${body}`,
    ];

    expect(texts.map((text) => complaint(JSON.parse(text)))).to.deep.equal(texts.map(() => undefined));
  });

  it('says of what a client sends what the server says', () => {
    const none = gameChecks({});
    const samples: readonly { readonly type: string; readonly [field: string]: unknown }[] = [
      { type: 'hello', token: 't', resume: 'r' },
      { type: 'hello' },
      { type: 'subscribe', zone_id: ZONE, sync: 'delta', acks: 'tick', later: true },
      { type: 'subscribe', zone_id: ZONE, sync: 'often' },
      { type: 'unsubscribe' },
      { type: 'resync' },
      { type: 'intent', data: { type: 'move' }, seq: 1 },
      { type: 'intent', data: [], seq: 1 },
      { type: 'intent', data: {}, seq: 0 },
      { type: 'ping', t: null },
    ];

    for (const sample of samples) {
      const isTaken = parseMessage(JSON.stringify(sample), none).type === 'message';
      expect(complaint(sample) === undefined, JSON.stringify(sample)).to.equal(isTaken);
    }
  });
});
