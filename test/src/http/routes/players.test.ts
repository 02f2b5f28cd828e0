import { expect } from 'chai';
import { StoreUnavailableError } from '../../../../actors/errors.js';
import { newUuid } from '../../../../actors/ids.js';
import { type Edge, startEdge } from '../edge.js';

describe('players, for an operator', () => {
  let edge: Edge;
  let token: string;
  beforeEach(async () => {
    edge = await startEdge();
    token = edge.accounts.logIn('root', 'debug').token;
  });
  afterEach(() => edge.close());

  const post = (path: string, body?: unknown) => edge.call('POST', `/api/debug/${path}`, { token, body });
  const find = (username: string) => edge.call('GET', `/api/debug/players?username=${username}`, { token });

  it('find one by name, with the ban there is', async () => {
    const { player } = edge.accounts.logIn('ada').identity;

    const found = await find('ADA');
    await post(`players/${player}/ban`, { reason: 'spam' });
    const banned = await find('ada');

    const created_at = '2026-01-02T03:04:05.678Z';
    expect(found.json).to.deep.equal({ player_id: player, username: 'ada', created_at, last_login: null, banned: null });
    expect(banned.json?.banned).to.deep.equal({ at: created_at, reason: 'spam' });
    expect([(await find('nobody')).status, (await find('')).status]).to.deep.equal([404, 400]);
  });

  it('kick a player: the session ends, and its sockets with it', async () => {
    const ada = edge.accounts.logIn('ada');
    edge.world.sessions.set(ada.identity.player, ada.identity.session);

    const kicked = await post(`players/${ada.identity.player}/kick`);
    const after = await edge.call('GET', '/api/auth/me', { token: ada.token });
    edge.world.sessions.clear();
    const absent = await post(`players/${ada.identity.player}/kick`);
    const unknown = await post(`players/${newUuid()}/kick`);

    expect([kicked.status, after.status, absent.status, unknown.status]).to.deep.equal([204, 401, 409, 404]);
    expect(edge.world.endedSessions).to.deep.equal([ada.identity.session]);
  });

  it('ban one: all its sessions end, and their sockets with them; and let it in again', async () => {
    const ada = edge.accounts.logIn('ada');

    const banned = await post(`players/${ada.identity.player}/ban`, {});
    const after = await edge.call('GET', '/api/auth/me', { token: ada.token });
    const again = [await post(`players/${ada.identity.player}/unban`), await post(`players/${ada.identity.player}/unban`)];
    const unknown = [await post(`players/${newUuid()}/ban`, {}), await post(`players/${newUuid()}/unban`)];

    expect([banned.status, after.status]).to.deep.equal([204, 401]);
    expect(edge.world.endedSessions).to.deep.equal([ada.identity.session]);
    expect(again.map(({ status }) => status)).to.deep.equal([204, 204]);
    expect(unknown.map(({ status }) => status)).to.deep.equal([404, 404]);
    expect((await find('ada')).json?.banned).to.equal(null);
  });

  it('ban nobody who has the debug role, nor with a reason of more than 200 characters', async () => {
    const { player } = edge.accounts.logIn('other operator', 'debug').identity;

    expect((await post(`players/${player}/ban`, {})).status).to.equal(409);
    expect((await post(`players/${newUuid()}/ban`, { reason: 'x'.repeat(201) })).status).to.equal(400);
  });

  it("write a player's document, and say where it is", async () => {
    const { id: zone } = edge.world.addZone('meadow');
    const ada = edge.accounts.logIn('ada').identity.player;

    const saved = await post(`players/${ada}/checkpoint`);
    const stranger = await post(`players/${newUuid()}/checkpoint`);
    edge.world.failure = new StoreUnavailableError('away');
    const away = await post(`players/${ada}/checkpoint`);

    expect([saved.status, saved.json]).to.deep.equal([200, { player_id: ada, zone_id: zone, state: { gold: 7 } }]);
    expect(edge.world.checkpointed).to.deep.equal([ada]);
    expect([stranger.status, away.status]).to.deep.equal([404, 503]);
  });
});
