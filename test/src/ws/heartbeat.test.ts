/** One timer for all sockets. */
import { expect } from 'chai';
import { type Beating, Heartbeat } from '../../../src/ws/heartbeat.js';
import { FakeClock } from '../../support/fake-clock.js';

class Beaten implements Beating {
  elapsedMs = 0;
  beat(elapsedMs: number): void {
    this.elapsedMs += elapsedMs;
  }
}

describe('heartbeat', () => {
  it('tells every socket how time goes by, with one timer for all', () => {
    const clock = new FakeClock();
    const heartbeat = new Heartbeat(clock, 400);
    const sockets = [new Beaten(), new Beaten()];

    for (const socket of sockets) heartbeat.add(socket);
    clock.advance(1000);

    expect(sockets.map(({ elapsedMs }) => elapsedMs)).to.deep.equal([1000, 1000]);
    expect(clock.pendingTimers).to.equal(1);
  });

  it('has no timer without sockets', () => {
    const clock = new FakeClock();
    const heartbeat = new Heartbeat(clock, 400);
    const socket = new Beaten();

    heartbeat.add(socket);
    clock.advance(50);
    heartbeat.remove(socket);

    expect(clock.pendingTimers).to.equal(0);
  });

  it('does not hold against the sockets that the process itself stood still', () => {
    const clock = new FakeClock();
    const heartbeat = new Heartbeat(clock, 400);
    const socket = new Beaten();
    heartbeat.add(socket);

    clock.stall(60_000);

    expect(socket.elapsedMs).to.equal(200);
  });
});
