import { expect } from 'chai';
import { HostLostError, OwnershipLostError } from '../../../actors/errors.js';
import type { Simulation } from '../../../actors/ports.js';
import type { GameModule } from '../../../games/contract.js';
import { courierGame } from '../../support/courier-game.js';
import { courierWorld, notesAfterLeaving } from '../../support/courier-world.js';
import { overlaid } from '../../support/ports.js';
import { TestWorld } from '../../support/world.js';

describe('a tick of a zone', () => {
  describe('while the store is away', () => {
    it('is held and shown to nobody, then shown once', async () => {
      const { world } = await courierWorld();
      const ann = await world.join('ann', 'a');
      await world.tick();
      ann.clear();
      world.store.away = true;
      await ann.intent({ type: 'note', note: 'late' }, 1);
      await world.tick(3);
      expect(ann.all('tick')).to.deep.equal([]);
      expect(world.actor('a')?.state).to.deep.equal({ live: 'stalled' });
      expect(world.world.ailments()).to.deep.equal(['store']);

      world.store.heal();
      await world.pass(2_000);

      const shown = ann.all('tick').filter(({ ack }) => ack !== undefined);
      expect(shown.map(({ ack }) => ack)).to.deep.equal([1]);
      expect(new Set(ann.ticks()).size).to.equal(ann.ticks().length);
      expect(world.world.ailments()).to.deep.equal([]);
      expect(world.actor('a')?.state).to.deep.equal({ live: 'ticking' });
      expect(await notesAfterLeaving(world, ann)).to.deep.equal(['late']);
      await world.stop();
    });

    it('counts the ticks that come meanwhile as missed', async () => {
      const { world } = await courierWorld();
      const ann = await world.join('ann', 'a');
      await world.tick();
      world.store.away = true;
      await ann.intent({ type: 'note', note: 'late' });
      await world.tick(5);

      expect(world.actor('a')?.timings?.missed_ticks).to.be.at.least(5);
      world.store.heal();
      await world.pass(2_000);
      await world.stop();
    });

    it('stalls those, too, whose commits wait behind the one that is tried again', async () => {
      const { world } = await courierWorld();
      const [ann, bob] = [await world.join('ann', 'a'), await world.join('bob', 'b')];
      await world.tick();
      world.store.away = true;
      await ann.intent({ type: 'note', note: 'first' });
      await world.tick();
      await bob.intent({ type: 'note', note: 'behind' });
      await world.tick();

      expect(world.actor('b')?.state).to.deep.equal({ live: 'stalled' });
      await world.world.pause();
      expect(world.world.isPaused(), 'pause does not wait for the store').to.equal(true);
      world.world.resume();
      world.store.heal();
      await world.pass(2_000);
      expect([ann.errors(), bob.errors()]).to.deep.equal([[], []]);
      await world.stop();
    });

    it('leaves a zone alone that has nothing to write', async () => {
      const { world } = await courierWorld();
      const [ann, bob] = [await world.join('ann', 'a'), await world.join('bob', 'b')];
      await world.tick(2);
      world.store.away = true;
      await ann.intent({ type: 'note', note: 'stuck' });
      bob.clear();
      await world.tick(4);

      expect(bob.ticks().length).to.equal(4);
      world.store.heal();
      await world.pass(2_000);
      await world.stop();
    });
  });

  it('is applied once when the outcome of its commit is unknown', async () => {
    const { world } = await courierWorld();
    const ann = await world.join('ann', 'a');
    await world.tick();
    for (let seq = 1; seq <= 5; seq += 1) {
      world.store.fail('zones.commit', 'unknown', { times: 2 });
      await ann.intent({ type: 'note', note: `n${seq}` }, seq);
      await ann.intent({ type: 'crate' });
      await world.pass(700);
    }

    expect(ann.errors()).to.deep.equal([]);
    expect(await world.entities('a')).to.have.lengthOf(6);
    expect(await notesAfterLeaving(world, ann)).to.deep.equal(['n1', 'n2', 'n3', 'n4', 'n5']);
    expect(world.log.lines.filter(({ level }) => level === 'error')).to.deep.equal([]);
    await world.stop();
  });

  it('moves an entity once when the outcome of a transfer is unknown on both sides', async () => {
    const { world } = await courierWorld();
    const ann = await world.join('ann', 'a');
    await world.tick();
    world.store.fail('zones.commit', 'unknown', { times: 4 });
    await ann.intent({ type: 'go', to: world.zone('b') });
    await world.pass(5_000);

    expect((await world.entities('a')).length + (await world.entities('b')).length).to.equal(1);
    expect(ann.all('handover')).to.have.lengthOf(1);
    expect(ann.last('tick')?.zone_id).to.equal(world.zone('b'));
    await world.stop();
  });

  it('gives its intents back when the store refuses it, and the zone is read again', async () => {
    const { world } = await courierWorld();
    const ann = await world.join('ann', 'a');
    await world.tick();
    await ann.intent({ type: 'note', note: 'again' }, 1);
    // As after a commit that this process knows nothing of.
    const row = world.stored.zones.get(world.zone('a'));
    if (!row) throw new Error('no such zone');
    world.stored.zones.set(world.zone('a'), { ...row, epoch: row.epoch + 1 });
    await world.tick(4);

    expect(world.actor('a')).to.deep.include({ restarts: 1 });
    expect(ann.errors()).to.deep.equal([]);
    expect(ann.all('tick').filter(({ ack }) => ack === 1)).to.have.lengthOf(1);
    expect(await notesAfterLeaving(world, ann)).to.deep.equal(['again']);
    await world.stop();
  });

  it('gives its intents back when its host is lost by another zone’s fault', async () => {
    let isLost = false;
    const lyingSimulation = (real: Simulation) =>
      overlaid(real, { step: (asked) => (isLost ? Promise.reject(new HostLostError(asked.zone)) : real.step(asked)) });
    const { world } = await courierWorld({ lyingSimulation });
    const ann = await world.join('ann', 'a');
    await world.tick();
    isLost = true;
    await ann.intent({ type: 'note', note: 'again' }, 1);
    await world.tick();
    isLost = false;
    await world.tick(2);

    expect(ann.errors()).to.deep.equal([]);
    expect(await notesAfterLeaving(world, ann)).to.deep.equal(['again']);
    await world.stop();
  });

  it('reports what waits of a player that it was to take in, and that has left before the store refused it', async () => {
    const { world } = await courierWorld();
    const ann = await world.join('ann', 'a');
    await ann.intent({ type: 'note', note: 'nobody takes it' }, 1);
    // As after a commit that this process knows nothing of.
    const row = world.stored.zones.get(world.zone('a'));
    if (!row) throw new Error('no such zone');
    world.stored.zones.set(world.zone('a'), { ...row, epoch: row.epoch + 1 });
    const release = world.store.hold('zones.commit');
    await world.tick();
    await ann.unsubscribe();
    release();
    await world.tick(4);

    expect(ann.all('error').map(({ code, seq }) => [code, seq])).to.deep.equal([['intent_dropped', 1]]);
    await world.stop();
  });

  it('ends the process when another server owns the world', async () => {
    const { world } = await courierWorld();
    const ann = await world.join('ann', 'a');
    await world.tick();
    const row = world.stored.world;
    if (!row) throw new Error('there is no world');
    world.stored.world = { ...row, epoch: row.epoch + 1 };
    ann.clear();
    await ann.intent({ type: 'note', note: 'nobody sees it' });
    await world.tick(2);

    expect(world.fatal[0]).to.be.instanceOf(OwnershipLostError);
    expect(ann.all('tick')).to.deep.equal([]);
  });

  it('reports the intents of a tick that failed, and keeps those that came later', async () => {
    const { world, fail } = await courierWorld();
    const ann = await world.join('ann', 'a');
    await world.tick();
    await ann.intent({ type: 'note', note: 'lost' }, 1);
    await ann.intent({ type: 'note', note: 'lost too' }, 2);
    await fail('a');
    await ann.intent({ type: 'note', note: 'kept' }, 3);
    await world.tick(3);

    expect(ann.all('error').map(({ code, seq }) => [code, seq])).to.deep.equal([
      ['intent_dropped', 1],
      ['intent_dropped', 2],
    ]);
    expect(await notesAfterLeaving(world, ann)).to.deep.equal(['kept']);
    await world.stop();
  });

  describe('with something from another zone', () => {
    it('sends back what makes it fail, and succeeds without it', async () => {
      const { world, seen } = await courierWorld();
      const [ann, bob] = [await world.join('ann', 'a'), await world.join('bob', 'b')];
      await ann.intent({ type: 'crate' });
      await world.tick();
      await ann.intent({ type: 'ship', to: world.zone('b'), cursed: true });
      await world.tick();
      bob.clear();
      await world.tick(5);

      expect(seen.flatMap(({ zone, returned }) => returned.map((reason) => [zone, reason]))).to.deep.equal([['a', 'failed']]);
      expect(await world.entities('a'), 'courier and crate').to.have.lengthOf(2);
      expect(await world.entities('b'), 'the courier alone').to.have.lengthOf(1);
      expect(world.actor('b')).to.deep.include({ restarts: 1, inbox_length: 0 });
      expect(bob.ticks().length).to.be.at.least(3);
      await world.stop();
    });

    it('is rid of what makes it fail and has nowhere to go back to', async () => {
      const { world } = await courierWorld();
      const [ann, bob] = [await world.join('ann', 'a'), await world.join('bob', 'b')];
      await ann.intent({ type: 'crate' });
      await world.tick();
      await ann.intent({ type: 'ship', to: world.zone('b'), cursed: true });
      await world.tick();
      await world.world.deleteZone(world.zone('a'));
      await world.tick(4);
      bob.clear();
      await world.tick(3);

      expect(world.actor('b')).to.deep.include({ restarts: 1, inbox_length: 0 });
      expect(world.stored.inbox.size).to.equal(0);
      expect(bob.ticks()).to.have.lengthOf(3);
      await world.stop();
    });

    it('sends it back later when the store is away just then', async () => {
      const { world, seen } = await courierWorld();
      const ann = await world.join('ann', 'a');
      await ann.intent({ type: 'crate' });
      await world.join('bob', 'b');
      await world.tick();
      world.store.fail('zones.turnRound', 'away');
      await ann.intent({ type: 'ship', to: world.zone('b'), cursed: true });
      await world.tick(12);

      expect(seen.flatMap(({ returned }) => returned)).to.deep.equal(['failed']);
      expect(await world.entities('a')).to.have.lengthOf(2);
      await world.stop();
    });

    it('takes what was posted while the zone was being restored', async () => {
      const { world, fail } = await courierWorld();
      const ann = await world.join('ann', 'a');
      await world.join('bob', 'b');
      await ann.intent({ type: 'crate' });
      await world.tick();
      await fail('b');
      // The table is read, and only then comes the row.
      const answer = world.store.hold('zones.claim', 'answer');
      await world.pass(50);
      await ann.intent({ type: 'ship', to: world.zone('b') });
      await world.tick();
      answer();
      await world.tick(3);

      expect(await world.entities('b'), 'courier and crate').to.have.lengthOf(2);
      expect(world.actor('b')).to.deep.include({ inbox_length: 0 });
      expect(world.stored.inbox.size).to.equal(0);
      await world.stop();
    });
  });

  it('costs a player whose view fails this message only, and says why once in the log', async () => {
    const game: GameModule = {
      ...courierGame(),
      getPlayerState({ player, state }) {
        if (player.username === 'ann') throw new Error('nothing to see');
        return state;
      },
    };
    const world = await TestWorld.create(game);
    const [ann, bob] = [await world.join('ann', 'a'), await world.join('bob', 'a')];
    await world.tick(3);

    expect([ann.ticks(), ann.errors()]).to.deep.equal([[], ['internal', 'internal', 'internal']]);
    expect(bob.ticks()).to.have.lengthOf(3);
    const said = world.log.lines.filter(({ message }) => message.startsWith('a view could not be made'));
    expect(said.map(({ fields }) => 'error' in fields && fields.error)).to.deep.equal(['nothing to see']);
    expect(said[0]?.fields)
      .to.have.property('stack')
      .that.matches(/tick\.test\.ts/);
    await world.stop();
  });

  it('writes a checkpoint in the background, and makes up for one that was not written', async () => {
    const { world } = await courierWorld();
    const ann = await world.join('ann', 'a');
    await ann.intent({ type: 'crate' });
    await world.tick();
    world.store.fail('zones.checkpoint', 'away');
    await ann.intent({ type: 'crate' });
    await world.pass(61_000);
    await ann.intent({ type: 'crate' });
    await world.pass(61_000);

    // The first was due between the ticks 300 and 600, by the zone's id, and failed; this one came a minute later.
    expect(world.stored.checkpoints.get(world.zone('a'))?.tick).to.be.within(900, 1_210);
    expect([...world.stored.entities.values()].filter(({ zone }) => zone === world.zone('a'))).to.have.lengthOf(4);
    expect(world.actor('a')?.restarts, 'it costs a longer journal, no more').to.equal(0);
    await world.stop();
  }).timeout(20_000);
});
