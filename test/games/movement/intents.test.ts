import { expect } from 'chai';
import type { JsonObject } from '../../../games/contract.js';
import { fieldWith } from './field.js';

const good: JsonObject[] = [
  { type: 'move', dx: 0, dy: -1 },
  { type: 'pick_up' },
  { type: 'drop', item: 'daisy' },
  { type: 'say', text: 'x'.repeat(120) },
];
const bad: JsonObject[] = [
  {},
  { type: 'fly' },
  { type: '__proto__' },
  { type: 'move', dx: 2, dy: 0 },
  { type: 'move', dx: 0.5, dy: 0 },
  { type: 'move', dx: '1', dy: 0 },
  { type: 'move', dx: 1 },
  { type: 'move', dx: 1, dy: 0, steps: 9 },
  { type: 'pick_up', item: 'daisy' },
  { type: 'drop', item: ['daisy'] },
  { type: 'say', text: '' },
  { type: 'say', text: 'x'.repeat(121) },
];

describe('movement: intents', () => {
  for (const intent of good) {
    it(`takes ${JSON.stringify(intent).slice(0, 50)}`, () => {
      expect(fieldWith('ada').intent('ada', intent)).to.equal(true);
    });
  }

  for (const intent of bad) {
    it(`refuses ${JSON.stringify(intent).slice(0, 50)}`, () => {
      expect(fieldWith('ada').intent('ada', intent)).to.equal(false);
    });
  }
});
