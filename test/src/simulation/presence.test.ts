import { expect } from 'chai';
import type { Tick } from '../../../games/contract.js';
import { scripted, stillGame } from '../../support/games.js';
import { entityParcel } from '../../support/parcels.js';
import { AWAY, arrival, entityId, held, intent, playerId, request, resident, stored, textOf, watching } from './support.js';

describe('who is in a zone', () => {
  it('is who joined, with the stay that the joining commit makes', () => {
    const ticks: Tick[] = [];
    const zone = resident(watching(ticks));

    const answer = zone.step(request(1, { joins: [held(1, { document: { level: 3 } })] }));
    zone.step(request(2));

    expect(answer.places).to.deep.equal([{ type: 'joined', player: playerId(1), stay: 4 }]);
    const mark = { run: 1, highest: 0, dropped: [] };
    expect(answer.players).to.deep.equal([{ player: playerId(1), stay: 5, mark, document: { level: 3 } }]);
    const player = { id: playerId(1), username: 'player1', state: { level: 3 } };
    expect(ticks.map(({ players, joined, left }) => ({ players, joined, left }))).to.deep.equal([
      { players: [player], joined: [player], left: [] },
      { players: [player], joined: [], left: [] },
    ]);
  });

  it('is not who left, whose document and mark of this very tick go with it', () => {
    const ticks: Tick[] = [];
    const zone = resident(
      scripted((tick) => {
        ticks.push(tick);
        return { playerStates: tick.left.map(({ id }) => ({ playerId: id, state: { gold: 7 } })) };
      }),
    );
    zone.step(request(1, { joins: [held(1)] }));

    const answer = zone.step(request(2, { leaves: [{ player: playerId(1), gone: false }], intents: [intent(1, 1)] }));

    expect(answer.places).to.deep.equal([
      { type: 'left', player: playerId(1), stay: 5, document: { gold: 7 }, mark: { run: 1, highest: 1, dropped: [] } },
    ]);
    expect(answer.players).to.deep.equal([]);
    expect(ticks[1]?.players).to.deep.equal([]);
    expect(ticks[1]?.left.map(({ id }) => id)).to.deep.equal([playerId(1)]);
  });

  it('is not who has gone on: nothing is said of it, and its document is ignored and counted', () => {
    const zone = resident(scripted(({ left }) => ({ playerStates: left.map(({ id }) => ({ playerId: id, state: {} })) })));
    zone.step(request(1, { joins: [held(1)] }));

    const answer = zone.step(request(2, { leaves: [{ player: playerId(1), gone: true }] }));

    expect(answer.places).to.deep.equal([]);
    expect(answer.ignored).to.equal(1);
  });

  it('can have left and joined in one tick, by way of elsewhere, with one document: the one it came back with', () => {
    const ticks: Tick[] = [];
    const zone = resident(watching(ticks));
    zone.step(request(1, { joins: [held(1, { document: { where: 'here' } })] }));

    const answer = zone.step(
      request(2, { leaves: [{ player: playerId(1), gone: true }], joins: [held(1, { stay: 9, document: { where: 'back' } })] }),
    );

    expect(answer.players?.map(({ stay }) => stay)).to.deep.equal([10]);
    expect(ticks[1]?.left.map(({ state }) => state)).to.deep.equal([{ where: 'back' }]);
    expect(ticks[1]?.joined.map(({ state }) => state)).to.deep.equal([{ where: 'back' }]);
  });

  it('is told anew after that with its new stay, although it has no document that could have changed', () => {
    const zone = resident(stillGame);
    zone.step(request(1, { joins: [held(1)] }));

    const answer = zone.step(request(2, { leaves: [{ player: playerId(1), gone: true }], joins: [held(1, { stay: 9 })] }));

    expect(answer.players?.map(({ stay }) => stay)).to.deep.equal([10]);
  });

  it('must agree with the request: else the caller has a bug', () => {
    const zone = resident(stillGame);
    zone.step(request(1, { joins: [held(1)] }));

    expect(() => zone.step(request(2, { joins: [held(1)] }))).to.throw('which holds it already');
    expect(() => zone.step(request(3, { leaves: [{ player: playerId(2), gone: false }] }))).to.throw('does not hold it');
  });

  it('keeps documents that the game replaces, and says that the tick saves them', () => {
    const zone = resident(
      scripted(({ players }) => ({ playerStates: players.map(({ id }) => ({ playerId: id, state: { seen: true } })) })),
    );

    const joined = zone.step(request(1, { joins: [held(1)] }));
    const again = zone.step(request(2));

    expect(textOf(zone)).to.contain('"document":{"seen":true}');
    expect(joined.savesPlayers).to.equal(false);
    expect(again.savesPlayers).to.equal(false);
    const changing = resident(
      scripted(({ tickNumber }) => ({ playerStates: [{ playerId: playerId(1), state: { tickNumber } }] })),
    );
    changing.step(request(1, { joins: [held(1)] }));
    expect(changing.step(request(2)).savesPlayers).to.equal(true);
  });
});

