import { expect } from 'chai';
import { StoreUnavailableError } from '../../../actors/errors.js';
import type { GameModule } from '../../../games/contract.js';
import { courierWorld } from '../../support/courier-world.js';
import { overlaid } from '../../support/ports.js';
import { TestWorld } from '../../support/world.js';

describe('the deletion of a zone', () => {
  it('lets the running tick end, reports what waits, and tells the subscribers', async () => {
    const { world, seen } = await courierWorld();
    const ann = await world.join('ann', 'a');
    await world.tick();
    const release = world.store.hold('zones.commit');
    await ann.intent({ type: 'note', note: 'in the running tick' }, 1);
    await world.tick();
    await ann.intent({ type: 'note', note: 'waits' }, 2);
    const deleted = world.world.deleteZone(world.zone('a'));
    await world.settle();
    release();

    expect(await deleted).to.equal('deleted');
    await world.settle();
    expect(ann.last('tick')?.ack).to.equal(1);
    expect(ann.all('error').map(({ code, seq }) => [code, seq])).to.deep.equal([
      ['intent_dropped', 2],
      ['zone_deleted', undefined],
    ]);
    expect(seen.at(-1)?.notes).to.deep.equal(['in the running tick']);
    expect(world.world.zone(world.zone('a'))).to.equal(null);
    expect(world.actor('a')).to.equal(null);
    await world.stop();
  });

  it('reports what waits of a player whom no tick has taken in yet, and of a route', async () => {
    const { world } = await courierWorld();
    const ann = await world.join('ann', 'a');
    await ann.intent({ type: 'note', note: 'waits' }, 1);
    const player = { id: world.player('bob'), username: 'bob' };
    const fate = world.world.door.intent(world.zone('a'), player, { type: 'crate' });
    await world.world.deleteZone(world.zone('a'));

    expect(ann.all('error').map(({ code, seq }) => [code, seq])).to.deep.include(['intent_dropped', 1]);
    expect(await fate).to.equal('dropped');
    await world.stop();
  });

  it('gives its players back with their documents, to play elsewhere at once', async () => {
    const { world } = await courierWorld();
    const ann = await world.join('ann', 'a');
    await ann.intent({ type: 'note', note: 'kept' }, 1);
    await world.tick();
    await world.world.deleteZone(world.zone('a'));
    await world.settle();
    expect(ann.errors()).to.deep.equal(['zone_deleted']);
    await world.tick();

    await ann.subscribe(world.zone('b'));
    await world.tick();

    expect(ann.last('tick')?.zone_id).to.equal(world.zone('b'));
    await ann.drop();
    await world.tick(2);
    const place = world.stored.places.get(world.player('ann'));
    expect(place?.document).to.deep.equal({ notes: ['kept'] });
    expect(place?.mark.highest).to.equal(1);
    await world.stop();
  });

  it('sends back who was on the way there, after a handover back', async () => {
    const { world, seen } = await courierWorld();
    const ann = await world.join('ann', 'a');
    await world.tick();
    await ann.intent({ type: 'go', to: world.zone('b') });
    await world.tick();
    await world.world.deleteZone(world.zone('b'));
    await world.tick(2);

    expect(ann.all('handover').map(({ to }) => to?.zone_id)).to.deep.equal([world.zone('b'), world.zone('a')]);
    expect(ann.errors()).to.deep.equal([]);
    expect(seen.flatMap(({ returned }) => returned)).to.deep.equal(['gone']);
    expect(ann.last('tick')?.zone_id).to.equal(world.zone('a'));
    await world.stop();
  });

  it('keeps who was sent there at that very moment, and had not heard of it', async () => {
    const { world, seen } = await courierWorld();
    const ann = await world.join('ann', 'a');
    await world.tick();
    const answer = world.store.hold('zones.commit', 'answer');
    await ann.intent({ type: 'go', to: world.zone('b') });
    await world.tick();
    await world.world.deleteZone(world.zone('b'));
    answer();
    await world.tick(3);

    expect(seen.flatMap(({ returned }) => returned)).to.deep.equal(['gone']);
    expect(await world.entities('a')).to.have.lengthOf(1);
    expect(ann.errors()).to.deep.equal([]);
    expect(ann.last('tick')?.zone_id).to.equal(world.zone('a'));
    await world.stop();
  });

  it('frees who came from there and is turned away by a zone that cannot take them', async () => {
    const { world, fail, failAgain } = await courierWorld({ zones: ['a', 'b', 'c'] });
    const ann = await world.join('ann', 'a');
    await world.join('bob', 'b');
    await world.tick();
    await failAgain('b', 4);
    await world.pass(800);
    await ann.intent({ type: 'note', note: 'kept' }, 1);
    await ann.intent({ type: 'go', to: world.zone('b') }, 2);
    await world.tick();
    await world.world.deleteZone(world.zone('a'));
    await fail('b');
    expect(world.actor('b')).to.deep.include({ state: 'quarantined', inbox_length: 0 });

    await ann.drop();
    await ann.resume();
    expect(ann.last('join_ack')).to.deep.include({ last_seq: 2, dropped: [] });
    await ann.subscribe(world.zone('c'));
    await world.tick();

    expect(ann.last('tick')?.zone_id).to.equal(world.zone('c'));
    await world.stop();
  });

  it('frees who was on the way there from a zone that is gone, too', async () => {
    const { world } = await courierWorld({ zones: ['a', 'b', 'c'] });
    const ann = await world.join('ann', 'a');
    await ann.intent({ type: 'note', note: 'kept' }, 1);
    await world.tick();
    await ann.intent({ type: 'go', to: world.zone('b') }, 2);
    await world.tick();
    await world.world.deleteZone(world.zone('a'));
    await world.world.deleteZone(world.zone('b'));
    await world.tick();

    await ann.drop();
    await ann.resume();
    expect(ann.last('join_ack')).to.deep.include({ last_seq: 2, dropped: [] });
    await ann.subscribe(world.zone('c'));
    await world.tick();

    expect(ann.last('tick')?.zone_id).to.equal(world.zone('c'));
    await world.stop();
  });

  it('leaves everything as it was when the store is away', async () => {
    const { world } = await courierWorld();
    const ann = await world.join('ann', 'a');
    await world.tick();
    await ann.intent({ type: 'note', note: 'waits' }, 1);
    world.store.fail('catalog.remove', 'away');
    const failure = await world.world.deleteZone(world.zone('a')).catch((error: unknown) => error);
    ann.clear();
    await world.tick(2);

    expect(failure).to.be.instanceOf(StoreUnavailableError);
    expect(world.world.zone(world.zone('a'))?.name).to.equal('a');
    expect(
      ann.all('tick').map(({ ack }) => ack),
      'what waited',
    ).to.include(1);
    await world.stop();
  });

  it('gives no time twice to a zone that is not deleted after all', async () => {
    const { world, seen } = await courierWorld();
    await world.join('ann', 'a');
    // None of these has anything to write.
    await world.tick(20);
    world.store.fail('catalog.remove', 'away');
    world.store.fail('zones.checkpoint', 'away');
    await world.world.deleteZone(world.zone('a')).catch(() => {});
    seen.length = 0;
    await world.tick();

    expect(seen.map(({ elapsedMs }) => elapsedMs)).to.deep.equal([100]);
    await world.stop();
  });

  it('finds out later that it was deleted when the answer was lost, and lets its players go', async () => {
    const { world } = await courierWorld();
    const ann = await world.join('ann', 'a');
    await ann.intent({ type: 'note', note: 'kept' });
    await world.tick();
    world.store.fail('catalog.remove', 'unknown');
    await world.world.deleteZone(world.zone('a')).catch(() => {});
    await world.tick(3);
    expect(ann.errors()).to.deep.equal(['zone_deleted']);
    expect(world.world.zone(world.zone('a'))).to.equal(null);

    await ann.subscribe(world.zone('b'));
    await world.tick();

    expect(ann.last('tick')?.zone_id).to.equal(world.zone('b'));
    expect(world.store.calls.filter((call) => call === 'zones.claim').length).to.be.below(10);
    await world.stop();
  });

  it('leaves nobody waiting for ever who comes back while it is found out', async () => {
    const { world } = await courierWorld();
    const ann = await world.join('ann', 'a');
    await ann.intent({ type: 'note', note: 'kept' }, 1);
    await world.tick();
    world.store.fail('catalog.remove', 'unknown');
    const answer = world.store.hold('catalog.remove', 'answer');
    const deleted = world.world.deleteZone(world.zone('a')).catch(() => {});
    await world.settle();
    const claim = world.store.hold('zones.claim');
    answer();
    await deleted;
    await ann.drop();
    await ann.resume();
    claim();
    await world.settle();
    expect(ann.closedWith, 'to come again').to.equal(1011);
    await world.tick();
    ann.clear();
    await ann.resume();

    expect(ann.last('join_ack')).to.deep.include({ last_seq: 1, dropped: [] });
    await ann.subscribe(world.zone('b'));
    await world.tick();
    expect(ann.last('tick')?.zone_id).to.equal(world.zone('b'));
    await world.stop();
  });

  it('sends back who was on the way there, too, when the answer was lost', async () => {
    const { world, seen } = await courierWorld({ zones: ['a', 'b', 'c'] });
    const ann = await world.join('ann', 'a');
    await world.tick();
    const release = world.store.hold('zones.claim');
    await ann.intent({ type: 'go', to: world.zone('b') });
    await world.tick();
    world.store.fail('catalog.remove', 'unknown', { times: 2 });
    const failure = world.world.deleteZone(world.zone('b')).catch((error: unknown) => error);
    await world.settle();
    release();
    expect(await failure).to.be.instanceOf(StoreUnavailableError);
    await world.tick(10);

    expect(world.world.zone(world.zone('b'))).to.equal(null);
    expect(ann.all('handover').map(({ to }) => to?.zone_id)).to.deep.equal([world.zone('b'), world.zone('a')]);
    expect(seen.flatMap(({ returned }) => returned)).to.deep.equal(['gone']);
    expect(await world.entities('a')).to.have.lengthOf(1);
    expect(ann.errors()).to.deep.equal([]);
    expect(ann.last('tick')?.zone_id).to.equal(world.zone('a'));
    await world.stop();
  });

  it('waits for a restore that is under way', async () => {
    const { world } = await courierWorld();
    const release = world.store.hold('zones.claim');
    const ann = await world.join('ann', 'a');
    const deleted = world.world.deleteZone(world.zone('a'));
    await world.settle();
    release();

    expect(await deleted).to.equal('deleted');
    await world.settle();
    expect(ann.errors()).to.deep.equal(['zone_deleted']);
    await world.tick(2);
    expect(world.actor('a')).to.equal(null);
    await world.stop();
  });

  it('is done while its zone waits for a restart, or is in quarantine', async () => {
    for (const failures of [1, 5]) {
      const { world, fail } = await courierWorld();
      const ann = await world.join('ann', 'a');
      await world.tick();
      for (let i = 1; i <= failures; i += 1) {
        await fail('a');
        if (i < failures) await world.pass(800);
      }
      expect(world.actor('a')?.state).to.equal(failures === 1 ? 'pausing' : 'quarantined');

      expect(await world.world.deleteZone(world.zone('a'))).to.equal('deleted');
      await ann.subscribe(world.zone('b'));
      await world.tick(2);

      expect(ann.last('tick')?.zone_id).to.equal(world.zone('b'));
      await world.stop();
    }
  });

  it('is done to a zone that cannot be read, and frees its players', async () => {
    const { world } = await courierWorld();
    const ann = await world.join('ann', 'a');
    await world.tick();
    await world.stop();
    for (const { tick } of world.stored.journal.get(world.zone('a'))?.values() ?? []) {
      world.stored.checkpoints.set(world.zone('a'), { tick, epoch: 1, body: Buffer.from('not a checkpoint') });
    }
    await world.crash();
    await world.pass(2_000);
    expect(world.actor('a')?.state).to.equal('quarantined');
    await ann.connect();
    expect(ann.closedWith, 'nobody knows how far it got').to.equal(1011);

    expect(await world.world.deleteZone(world.zone('a'))).to.equal('deleted');
    await ann.connect();
    await ann.subscribe(world.zone('b'));
    await world.tick();

    expect(ann.last('tick')?.zone_id).to.equal(world.zone('b'));
    await world.stop();
  });

  it('is done once where it is asked for twice', async () => {
    const { world } = await courierWorld();
    await world.join('ann', 'a');
    await world.tick();

    const answers = await Promise.all([1, 2].map(() => world.world.deleteZone(world.zone('a'))));

    expect(answers).to.deep.equal(['deleted', 'not_found']);
    await world.stop();
  });

  it('is no neighbor any more to a zone that was being restored meanwhile', async () => {
    const seen = new Map<string, readonly string[]>();
    const game: GameModule = {
      name: 'neighbors',
      onTick({ zone, neighbors }) {
        seen.set(
          zone.name,
          neighbors.map(({ name }) => name),
        );
        return {};
      },
    };
    let loading: Promise<void> | null = null;
    const world = await TestWorld.create(game, {
      zones: ['a', 'b', 'c'],
      links: [
        ['a', 'b', 10, 0],
        ['b', 'c', 10, 0],
      ],
      lyingSimulation: (simulation) =>
        overlaid(simulation, {
          async load(stored) {
            if (stored.info.name === 'b') await loading;
            return simulation.load(stored);
          },
        }),
    });
    await world.join('ann', 'b');
    await world.tick();
    expect(seen.get('b')).to.deep.equal(['a', 'c'].sort());

    let load = () => {};
    loading = new Promise((resolve) => {
      load = resolve;
    });
    world.world.restartZone(world.zone('b'));
    await world.settle();
    await world.world.deleteZone(world.zone('a'));
    load();
    await world.tick(2);

    expect(seen.get('b')).to.deep.equal(['c']);
    await world.stop();
  });
});
