import { expect } from 'chai';
import { Connections } from '../../../actors/connection/connections.js';
import type { Identity } from '../../../actors/control.js';
import { newUuid, type SessionId } from '../../../actors/ids.js';
import { RecordingWire } from '../../support/recording-wire.js';
import { ConnectionBench } from './bench.js';

async function started() {
  const bench = new ConnectionBench();
  const connections = new Connections(bench.deps);
  connections.start();
  /** A socket whose upgrade proved a session. */
  const accept = async (session = bench.identity.session) => {
    const wire = new RecordingWire();
    const identity: Identity = { ...bench.identity, session };
    const input = connections.accept(wire, { identity, badToken: false });
    await bench.settle();
    return { wire, input };
  };
  return { bench, connections, accept };
}

describe('connections', () => {
  it('are told once a second how things are, from when they have joined', async () => {
    const { bench, connections, accept } = await started();
    const { wire } = await accept();
    const waiting = new RecordingWire();
    connections.accept(waiting, { identity: null, badToken: false });

    const heard = [];
    for (const ms of [999, 1, 999, 1]) {
      bench.clock.advance(ms);
      heard.push(wire.heard());
    }

    expect(heard).to.deep.equal([['join_ack'], ['telemetry'], [], ['telemetry']]);
    expect(waiting.sent).to.deep.equal([]);
  });

  it('of a session that has ended are closed with 4401, and no others', async () => {
    const { bench, connections, accept } = await started();
    const other = newUuid<SessionId>();
    const [mine, another] = [await accept(), await accept(other)];

    connections.sessionEnded(bench.identity.session);

    expect(mine.wire.closing).to.include({ code: 4401 });
    expect(another.wire.closing).to.equal(null);
  });

  it('count until their sockets are gone', async () => {
    const { connections, accept } = await started();
    const { wire, input } = await accept();

    connections.stop(1001, 'the server stops');
    const [closing, counted] = [wire.closing, connections.count()];
    input.closed();

    expect(closing).to.include({ code: 1001 });
    expect([counted, connections.count(), [...connections]]).to.deep.equal([1, 0, []]);
  });

  it('leave no timer behind when they are stopped', async () => {
    const { bench, connections, accept } = await started();
    await accept();
    bench.connection.closed();

    connections.stop(1001, 'the server stops');

    expect(bench.clock.pendingTimers).to.equal(0);
  });
});
