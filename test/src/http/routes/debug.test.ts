import { expect } from 'chai';
import { type ConnectionId, newUuid, type PlayerId } from '../../../../actors/ids.js';
import { type Edge, startEdge } from '../edge.js';

describe('the debug routes', () => {
  let edge: Edge;
  let token: string;
  beforeEach(async () => {
    edge = await startEdge();
    token = edge.accounts.logIn('root', 'debug').token;
  });
  afterEach(() => edge.close());

  const get = (path: string) => edge.call('GET', path, { token });
  const post = (path: string) => edge.call('POST', path, { token });

  it('are closed to everybody without the role, each of them', async () => {
    const player = edge.accounts.logIn('ada').token;
    const guarded = edge.table.filter((route) => route.auth === 'debug');

    for (const { method, path } of guarded) {
      expect((await edge.call(method.toUpperCase(), path)).status, `${method} ${path}`).to.equal(401);
      expect((await edge.call(method.toUpperCase(), path, { token: player })).status, `${method} ${path}`).to.equal(403);
    }
    expect(guarded.map(({ path }) => path)).to.include.members(['/api/zones', '/api/zones/:id', '/api/debug/actors']);
    for (const { path, auth } of edge.table) if (path.startsWith('/api/debug/')) expect(auth, path).to.equal('debug');
  });

  it('pause, step and resume the world', async () => {
    const tooEarly = await post('/api/debug/tick/step');
    const paused = await post('/api/debug/tick/pause');
    const again = await post('/api/debug/tick/pause');
    const stepped = await post('/api/debug/tick/step');
    const resumed = await post('/api/debug/tick/resume');

    expect(tooEarly.status).to.equal(409);
    expect(paused.json).to.deep.equal({ paused: true, tick_number: 100 });
    expect(again.json).to.deep.equal(paused.json);
    expect(stepped.json).to.deep.equal({ tick_number: 101, missed: [] });
    expect(resumed.json).to.deep.equal({ paused: false, tick_number: 101 });
  });

  it('show a zone with its entities and its actor', async () => {
    const zone = edge.world.addZone('meadow');
    const sheep = edge.world.addEntity(zone.id, { x: 1, y: 2, width: 0, height: 0 }, { kind: 'sheep' });

    const state = await get(`/api/debug/zones/${zone.id}/state`);
    const entity = await get(`/api/debug/entities/${sheep.id.toUpperCase()}`);

    const shown = { id: sheep.id, zone_id: zone.id, x: 1, y: 2, width: 0, height: 0, metadata: { kind: 'sheep' } };
    expect(state.json).to.have.nested.property('zone.name', 'meadow');
    expect(state.json).to.have.nested.property('actor.state.live', 'waiting');
    expect(state.json).to.have.nested.property('entities[0]').that.deep.includes(shown);
    expect(entity.json).to.deep.include(shown);
  });

  it('look for entities in an area, one cell unless told, 0×0 allowed', async () => {
    const { id } = edge.world.addZone('meadow');

    await get(`/api/debug/zones/${id}/entities?x=3&y=4`);
    await get(`/api/debug/zones/${id}/entities?x=-3&y=4&width=0&height=0`);

    expect(edge.world.areasAsked).to.deep.equal([
      { x: 3, y: 4, width: 1, height: 1 },
      { x: -3, y: 4, width: 0, height: 0 },
    ]);
  });

  it('refuse an area that is none', async () => {
    const { id } = edge.world.addZone('meadow');
    for (const query of [
      '',
      '?x=1',
      '?x=1&y=a',
      '?x=1.5&y=1',
      '?x=1&y=1&width=-1',
      '?x=NaN&y=1',
      '?x=1e999&y=1',
      '?x=1&y=1&height=1000001',
      '?x=1&x=2&y=1',
    ]) {
      expect((await get(`/api/debug/zones/${id}/entities${query}`)).status, query).to.equal(400);
    }
  });

  it('answer 404 for what is not there', async () => {
    const nowhere = newUuid();
    for (const path of [
      `zones/${nowhere}/state`,
      `zones/${nowhere}/entities?x=1&y=1`,
      `entities/${nowhere}`,
      'zones/x/state',
      'entities/x',
      'nothing',
    ]) {
      expect((await get(`/api/debug/${path}`)).status, path).to.equal(404);
    }
  });

  it('list connections, and the tree of actors', async () => {
    edge.world.addZone('meadow');
    const ids = { connection_id: newUuid<ConnectionId>(), player_id: newUuid<PlayerId>(), zone_id: null };
    const measures = { rtt_ms: null, buffered_bytes: 0, dropped_snapshots: 2 };
    edge.world.openConnections = [{ ...ids, username: 'ada', connected_at: '2026-01-02T03:04:05.678Z', ...measures }];

    const connections = await get('/api/debug/connections');
    const actors = await get('/api/debug/actors');

    expect(connections.json).to.deep.equal({ connections: edge.world.openConnections });
    expect(actors.json).to.have.nested.property('children[1].children[0].timings.commit_ms', 1.5);
  });
});
