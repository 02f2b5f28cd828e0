import { expect } from 'chai';
import { notesOf } from '../../support/courier-game.js';
import { courierWorld, pathOf, placeOf, storyOf } from '../../support/courier-world.js';

describe('a player on the way with a transfer', () => {
  it('hands a player over that follows its courier, there and back', async () => {
    const { world, seen } = await courierWorld();
    const ann = await world.join('ann', 'a');
    await world.tick();
    ann.clear();

    await ann.intent({ type: 'go', to: world.zone('b') });
    await world.tick(2);
    await ann.intent({ type: 'go', to: world.zone('a') });
    await world.tick(2);

    const handovers = ann.all('handover').map(({ from, to }) => [from?.zone_id, to?.zone_id]);
    expect(handovers).to.deep.equal([
      [world.zone('a'), world.zone('b')],
      [world.zone('b'), world.zone('a')],
    ]);
    expect(pathOf(seen, 'ann')).to.deep.equal(['joined a', 'joined b', 'joined a']);
    expect(await world.entities('a')).to.have.lengthOf(1);
    expect(await world.entities('b')).to.have.lengthOf(0);
    await world.stop();
  });

  it('shows nothing of the old zone after the handover, and tells the ack with the first of the new one', async () => {
    const { world } = await courierWorld();
    const ann = await world.join('ann', 'a');
    await world.tick();
    await ann.intent({ type: 'go', to: world.zone('b') }, 1);
    ann.clear();
    await world.tick(2);

    expect(storyOf(ann)).to.deep.equal(['handover', 'tick']);
    expect(ann.last('tick')).to.deep.include({ zone_id: world.zone('b'), ack: 1 });
    await world.stop();
  });

  it('has a follower that unsubscribes on its way in joined of the tick that takes it, and in left of the next', async () => {
    const { world, seen } = await courierWorld();
    const ann = await world.join('ann', 'a');
    await world.tick();
    await ann.intent({ type: 'go', to: world.zone('b') });
    await world.tick();

    await ann.unsubscribe();
    await world.tick(3);

    expect(pathOf(seen, 'ann')).to.deep.equal(['joined a', 'joined b', 'left b']);
    expect(placeOf(world, 'ann').holder).to.equal(null);
    await world.stop();
  });

  it('leaves who unsubscribed while its transfer was being written nowhere to resume in', async () => {
    const { world } = await courierWorld();
    const ann = await world.join('ann', 'a');
    await world.tick();
    const answer = world.store.hold('zones.commit', 'answer');
    await ann.intent({ type: 'go', to: world.zone('b') });
    await world.tick();
    await ann.unsubscribe();
    expect(ann.last('unsubscribed')?.zone_id).to.equal(world.zone('a'));
    answer();
    await world.settle();
    await ann.drop();
    ann.clear();
    await ann.resume();
    await world.tick(3);

    expect(ann.all('tick')).to.deep.equal([]);
    await world.stop();
  });

  it('lets who asked for a third zone while its transfer was being written resume in that', async () => {
    const { world } = await courierWorld({ zones: ['a', 'b', 'c'] });
    const ann = await world.join('ann', 'a');
    await world.tick();
    const answer = world.store.hold('zones.commit', 'answer');
    await ann.intent({ type: 'go', to: world.zone('b') });
    await world.tick();
    await ann.subscribe(world.zone('c'));
    answer();
    await world.tick(3);
    expect(ann.last('tick')?.zone_id).to.equal(world.zone('c'));
    await ann.drop();
    ann.clear();
    await ann.resume();
    await world.tick(3);

    expect(ann.last('tick')?.zone_id).to.equal(world.zone('c'));
    await world.stop();
  });

  it('lets a follower resume in the zone that it goes to while it resumes', async () => {
    const { world, seen } = await courierWorld();
    const ann = await world.join('ann', 'a');
    await world.tick();
    const answer = world.store.hold('zones.commit', 'answer');
    await ann.intent({ type: 'go', to: world.zone('b') });
    await world.tick();
    // Its tick is on its way to the store.
    const write = world.store.hold('places.note');
    await ann.drop();
    await ann.resume();
    answer();
    await world.settle();
    write();
    await world.tick(3);

    expect(ann.all('handover')).to.deep.equal([]);
    expect(ann.last('tick')?.zone_id).to.equal(world.zone('b'));
    expect(pathOf(seen, 'ann')).to.deep.equal(['joined a', 'joined b']);
    expect(placeOf(world, 'ann').zone).to.equal(world.zone('b'));
    await world.stop();
  });

  it('lets a follower resume in the zone that it went to while it was away', async () => {
    const { world } = await courierWorld();
    const ann = await world.join('ann', 'a');
    await world.tick();
    await ann.intent({ type: 'go', to: world.zone('b') });
    await ann.drop();
    await world.tick(3);
    await ann.resume();
    await world.tick();

    expect(ann.last('tick')?.zone_id).to.equal(world.zone('b'));
    await world.stop();
  });

  it('lets a follower out of the row that was bringing it, while the world is paused', async () => {
    const { world, seen } = await courierWorld({ zones: ['a', 'b', 'c'] });
    const ann = await world.join('ann', 'a');
    await ann.intent({ type: 'note', note: 'carried' });
    await world.tick();
    await ann.intent({ type: 'go', to: world.zone('b') });
    await world.tick();
    await world.world.pause();

    await ann.subscribe(world.zone('c'));
    expect(ann.last('subscribed')?.zone_id).to.equal(world.zone('c'));
    world.world.resume();
    await world.tick(3);

    expect(pathOf(seen, 'ann')).to.deep.equal(['joined a', 'joined c']);
    expect(await world.entities('b'), 'the courier arrives alone').to.have.lengthOf(1);
    await ann.drop();
    await world.tick();
    expect(notesOf(placeOf(world, 'ann').document)).to.deep.equal(['carried']);
    await world.stop();
  });

  it('takes waiting intents along', async () => {
    const { world } = await courierWorld();
    const ann = await world.join('ann', 'a');
    await world.tick();
    const release = world.store.hold('zones.commit');
    await ann.intent({ type: 'go', to: world.zone('b') }, 1);
    await world.tick();
    await ann.intent({ type: 'note', note: 'on the way' }, 2);
    release();
    await world.tick(3);
    await ann.drop();
    await world.tick();

    expect(ann.errors()).to.deep.equal([]);
    expect(notesOf(placeOf(world, 'ann').document)).to.deep.equal(['on the way']);
    await world.stop();
  });

  it('brings back who followed a courier that could not arrive, after a handover back', async () => {
    const { world, seen, failAgain } = await courierWorld();
    const ann = await world.join('ann', 'a');
    await world.join('bob', 'b');
    await world.tick();
    await failAgain('b', 4);
    await world.pass(800);
    await ann.intent({ type: 'go', to: world.zone('b'), x: 4 });
    await world.tick();

    await failAgain('b', 1);
    await world.tick(2);

    const handovers = ann.all('handover').map(({ to }) => [to?.zone_id, to?.x]);
    expect(handovers, 'and where it is there').to.deep.equal([
      [world.zone('b'), 4],
      [world.zone('a'), 0],
    ]);
    expect(seen.flatMap(({ returned }) => returned)).to.deep.equal(['quarantined']);
    expect(ann.last('tick')?.zone_id).to.equal(world.zone('a'));
    await world.stop();
  });

  it('turns round at once, without a handover, what is too large for the other zone', async () => {
    const { world, seen } = await courierWorld();
    const ann = await world.join('ann', 'a');
    await world.tick();
    await ann.intent({ type: 'go', to: world.zone('b'), x: 10 });
    await world.tick(2);

    expect(ann.all('handover')).to.deep.equal([]);
    expect(seen.flatMap(({ returned }) => returned)).to.deep.equal(['too_small']);
    expect(pathOf(seen, 'ann')).to.deep.equal(['joined a', 'joined a']);
    await world.stop();
  });

  it('brings along what waits of a follower whose new zone was restored before the old one had its answer', async () => {
    const { world, seen } = await courierWorld();
    const ann = await world.join('ann', 'a');
    await world.tick();
    const answer = world.store.hold('zones.commit', 'answer');
    await ann.intent({ type: 'go', to: world.zone('b') }, 1);
    await world.tick();
    await ann.intent({ type: 'note', note: 'kept' }, 2);

    await world.join('bob', 'b');
    answer();
    await world.settle();
    ann.clear();
    await world.tick(2);

    expect(ann.last('tick')).to.deep.include({ zone_id: world.zone('b') });
    expect(seen.filter(({ notes }) => notes.includes('kept')).map(({ zone }) => zone)).to.deep.equal(['b']);
    expect(ann.all('tick').map(({ ack }) => ack ?? null)).to.include(2);
    await world.stop();
  });

  it('lets a follower go on to the zone that it has asked for since, without a handover', async () => {
    const { world, seen } = await courierWorld({ zones: ['a', 'b', 'c'] });
    const ann = await world.join('ann', 'a');
    await world.tick();
    await ann.intent({ type: 'go', to: world.zone('b') });
    await ann.subscribe(world.zone('c'));
    await world.tick(4);

    expect(ann.all('handover')).to.deep.equal([]);
    expect(ann.last('subscribed')?.zone_id).to.equal(world.zone('c'));
    expect(pathOf(seen, 'ann').at(-1)).to.equal('joined c');
    await world.stop();
  });

  it('reports what waits of a follower that has gone on before the old zone had its answer', async () => {
    const { world } = await courierWorld({ zones: ['a', 'b', 'c'] });
    const ann = await world.join('ann', 'a');
    await world.tick();
    const answer = world.store.hold('zones.commit', 'answer');
    await ann.intent({ type: 'go', to: world.zone('b') }, 1);
    await world.tick();
    await ann.intent({ type: 'note', note: 'lost' }, 2);
    await ann.subscribe(world.zone('c'));
    await world.join('bob', 'b');
    answer();
    await world.tick(4);

    const fates = [...ann.all('error').map(({ seq }) => seq), ...ann.all('tick').map(({ ack }) => ack)];
    expect(fates).to.include(2);
    await world.stop();
  });

  it('holds a player that joined and went on in one tick, whose new zone was restored before the old one had its answer', async () => {
    const { world, seen } = await courierWorld();
    const ann = await world.join('ann', 'a');
    await world.tick();
    await ann.intent({ type: 'go', to: world.zone('b') });
    await world.tick(2);
    await ann.subscribe(world.zone('a'));
    await world.tick(2);
    await ann.unsubscribe();
    await world.tick(20);
    seen.length = 0;

    await ann.subscribe(world.zone('b'));
    await ann.intent({ type: 'go', to: world.zone('a') });
    const answer = world.store.hold('zones.commit', 'answer');
    await world.tick();
    await world.join('bob', 'a');
    answer();
    await world.tick(3);

    expect(placeOf(world, 'ann').holder).to.equal(world.zone('a'));
    expect(pathOf(seen, 'ann')).to.deep.equal(['joined b', 'joined a']);
    expect(ann.last('tick')?.zone_id).to.equal(world.zone('a'));
    await world.stop();
  });
});
