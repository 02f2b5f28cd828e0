import { expect } from 'chai';
import { OwnWalker, startsWith } from '../../../src/generator/voices/json-states.js';

const STATE = Buffer.from(
  JSON.stringify({
    type: 'tick',
    tick_number: 7,
    state: {
      entities: [
        { id: 'e1', x: 1, y: 2, width: 1, height: 1, metadata: { kind: 'walker', player: 'anna' } },
        { id: 'e2', x: 33, y: 60, width: 1, height: 1, metadata: { kind: 'walker', player: 'ben' } },
      ],
    },
  }),
);

describe('own walker', () => {
  it('is found by the player that its metadata names', () => {
    expect(new OwnWalker('ben').cellIn(STATE)).to.deep.equal({ x: 33, y: 60 });
    expect(new OwnWalker('anna').cellIn(STATE)).to.deep.equal({ x: 1, y: 2 });
  });

  it('is nowhere in a state without it', () => {
    expect(new OwnWalker('carla').cellIn(STATE)).to.equal(null);
    expect(new OwnWalker('carla').cellIn(Buffer.from('{"player":"carla"}'))).to.equal(null);
  });
});

describe('startsWith', () => {
  it('compares from where the message begins, and no further than it goes', () => {
    const bytes = Buffer.from('....{"type":"tick"');

    expect(startsWith(bytes, 4, Buffer.from('{"type":"ti'))).to.equal(true);
    expect(startsWith(bytes, 4, Buffer.from('{"type":"te'))).to.equal(false);
    expect(startsWith(Buffer.from('2'), 0, Buffer.from('22'))).to.equal(false);
  });
});
