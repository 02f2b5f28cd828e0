import { expect } from 'chai';
import { courierWorld, pathOf, placeOf, storyOf } from '../../support/courier-world.js';

describe('presences', () => {
  it('tells a zone once that a player came, and once that it went', async () => {
    const { world, seen } = await courierWorld();
    const ann = await world.join('ann', 'a');
    await world.tick(3);
    await ann.unsubscribe();
    await world.tick(3);

    expect(pathOf(seen, 'ann')).to.deep.equal(['joined a', 'left a']);
    await world.stop();
  });

  it('lets a player into a zone only when a committed tick of the old one let it go', async () => {
    const { world, seen } = await courierWorld();
    const ann = await world.join('ann', 'a');
    await world.tick(2);
    ann.clear();

    await ann.subscribe(world.zone('b'));
    expect(storyOf(ann), 'not yet').to.deep.equal([]);
    await world.tick(2);

    expect(storyOf(ann).slice(0, 2)).to.deep.equal(['subscribed', 'tick']);
    expect(pathOf(seen, 'ann')).to.deep.equal(['joined a', 'left a', 'joined b']);
    await world.stop();
  });

  it('does not let a player into another zone while a tick of the first is about to have it', async () => {
    const { world, seen } = await courierWorld();
    const ann = await world.join('ann', 'a');
    const release = world.store.hold('zones.commit');
    await world.tick();
    ann.clear();
    await ann.subscribe(world.zone('b'));
    await world.tick();
    expect(storyOf(ann)).to.deep.equal([]);
    release();
    await world.tick(2);

    expect(storyOf(ann)[0]).to.equal('subscribed');
    expect(pathOf(seen, 'ann')).to.deep.equal(['joined a', 'left a', 'joined b']);
    await world.stop();
  });

  it('lets a player back in that changes its mind before the tick, and no zone notices', async () => {
    const { world, seen } = await courierWorld({ tickIntervalMs: 100 });
    const ann = await world.join('ann', 'a');
    await world.tick(2);

    await ann.unsubscribe();
    await ann.subscribe(world.zone('a'));
    await world.tick(2);

    expect(pathOf(seen, 'ann')).to.deep.equal(['joined a']);
    await world.stop();
  });

  it('has neither left nor joined for a resume within one tick', async () => {
    const { world, seen } = await courierWorld();
    const ann = await world.join('ann', 'a');
    await world.tick(2);

    await ann.drop();
    await ann.resume();
    await world.tick(2);

    expect(pathOf(seen, 'ann')).to.deep.equal(['joined a']);
    expect(ann.last('tick')?.zone_id).to.equal(world.zone('a'));
    await world.stop();
  });

  it('has neither left nor joined for a takeover within one tick', async () => {
    const { world, seen } = await courierWorld();
    const old = await world.join('ann', 'a');
    await world.tick(2);

    const second = await world.join('ann');
    await second.subscribe(world.zone('a'));
    await world.tick(2);

    expect(old.closedWith).to.equal(4409);
    expect(pathOf(seen, 'ann')).to.deep.equal(['joined a']);
    expect(second.ticks().length).to.equal(2);
    await world.stop();
  });

  it('has a closed socket in left, and its resume in joined', async () => {
    const { world, seen } = await courierWorld();
    const ann = await world.join('ann', 'a');
    await world.tick(2);
    await ann.drop();
    await world.tick(2);
    await ann.resume();
    await world.tick(2);

    expect(pathOf(seen, 'ann')).to.deep.equal(['joined a', 'left a', 'joined a']);
    await world.stop();
  });

  it('keeps what a player asks for that is back while the tick that has it in left is being committed', async () => {
    const { world, seen } = await courierWorld();
    const ann = await world.join('ann', 'a');
    await world.tick(2);
    await ann.drop();
    const letGo = world.store.hold('zones.commit');
    await world.tick();

    await ann.resume();
    await ann.intent({ type: 'note', note: 'back' }, 1);
    letGo();
    await world.settle();
    await world.tick(2);

    expect(ann.errors()).to.deep.equal([]);
    expect(seen.flatMap(({ notes }) => notes)).to.deep.equal(['back']);
    expect(pathOf(seen, 'ann')).to.deep.equal(['joined a', 'left a', 'joined a']);
    await world.stop();
  });

  it('tells a run that begins anew nothing of what the one before it had asked for', async () => {
    for (const type of ['note', 'boom']) {
      const { world } = await courierWorld();
      const phone = await world.join('ann', 'a');
      await world.tick();
      await phone.intent({ type, note: 'old' }, 1);
      const laptop = await world.join('ann', 'a');
      await world.tick();
      await world.pass(1_000);
      await laptop.intent({ type: 'note', note: 'new' }, 1);
      const answer = laptop.last('intent_received');

      expect(laptop.errors(), type).to.deep.equal([]);
      expect(
        laptop.all('tick').filter(({ ack }) => ack !== undefined),
        type,
      ).to.deep.equal([]);
      expect(answer, type).to.deep.include({ seq: 1 }).and.not.have.property('duplicate');
      await world.stop();
    }
  });

  it('tells whoever comes back into a quarantined zone that it cannot run now', async () => {
    const { world } = await courierWorld();
    const ann = await world.join('ann', 'a');
    await world.tick();
    world.world.quarantineZone(world.zone('a'));
    await ann.drop();
    ann.clear();
    await ann.resume();

    expect(ann.errors()).to.deep.equal(['zone_unavailable']);
    await world.stop();
  });

  it('hears nothing any more of what waited on a socket when another took over', async () => {
    const { world, seen } = await courierWorld();
    const phone = await world.join('ann', 'a');
    await world.tick();
    const release = world.store.hold('places.note');
    await phone.subscribe(world.zone('b'));
    await phone.intent({ type: 'note', note: 'behind' });
    const laptop = world.client('ann');
    laptop.resumeToken = phone.resumeToken;
    await laptop.resume();
    release();
    await world.settle();
    await world.tick(2);

    expect(phone.closedWith).to.equal(4409);
    expect(seen.flatMap(({ notes }) => notes)).to.deep.equal([]);
    await world.stop();
  });

  it('says after a kill that those who do not come back are gone', async () => {
    const { world, seen } = await courierWorld();
    await world.join('ann', 'a');
    const bob = await world.join('bob', 'a');
    await world.tick(2);
    await world.crash();
    await bob.resume();
    await world.tick(2);

    expect(pathOf(seen, 'ann')).to.deep.equal(['joined a', 'left a']);
    expect(pathOf(seen, 'bob')).to.deep.equal(['joined a']);
    await world.stop();
  });

  it('says how far a player got only when the zone that holds it has been read again', async () => {
    const { world } = await courierWorld();
    const ann = await world.join('ann', 'a');
    await ann.intent({ type: 'note', note: 'one' }, 1);
    await world.tick(2);
    let open = () => {};
    await world.crash(1_000, (store) => {
      open = store.hold('zones.claim');
    });
    await ann.resume();
    expect(ann.joined).to.equal(false);
    open();
    await world.settle();

    expect(ann.last('join_ack')).to.deep.include({ last_seq: 1, dropped: [] });
    await world.stop();
  });

  it('does not keep a zone from ticking whose row says something else of a player than is known here', async () => {
    const { world } = await courierWorld();
    const [ann, bob] = [await world.join('ann'), await world.join('bob', 'a')];
    await world.tick();
    const place = placeOf(world, 'ann');
    world.stored.places.set(place.player, { ...place, stay: place.stay + 1 });
    await ann.subscribe(world.zone('a'));
    await world.tick(5);
    bob.clear();
    await world.tick(3);

    expect(bob.ticks()).to.have.lengthOf(3);
    expect(ann.last('tick')?.tick_number).to.equal(bob.last('tick')?.tick_number);
    expect(world.actor('a')?.restarts).to.equal(1);
    await world.stop();
  });

  it('forgets players that nobody holds and nobody speaks for', async () => {
    const { world } = await courierWorld();
    for (let round = 0; round < 3; round += 1) {
      const clients = [];
      for (let i = 0; i < 20; i += 1) clients.push(await world.join(`p${i}`, i % 2 === 0 ? 'a' : 'b'));
      await world.tick();
      for (const client of clients) await client.drop();
      await world.tick(2);
    }

    expect(world.world.sockets.count()).to.equal(0);
    expect(world.world.status().queues).to.deep.equal({ intents: 0, commits: 0, inbox: 0 });
    await world.tick(15);
    expect([world.actor('a'), world.actor('b')], 'and the zones sleep').to.deep.equal([null, null]);
    await world.stop();
  });
});
