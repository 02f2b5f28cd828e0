import { expect } from 'chai';
import { StoreUnavailableError } from '../../../../actors/errors.js';
import { type Edge, startEdge } from '../edge.js';

describe('the zone routes', () => {
  let edge: Edge;
  let player: string;
  let debug: string;
  beforeEach(async () => {
    edge = await startEdge();
    player = edge.accounts.logIn('ada').token;
    debug = edge.accounts.logIn('root', 'debug').token;
  });
  afterEach(() => edge.close());

  const create = (body: unknown, token = debug) => edge.call('POST', '/api/zones', { token, body });
  const meadow = { name: 'meadow', width: 30, height: 20 };

  it('show zones to every player', async () => {
    const zone = edge.world.addZone('meadow', { biome: 'grass' });

    const all = await edge.call('GET', '/api/zones', { token: player });
    const one = await edge.call('GET', `/api/zones/${zone.id.toUpperCase()}`, { token: player });

    const times = { created_at: '2026-01-02T03:04:05.678Z', updated_at: '2026-01-02T03:04:05.678Z' };
    const shown = { id: zone.id, name: 'meadow', width: 10, height: 20, metadata: { biome: 'grass' }, ...times };
    expect(all.json).to.deep.equal({ zones: [shown] });
    expect(one.json).to.deep.equal(shown);
  });

  it('page through all zones, each once, the last page without a cursor', async () => {
    const names = ['a', 'b', 'ć', 'd', 'e'];
    for (const name of names) edge.world.addZone(name);

    const seen: unknown[] = [];
    let cursor: unknown;
    do {
      const query = cursor === undefined ? '' : `&cursor=${cursor}`;
      const { json } = await edge.call('GET', `/api/zones?limit=2${query}`, { token: player });
      if (Array.isArray(json?.zones)) seen.push(...json.zones.map((zone) => zone.name));
      cursor = json?.next_cursor;
    } while (cursor !== undefined);

    expect(seen).to.have.members(names).and.have.length(names.length);
  });

  it('refuse a limit or a cursor that is none', async () => {
    for (const query of [
      'limit=0',
      'limit=1001',
      'limit=x',
      'limit=1.5',
      'limit=',
      'limit=1&limit=2',
      'cursor=%00%ff',
      'cursor=a',
      'page=2',
      '__proto__=1&limit=-1',
    ]) {
      const answer = await edge.call('GET', `/api/zones?${query}`, { token: player });
      expect(answer.status, query).to.equal(400);
    }
  });

  it('make a zone for the debug role, once for each name', async () => {
    const made = await create({ ...meadow, metadata: { deep: { er: [1, null, 'x'] } } });
    const again = await create(meadow);

    expect(made.status).to.equal(201);
    expect(made.json).to.deep.include({ name: 'meadow', width: 30, height: 20, metadata: { deep: { er: [1, null, 'x'] } } });
    expect(again.status).to.equal(409);
  });

  it('take names and sizes up to their limits', async () => {
    for (const zone of [
      { name: '😀'.repeat(64), width: 1, height: 1 },
      { name: 'x', width: 1_000_000, height: 1_000_000 },
      { name: "Robert'); DROP TABLE zones;--", width: 5, height: 5 },
    ]) {
      expect((await create(zone)).status, zone.name).to.equal(201);
    }
  });

  it('refuse names and sizes beyond them, and say where', async () => {
    for (const [wrong, path] of [
      [{ name: '' }, 'name'],
      [{ name: 'x'.repeat(65) }, 'name'],
      [{ name: ' x' }, 'name'],
      [{ name: 'x\u00a0' }, 'name'],
      [{ name: 'a\nb' }, 'name'],
      [{ name: 5 }, 'name'],
      [{ name: { $ne: null } }, 'name'],
      [{ width: 0 }, 'width'],
      [{ width: '5' }, 'width'],
      [{ width: 1.5 }, 'width'],
      [{ height: 1_000_001 }, 'height'],
      [{ height: null }, 'height'],
      [{ metadata: [] }, 'metadata'],
      [{ metadata: 'x' }, 'metadata'],
      [{ id: 'mine' }, 'id'],
    ] as const) {
      const answer = await create({ ...meadow, ...wrong });
      expect(answer.status, JSON.stringify(wrong)).to.equal(400);
      expect(answer.json, JSON.stringify(wrong)).to.have.nested.property('error.details[0].path', path);
    }
  });

  it('delete a zone once', async () => {
    const zone = edge.world.addZone('meadow');

    const first = await edge.call('DELETE', `/api/zones/${zone.id}`, { token: debug });
    const second = await edge.call('DELETE', `/api/zones/${zone.id}`, { token: debug });

    expect(first.status).to.equal(204);
    expect(second.status).to.equal(404);
  });

  it('answer 404 to ids that name nothing, UUID or not', async () => {
    for (const id of [
      '5f4dcc3b-5aa7-4d61-9a83-27deb882cf99',
      'x',
      "1' OR '1'='1",
      '..%2f..%2fetc',
      '{5f4dcc3b-5aa7-4d61-9a83-27deb882cf99}',
      '0'.repeat(3000),
    ]) {
      const answer = await edge.call('GET', `/api/zones/${id}`, { token: player });
      expect(answer.status, id).to.equal(404);
    }
  });

  it('look at the role before the input, and at the input before the zone', async () => {
    const bad = { name: 5 };

    expect((await edge.call('POST', '/api/zones', { body: bad })).status).to.equal(401);
    expect((await create(bad, player)).status).to.equal(403);
    expect((await edge.call('DELETE', '/api/zones/x', { token: player })).status).to.equal(403);
    expect((await edge.call('DELETE', '/api/zones/x', { token: debug })).status).to.equal(404);
  });

  it('say that the database is away, with 503, and stay up', async () => {
    edge.world.failure = new StoreUnavailableError('SQLITE_BUSY at /secret/path');

    const answer = await create(meadow);
    edge.world.failure = null;
    const after = await create(meadow);

    expect(answer.status).to.equal(503);
    expect(answer.text).to.not.contain('secret').and.not.contain('SQLITE');
    expect(after.status).to.equal(201);
  });
});
