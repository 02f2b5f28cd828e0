import { expect } from 'chai';
import { namesOf, rowOfZones, sees, tell, viewOf } from './border-world.js';

describe('a zone that somebody can see into', () => {
  it('is live as long as players are beside it, and sleeps after that', async () => {
    const world = await rowOfZones(['west', 'middle', 'east', 'far'], { zoneGraceMs: 300 });
    const ann = await world.join('ann', 'middle');
    await world.tick(6);

    expect(['west', 'east'].map((name) => world.actor(name)?.state)).to.deep.equal(Array(2).fill({ live: 'ticking' }));
    expect(world.actor('far'), 'two zones on: nobody sees it').to.equal(null);

    await ann.unsubscribe();
    await world.tick(8);

    expect(world.world.status().live_zones).to.equal(0);
    await world.stop();
  });

  it('is shown as it was saved from the very first tick, although it slept', async () => {
    const world = await rowOfZones(['west', 'east'], { zoneGraceMs: 200 });
    const ben = await world.join('ben', 'east');
    await tell(ben, { type: 'put', name: 'edge', x: 0, y: 0 });
    await world.tick(2);
    await ben.unsubscribe();
    await world.tick(8);
    expect(world.world.status().live_zones).to.equal(0);

    const ann = await world.join('ann', 'west');
    await world.tick();

    const [first] = ann.all('tick');
    expect(namesOf(viewOf(first?.state).over)).to.deep.equal(['edge']);
    expect(viewOf(first?.state).over[0]?.age, 'as long as it slept').to.be.greaterThan(3);
    await world.tick(2);
    expect(sees(ann).over[0]?.age).to.equal(1);
    await world.stop();
  });

  it('is shown to one that wakes by itself, and sleeps on', async () => {
    const world = await rowOfZones(['west', 'east'], { zoneGraceMs: 200 });
    const ben = await world.join('ben', 'east');
    await tell(ben, { type: 'put', name: 'edge', x: 0, y: 0 });
    await world.tick();
    await ben.unsubscribe();
    await world.tick(8);

    const applied = world.world.door.intent(world.zone('west'), { id: world.player('ann'), username: 'ann' }, { type: 'look' });
    await world.tick();
    const view = viewOf(await world.world.door.view(world.zone('west'), { id: world.player('ann'), username: 'ann' }));

    expect(await applied).to.equal('applied');
    expect(namesOf(view.ticked ?? [])).to.deep.equal(['edge']);
    expect(world.actor('east')).to.equal(null);
    await world.stop();
  });

  it('comes back after a crash with what was committed', async () => {
    const world = await rowOfZones(['west', 'east']);
    const [ann, ben] = [await world.join('ann', 'west'), await world.join('ben', 'east')];
    await tell(ben, { type: 'put', name: 'edge', x: 0, y: 0 });
    await world.tick(2);

    await world.crash();
    await ann.connect();
    await ann.subscribe(world.zone('west'));
    await world.tick();

    expect(namesOf(sees(ann).over)).to.deep.equal(['edge']);
    await world.stop();
  });
});
