/**
 * What a game was promised over a stop and a kill: documents, transitions, wishes to be woken, entities on their
 * way, public metadata. Kills at random instants are `test/flows/chaos`.
 */
import { expect } from 'chai';
import { enter, make, obeyed, order, type Performer, type Theatre } from '../../../support/flow-games/theatre.js';

export function restartCases(running: () => Theatre, signals: readonly ('SIGKILL' | 'SIGTERM')[]): void {
  describe('a game whose server is stopped or killed', () => {
    let theatre: Theatre;
    before(() => {
      theatre = running();
    });

    for (const signal of signals) {
      it(`finds everything as the last commit left it after a ${signal}`, async () => {
        const [here, there, home, sleeper, late] = [
          await theatre.zone(),
          await theatre.zone(),
          await theatre.zone({ name: `home-${signal}` }),
          await theatre.zone(),
          await theatre.zone(),
        ];
        const [stayer, leaver, traveller] = [
          await theatre.playerIn(here),
          await theatre.playerIn(here),
          await theatre.playerIn(there),
        ];
        const id = await make(traveller, 1, { x: 1, y: 1 });
        const wisher = await theatre.playerIn(sleeper);
        const wishedAtMs = Date.now();
        await obeyed(wisher, { type: 'wake', inMs: 300 }, 1);
        await enter(wisher, late);
        await obeyed(wisher, { type: 'wake', inMs: 1_500 }, 2);
        wisher.socket.close();
        for (const zone of [sleeper, late]) await theatre.until('it to sleep', async () => (await theatre.actor(zone)) === null);
        const ofZone = {
          zoneMetadata: { season: signal },
          playerStates: [{ playerId: stayer.id, state: { home: `home-${signal}` } }],
        };
        await obeyed(stayer, { type: 'do', result: ofZone }, 1);
        await theatre.pause();
        const transfers = [{ id, toZone: here, x: 7, y: 8, follow: [traveller.id] }];
        order(
          traveller,
          { type: 'do', result: { transfers, playerStates: [{ playerId: traveller.id, state: { purse: 5 } }] } },
          2,
        );
        await traveller.socket.next('intent_received', ({ seq }) => seq === 2);
        await theatre.step();
        await traveller.socket.next('handover');
        order(stayer, { type: 'note', note: 'lost' }, 2);
        await stayer.socket.next('intent_received', ({ seq }) => seq === 2);

        const { status } = await theatre.server.signal(signal);
        const closed = await stayer.socket.closed;
        await theatre.server.start();
        for (const player of [stayer, traveller]) player.socket = await theatre.join(player, player.socket.joinAck.resume_token);

        if (signal === 'SIGTERM') expect({ status, code: closed.code }).to.deep.equal({ status: 0, code: 1001 });
        expect(stayer.socket.joinAck).to.deep.include({ last_seq: 1, dropped: [] });
        expect(traveller.socket.joinAck).to.deep.include({ last_seq: 2, dropped: [] });
        const arrived = await traveller.socket.next('tick');
        expect(arrived.zone_id).to.equal(here);
        expect(arrived.state.entities.map((entity: { id: string }) => entity.id)).to.deep.equal([id]);
        await gone(here, leaver);
        await theatre.consistent(here);
        await theatre.consistent(there);
        const log = await theatre.log(here);
        expect(log.find(({ joined }) => joined.includes(traveller.username))?.documents).to.deep.include({
          [traveller.username]: { purse: 5 },
        });
        expect(log.flatMap(({ notes }) => notes)).to.deep.equal([]);
        const { body } = await theatre.asOperator('GET', `/api/zones/${here}`);
        expect(body.metadata).to.deep.equal({ season: signal });
        // Its document, which `place` reads, was durable with the tick that told of it.
        stayer.socket = await theatre.join(stayer);
        expect((await stayer.socket.next('subscribed')).zone_id).to.equal(home);
        for (const [zone, inMs] of [
          [sleeper, 300],
          [late, 1_500],
        ] as const) {
          const woken = await theatre.until('a wish to be kept', async () =>
            (await theatre.log(zone)).find(({ notes }) => notes.includes('woke')),
          );
          expect(woken.now).to.be.at.least(wishedAtMs + inMs);
          // All of it was sleep, or the server's own.
          expect(woken.elapsed).to.be.at.least(inMs - 1_000);
        }
        await theatre.everybodyOut();
      });
    }

    async function gone(zone: string, { username }: Performer): Promise<void> {
      await theatre.until(`${username} to have left`, async () =>
        (await theatre.log(zone)).some(({ left }) => left.includes(username)),
      );
    }
  });
}
