/** Who stands aside while workers are lost: always one, soon, and never the same in two places. */
import { expect } from 'chai';
import type { RouteRequest } from '../../../../games/contract.js';
import { Aside } from '../../../../src/simulation/pool/aside.js';
import type { PoolWorker } from '../../../../src/simulation/pool/pool-worker.js';
import { FakeClock } from '../../../support/fake-clock.js';
import { RecordingLog } from '../../../support/recording-log.js';

const PAUSE_MS = 1_000;

describe('the worker that stands aside', () => {
  it('becomes a host where one was lost, and another stands aside at once', async () => {
    const { aside, spawned } = bench();

    const host = aside.takeOut(0);
    const next = aside.takeOut(0);

    expect([host, next]).to.deep.equal(spawned.slice(0, 2));
    expect(spawned).to.have.length(3);
  });

  it('is missed for the pause after one that broke by itself: until then each host that is lost gets one of its own', () => {
    const { aside, clock, spawned } = bench();

    const hosts = [aside.takeOut(PAUSE_MS), aside.takeOut(PAUSE_MS), aside.takeOut(0)];
    const beforePause = spawned.length;
    clock.advance(2 * PAUSE_MS);

    expect(new Set(hosts).size, 'workers for three hosts').to.equal(3);
    expect([beforePause, spawned.length], 'no more than one stands aside').to.deep.equal([4, 4]);
    expect(hosts).not.to.include(aside.takeOut(0));
  });

  it('is asked for what belongs to no zone, and until there is a new one so is the host that it became', async () => {
    const { aside, clock, asked, spawned } = bench();

    await aside.callRoute(0, REQUEST);
    const host = aside.takeOut(PAUSE_MS);
    await aside.callRoute(0, REQUEST);
    clock.advance(PAUSE_MS);
    await aside.callRoute(0, REQUEST);

    expect(asked).to.deep.equal([host, host, spawned[1]]);
  });

  it('is replaced after the pause when it is gone itself, and not when another is', () => {
    const { aside, clock, spawned } = bench();
    const [first] = spawned;
    const host = aside.takeOut(0);
    aside.lost(host, 0);
    const afterHost = spawned.length;
    const standing = spawned[1];
    if (!first || !standing) throw new Error('nobody stands aside');
    aside.lost(standing, PAUSE_MS);
    aside.lost(standing, PAUSE_MS);
    const afterLoss = spawned.length;
    clock.advance(PAUSE_MS);

    expect([afterHost, afterLoss, spawned.length]).to.deep.equal([2, 2, 3]);
    expect(aside.takeOut(0)).to.equal(spawned[2]);
  });

  it('is replaced no more once all are stopped', async () => {
    const { aside, clock, spawned } = bench();
    aside.takeOut(PAUSE_MS);
    await aside.stop();
    clock.advance(PAUSE_MS);

    expect(spawned).to.have.length(1);
  });
});

const REQUEST: RouteRequest = { params: {}, query: {}, body: null, player: null };

function bench() {
  const clock = new FakeClock();
  const spawned: PoolWorker[] = [];
  const asked: PoolWorker[] = [];
  const spawn = () => {
    const worker = {
      ready: Promise.resolve(),
      stop: async () => {},
      call: async () => {
        asked.push(worker);
      },
    } as unknown as PoolWorker; // a real one starts a thread; of it, `Aside` asks these three and no more
    spawned.push(worker);
    return worker;
  };
  return { aside: new Aside({ spawn, clock, log: new RecordingLog() }), clock, spawned, asked };
}
