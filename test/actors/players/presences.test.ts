import { expect } from 'chai';
import { courierGame, notesOf, type TickSeen } from '../../support/courier-game.js';
import type { TestClient } from '../../support/test-client.js';
import { TestWorld, type TestWorldOptions } from '../../support/world.js';

async function worldOf(options: TestWorldOptions = {}) {
  const seen: TickSeen[] = [];
  const failing = new Set<string>();
  const world = await TestWorld.create(courierGame({ seen, failing }), options);
  /** Fails so many ticks of a zone, and lets it restart after each. The fifth puts it in quarantine. */
  const fail = async (zone: string, times: number) => {
    for (let i = 0; i < times; i += 1) {
      failing.add(zone);
      await world.tick();
      failing.delete(zone);
      for (let turns = 0; i < times - 1 && turns < 20; turns += 1) await world.pass(50);
    }
  };
  return { world, seen, fail };
}

/** What the ticks of a zone said about a player's coming and going, in order. */
function pathOf(seen: readonly TickSeen[], name: string): readonly string[] {
  return seen.flatMap(({ zone, joined, left }) => [
    ...(left.includes(name) ? [`left ${zone}`] : []),
    ...(joined.includes(name) ? [`joined ${zone}`] : []),
  ]);
}

const states = (client: TestClient) => client.messages.map(({ type, code }) => (type === 'error' ? `error ${code}` : type));

/** Where the stored row says that the player is. */
function placeOf(world: TestWorld, name: string) {
  const place = world.stored.places.get(world.player(name));
  if (!place) throw new Error(`${name} has no place`);
  return place;
}

