/** How many sockets the process holds, and what becomes of those beyond. */

import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect } from 'chai';
import { limitSockets, openFilesLimit, socketRoom } from '../../../src/http/socket-room.js';
import { until } from '../../support/raw-peer.js';
import { RecordingLog } from '../../support/recording-log.js';
import { RecordingTelemetry } from '../../support/recording-telemetry.js';

const ALONE = { zoneWorkers: 0, databasePool: 0 };

describe('room for sockets', () => {
  it('is what the system allows, less what the server needs for itself', () => {
    expect(socketRoom(1024, ALONE)).to.equal(968);
    expect(socketRoom(1024, { zoneWorkers: 3, databasePool: 10 })).to.equal(898);
  });

  it('is one at least, and has no end where the system sets none', () => {
    expect(socketRoom(20, ALONE)).to.equal(1);
    expect(socketRoom(null, ALONE)).to.equal(null);
  });

  it('is known from the system', () => {
    expect(openFilesLimit() ?? Number.POSITIVE_INFINITY).to.be.greaterThan(16);
  });

  it('is kept: who comes beyond is turned away and counted, and an accept that fails ends nothing', async () => {
    const telemetry = new RecordingTelemetry();
    const log = new RecordingLog();
    const server = createServer((_request, response) => response.end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    limitSockets(server, 2, { telemetry, log });

    // A server that listens on TCP has this kind of address.
    const { port } = server.address() as AddressInfo;
    const sockets = Array.from({ length: 5 }, () => connect(port, '127.0.0.1').on('error', () => {}));
    await until(() => telemetry.counts.get('sockets_refused_total') === 3);
    server.emit('error', Object.assign(new Error('accept EMFILE'), { code: 'EMFILE' }));
    await until(() => sockets.filter(({ destroyed }) => destroyed).length === 3);

    expect(telemetry.counts.get('sockets_refused_total')).to.equal(4);
    expect(log.lines.map(({ level, message }) => [level, message])).to.deep.equal([['warn', 'a socket could not be taken']]);
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
});
