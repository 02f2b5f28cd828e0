import { expect } from 'chai';
import { notesOf } from '../../support/courier-game.js';
import { courierWorld, pathOf, placeOf, storyOf } from '../../support/courier-world.js';

describe('a player whose zone cannot tick', () => {
  it('lets a player go while the world is paused, and tells the zone later', async () => {
    const { world, seen } = await courierWorld();
    const ann = await world.join('ann', 'a');
    await ann.intent({ type: 'note', note: 'one' });
    await world.tick(2);
    await world.world.pause();
    ann.clear();

    await ann.subscribe(world.zone('b'));

    expect(storyOf(ann)).to.deep.equal(['subscribed']);
    expect(placeOf(world, 'ann')).to.deep.include({ holder: null, zone: world.zone('b') });
    world.world.resume();
    await world.tick(2);
    expect(pathOf(seen, 'ann').slice().sort()).to.deep.equal(['joined a', 'joined b', 'left a']);
    await world.stop();
  });

  it('lets a player go that was waiting for a tick when the world was paused', async () => {
    const { world } = await courierWorld();
    const ann = await world.join('ann', 'a');
    await world.tick(2);
    await ann.subscribe(world.zone('b'));
    expect(ann.last('subscribed')?.zone_id).to.equal(world.zone('a'));

    await world.world.pause();
    await world.settle();

    expect(ann.last('subscribed')?.zone_id).to.equal(world.zone('b'));
    await world.stop();
  });

  it('lets a player go that was waiting for a tick when its zone went into quarantine', async () => {
    const { world, fail, failAgain } = await courierWorld();
    const ann = await world.join('ann', 'a');
    await world.tick();
    await failAgain('a', 4);
    await world.pass(800);
    await ann.subscribe(world.zone('b'));
    await fail('a');

    expect(world.actor('a')?.state).to.equal('quarantined');
    expect(ann.last('subscribed')?.zone_id).to.equal(world.zone('b'));
    await world.stop();
  });

  it('lets a follower go on that was waiting for its new zone when the world was paused', async () => {
    const { world, seen } = await courierWorld({ zones: ['a', 'b', 'c'] });
    const ann = await world.join('ann', 'a');
    await world.tick();
    await ann.intent({ type: 'go', to: world.zone('b') });
    await world.tick();
    await ann.subscribe(world.zone('c'));

    await world.world.pause();
    await world.settle();

    expect(ann.last('subscribed')?.zone_id).to.equal(world.zone('c'));
    expect(pathOf(seen, 'ann')).to.deep.equal(['joined a']);
    await world.stop();
  });

  it('holds the ticks of a zone while it lets a player go', async () => {
    const { world, seen } = await courierWorld();
    const ann = await world.join('ann', 'a');
    const bob = await world.join('bob', 'a');
    await world.tick(2);
    await world.world.pause();
    const release = world.store.hold('zones.commit');
    await ann.subscribe(world.zone('b'));
    world.world.resume();
    await world.tick(2);
    release();
    bob.clear();
    await world.tick(2);

    expect(pathOf(seen, 'ann').slice().sort()).to.deep.equal(['joined a', 'joined b', 'left a']);
    expect(world.actor('a')).to.deep.include({ restarts: 0 });
    expect(bob.ticks()).to.have.lengthOf(2);
    await world.stop();
  });

  it('lets a player go whose zone restarts before that is written', async () => {
    const { world, fail } = await courierWorld();
    const ann = await world.join('ann', 'a');
    await world.tick();
    await fail('a');
    world.store.fail('zones.commit', 'away', { times: 2 });
    await ann.subscribe(world.zone('b'));
    ann.clear();
    await world.pass(1_000);

    expect(storyOf(ann)[0]).to.equal('subscribed');
    expect(ann.errors()).to.deep.equal([]);
    expect(ann.last('tick')?.zone_id).to.equal(world.zone('b'));
    await world.stop();
  });

  it('lets two players go at once whose zone owes the journal what it has shown', async () => {
    const { world } = await courierWorld({ persistEveryTicks: 1_000 });
    const clients = [await world.join('ann', 'a'), await world.join('bob', 'a')];
    await world.tick();
    await Promise.all(clients.map((client) => client.intent({ type: 'crate' })));
    await world.tick();
    await world.world.pause();

    await Promise.all(clients.map((client) => client.subscribe(world.zone('b'))));
    world.world.resume();
    await world.tick(3);

    expect(clients.map((client) => client.last('tick')?.zone_id)).to.deep.equal([world.zone('b'), world.zone('b')]);
    expect(['ann', 'bob'].map((name) => placeOf(world, name).holder)).to.deep.equal([world.zone('b'), world.zone('b')]);
    expect(world.actor('b')).to.deep.include({ restarts: 0 });
    await world.stop();
  });

  it('lets a player go that switched while a step by hand was running', async () => {
    const { world } = await courierWorld();
    const ann = await world.join('ann', 'a');
    await world.tick(2);
    await world.world.pause();
    const release = world.store.hold('zones.commit');
    await ann.intent({ type: 'note', note: 'slow' });
    const step = world.world.step();
    await world.settle();
    await ann.subscribe(world.zone('b'));
    expect(ann.last('subscribed')?.zone_id, 'not before the step has ended').to.equal(world.zone('a'));
    release();
    await step;
    await world.settle();

    expect(ann.last('subscribed')?.zone_id).to.equal(world.zone('b'));
    expect(notesOf(placeOf(world, 'ann').document), 'with what the step wrote').to.deep.equal(['slow']);
    await world.stop();
  });

  it('lets a player go out of a quarantined zone, with its document', async () => {
    const { world, failAgain } = await courierWorld();
    const ann = await world.join('ann', 'a');
    await ann.intent({ type: 'note', note: 'kept' });
    await world.tick();
    await failAgain('a', 5);
    ann.clear();

    await ann.subscribe(world.zone('b'));
    await world.tick();

    expect(storyOf(ann).slice(0, 2)).to.deep.equal(['subscribed', 'tick']);
    expect(notesOf(placeOf(world, 'ann').document)).to.deep.equal(['kept']);
    await world.stop();
  });

  it('lets a player go while its zone waits for a restart', async () => {
    const { world, fail } = await courierWorld();
    const ann = await world.join('ann', 'a');
    await world.tick();
    await fail('a');
    expect(world.actor('a')?.state).to.equal('pausing');
    ann.clear();

    await ann.subscribe(world.zone('b'));

    expect(storyOf(ann)).to.deep.equal(['subscribed']);
    await world.stop();
  });

  it('keeps a player that wants to go from a zone that the store refuses, until that is read again', async () => {
    const { world, seen } = await courierWorld();
    const ann = await world.join('ann', 'a');
    await world.tick();
    await world.store.zones.claim(world.zone('a'));
    await ann.intent({ type: 'note', note: 'kept' });
    await world.tick();
    expect(world.actor('a')?.state).to.equal('pausing');
    ann.clear();

    await ann.subscribe(world.zone('b'));
    await world.pass(1_000);

    expect(ann.errors()).to.deep.equal([]);
    expect(ann.last('tick')?.zone_id).to.equal(world.zone('b'));
    expect(pathOf(seen, 'ann').slice(-2)).to.deep.equal(['left a', 'joined b']);
    await world.stop();
  });

  it('holds a player that a stalled zone is about to commit, until the store is back', async () => {
    const { world, seen } = await courierWorld();
    const ann = await world.join('ann', 'a');
    await world.tick();
    world.store.away = true;
    await ann.intent({ type: 'note', note: 'held' });
    await world.tick();
    expect(world.actor('a')?.state).to.deep.equal({ live: 'stalled' });
    world.store.fail('zones.commit', 'away', { times: 3 });
    world.store.away = false;
    ann.clear();

    await ann.subscribe(world.zone('b'));
    expect(storyOf(ann)).to.deep.equal([]);
    world.store.heal();
    await world.pass(3_000);

    expect(ann.last('tick')?.zone_id).to.equal(world.zone('b'));
    expect(pathOf(seen, 'ann')).to.deep.equal(['joined a', 'left a', 'joined b']);
    await world.stop();
  });

  it('goes by what the row says about one who was let go, after a kill too', async () => {
    const { world, seen } = await courierWorld();
    const ann = await world.join('ann', 'a');
    await ann.intent({ type: 'note', note: 'in a' });
    await world.tick(2);
    await world.world.pause();
    await ann.subscribe(world.zone('b'));
    await world.crash();
    seen.length = 0;

    const bob = await world.join('bob', 'a');
    await ann.resume();
    await ann.intent({ type: 'note', note: 'in b' });
    await bob.intent({ type: 'crate' });
    await world.tick(5);

    expect(world.actor('a')).to.deep.include({ restarts: 0 });
    expect(bob.ticks().length).to.equal(5);
    expect(pathOf(seen, 'ann').slice().sort()).to.deep.equal(['joined b', 'left a']);
    expect(await world.entities('a')).to.have.lengthOf(3);
    await ann.drop();
    await world.tick();
    expect(notesOf(placeOf(world, 'ann').document)).to.deep.equal(['in a', 'in b']);
    await world.stop();
  });
});