describe('a transfer', () => {
  const leaving = scripted((tick) => {
    if (tick.tickNumber === 1) return { creates: [{ x: 1, y: 2 }] };
    const [entity] = tick.entities;
    return {
      transfers: entity
        ? [{ id: entity.id, toZone: AWAY, x: 8, y: 9, follow: [playerId(1), playerId(1), playerId(2), 'stranger'] }]
        : [],
      playerStates: [{ playerId: playerId(1), state: { packed: true } }],
      messages: [{ playerId: playerId(1), type: 'bye' }],
    };
  });

  it('takes the entity out, with the players who follow it, whole and newest', () => {
    const zone = resident(leaving);
    zone.step(request(1, { joins: [held(1), held(2), held(3)] }));

    const answer = zone.step(request(2, { intents: [intent(1, 1)], leaves: [{ player: playerId(2), gone: false }] }));

    const [send] = answer.sends;
    expect({ ...send, parcel: null }).to.deep.equal({ to: AWAY, tick: 2, kind: 'arrival', reason: null, parcel: null });
    expect(entityParcel(send).origin).to.deep.equal({ x: 1, y: 2 });
    expect([entityParcel(send).entity.x, entityParcel(send).entity.y]).to.deep.equal([8, 9]);
    expect(send?.parcel.followers).to.deep.equal([
      held(1, { stay: 5, document: { packed: true }, mark: { run: 1, highest: 1, dropped: [] } }),
      held(2, { stay: 5 }),
    ]);
    expect(answer.places).to.deep.equal([]);
    expect(answer.players?.map(({ player }) => player)).to.deep.equal([playerId(3)]);
    expect(answer.messages.map(({ player }) => player)).to.deep.equal([playerId(1)]);
    expect(answer.ignored).to.equal(1);
    zone.adopt(2);
    expect(zone.read(({ entities, entitySet }) => [entities.size, entitySet.at(1, 2).length])).to.deep.equal([0, 0]);
  });

  it('does not take along who is in other hands already', () => {
    const zone = resident(leaving);
    zone.step(request(1, { joins: [held(1), held(2)] }));

    const answer = zone.step(
      request(2, {
        leaves: [
          { player: playerId(1), gone: true },
          { player: playerId(2), gone: true },
        ],
      }),
    );

    expect(answer.sends[0]?.parcel.followers).to.deep.equal([]);
    expect(answer.places).to.deep.equal([]);
  });
});

describe('the inbox of a tick', () => {
  it('lets an entity in at its new place, with the players who still follow it', () => {
    const ticks: Tick[] = [];
    const zone = resident(watching(ticks));
    const row = arrival(7, 1, [held(1), held(2)]);
    const moved = { ...row, followers: row.followers.slice(0, 1) };

    const answer = zone.step(request(2, { inbox: [moved], intents: [intent(1, 3)] }));

    expect(answer.takes).to.deep.equal([7]);
    expect(answer.sends).to.deep.equal([]);
    expect(answer.places).to.deep.equal([]);
    expect(answer.players).to.deep.equal([
      { player: playerId(1), stay: 5, mark: { run: 1, highest: 3, dropped: [1, 2] }, document: null },
    ]);
    expect(ticks[0]?.entities.at(3, 4).map(({ id }) => id)).to.deep.equal([entityId(1)]);
    expect(ticks[0]?.joined.map(({ id }) => id)).to.deep.equal([playerId(1)]);
    expect(ticks[0]?.returned).to.deep.equal([]);
  });

  it('sends back whom admit refuses, with what this tick used up of their intents', () => {
    const asked: [string, number][] = [];
    const zone = resident(stillGame, stored(), {
      admit: (_zone, { id }, present) => {
        asked.push([id, present]);
        return id !== playerId(2);
      },
    });
    const row = arrival(7, 1, [held(1), held(2)]);

    const answer = zone.step(request(2, { joins: [held(3)], inbox: [row], intents: [intent(2, 4)] }));

    expect(asked).to.deep.equal([
      [playerId(1), 1],
      [playerId(2), 2],
    ]);
    expect(answer.takes).to.deep.equal([7]);
    const followers = [held(1, { stay: 5 }), held(2, { stay: 5, mark: { run: 1, highest: 4, dropped: [1, 2, 3] } })];
    expect(answer.sends).to.deep.equal([
      { to: AWAY, tick: 2, kind: 'returned', reason: 'refused', parcel: { ...row.parcel, followers } },
    ]);
    expect(answer.players?.map(({ player }) => player)).to.deep.equal([playerId(3)]);
    zone.adopt(2);
    expect(zone.read(({ entities }) => entities.size)).to.equal(0);
  });

  it('sends back what is too much for the zone, and takes what still fits', () => {
    const zone = resident(stillGame, stored(), { maxZoneBytes: 400 });
    const large = arrival(7, 1, [held(1, { document: { text: 'x'.repeat(400) } })]);

    const answer = zone.step(request(2, { inbox: [large, arrival(8, 2)] }));

    expect(answer.sends.map((send) => [send.reason, entityParcel(send).entity.id])).to.deep.equal([['full', entityId(1)]]);
    zone.adopt(2);
    expect(zone.read(({ entities }) => [...entities.keys()])).to.deep.equal([entityId(2)]);
  });

  it('sends back what has no room within the zone', () => {
    const row = arrival(7, 1);
    const wide = { ...row, parcel: { ...row.parcel, entity: { ...row.parcel.entity, width: 50 } } };

    expect(resident(stillGame).step(request(2, { inbox: [wide] })).sends[0]?.reason).to.equal('too_small');
  });

  it('takes back what returned, where it was, without asking admit or looking at the limit', () => {
    const ticks: Tick[] = [];
    const zone = resident(watching(ticks), stored(), { admit: () => false, maxZoneBytes: 1 });

    const answer = zone.step(request(2, { inbox: [arrival(7, 1, [held(1)], { kind: 'returned', reason: 'full' })] }));

    expect(answer.sends).to.deep.equal([]);
    expect(ticks[0]?.returned).to.deep.equal([{ id: entityId(1), toZone: AWAY, reason: 'full' }]);
    expect(ticks[0]?.entities.at(7, 8).map(({ id }) => id)).to.deep.equal([entityId(1)]);
    expect(ticks[0]?.joined.map(({ id }) => id)).to.deep.equal([playerId(1)]);
    expect(answer.players?.map(({ stay }) => stay)).to.deep.equal([5]);
  });
});
