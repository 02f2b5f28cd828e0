import { expect } from 'chai';
import { rowOfZones, sees, tell } from './border-world.js';

describe('the border of a zone', () => {
  it('shows what lies within its reach beside it, in its own coordinates, one tick old', async () => {
    const world = await rowOfZones(['west', 'east']);
    const [ann, ben] = [await world.join('ann', 'west'), await world.join('ben', 'east')];
    await world.tick(2);
    await tell(ann, { type: 'put', name: 'far', x: 6, y: 0 }, { type: 'put', name: 'near', x: 7, y: 4 });
    await tell(ben, { type: 'put', name: 'edge', x: 0, y: 9 }, { type: 'put', name: 'beyond', x: 3, y: 9 });
    await world.tick(2);

    expect(sees(ann).over).to.deep.equal([{ name: 'edge', x: 10, y: 9, zone: 'east', age: 1 }]);
    expect(sees(ben).over).to.deep.equal([{ name: 'near', x: -3, y: 4, zone: 'west', age: 1 }]);

    await tell(ann, { type: 'step', name: 'near', x: 8, y: 5 }, { type: 'look' });
    await tell(ben, { type: 'vanish', name: 'edge' });
    await world.tick(2);

    expect(sees(ben).over).to.deep.equal([{ name: 'near', x: -2, y: 5, zone: 'west', age: 1 }]);
    expect(sees(ann).over).to.deep.equal([]);
    await world.stop();
  });

  it('is seen by the rules of the game, whose fog applies there too', async () => {
    const world = await rowOfZones(['west', 'east']);
    const [ann, blinkered] = [await world.join('ann', 'west'), await world.join('blinkered', 'west')];
    const ben = await world.join('ben', 'east');
    await tell(ben, { type: 'put', name: 'edge', x: 0, y: 0 });
    await world.tick(3);

    expect(sees(ann).over).to.have.lengthOf(1);
    expect(sees(blinkered).over).to.deep.equal([]);
    await world.stop();
  });
});
