/**
 * Entities that go to another zone, with the players that follow: they arrive or come back, are in exactly one place
 * at every instant, and lose nothing on the way. Kills in the middle of a crossing are `restarts.ts`.
 */
import { expect } from 'chai';
import {
  enter,
  make,
  obeyed,
  order,
  type Performer,
  type SeenEntity,
  type Theatre,
} from '../../../support/flow-games/theatre.js';
import { call } from '../../../support/player.js';

const NOBODY = '00000000-0000-4000-8000-000000000000';

export function transferCases(running: () => Theatre): void {
  describe('a transfer', () => {
    let theatre: Theatre;
    before(() => {
      theatre = running();
    });

    it('takes a follower along: with its document, with what it has asked for, and with the ack it is owed', async () => {
      const [here, there] = [await theatre.zone(), await theatre.zone()];
      const player = await theatre.playerIn(here);
      const { socket } = player;
      const id = await make(player, 1, { x: 3, y: 4 });

      const result = { ...transfer(id, there, [player.id]), playerStates: [{ playerId: player.id, state: { purse: 5 } }] };
      order(player, { type: 'do', result: { ...result, messages: [{ playerId: player.id, type: 'farewell' }] } }, 2);
      // While this tick takes its time, more orders come in: they wait, and go along.
      order(player, { type: 'dawdle', ms: 150 }, 3);
      await socket.next('intent_received', ({ seq }) => seq === 3);
      await new Promise((resolve) => setTimeout(resolve, 60));
      for (const seq of [4, 5, 6]) order(player, { type: 'note', note: `order ${seq}` }, seq);
      await socket.next('farewell');
      const handover = await socket.next('handover');
      const first = await socket.next('tick');
      // They may be in the very tick that it arrives in.
      if (first.ack !== 6) await socket.next('tick', ({ ack }) => ack === 6);

      expect(handover).to.deep.equal({ type: 'handover', from: { zone_id: here }, to: { zone_id: there, x: 7, y: 8 } });
      expect(first).to.include({ zone_id: there });
      expect(first.ack).to.be.at.least(3);
      expect(placesOf(first.state.entities, id)).to.deep.equal([[7, 8]]);
      const afterwards = socket.messages.slice(socket.messages.indexOf(handover));
      expect(afterwards.filter(({ zone_id }) => zone_id === here)).to.deep.equal([]);
      expect(socket.all('error')).to.deep.equal([]);
      // The old zone was not told that it left, and the new one has it whole.
      expect((await theatre.log(here)).flatMap(({ left }) => left)).to.deep.equal([]);
      const log = await theatre.log(there);
      expect(log[0]).to.deep.include({ joined: [player.username], documents: { [player.username]: { purse: 5 } }, entities: 1 });
      expect(log.flatMap(({ notes }) => notes)).to.deep.equal([4, 5, 6].map((seq) => [seq, `order ${seq}`]));
    });

    it('goes alone where nobody is to follow, and wakes the zone it goes to for as long as that takes', async () => {
      const [here, there] = [await theatre.zone(), await theatre.zone()];
      const player = await theatre.playerIn(here);
      const id = await make(player, 1, { metadata: { name: 'crate' } });

      const { state, zone_id } = await obeyed(player, { type: 'do', result: transfer(id, there) }, 2);
      await theatre.until('the other zone to sleep again', async () => (await theatre.actor(there)) === null);

      expect(zone_id).to.equal(here);
      expect(placesOf(state.entities, id)).to.deep.equal([]);
      expect((await theatre.entities(there)).map(({ x, y, metadata }) => [x, y, metadata.name])).to.deep.equal([[7, 8, 'crate']]);
      expect(player.socket.all('handover')).to.deep.equal([]);
    });

    it('counts as in the zone it goes to, in every answer, from the commit that sends it', async () => {
      const [here, there] = [await theatre.zone(), await theatre.zone()];
      const player = await theatre.playerIn(here);
      const id = await make(player, 1, {});
      await theatre.pause();
      order(player, { type: 'do', result: transfer(id, there, [player.id]) }, 2);
      await player.socket.next('intent_received', ({ seq }) => seq === 2);

      await theatre.step();

      const one = await theatre.asOperator('GET', `/api/debug/entities/${id}`);
      const near = await theatre.asOperator('GET', `/api/debug/zones/${there}/entities?x=7&y=8&width=1&height=1`);
      const far = await theatre.asOperator('GET', `/api/debug/zones/${there}/entities?x=0&y=0&width=5&height=5`);
      expect(one.body).to.include({ id, zone_id: there, x: 7, y: 8 });
      expect(near.body.entities.map((entity: SeenEntity) => entity.id)).to.deep.equal([id]);
      expect(far.body.entities).to.deep.equal([]);
      expect((await theatre.entities(there)).map((entity) => [entity.id, entity.zone_id])).to.deep.equal([[id, there]]);
      expect(await theatre.entities(here)).to.deep.equal([]);
      expect((await player.socket.next('handover')).to.zone_id).to.equal(there);
      const { body } = await theatre.asOperator('GET', '/api/debug/connections');
      expect(body.connections.find((connection: { player_id: string }) => connection.player_id === player.id).zone_id).to.equal(
        there,
      );
    });

    it('is somewhere whenever it is asked for, however fast it goes back and forth', async () => {
      const here = await theatre.zone();
      const there = await theatre.zone({ throwsTo: here });
      const player = await theatre.playerIn(here);
      const ids = [await make(player, 1, { metadata: { ball: true } }), await make(player, 2, { metadata: { ball: true } })];
      await obeyed(player, { type: 'do', result: { zoneMetadata: { throwsTo: there } } }, 3);

      const seen = new Set<string>();
      const look = async (id: string) => {
        for (let i = 0; i < 15; i += 1) {
          const { status, body } = await theatre.asOperator('GET', `/api/debug/entities/${id}`);
          expect(status, JSON.stringify(body)).to.equal(200);
          seen.add(body.zone_id);
        }
      };
      await Promise.all([...ids, ...ids].map(look));

      expect([...seen].sort()).to.deep.equal([here, there].sort());
      await obeyed(player, { type: 'do', result: { zoneMetadata: {} } }, 4);
      const settled = await theatre.until('both to be back', async () => {
        const entities = await theatre.entities(here);
        return entities.length === 2 && entities;
      });
      expect(settled.map(({ id }) => id).sort()).to.deep.equal([...ids].sort());
    });

    describe('that cannot arrive comes back, and whoever followed is in joined again', () => {
      it('from a zone that is not there', () => comesBack('gone', async () => NOBODY, { handed: false }));

      it('from one that is too small', () =>
        comesBack('too_small', () => theatre.zone({ width: 7, height: 9 }), { handed: false }));

      it('from one that does not admit its player', () =>
        comesBack('refused', () => theatre.zone({ admits: 'nobody' }), { handed: true }));

      it('from one where it makes the tick fail', () =>
        comesBack('failed', () => theatre.zone({ fails: 'throws', failsWhile: 'bomb' }), {
          handed: true,
          metadata: { bomb: true },
        }));

      it('from one that is full', () =>
        comesBack(
          'full',
          async () => {
            const zone = await theatre.zone();
            const filler = await theatre.playerIn(zone);
            for (const seq of [1, 2]) await make(filler, seq, { metadata: { pad: 'x'.repeat(14_000) } });
            filler.socket.close();
            return zone;
          },
          { handed: true, metadata: { pad: 'x'.repeat(14_000) } },
        ));

      it('from one that is quarantined', () =>
        comesBack(
          'quarantined',
          async () => {
            const zone = await theatre.zone({ fails: 'throws' });
            const victim = await theatre.player();
            victim.socket.send({ type: 'subscribe', zone_id: zone });
            await victim.socket.next('error', ({ code }) => code === 'zone_unavailable');
            return zone;
          },
          { handed: false },
        ));

      async function comesBack(
        reason: string,
        target: () => Promise<string>,
        { handed, metadata }: { handed: boolean; metadata?: object },
      ): Promise<void> {
        const there = await target();
        const here = await theatre.zone();
        const player = await theatre.playerIn(here);
        const { socket } = player;
        const id = await make(player, 1, { x: 3, y: 4, metadata });

        const playerStates = [{ playerId: player.id, state: { purse: 5 } }];
        order(player, { type: 'do', result: { ...transfer(id, there, [player.id]), playerStates } }, 2);
        if (handed) {
          expect((await socket.next('handover')).to).to.deep.equal({ zone_id: there, x: 7, y: 8 });
          expect(await socket.next('handover')).to.deep.equal({
            type: 'handover',
            from: { zone_id: there },
            to: { zone_id: here, x: 3, y: 4 },
          });
        }
        const back = await socket.next('tick', ({ zone_id, ack }) => zone_id === here && ack === 2);
        const next = await obeyed(player, { type: 'note', note: 'at home' }, 3);

        expect(placesOf(back.state.entities, id)).to.deep.equal([[3, 4]]);
        expect(next.zone_id).to.equal(here);
        expect(socket.all('handover')).to.have.lengthOf(handed ? 2 : 0);
        expect(socket.all('error')).to.deep.equal([]);
        const entry = (await theatre.log(here)).find(({ returned }) => returned.length > 0);
        expect(entry).to.deep.include({
          returned: [{ id, toZone: there, reason }],
          joined: [player.username],
          left: [],
          documents: { [player.username]: { purse: 5 } },
        });
        expect((await theatre.log(here)).flatMap(({ left }) => left)).to.deep.equal([]);
        expect((await theatre.entities(here)).map((entity) => entity.id)).to.deep.equal([id]);
        expect((await theatre.actor(here))?.restarts).to.equal(0);
      }
    });

    describe('of a player that is not connected', () => {
      it('is followed by one who drops on the way, and resumes where it went', async () => {
        const { here, there, player, id } = await onStage();
        order(player, { type: 'do', result: transfer(id, there, [player.id]) }, 2);
        await player.socket.next('intent_received', ({ seq }) => seq === 2);
        await theatre.step();
        await player.socket.next('handover');

        player.socket.terminate();
        player.socket = await theatre.join(player, player.socket.joinAck.resume_token);
        const subscribed = await player.socket.next('subscribed');
        await theatre.step();
        const tick = await player.socket.next('tick');

        expect(player.socket.joinAck).to.deep.include({ last_seq: 2, dropped: [] });
        expect(subscribed.zone_id).to.equal(there);
        expect(tick.zone_id).to.equal(there);
        expect(placesOf(tick.state.entities, id)).to.deep.equal([[7, 8]]);
        expect(await moves(there, player)).to.deep.equal(['joined']);
        expect(await moves(here, player)).to.deep.equal(['joined']);
      });

      it('is followed by one who has just left: it is in joined there, then in left, and resumes there', async () => {
        const { here, there, player, id } = await onStage();
        const other = await theatre.player();
        other.socket.send({ type: 'subscribe', zone_id: here });
        await other.socket.next('subscribed');
        player.socket.terminate();
        await gone(player);
        order(other, { type: 'do', result: transfer(id, there, [player.id, NOBODY]) }, 1);
        await other.socket.next('intent_received');

        for (let tick = 0; tick < 3; tick += 1) await theatre.step();
        player.socket = await theatre.join(player, player.socket.joinAck.resume_token);

        expect((await player.socket.next('subscribed')).zone_id).to.equal(there);
        expect(await moves(here, player)).to.deep.equal(['joined', 'left']);
        expect(await moves(there, player)).to.deep.equal(['joined', 'left']);
      });

      it('is followed by one who drops when it has arrived: it is in joined there, connected or not', async () => {
        const { there, player, id } = await onStage();
        order(player, { type: 'do', result: transfer(id, there, [player.id]) }, 2);
        await player.socket.next('intent_received', ({ seq }) => seq === 2);
        await theatre.step();

        player.socket.terminate();
        await gone(player);
        await theatre.step();
        const arrived = await moves(there, player);
        await theatre.step();

        expect(arrived).to.deep.equal(['joined']);
        expect(await moves(there, player)).to.deep.equal(['joined', 'left']);
      });

      /** A paused world with a player and its entity. */
      async function onStage() {
        const [here, there] = [await theatre.zone(), await theatre.zone()];
        const player = await theatre.playerIn(here);
        const id = await make(player, 1, {});
        await theatre.pause();
        return { here, there, player, id };
      }

      async function gone({ id }: Performer): Promise<void> {
        await theatre.until('the connection to be gone', async () => {
          const { body } = await theatre.asOperator('GET', '/api/debug/connections');
          return !body.connections.some((connection: { player_id: string }) => connection.player_id === id);
        });
      }
    });

    it('is followed no further by one who goes elsewhere on the way, with all that is its own', async () => {
      const [here, there, elsewhere] = [await theatre.zone(), await theatre.zone(), await theatre.zone()];
      const player = await theatre.playerIn(here);
      const id = await make(player, 1, {});
      await theatre.pause();
      const playerStates = [{ playerId: player.id, state: { purse: 5 } }];
      order(player, { type: 'do', result: { ...transfer(id, there, [player.id]), playerStates } }, 2);
      await player.socket.next('intent_received', ({ seq }) => seq === 2);
      await theatre.step();
      await player.socket.next('handover');

      player.socket.send({ type: 'subscribe', zone_id: elsewhere });
      await player.socket.next('subscribed');
      await theatre.step();
      const tick = await player.socket.next('tick');

      expect(tick).to.include({ zone_id: elsewhere, ack: 2 });
      expect((await theatre.log(elsewhere))[0]?.documents).to.deep.equal({ [player.username]: { purse: 5 } });
      expect((await theatre.entities(there)).map((entity) => entity.id)).to.deep.equal([id]);
      expect(await moves(there, player)).to.deep.equal([]);
    });

    it('is let in as long as its player is, one after the other', async () => {
      const [here, small] = [await theatre.zone(), await theatre.zone({ admits: 1 })];
      const [first, second] = [await theatre.playerIn(here), await theatre.playerIn(here)];
      const ids = [await make(first, 1, { x: 1 }), await make(second, 1, { x: 2 })];
      await theatre.pause();
      for (const [index, player] of [first, second].entries()) {
        order(player, { type: 'do', result: transfer(ids[index] ?? '', small, [player.id]) }, 2);
        await player.socket.next('intent_received', ({ seq }) => seq === 2);
      }

      for (let tick = 0; tick < 3; tick += 1) await theatre.step();

      expect((await theatre.log(small))[0]?.joined).to.deep.equal([first.username]);
      expect((await theatre.log(here)).flatMap(({ returned }) => returned)).to.deep.equal([
        { id: ids[1], toZone: small, reason: 'refused' },
      ]);
      expect((await theatre.entities(small)).map(({ id }) => id)).to.deep.equal([ids[0]]);
      expect((await theatre.entities(here)).map(({ id }) => id)).to.deep.equal([ids[1]]);
      expect(second.socket.all('handover').map(({ to }) => to.zone_id)).to.deep.equal([small, here]);
    });

    it('is malformed where two name the same player, and not where one names it twice', async () => {
      const [here, there] = [await theatre.zone(), await theatre.zone()];
      const player = await theatre.playerIn(here);
      const [first, second] = [await make(player, 1, {}), await make(player, 2, {})];

      const twice = [first, second].flatMap((id) => transfer(id, there, [player.id]).transfers);
      order(player, { type: 'do', result: { transfers: twice } }, 3);
      const dropped = await player.socket.next('error');
      order(player, { type: 'do', result: transfer(first, there, [player.id, player.id]) }, 4);
      await player.socket.next('handover');

      expect(dropped).to.include({ code: 'intent_dropped', seq: 3 });
      await player.socket.next('tick', ({ zone_id }) => zone_id === there);
      expect(await moves(there, player)).to.deep.equal(['joined']);
      expect((await theatre.entities(here)).map(({ id }) => id)).to.deep.equal([second]);
    });

    it('comes back from a zone that is deleted with it on the way, while those who were there are let go', async () => {
      const [here, doomed] = [await theatre.zone(), await theatre.zone()];
      const traveller = await theatre.playerIn(here);
      const inhabitant = await theatre.playerIn(doomed);
      const id = await make(traveller, 1, { x: 3, y: 4 });
      await make(inhabitant, 1, {});
      await obeyed(inhabitant, { type: 'do', result: { playerStates: [{ playerId: inhabitant.id, state: { purse: 9 } }] } }, 2);
      await theatre.pause();
      order(traveller, { type: 'do', result: transfer(id, doomed, [traveller.id]) }, 2);
      await traveller.socket.next('intent_received', ({ seq }) => seq === 2);
      await theatre.step();
      await traveller.socket.next('handover');
      order(inhabitant, { type: 'note', note: 'never' }, 3);
      await inhabitant.socket.next('intent_received', ({ seq }) => seq === 3);

      const deleted = await theatre.asOperator('DELETE', `/api/zones/${doomed}`);
      const errors = [await inhabitant.socket.next('error'), await inhabitant.socket.next('error')];
      const handover = await traveller.socket.next('handover');
      await theatre.resume();
      const back = await traveller.socket.next('tick');
      inhabitant.socket.send({ type: 'unsubscribe' });
      const unsubscribed = await inhabitant.socket.next('error');
      await enter(inhabitant, here);

      expect(deleted.status).to.equal(204);
      expect(errors.map(({ code, seq }) => [code, seq]).sort()).to.deep.equal([
        ['intent_dropped', 3],
        ['zone_deleted', undefined],
      ]);
      expect(unsubscribed.code).to.equal('not_subscribed');
      expect(handover).to.deep.include({ from: { zone_id: doomed }, to: { zone_id: here, x: 3, y: 4 } });
      expect(back).to.include({ zone_id: here, ack: 2 });
      expect(placesOf(back.state.entities, id)).to.deep.equal([[3, 4]]);
      expect(traveller.socket.all('error')).to.deep.equal([]);
      const log = await theatre.log(here);
      expect(log.flatMap(({ returned }) => returned)).to.deep.equal([{ id, toZone: doomed, reason: 'gone' }]);
      expect(log.at(-1)?.documents).to.deep.equal({ [inhabitant.username]: { purse: 9 } });
      expect((await call(theatre.server.url, 'GET', `/api/zones/${doomed}`, { token: traveller.token })).status).to.equal(404);
    });

    it('leaves nobody stranded when the zones at both ends are deleted', async () => {
      const [here, there] = [await theatre.zone(), await theatre.zone()];
      const player = await theatre.playerIn(here);
      const id = await make(player, 1, {});
      await theatre.pause();
      const playerStates = [{ playerId: player.id, state: { purse: 5 } }];
      order(player, { type: 'do', result: { ...transfer(id, there, [player.id]), playerStates } }, 2);
      await player.socket.next('intent_received', ({ seq }) => seq === 2);
      await theatre.step();
      await player.socket.next('handover');

      const statuses = [];
      for (const zone of [here, there]) statuses.push((await theatre.asOperator('DELETE', `/api/zones/${zone}`)).status);
      const error = await player.socket.next('error');
      const refuge = await theatre.zone();
      await theatre.resume();
      await enter(player, refuge);

      expect(statuses).to.deep.equal([204, 204]);
      expect(error.code).to.equal('zone_deleted');
      expect((await theatre.asOperator('GET', `/api/debug/entities/${id}`)).status).to.equal(404);
      expect((await theatre.log(refuge))[0]?.documents).to.deep.equal({ [player.username]: { purse: 5 } });
    });

    async function moves(zone: string, { username }: Performer): Promise<readonly string[]> {
      return (await theatre.log(zone)).flatMap(({ joined, left }) => [
        ...left.filter((name) => name === username).map(() => 'left'),
        ...joined.filter((name) => name === username).map(() => 'joined'),
      ]);
    }
  });
}

function transfer(id: string, toZone: string, follow?: readonly string[]) {
  return { transfers: [{ id, toZone, x: 7, y: 8, follow }] };
}

function placesOf(entities: readonly SeenEntity[], id: string): readonly (readonly number[])[] {
  return entities.filter((entity) => entity.id === id).map(({ x, y }) => [x, y]);
}
