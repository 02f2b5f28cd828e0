/** What a game accepts from its players. */
import { expect } from 'chai';
import Joi from 'joi';
import { gameChecks } from '../../../src/ws/checks.js';

describe('game checks', () => {
  it('take any object as an intent when the game has no schemas', () => {
    const checks = gameChecks({});

    expect(checks.checkIntent({ anything: [1] })).to.deep.equal({ ok: true, data: { anything: [1] } });
    expect(checks.checkMessage('fire', { type: 'fire' })).to.equal('unknown');
  });

  it('say which field broke which rule', () => {
    const checks = gameChecks({ intents: { move: Joi.object({ type: 'move', dx: Joi.number().required() }) } });

    expect(checks.checkIntent({ type: 'move', dx: '5' })).to.deep.equal({ ok: false, message: '"dx" must be a number' });
  });

  it('fill in the defaults of a schema', () => {
    const checks = gameChecks({ intents: { rest: Joi.object({ type: 'rest', hours: Joi.number().default(8) }) } });

    expect(checks.checkIntent({ type: 'rest' })).to.deep.equal({ ok: true, data: { type: 'rest', hours: 8 } });
  });

  it('do not ask a message schema about seq', () => {
    const checks = gameChecks({ messages: { fire: Joi.object({ type: 'fire' }) } });

    expect(checks.checkMessage('fire', { type: 'fire', seq: 2 })).to.deep.equal({ ok: true, data: { type: 'fire', seq: 2 } });
  });

  it('never show what a rule of the game threw', () => {
    const custom = Joi.object({ type: 'a' }).custom(() => {
      throw new Error('the treasure is at 7,7');
    });
    const throwing = {
      validate(): never {
        throw new Error('the treasure is at 7,7');
      },
    };
    const checks = gameChecks({ intents: { a: custom, b: throwing } });

    for (const type of ['a', 'b']) {
      expect(checks.checkIntent({ type })).to.deep.equal({ ok: false, message: 'refused by the rules of this game' });
    }
  });

  it('know only the types that the game names itself', () => {
    const checks = gameChecks({ intents: {}, messages: {} });

    for (const type of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
      expect(checks.checkIntent({ type }).ok).to.equal(false);
      expect(checks.checkMessage(type, { type })).to.equal('unknown');
    }
  });
});
