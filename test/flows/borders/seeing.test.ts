import { expect } from 'chai';
import lookout from '../../support/pool-games/lookout.js';
import { TestWorld } from '../../support/world.js';
import { namesOf, rowOfZones, sees, tell, viewOf } from './border-world.js';

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

    await tell(ann, { type: 'step', name: 'near', x: 8, y: 5 });
    await tell(ben, { type: 'vanish', name: 'edge' });
    await world.tick(2);

    expect(sees(ben).over).to.deep.equal([{ name: 'near', x: -2, y: 5, zone: 'west', age: 1 }]);
    expect(sees(ann).over).to.deep.equal([]);
    await world.stop();
  });

  it('shows a tick what its views show of it', async () => {
    const world = await rowOfZones(['west', 'east']);
    const [ann, ben] = [await world.join('ann', 'west'), await world.join('ben', 'east')];
    await tell(ben, { type: 'put', name: 'edge', x: 0, y: 0 });
    await world.tick(2);
    await tell(ann, { type: 'look' });
    await world.tick();

    expect(sees(ann).ticked).to.deep.equal([{ name: 'edge', x: 10, y: 0, zone: 'east', age: 1 }]);
    expect(sees(ann).over).to.deep.equal(sees(ann).ticked);
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
    expect(JSON.stringify(blinkered.messages)).to.not.include('edge');
    await world.stop();
  });

  it('shows a zone that stalls as it was committed, with its true age, and then what it has become', async () => {
    const world = await rowOfZones(['west', 'east']);
    const [ann, ben] = [await world.join('ann', 'west'), await world.join('ben', 'east')];
    await tell(ben, { type: 'put', name: 'edge', x: 0, y: 0 });
    await world.tick(3);
    const release = world.store.hold('zones.commit');
    await tell(ben, { type: 'step', name: 'edge', x: 1, y: 0 });
    await world.tick(4);

    // Nothing went into ann's own ticks, so they need no commit.
    expect(sees(ann).over).to.deep.equal([{ name: 'edge', x: 10, y: 0, zone: 'east', age: 4 }]);

    release();
    await world.settle();
    await world.tick();
    // The tick that stalled is committed late: it is as old as its number says.
    expect(sees(ann).over).to.deep.equal([{ name: 'edge', x: 11, y: 0, zone: 'east', age: 4 }]);
    await world.tick();
    expect(sees(ann).over).to.deep.equal([{ name: 'edge', x: 11, y: 0, zone: 'east', age: 1 }]);
    await world.stop();
  });

  it('shows a zone that fails as it was committed, and nobody beside it notices more', async () => {
    const world = await rowOfZones(['west', 'east']);
    const [ann, ben] = [await world.join('ann', 'west'), await world.join('ben', 'east')];
    await tell(ben, { type: 'put', name: 'edge', x: 0, y: 0 });
    await world.tick(3);
    ann.clear();
    await tell(ben, { type: 'step', name: 'edge', x: 2, y: 0 }, { type: 'boom' });
    await world.tick();
    expect(sees(ann).over).to.deep.equal([{ name: 'edge', x: 10, y: 0, zone: 'east', age: 1 }]);
    await world.tick(2);

    const seen = ann.all('tick').map(({ state }) => namesOf(viewOf(state).over));
    expect(seen).to.deep.equal([['edge'], ['edge'], ['edge']]);
    expect(world.actor('west')?.restarts).to.equal(0);
    expect(world.actor('east')?.restarts).to.equal(1);
    await world.stop();
  });

  it('shows nothing of a zone that is deleted, and lists it no more', async () => {
    const world = await rowOfZones(['west', 'middle', 'east']);
    const [ann, ben] = [await world.join('ann', 'middle'), await world.join('ben', 'east')];
    await tell(ben, { type: 'put', name: 'edge', x: 0, y: 0 });
    await world.tick(3);
    expect(namesOf(sees(ann).over)).to.deep.equal(['edge']);

    await world.world.deleteZone(world.zone('east'));
    await world.tick();

    expect(sees(ann).over).to.deep.equal([]);
    expect(sees(ann).beside).to.deep.equal(['west']);
    expect([...(world.stored.links.get(world.zone('middle'))?.keys() ?? [])]).to.deep.equal([world.zone('west')]);
    await world.stop();
  });

  it('lists what lies beside a zone although the game does not look there, and then wakes nothing', async () => {
    const { border: _, ...blind } = lookout;
    const world = await TestWorld.create(blind, { zones: ['west', 'east'], links: [['west', 'east', 10, 0]] });
    const ann = await world.join('ann', 'west');
    await world.tick(3);

    expect(sees(ann).beside).to.deep.equal(['east']);
    expect(world.actor('east')).to.equal(null);
    await world.stop();
  });
});
