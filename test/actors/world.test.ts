import { expect } from 'chai';
import { StoreUnavailableError } from '../../actors/errors.js';
import { FREE_STRIKES } from '../../actors/players/strikes.js';
import { courierGame } from '../support/courier-game.js';
import { courierWorld } from '../support/courier-world.js';
import { TestWorld } from '../support/world.js';

/** Did it settle, and how? Only a world whose time stands still can be asked so. */
async function outcome(world: TestWorld, answer: Promise<unknown>): Promise<unknown> {
  let found: unknown = 'waits';
  answer.then(
    (value) => {
      found = value;
    },
    (error: unknown) => {
      found = error;
    },
  );
  await world.settle();
  return found;
}

describe('the world', () => {
  describe('paused', () => {
    it('takes intents, and applies them when it is resumed', async () => {
      const { world, seen } = await courierWorld();
      const ann = await world.join('ann', 'a');
      await world.tick(2);
      expect(await world.world.pause()).to.equal(2);
      await ann.intent({ type: 'note', note: 'waits' }, 1);
      await world.tick(5);
      expect(ann.last('intent_received')).to.deep.include({ seq: 1, tick_number: 3 });
      expect(seen.at(-1)?.tick).to.equal(2);
      expect(world.world.resume()).to.equal(2);
      await world.tick();

      expect(seen.at(-1)).to.deep.include({ tick: 3, notes: ['waits'] });
      expect(ann.last('tick')).to.deep.include({ tick_number: 3, ack: 1 });
      await world.stop();
    });

    it('is stepped by hand, and names the zones that missed the step', async () => {
      const { world, failing } = await courierWorld({ zones: ['a', 'b', 'c'] });
      const clients = [await world.join('ann', 'a'), await world.join('bob', 'b'), await world.join('cid', 'c')];
      await world.tick();
      await world.world.pause();
      failing.add('b');

      const step = await world.world.step();

      expect(step).to.deep.equal({ tick: 2, missed: [world.zone('b')] });
      expect(clients.map((client) => client.last('tick')?.tick_number)).to.deep.equal([2, 1, 2]);
      await world.stop();
    });

    it('waits with a step for a zone that has just been woken', async () => {
      const { world } = await courierWorld();
      await world.world.pause();
      const answer = world.store.hold('zones.claim');
      const ann = await world.join('ann', 'a');
      const step = world.world.step();
      expect(await outcome(world, step)).to.equal('waits');
      answer();

      expect(await step).to.deep.equal({ tick: 1, missed: [] });
      expect(ann.ticks()).to.deep.equal([1]);
      await world.stop();
    });

    it('does not wait for ever with a step', async () => {
      const { world } = await courierWorld();
      await world.world.pause();
      world.store.hold('zones.claim');
      await world.join('ann', 'a');
      const step = world.world.step();
      await world.pass(2_000);

      expect(await outcome(world, step)).to.deep.equal({ tick: 1, missed: [world.zone('a')] });
    });

    it('lets a step end whose commit the store does not take', async () => {
      const { world } = await courierWorld();
      const ann = await world.join('ann', 'a');
      await world.tick();
      await world.world.pause();
      world.store.away = true;
      await ann.intent({ type: 'note', note: 'stuck' });

      expect(await outcome(world, world.world.step())).to.deep.equal({ tick: 2, missed: [world.zone('a')] });
      world.store.heal();
      await world.pass(2_000);
      await world.stop();
    });

    it('refuses a step while it runs', async () => {
      const { world } = await courierWorld();

      expect(await world.world.step()).to.equal('running');
      await world.stop();
    });
  });

  describe('asked to write a player', () => {
    it("writes a checkpoint of the zone that has the player's document, and says what it has", async () => {
      const { world } = await courierWorld();
      const ann = await world.join('ann', 'a');
      await ann.intent({ type: 'note', note: 'kept' });
      await world.tick(2);
      const id = world.player('ann');
      const before = world.stored.checkpoints.get(world.zone('a'))?.tick ?? 0;

      const saved = await world.world.checkpointPlayer({ id, username: 'ann' });
      const written = world.stored.checkpoints.get(world.zone('a'))?.tick;
      await ann.drop();
      await world.tick(2);
      const after = await world.world.checkpointPlayer({ id, username: 'ann' });

      expect(saved).to.deep.equal({ zone: world.zone('a'), document: { notes: ['kept'] } });
      expect([before, written]).to.deep.equal([0, 2]);
      expect(after).to.deep.equal({ zone: null, document: { notes: ['kept'] } });
      await world.stop();
    });

    it('says that it cannot while the store is away', async () => {
      const { world } = await courierWorld();
      await world.join('ann', 'a');
      await world.tick();
      world.store.away = true;

      const saved = await outcome(world, world.world.checkpointPlayer({ id: world.player('ann'), username: 'ann' }));

      expect(saved).to.be.instanceOf(StoreUnavailableError);
      world.store.heal();
      await world.stop();
    });
  });

  describe('read', () => {
    it('shows nothing of a tick that is not committed', async () => {
      const { world } = await courierWorld();
      const ann = await world.join('ann', 'a');
      await world.tick();
      const release = world.store.hold('zones.commit');
      await ann.intent({ type: 'crate' });
      await world.tick();
      const read = world.entities('a');
      expect(await outcome(world, read)).to.equal('waits');
      release();

      expect(await read).to.have.lengthOf(2);
      await world.stop();
    });

    it('answers while a slow commit makes the zone miss ticks, and gives up after a while', async () => {
      const { world } = await courierWorld();
      const ann = await world.join('ann', 'a');
      await world.tick();
      const release = world.store.hold('zones.commit');
      await ann.intent({ type: 'crate' });
      await world.tick(3);
      const read = world.entities('a').catch((error: unknown) => error);
      await world.tick(30);

      expect(await outcome(world, read)).to.be.instanceOf(StoreUnavailableError);
      release();
      await world.tick();
      expect(await world.entities('a')).to.have.lengthOf(2);
      await world.stop();
    });

    it('counts an entity on its way as in the zone it goes to, by zone, by area and by id', async () => {
      const { world } = await courierWorld();
      const ann = await world.join('ann', 'a');
      await ann.intent({ type: 'crate' });
      await world.tick();
      const crate = (await world.entities('a')).find(({ metadata }) => metadata.crate);
      if (!crate) throw new Error('the crate is not there');
      await ann.intent({ type: 'ship', to: world.zone('b') });
      const hold = world.store.hold('zones.claim');
      await world.tick();
      hold();
      await world.world.pause();
      await world.settle();

      const at = (x: number) => world.world.entities(world.zone('b'), { x, y: 1, width: 1, height: 1 });
      expect(await world.world.entity(crate.id)).to.deep.include({ zone: world.zone('b') });
      expect((await world.entities('b')).map(({ id, x, y }) => ({ id, x, y }))).to.deep.equal([{ id: crate.id, x: 1, y: 1 }]);
      expect([(await at(1))?.length, (await at(2))?.length]).to.deep.equal([1, 0]);
      expect(await world.entities('a')).to.have.lengthOf(1);
      world.world.resume();
      await world.stop();
    });

    it('finds an entity of a zone that is asleep, being restored, or waiting for a restart', async () => {
      const { world, failing } = await courierWorld({ zoneGraceMs: 200 });
      const ann = await world.join('ann', 'a');
      await ann.intent({ type: 'crate' });
      await world.tick();
      const [entity] = await world.entities('a');
      if (!entity) throw new Error('nothing is there');
      const found = async () => (await world.world.entity(entity.id))?.zone;
      failing.add('a');
      await world.tick();
      failing.delete('a');
      expect(await found(), 'waiting').to.equal(world.zone('a'));
      await world.tick(2);
      await ann.unsubscribe();
      await world.tick(10);
      expect(await found(), 'asleep').to.equal(world.zone('a'));
      const release = world.store.hold('zones.claim');
      await ann.subscribe(world.zone('a'));
      const restoring = found();
      await world.settle();
      release();

      expect(await restoring, 'being restored').to.equal(world.zone('a'));
      await world.stop();
    });
  });

  it('answers an intent of a route after its commit, and wakes the zone for it', async () => {
    const { world, seen } = await courierWorld();
    const ann = { id: world.player('ann'), username: 'ann' };
    const answer = world.world.door.intent(world.zone('a'), ann, { type: 'note', note: 'by a route' });
    await world.tick(2);

    expect(await answer).to.equal('applied');
    expect(seen.flatMap(({ notes }) => notes)).to.deep.equal(['by a route']);
    const failing = world.world.door.intent(world.zone('a'), ann, { type: 'boom' });
    await world.tick();
    expect(await failing).to.equal('dropped');
    await world.stop();
  });

  it('drops at once what a route asks for a player whose intents have failed their zone too often', async () => {
    const { world } = await courierWorld();
    const ann = { id: world.player('ann'), username: 'ann' };
    for (let count = 0; count <= FREE_STRIKES; count += 1) {
      const failing = world.world.door.intent(world.zone('a'), ann, { type: 'boom' });
      await world.tick(2);
      expect(await failing).to.equal('dropped');
    }
    const restarts = world.actor('a')?.restarts;

    expect(await world.world.door.intent(world.zone('a'), ann, { type: 'boom' })).to.equal('dropped');
    await world.tick(2);

    expect(restarts).to.equal(FREE_STRIKES + 1);
    expect(world.actor('a')?.restarts).to.equal(restarts);
    const bob = world.world.door.intent(
      world.zone('a'),
      { id: world.player('bob'), username: 'bob' },
      { type: 'note', note: 'b' },
    );
    await world.tick(2);
    expect(await bob).to.equal('applied');
    await world.stop();
  });

  it('goes on with its clock and its ticks over clean stops', async () => {
    const { world, seen } = await courierWorld();
    const ann = await world.join('ann', 'a');
    await world.tick(3);
    await world.stop();
    await world.crash(60_000);
    await ann.resume();
    await world.tick();

    expect(ann.last('tick')?.tick_number).to.be.greaterThan(3);
    expect(seen.at(-1)?.elapsedMs).to.be.at.least(60_000);
    await world.stop();
  });

  it('keeps nothing of those who came and went', async () => {
    const { world } = await courierWorld();
    for (let round = 0; round < 3; round += 1) {
      const clients = Array.from({ length: 40 }, (_, i) => world.client(`p${round}-${i}`));
      await Promise.all(clients.map((client) => client.connect()));
      await Promise.all(
        clients.map((client, i) => (i % 4 === 0 ? client.drop() : client.subscribe(world.zone(i % 2 ? 'a' : 'b')))),
      );
      await world.tick();
      await Promise.all(clients.map((client) => client.drop()));
      await world.tick();
    }

    expect(world.world.sockets.count()).to.equal(0);
    expect(world.world.actors()).to.deep.include({ known_players: 0 });
    const idle = await TestWorld.create(courierGame());
    expect(world.clock.pendingTimers).to.equal(idle.clock.pendingTimers);
    await idle.stop();
    await world.stop();
  });

  describe('a creation', () => {
    const NEW = { name: 'c', width: 5, height: 5, metadata: {} };

    it('whose answer was lost is found out: the zone is there, and not only its name', async () => {
      const { world } = await courierWorld();
      world.store.fail('catalog.create', 'unknown');
      const failures = [await world.world.createZone(NEW).catch((error: unknown) => error)];
      world.store.fail('catalog.list', 'away', { times: 2 });
      await world.pass(1_200);
      // Another one, while it is being found out.
      world.store.fail('catalog.create', 'unknown');
      failures.push(await world.world.createZone({ ...NEW, name: 'd' }).catch((error: unknown) => error));
      await world.pass(4_000);

      expect(failures.every((failure) => failure instanceof StoreUnavailableError)).to.equal(true);
      expect(world.world.listZones({}).zones.map(({ name }) => name)).to.deep.equal(['a', 'b', 'c', 'd']);
      const made = world.world.listZones({}).zones.find(({ name }) => name === 'c');
      expect(made && (await world.world.deleteZone(made.id))).to.equal('deleted');
      await world.stop();
    });

    it('that was not done is no zone later either', async () => {
      const { world } = await courierWorld();
      world.store.fail('catalog.create', 'away');
      await world.world.createZone(NEW).catch(() => {});
      await world.pass(2_000);

      expect(world.world.listZones({}).zones.map(({ name }) => name)).to.deep.equal(['a', 'b']);
      expect(await world.world.createZone(NEW)).to.include({ name: 'c' });
      await world.stop();
    });
  });
});
