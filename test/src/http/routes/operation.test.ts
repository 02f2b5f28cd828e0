import { expect } from 'chai';
import { type Edge, startEdge } from '../edge.js';

describe('the operator’s routes', () => {
  let edge: Edge;
  afterEach(() => edge.close());

  it('say that all is well, or what is down', async () => {
    edge = await startEdge();

    const well = await edge.call('GET', '/healthz');
    edge.world.down = ['store', 'tick_loop'];
    const ill = await edge.call('GET', '/healthz');

    expect(well.json).to.deep.equal({ status: 'ok' });
    expect(ill.status).to.equal(503);
    const error = { code: 'unavailable', message: 'down: store, tick_loop' };
    expect(ill.json).to.deep.equal({ status: 'unavailable', down: ['store', 'tick_loop'], error });
  });

  it('show counts and times, and no names', async () => {
    edge = await startEdge({ settings: { database: 'postgres' } });
    edge.world.addZone('secret-canary');
    edge.clock.advance(61_500);

    const status = await edge.call('GET', '/status');
    edge.world.down = ['store'];
    const down = await edge.call('GET', '/status');

    expect(status.json).to.deep.include({
      database: { kind: 'postgres', up: true },
      live_zones: 1,
      uptime_s: 61,
      version: '1.2.3',
    });
    expect(status.json).to.have.nested.property('tick_loop.tick_interval_ms', 1000);
    expect(down.json).to.have.nested.property('database.up', false);
    expect(status.text).to.not.contain('canary');
  });

  it('hand out metrics as they are', async () => {
    edge = await startEdge();

    const metrics = await edge.call('GET', '/metrics');

    expect(metrics.headers.get('content-type')).to.equal('text/plain; version=0.0.4; charset=utf-8');
    expect(metrics.text).to.equal('gridstead_ticks_total 5\n');
  });

  it('answer 500 without the reason when there are no metrics, and log it under an id', async () => {
    const failing = () => Promise.reject(new Error('canary: SELECT * FROM players at /home/canary'));
    edge = await startEdge({ metrics: failing });

    const answer = await edge.call('GET', '/metrics');

    expect(answer.status).to.equal(500);
    expect(answer.text).to.not.contain('canary').and.not.contain('SELECT');
    expect(edge.log.lines).to.have.length(1);
    expect(edge.log.lines[0]?.fields).to.include({ request_id: answer.headers.get('x-request-id'), route: 'get /metrics' });
  });
});