describe('presences', () => {
  it('tells a zone once that a player came, and once that it went', async () => {
    const { world, seen } = await worldOf();
    const ann = await world.join('ann', 'a');
    await world.tick(3);
    await ann.unsubscribe();
    await world.tick(3);

    expect(pathOf(seen, 'ann')).to.deep.equal(['joined a', 'left a']);
    await world.stop();
  });

  it('lets a player into a zone only when a committed tick of the old one let it go', async () => {
    const { world, seen } = await worldOf();
    const ann = await world.join('ann', 'a');
    await world.tick(2);
    ann.clear();

    await ann.subscribe(world.zone('b'));
    expect(states(ann), 'not yet').to.deep.equal([]);
    await world.tick(2);

    expect(states(ann).slice(0, 2)).to.deep.equal(['subscribed', 'tick']);
    expect(pathOf(seen, 'ann')).to.deep.equal(['joined a', 'left a', 'joined b']);
    await world.stop();
  });

  it('lets a player back in that changes its mind before the tick, and no zone notices', async () => {
    const { world, seen } = await worldOf({ tickIntervalMs: 100 });
    const ann = await world.join('ann', 'a');
    await world.tick(2);

    await ann.unsubscribe();
    await ann.subscribe(world.zone('a'));
    await world.tick(2);

    expect(pathOf(seen, 'ann')).to.deep.equal(['joined a']);
    await world.stop();
  });

  it('has neither left nor joined for a resume within one tick', async () => {
    const { world, seen } = await worldOf();
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
    const { world, seen } = await worldOf();
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
    const { world, seen } = await worldOf();
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
    const { world, seen } = await worldOf();
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

  it('says after a kill that those who do not come back are gone', async () => {
    const { world, seen } = await worldOf();
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

  describe('where the old zone cannot tick', () => {
    it('lets a player go while the world is paused, and tells the zone later', async () => {
      const { world, seen } = await worldOf();
      const ann = await world.join('ann', 'a');
      await ann.intent({ type: 'note', note: 'one' });
      await world.tick(2);
      await world.world.pause();
      ann.clear();

      await ann.subscribe(world.zone('b'));

      expect(states(ann)).to.deep.equal(['subscribed']);
      expect(placeOf(world, 'ann')).to.deep.include({ holder: null, zone: world.zone('b') });
      world.world.resume();
      await world.tick(2);
      expect(pathOf(seen, 'ann').slice().sort()).to.deep.equal(['joined a', 'joined b', 'left a']);
      await world.stop();
    });

    it('lets a player go that was waiting for a tick when the world was paused', async () => {
      const { world } = await worldOf();
      const ann = await world.join('ann', 'a');
      await world.tick(2);
      await ann.subscribe(world.zone('b'));
      expect(ann.last('subscribed')?.zone_id).to.equal(world.zone('a'));

      await world.world.pause();
      await world.settle();

      expect(ann.last('subscribed')?.zone_id).to.equal(world.zone('b'));
      await world.stop();
    });

    it('holds the ticks of a zone while it lets a player go', async () => {
      const { world, seen } = await worldOf();
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
      const { world, fail } = await worldOf();
      const ann = await world.join('ann', 'a');
      await world.tick();
      await fail('a', 1);
      world.store.fail('zones.commit', 'away', { times: 2 });
      await ann.subscribe(world.zone('b'));
      ann.clear();
      await world.pass(1_000);

      expect(states(ann)[0]).to.equal('subscribed');
      expect(ann.errors()).to.deep.equal([]);
      expect(ann.last('tick')?.zone_id).to.equal(world.zone('b'));
      await world.stop();
    });

    it('lets two players go at once whose zone owes the journal what it has shown', async () => {
      const { world } = await worldOf({ persistEveryTicks: 1_000 });
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
      const { world } = await worldOf();
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
      const { world, fail } = await worldOf();
      const ann = await world.join('ann', 'a');
      await ann.intent({ type: 'note', note: 'kept' });
      await world.tick();
      await fail('a', 5);
      ann.clear();

      await ann.subscribe(world.zone('b'));
      await world.tick();

      expect(states(ann).slice(0, 2)).to.deep.equal(['subscribed', 'tick']);
      expect(notesOf(placeOf(world, 'ann').document)).to.deep.equal(['kept']);
      await world.stop();
    });

    it('lets a player go while its zone waits for a restart', async () => {
      const { world, fail } = await worldOf();
      const ann = await world.join('ann', 'a');
      await world.tick();
      await fail('a', 1);
      expect(world.actor('a')?.state).to.equal('pausing');
      ann.clear();

      await ann.subscribe(world.zone('b'));

      expect(states(ann)).to.deep.equal(['subscribed']);
      await world.stop();
    });

    it('holds a player that a stalled zone is about to commit, until the store is back', async () => {
      const { world, seen } = await worldOf();
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
      expect(states(ann)).to.deep.equal([]);
      world.store.heal();
      await world.pass(3_000);

      expect(ann.last('tick')?.zone_id).to.equal(world.zone('b'));
      expect(pathOf(seen, 'ann')).to.deep.equal(['joined a', 'left a', 'joined b']);
      await world.stop();
    });

    it('goes by what the row says about one who was let go, after a kill too', async () => {
      const { world, seen } = await worldOf();
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

  describe('on the way with a transfer', () => {
    it('hands a player over that follows its courier, there and back', async () => {
      const { world, seen } = await worldOf();
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
      const { world } = await worldOf();
      const ann = await world.join('ann', 'a');
      await world.tick();
      await ann.intent({ type: 'go', to: world.zone('b') }, 1);
      ann.clear();
      await world.tick(2);

      expect(states(ann)).to.deep.equal(['handover', 'tick']);
      expect(ann.last('tick')).to.deep.include({ zone_id: world.zone('b'), ack: 1 });
      await world.stop();
    });

    it('has a follower that unsubscribes on its way in joined of the tick that takes it, and in left of the next', async () => {
      const { world, seen } = await worldOf();
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

    it('lets a follower resume in the zone that it went to while it was away', async () => {
      const { world } = await worldOf();
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
      const { world, seen } = await worldOf({ zones: ['a', 'b', 'c'] });
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
      const { world } = await worldOf();
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
      const { world, seen, fail } = await worldOf();
      const ann = await world.join('ann', 'a');
      await world.join('bob', 'b');
      await world.tick();
      await fail('b', 4);
      await world.pass(800);
      await ann.intent({ type: 'go', to: world.zone('b') });
      await world.tick();

      await fail('b', 1);
      await world.tick(2);

      const handovers = ann.all('handover').map(({ to }) => to?.zone_id);
      expect(handovers).to.deep.equal([world.zone('b'), world.zone('a')]);
      expect(seen.flatMap(({ returned }) => returned)).to.deep.equal(['quarantined']);
      expect(ann.last('tick')?.zone_id).to.equal(world.zone('a'));
      await world.stop();
    });

    it('turns round at once, without a handover, what is too large for the other zone', async () => {
      const { world, seen } = await worldOf();
      const ann = await world.join('ann', 'a');
      await world.tick();
      await ann.intent({ type: 'go', to: world.zone('b'), x: 10 });
      await world.tick(2);

      expect(ann.all('handover')).to.deep.equal([]);
      expect(seen.flatMap(({ returned }) => returned)).to.deep.equal(['too_small']);
      expect(pathOf(seen, 'ann')).to.deep.equal(['joined a', 'joined a']);
      await world.stop();
    });
  });

  it('forgets players that nobody holds and nobody speaks for', async () => {
    const { world } = await worldOf();
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
