import { expect } from 'chai';
import { newUuid } from '../../../../actors/ids.js';
import { type Edge, startEdge } from '../edge.js';

describe('orders', () => {
  let edge: Edge;
  let token: string;
  const start = async (debugFaults: boolean) => {
    edge = await startEdge({ settings: { debugFaults } });
    token = edge.accounts.logIn('root', 'debug').token;
  };
  beforeEach(() => start(true));
  afterEach(() => edge.close());

  const post = (path: string, body?: unknown) => edge.call('POST', `/api/debug/${path}`, { token, body });

  it('restart and quarantine a zone that is in a state for it', async () => {
    const { id } = edge.world.addZone('meadow');

    const obeyed = [await post(`zones/${id}/restart`), await post(`zones/${id}/quarantine`)];
    edge.world.obeys = false;
    const refused = await post(`zones/${id}/restart`);
    const unknown = await post(`zones/${newUuid()}/restart`);

    expect(obeyed.map(({ status }) => status)).to.deep.equal([204, 204]);
    expect(edge.world.orders.slice(0, 2)).to.deep.equal([
      ['restart', id],
      ['quarantine', id],
    ]);
    expect([refused.status, unknown.status]).to.deep.equal([409, 404]);
  });

  it('spoil a tick, where the server allows it', async () => {
    const { id } = edge.world.addZone('meadow');

    const spoilt = await post(`zones/${id}/spoil`, { how: 'hang' });
    const nonsense = await post(`zones/${id}/spoil`, { how: 'explode' });
    await edge.close();
    await start(false);
    const other = edge.world.addZone('meadow');
    const forbidden = [await post(`zones/${other.id}/spoil`, { how: 'hang' }), await post('server/kill')];

    expect([spoilt.status, nonsense.status]).to.deep.equal([204, 400]);
    expect(forbidden.map(({ status }) => status)).to.deep.equal([404, 404]);
    expect(edge.world.orders).to.deep.equal([]);
  });
});
