import { expect } from 'chai';
import { courierWorld } from '../../support/courier-world.js';
import { scripted } from '../../support/games.js';
import type { TestClient } from '../../support/test-client.js';
import { TestWorld } from '../../support/world.js';

const journalOf = (world: TestWorld, name: string) => [...(world.stored.journal.get(world.zone(name))?.keys() ?? [])];

describe('a tick with PERSIST_EVERY_TICKS above 1', () => {
  it('is shown at once and written with the others', async () => {
    const { world } = await courierWorld({ persistEveryTicks: 3 });
    const ann = await world.join('ann', 'a');
    await world.tick(3);
    const before = journalOf(world, 'a').length;
    const commits = world.store.calls.filter((call) => call === 'zones.commit').length;
    for (let i = 0; i < 3; i += 1) {
      await ann.intent({ type: 'crate' });
      await world.tick();
      expect(ann.last('tick')?.state?.entities).to.have.lengthOf(2 + i);
    }

    expect(journalOf(world, 'a').length - before).to.equal(3);
    expect(world.store.calls.filter((call) => call === 'zones.commit').length - commits).to.equal(1);
    await world.stop();
  });

  it('is written at once where a player is saved or something crosses, with all before it', async () => {
    const { world } = await courierWorld({ persistEveryTicks: 1_000 });
    const ann = await world.join('ann', 'a');
    await world.tick();
    await ann.intent({ type: 'crate' });
    await world.tick();
    await ann.intent({ type: 'note', note: 'saved' });
    await world.tick();
    await world.crash();

    expect(await world.entities('a')).to.have.lengthOf(2);
    await world.stop();
  });

  it('is kept when its zone fails, is put to sleep, or the server stops', async () => {
    for (const end of ['fails', 'sleeps', 'stops'] as const) {
      const { world, fail } = await courierWorld({ persistEveryTicks: 1_000 });
      const ann = await world.join('ann', 'a');
      await world.tick();
      await ann.intent({ type: 'crate' });
      await world.tick();
      if (end === 'fails') {
        await fail('a');
        await world.tick(2);
      } else if (end === 'sleeps') {
        await ann.drop();
        await world.tick(15);
        expect(world.actor('a')).to.equal(null);
      } else {
        await world.stop();
        await world.crash();
      }

      expect(await world.entities('a'), end).to.have.lengthOf(2);
      await world.stop();
    }
  });

  it('is kept when the server stops while its zone waits for a restart, or is in quarantine', async () => {
    for (const failures of [1, 5]) {
      const { world, fail } = await courierWorld({ persistEveryTicks: 1_000 });
      const ann = await world.join('ann', 'a');
      await world.tick();
      await ann.intent({ type: 'crate' });
      await world.tick();
      for (let i = 1; i <= failures; i += 1) {
        await fail('a');
        if (i < failures) await world.pass(800);
      }
      expect(world.actor('a')?.state).to.equal(failures === 1 ? 'pausing' : 'quarantined');
      await world.stop();
      await world.crash();

      expect(await world.entities('a')).to.have.lengthOf(2);
      await world.stop();
    }
  });

  it('is in the journal before it is in a checkpoint that somebody asks for', async () => {
    const { world } = await courierWorld({ persistEveryTicks: 1_000 });
    const ann = await world.join('ann', 'a');
    await world.tick();
    await ann.intent({ type: 'crate' });
    await world.tick();

    await world.world.checkpointPlayer({ id: world.player('ann'), username: 'ann' });

    expect(journalOf(world, 'a')).to.include(Number(ann.last('tick')?.tick_number));
    await world.stop();
  });

  it('is in the journal before it is in the checkpoint with which its zone goes to sleep', async () => {
    const game = scripted((tick) => ({ events: [{ at: tick.tickNumber }] }));
    const world = await TestWorld.create(game, { persistEveryTicks: 1_000 });
    const ann = await world.join('ann', 'a');
    await world.tick();
    await ann.drop();
    await world.tick(15);

    expect(world.actor('a')).to.equal(null);
    expect(journalOf(world, 'a')).to.include(world.stored.checkpoints.get(world.zone('a'))?.tick);
    await world.stop();
  });

  it('is taken back by a kill, as far as it was not written', async () => {
    const { world } = await courierWorld({ persistEveryTicks: 1_000 });
    const ann = await world.join('ann', 'a');
    await world.tick();
    await ann.intent({ type: 'crate' });
    await world.tick();
    await world.crash();

    expect(await world.entities('a')).to.have.lengthOf(1);
    await world.stop();
  });
});

describe('a tick with SNAPSHOT_EVERY_TICKS above 1', () => {
  it('is shown every Nth tick, with the events of those between as far as the player was there', async () => {
    const game = scripted((tick) => ({ events: [{ at: tick.tickNumber }] }));
    const world = await TestWorld.create(game, { snapshotEveryTicks: 3 });
    const ann = await world.join('ann', 'a');
    await world.tick(4);
    const bob = await world.join('bob', 'a');
    await world.tick(5);

    expect(ann.ticks()).to.deep.equal([3, 6, 9]);
    const events = (client: TestClient) => client.all('tick').map(({ state }) => state?.events.map(({ at }) => at));
    expect(events(ann)).to.deep.equal([
      [1, 2, 3],
      [4, 5, 6],
      [7, 8, 9],
    ]);
    expect(events(bob)).to.deep.equal([
      [5, 6],
      [7, 8, 9],
    ]);
    await world.stop();
  });

  it('is shown with the events of those between when the zone was restored meanwhile, by its own fault or not', async () => {
    const game = scripted((tick) => {
      if (tick.intents.length > 0) throw new Error('boom');
      return { events: [{ at: tick.tickNumber }] };
    });
    const world = await TestWorld.create(game, { snapshotEveryTicks: 12 });
    const ann = await world.join('ann', 'a');
    await world.tick(14);
    world.world.restartZone(world.zone('a'));
    await world.tick(2);
    await ann.intent({ type: 'boom' });
    await world.tick(8);

    const [first, second] = ann.all('tick').map(({ state }) => state?.events.map(({ at }) => at));
    expect(first).to.deep.equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(second).to.include.members([13, 14, 15, 16, 24]);
    expect(second).to.deep.equal([...new Set(second)].sort((a, b) => Number(a) - Number(b)));
    expect(world.actor('a')?.restarts).to.equal(2);
    await world.stop();
  });

  it('tells the highest ack of the skipped ticks', async () => {
    const { world } = await courierWorld({ snapshotEveryTicks: 4 });
    const ann = await world.join('ann', 'a', 'tick');
    for (let seq = 1; seq <= 4; seq += 1) {
      await ann.intent({ type: 'note', note: `${seq}` }, seq);
      await world.tick();
    }

    expect(ann.all('tick').map(({ ack }) => ack)).to.deep.equal([4]);
    await world.stop();
  });
});
