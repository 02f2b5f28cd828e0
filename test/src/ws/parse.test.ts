/** From frames to messages and refusals. */
import { expect } from 'chai';
import { parseMessage, parseSeq } from '../../../src/ws/parse.js';
import { GAME } from './support.js';

const ZONE = '3b241101-e2bb-4255-8caf-4136c566a962';
const MOVE = { type: 'move', dx: 1, dy: 0 };

describe('parse', () => {
  it('reads every message of the protocol', () => {
    expect(read({ type: 'hello', token: 't' })).to.deep.equal({ type: 'hello', token: 't', resume: null });
    expect(read({ type: 'hello', token: 't', resume: 'r' })).to.deep.equal({ type: 'hello', token: 't', resume: 'r' });
    expect(read({ type: 'subscribe', zone_id: ZONE })).to.deep.equal({
      type: 'subscribe',
      zoneId: ZONE,
      sync: 'snapshot',
      acks: 'each',
    });
    expect(read({ type: 'subscribe', zone_id: ZONE, sync: 'delta', acks: 'tick' })).to.include({ sync: 'delta', acks: 'tick' });
    expect(read({ type: 'unsubscribe' })).to.deep.equal({ type: 'unsubscribe' });
    expect(read({ type: 'resync' })).to.deep.equal({ type: 'resync' });
    expect(read({ type: 'intent', data: MOVE, seq: 3 })).to.deep.equal({ type: 'intent', data: MOVE, seq: 3 });
    expect(read({ type: 'intent', data: MOVE })).to.deep.equal({ type: 'intent', data: MOVE, seq: null });
    expect(read({ type: 'ping', t: [1, { a: null }] })).to.deep.equal({ type: 'ping', t: [1, { a: null }] });
    expect(read({ type: 'ping' })).to.deep.equal({ type: 'ping', t: null });
  });

  it('makes a message type of the game an intent, its data the whole message', () => {
    expect(read({ type: 'fire', target: 'x', seq: 9 })).to.deep.equal({
      type: 'intent',
      data: { type: 'fire', target: 'x', seq: 9 },
      seq: 9,
    });
    expect(read({ type: 'fire', target: 'x' })).to.deep.equal({ type: 'intent', data: { type: 'fire', target: 'x' }, seq: null });
  });

  it('ignores fields that a message does not have', () => {
    expect(read({ type: 'unsubscribe', zone_id: 5, extra: {} })).to.deep.equal({ type: 'unsubscribe' });
  });

  it('takes zone ids in upper case, and what is no UUID as a zone that is not there', () => {
    expect(read({ type: 'subscribe', zone_id: ZONE.toUpperCase() })).to.include({ zoneId: ZONE });
    expect(read({ type: 'subscribe', zone_id: 'the meadow' })).to.include({ zoneId: null });
  });

  it('refuses as malformed what has a value of the wrong kind', () => {
    const wrong: unknown[] = [
      null,
      5,
      'hello',
      [],
      [{ type: 'ping' }],
      {},
      { type: 5 },
      { type: ['ping'] },
      { type: 'hello' },
      { type: 'hello', token: 5 },
      { type: 'hello', token: ['t'] },
      { type: 'hello', token: 't', resume: 5 },
      { type: 'hello', token: 't', resume: null },
      { type: 'subscribe' },
      { type: 'subscribe', zone_id: 5 },
      { type: 'subscribe', zone_id: null },
      { type: 'subscribe', zone_id: [ZONE] },
      { type: 'subscribe', zone_id: ZONE, sync: 'all' },
      { type: 'subscribe', zone_id: ZONE, acks: 1 },
      { type: 'intent' },
      { type: 'intent', data: null },
      { type: 'intent', data: [] },
      { type: 'intent', data: 'move' },
      { type: 'nothing' },
      { type: 'tick' },
      { type: '__proto__' },
      { type: 'constructor' },
      { type: 'toString' },
    ];

    for (const message of wrong) {
      const refusal = refused(message);

      expect(refusal, JSON.stringify(message)).to.include({ code: 'bad_request', malformed: true, seq: null });
    }
  });

  it('refuses numbers that are no numbers of intents', () => {
    for (const seq of [0, -1, 1.5, '5', null, [], {}, 2 ** 53, -(2 ** 53), true]) {
      expect(refused({ type: 'intent', data: MOVE, seq }), String(seq)).to.include({ malformed: true, seq: null });
      expect(refused({ type: 'fire', target: 'x', seq }), String(seq)).to.include({ malformed: true, seq: null });
    }
    expect(read({ type: 'intent', data: MOVE, seq: Number.MAX_SAFE_INTEGER })).to.include({ seq: Number.MAX_SAFE_INTEGER });
  });

  it('names the number of an intent that it refuses', () => {
    expect(refused({ type: 'intent', data: [], seq: 4 })).to.include({ malformed: true, seq: 4 });
    expect(refused({ type: 'unheard_of', seq: 5 })).to.include({ malformed: true, seq: 5 });
    expect(refused({ type: 'intent', data: { type: 'fly' }, seq: 6 })).to.include({ malformed: false, seq: 6 });
    expect(refused({ type: 'fire', seq: 7 })).to.include({ malformed: false, seq: 7 });
  });

  it('does not count as malformed what only the game refuses', () => {
    for (const data of [
      {},
      { type: 'fly' },
      { type: 5 },
      { type: 'move' },
      { ...MOVE, dx: '1' },
      { ...MOVE, z: 1 },
      { type: 'constructor' },
    ]) {
      expect(refused({ type: 'intent', data }), JSON.stringify(data)).to.include({ code: 'bad_request', malformed: false });
    }
  });

  it('finds the number in text that it does not otherwise read', () => {
    expect(parseSeq('{"type":"intent","seq":8}')).to.equal(8);
    expect(parseSeq('{"type":"fire","seq":8}')).to.equal(8);
    expect(parseSeq('{"type":"ping","seq":8}')).to.equal(null);
    expect(parseSeq('{"type":"intent","seq":"8"}')).to.equal(null);
    expect(parseSeq('["intent"]')).to.equal(null);
    expect(parseSeq('{')).to.equal(null);
  });
});

function read(message: unknown): unknown {
  const parsed = parseMessage(JSON.stringify(message), GAME);
  return parsed.type === 'message' ? parsed.message : parsed;
}

function refused(message: unknown): unknown {
  const parsed = parseMessage(JSON.stringify(message), GAME);
  return parsed.type === 'refused' ? parsed.refusal : parsed;
}
