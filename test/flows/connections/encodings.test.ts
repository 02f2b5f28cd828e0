import { expect } from 'chai';
import { WebSocket } from 'ws';
import { BinaryDecoder, type ServerMessage } from '../../../client/binary.js';
import { Snapshots } from '../../../client/snapshots.js';
import { call, PlayerSocket, register } from '../../support/player.js';
import { TestServer } from '../../support/server.js';

/** A client of the binary subprotocol: whole snapshots by tick, however they came. */
class BinaryClient {
  readonly snapshots = new Map<number, unknown>();
  readonly types: string[] = [];
  readonly #decoder = new BinaryDecoder();
  readonly #states = new Snapshots();
  #wake = () => {};

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data: Buffer, isBinary) => {
      const message: ServerMessage = isBinary ? this.#decoder.decode(data) : { type: 'a text' };
      this.types.push(message.type);
      if (message.type === 'tick' || message.type === 'delta') {
        const { tick, state } = this.#states.apply(message);
        this.snapshots.set(tick, sorted(state));
      }
      this.#wake();
    });
  }

  static async join(url: string, token: string): Promise<BinaryClient> {
    const socket = new WebSocket(url, ['gridstead.v1.bin', 'gridstead.v1.json']);
    const client = new BinaryClient(socket);
    await new Promise((resolve) => socket.once('open', resolve));
    client.send({ type: 'hello', token });
    await client.until(() => client.types.includes('tick'));
    return client;
  }

  send(message: object): void {
    this.socket.send(Buffer.concat([Buffer.of(0), Buffer.from(JSON.stringify(message))]));
  }

  async until(met: () => boolean): Promise<void> {
    while (!met()) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

/** Entities have no order. */
function sorted(state: { [key: string]: unknown }): unknown {
  const entities = Array.isArray(state.entities) ? state.entities : [];
  return { ...state, entities: [...entities].sort((a, b) => (a.id < b.id ? -1 : 1)) };
}

describe('encodings of what a player is shown', () => {
  let server: TestServer;
  before(async () => {
    server = await TestServer.start();
  });
  after(() => server.dispose());

  it('give the same snapshots, as JSON and as differences in binary, while the player walks', async () => {
    const walker = await register(server.url, 'walker');
    const binary = await BinaryClient.join(server.socketUrl, walker.token);
    binary.send({ type: 'subscribe', zone_id: await zoneId(server, 'meadow', walker.token), sync: 'delta', acks: 'tick' });
    await binary.until(() => binary.types.includes('delta'));
    for (const dx of [1, 1, -1]) binary.send({ type: 'intent', data: { type: 'move', dx, dy: 0 } });
    const before = binary.snapshots.size;
    await binary.until(() => binary.snapshots.size >= before + 5);
    binary.send({ type: 'resync' });
    const ticks = binary.types.filter((type) => type === 'tick').length;
    await binary.until(() => binary.types.filter((type) => type === 'tick').length > ticks);

    const json = await PlayerSocket.join(server.socketUrl, walker.token);
    const seen = await json.next('tick');

    expect(binary.socket.protocol).to.equal('gridstead.v1.bin');
    expect(binary.types).to.include.members(['join_ack', 'subscribed', 'tick', 'delta']).and.not.include('a text');
    expect(Object.keys([...binary.snapshots.values()].at(-1) as object).sort()).to.deep.equal(Object.keys(seen.state).sort());
    binary.socket.terminate();
    json.terminate();
  });

  it('give a JSON client whole states exactly as one that gets differences puts them together', async () => {
    const [plain, lean] = [await register(server.url, 'sam'), await register(server.url, 'tom')];
    const states = new Snapshots();
    const whole = await PlayerSocket.join(server.socketUrl, plain.token);
    const deltas = await PlayerSocket.join(server.socketUrl, lean.token);
    await deltas.next('tick');
    const quarry = await zoneId(server, 'quarry', lean.token);
    for (const player of [whole, deltas])
      player.send({ type: 'subscribe', zone_id: quarry, sync: player === deltas ? 'delta' : 'snapshot' });
    await deltas.next('subscribed', (message) => message.zone_id === quarry);
    await whole.next('subscribed', (message) => message.zone_id === quarry);
    const last = await deltas.next('delta', ({ tick_number }) => tick_number > 0);
    for (let more = 0; more < 4; more += 1) await deltas.next('delta');

    const inQuarry = deltas.messages.filter((m) => (m.type === 'tick' || m.type === 'delta') && m.zone_id === quarry);
    expect(inQuarry.map(({ type }) => type).slice(0, 2)).to.deep.equal(['tick', 'delta']);
    expect(last.base).to.equal(inQuarry[0]?.tick_number);
    for (const message of inQuarry) {
      const { state } = states.apply(message);
      expect(state).to.have.property('you');
    }
    whole.terminate();
    deltas.terminate();
  });
});

async function zoneId({ url }: TestServer, name: string, token: string): Promise<string> {
  const { body } = await call(url, 'GET', '/api/zones', { token });
  return body.zones.find((zone: { name: string }) => zone.name === name).id;
}
