/**
 * Who is there: each coming and going is in exactly one committed tick of its zone, whatever happens in between.
 * The puppet's log has what committed ticks were told. Crossing with an entity is `transfers.ts`, kills are `restarts.ts`.
 */
import { expect } from 'chai';
import { enter, obeyed, order, type Performer, type Theatre } from '../../../support/flow-games/theatre.js';

export function presenceCases(running: () => Theatre): void {
  describe('who is in a zone', () => {
    let theatre: Theatre;
    before(() => {
      theatre = running();
    });

    it('changes once for each subscribe, switch, unsubscribe, close and resume', async () => {
      const [here, there] = [await theatre.zone(), await theatre.zone()];
      const player = await theatre.playerIn(here);
      const other = await theatre.playerIn(here);

      await enter(player, there);
      await enter(player, here);
      player.socket.send({ type: 'unsubscribe' });
      await moved(here, player, 4);
      await enter(player, here);
      const { resume_token } = player.socket.joinAck;
      player.socket.terminate();
      await moved(here, player, 6);
      player.socket = await theatre.join(player, resume_token);
      await player.socket.next('tick');
      player.socket.close();
      await moved(here, player, 8);
      await theatre.until('the other to be alone', async () => (await theatre.log(here)).at(-1)?.players.length === 1);

      expect(await moves(here, player)).to.deep.equal(['joined', 'left', 'joined', 'left', 'joined', 'left', 'joined', 'left']);
      expect(await moves(there, player)).to.deep.equal(['joined', 'left']);
      expect(await moves(here, other)).to.deep.equal(['joined']);
      await theatre.consistent(here);
      await theatre.consistent(there);
      // It has left the one by a commit before it is in the other.
      const gone = (await theatre.log(here)).find(({ left }) => left.includes(player.username));
      const come = (await theatre.log(there)).find(({ joined }) => joined.includes(player.username));
      expect(gone?.tick).to.be.lessThan(come?.tick ?? 0);
    });

    it('is not told of a socket that came back before the next tick, nor of one that took over', async () => {
      const zone = await theatre.zone();
      const player = await theatre.playerIn(zone);
      await theatre.pause();

      player.socket.terminate();
      player.socket = await theatre.join(player, player.socket.joinAck.resume_token);
      const older = player.socket;
      player.socket = await theatre.join(player, older.joinAck.resume_token);
      const { tick_number } = await theatre.step();
      await player.socket.next('tick', (tick) => tick.tick_number === tick_number);

      expect((await older.closed).code).to.equal(4409);
      expect(await moves(zone, player)).to.deep.equal(['joined']);
    });

    it('is left at once where no tick comes, and the zone is told by the next one that does', async () => {
      const [here, there] = [await theatre.zone(), await theatre.zone()];
      const player = await theatre.playerIn(here);
      const watcher = await theatre.playerIn(there);
      await obeyed(player, { type: 'do', result: { playerStates: [{ playerId: player.id, state: { purse: 5 } }] } }, 1);
      await theatre.pause();
      order(player, { type: 'note', note: 'too late' }, 2);
      await player.socket.next('intent_received', ({ seq }) => seq === 2);

      player.socket.send({ type: 'subscribe', zone_id: there });
      const dropped = await player.socket.next('error');
      await player.socket.next('subscribed');
      // What the zone it has left still says about it is dropped.
      order(watcher, { type: 'do', result: { playerStates: [{ playerId: player.id, state: { purse: 6 } }] } }, 1);
      await theatre.step();

      expect(dropped).to.include({ code: 'intent_dropped', seq: 2 });
      expect(await moves(here, player)).to.deep.equal(['joined', 'left']);
      expect(await moves(there, player)).to.deep.equal(['joined']);
      const come = (await theatre.log(there)).find(({ joined }) => joined.includes(player.username));
      expect(come?.documents).to.deep.equal({ [player.username]: { purse: 5 } });
      await theatre.consistent(here);
      await theatre.consistent(there);
    });

    it('is left and joined by one who was elsewhere between two of its ticks', async () => {
      const [here, there] = [await theatre.zone(), await theatre.zone()];
      const player = await theatre.playerIn(here);
      await theatre.pause();

      for (const zone of [there, here]) {
        player.socket.send({ type: 'subscribe', zone_id: zone });
        await player.socket.next('subscribed', ({ zone_id }) => zone_id === zone);
        // One each tick; while none comes, one in the time of a tick.
        await new Promise((resolve) => setTimeout(resolve, 30));
      }
      const { tick_number } = await theatre.step();
      const tick = await player.socket.next('tick');

      expect(tick).to.include({ zone_id: here, tick_number });
      expect((await theatre.log(here)).at(-1)).to.deep.include({ joined: [player.username], left: [player.username] });
      expect(await theatre.log(there)).to.deep.equal([]);
    });

    it('is compared with the last tick that was committed: those that fail take nobody with them', async () => {
      const zone = await theatre.zone();
      const [vandal, goer] = [await theatre.playerIn(zone), await theatre.playerIn(zone)];
      const comer = await theatre.player();
      await theatre.pause();
      comer.socket.send({ type: 'subscribe', zone_id: zone });
      await comer.socket.next('subscribed');
      goer.socket.send({ type: 'unsubscribe' });
      await goer.socket.next('unsubscribed');

      const steps: (readonly string[])[] = [];
      for (const seq of [1, 2]) {
        order(vandal, { type: 'throw' }, seq);
        await vandal.socket.next('intent_received', (message) => message.seq === seq);
        steps.push((await theatre.step()).missed);
        await vandal.socket.next('error', (message) => message.seq === seq);
        await live(zone);
      }
      await theatre.step();
      const shown = await comer.socket.next('tick');
      await theatre.step();

      expect(steps).to.deep.equal([[zone], [zone]]);
      expect(shown.zone_id).to.equal(zone);
      const entry = (await theatre.log(zone)).at(-1);
      expect(entry).to.deep.include({ joined: [comer.username], left: [goer.username] });
      await theatre.consistent(zone);
    });

    it('is asleep when nobody is there, and wakes with the time that has passed', async () => {
      const zone = await theatre.zone();
      const player = await theatre.playerIn(zone);
      player.socket.send({ type: 'unsubscribe' });
      await theatre.until('the zone to sleep', async () => (await theatre.actor(zone)) === null);

      await new Promise((resolve) => setTimeout(resolve, 200));
      await enter(player, zone);

      const [, gone, back] = await theatre.log(zone);
      expect(await moves(zone, player)).to.deep.equal(['joined', 'left', 'joined']);
      expect(back?.elapsed).to.be.within(200, (back?.now ?? 0) - (gone?.now ?? 0));
    });

    it('keeps its time over a failed tick: quiet ticks were committed too', async () => {
      const zone = await theatre.zone();
      const player = await theatre.playerIn(zone);
      const first = await obeyed(player, { type: 'note', note: 'first' }, 1);
      await player.socket.next('tick', ({ tick_number }) => tick_number >= first.tick_number + 12);

      order(player, { type: 'throw' }, 2);
      await player.socket.next('error');
      await obeyed(player, { type: 'note', note: 'second' }, 3);

      const [before, after] = (await theatre.log(zone)).slice(-2);
      const lastCommitted = (after?.now ?? 0) - (after?.elapsed ?? 0);
      expect(lastCommitted - (before?.now ?? 0)).to.be.at.least(10 * 25);
    });

    describe('when nobody is', () => {
      it('runs at the time it wished for, once, and sleeps again', async () => {
        const zone = await wishing({ type: 'wake', inMs: 300 });

        const woken = await theatre.until('the wish', async () =>
          (await theatre.log(zone)).find(({ notes }) => notes.includes('woke')),
        );
        await theatre.until('it to sleep again', async () => (await theatre.actor(zone)) === null);

        const wished = (await theatre.log(zone)).find(({ joined }) => joined.length === 0);
        expect(woken.now).to.be.at.least((wished?.now ?? 0) + 300);
        expect(woken).to.deep.include({ players: [], joined: [], left: [] });
        expect((await theatre.log(zone)).filter(({ notes }) => notes.includes('woke'))).to.have.lengthOf(1);
      });

      it('keeps a wish that a later tick does not speak of, and forgets one that it takes back', async () => {
        const kept = await wishing({ type: 'wake', inMs: 400 }, { type: 'note', note: 'nothing about time' });
        const forgotten = await wishing({ type: 'wake', inMs: 400 }, { type: 'wake', inMs: null });

        await theatre.until('the wish', async () => (await theatre.log(kept)).some(({ notes }) => notes.includes('woke')));
        await new Promise((resolve) => setTimeout(resolve, 400));

        expect(await theatre.actor(forgotten)).to.equal(null);
        expect((await theatre.log(forgotten)).at(-1)?.left).to.have.lengthOf(1);
      });

      /** A zone that sleeps, after somebody gave these orders. */
      async function wishing(...orders: object[]): Promise<string> {
        const zone = await theatre.zone();
        const player = await theatre.playerIn(zone);
        for (const [index, data] of orders.entries()) await obeyed(player, data, index + 1);
        player.socket.send({ type: 'unsubscribe' });
        await player.socket.next('unsubscribed');
        await theatre.until('the zone to sleep', async () => (await theatre.actor(zone)) === null);
        return zone;
      }
    });

    /** All that committed ticks were told about this player. */
    async function moves(zone: string, { username }: Performer): Promise<readonly string[]> {
      return (await theatre.log(zone)).flatMap(({ joined, left }) => [
        ...left.filter((name) => name === username).map(() => 'left'),
        ...joined.filter((name) => name === username).map(() => 'joined'),
      ]);
    }

    async function moved(zone: string, player: Performer, times: number): Promise<void> {
      await theatre.until(`${times} moves`, async () => (await moves(zone, player)).length >= times);
    }

    async function live(zone: string): Promise<void> {
      await theatre.until('the zone to be live again', async () =>
        JSON.stringify((await theatre.actor(zone))?.state).includes('live'),
      );
    }
  });
}
