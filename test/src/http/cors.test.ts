import { expect } from 'chai';
import { type Edge, startEdge } from './edge.js';

const FOREIGN = { Origin: 'https://evil.example' };
const HERE = { Origin: 'http://localhost:5173' };
const ASKS = { 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'authorization' };

describe('pages of other origins', () => {
  let edge: Edge;
  beforeEach(async () => {
    edge = await startEdge();
  });
  afterEach(() => edge.close());

  it('are told that they may call when they may', async () => {
    const preflight = await edge.call('OPTIONS', '/api/zones', { headers: { ...HERE, ...ASKS } });
    const answer = await edge.call('GET', '/healthz', { headers: HERE });

    expect(preflight.status).to.equal(204);
    expect(preflight.headers.get('access-control-allow-origin')).to.equal(HERE.Origin);
    expect(preflight.headers.get('access-control-allow-methods')).to.contain('DELETE');
    expect(preflight.headers.get('access-control-allow-headers')).to.contain('Authorization');
    expect(answer.headers.get('access-control-allow-origin')).to.equal(HERE.Origin);
    expect(answer.headers.get('vary')).to.contain('Origin');
  });

  it('read errors as well as answers', async () => {
    const refused = await edge.call('GET', '/api/auth/me', { headers: HERE });

    expect(refused.status).to.equal(401);
    expect(refused.headers.get('access-control-allow-origin')).to.equal(HERE.Origin);
  });

  it('change nothing when they may not, whatever session they have (FAULTS 66)', async () => {
    const { token } = edge.accounts.logIn('root', 'debug');
    const { id } = edge.world.addZone('meadow');

    for (const Origin of [FOREIGN.Origin, 'null']) {
      const preflight = await edge.call('OPTIONS', '/api/zones', { headers: { Origin, ...ASKS } });
      const deletion = await edge.call('DELETE', `/api/zones/${id}`, { token, headers: { Origin } });
      const pause = await edge.call('POST', '/api/debug/tick/pause', { token, headers: { Origin } });
      const register = await edge.call('POST', '/api/auth/register', { headers: { Origin }, body: {} });

      for (const { status, headers } of [preflight, deletion, pause, register]) {
        expect(status).to.equal(403);
        expect(headers.has('access-control-allow-origin')).to.equal(false);
      }
    }
    expect(edge.world.zone(id)).to.not.equal(null);
    expect(edge.world.isPaused()).to.equal(false);
    expect(edge.addressLimit.addresses).to.deep.equal([]);
  });

  it('are not shown what they ask for', async () => {
    const answer = await edge.call('GET', '/status', { headers: FOREIGN });

    expect(answer.status).to.equal(200);
    expect(answer.headers.has('access-control-allow-origin')).to.equal(false);
    expect(answer.headers.get('vary')).to.contain('Origin');
  });
});
