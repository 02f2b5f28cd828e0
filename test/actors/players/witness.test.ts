import { expect } from 'chai';
import type { Listener, Presence } from '../../../actors/players/presence.js';
import { Witness } from '../../../actors/players/witness.js';

describe('a witness of views', () => {
  it('stands before a connection alone, and leaves it where it was', () => {
    const listener = {} as Listener; // nothing is said to it here
    const presence = { listener } as Presence; // all that a witness looks at
    const first = Witness.before(presence, () => {});

    const second = Witness.before(presence, () => {});
    first?.leave();

    expect(second).to.equal(null);
    expect(presence.listener).to.equal(listener);
  });

  it('leaves a connection that has taken over, or nobody, where it is', () => {
    const presence = { listener: {} as Listener } as Presence; // as above
    const witness = Witness.before(presence, () => {});
    presence.listener = null;

    witness?.leave();

    expect(presence.listener).to.equal(null);
  });
});
