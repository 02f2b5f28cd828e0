/** What a socket reads is handed on in order and whole, whatever the stream is told meanwhile; and without its events where nothing needs them. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { expect } from 'chai';
import fc from 'fast-check';
import { onBytes } from '../../../src/ws/bytes.js';
import { MemorySocket } from '../../support/memory-socket.js';

describe('bytes of a socket', () => {
  it('come in order and each once behind what is there already, and none while the stream is paused', async function () {
    this.timeout(20_000);
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 3 }), fc.array(step(), { maxLength: 40 }), async (head, steps) => {
        const socket = new MemorySocket();
        if (head !== '') socket.unshift(Buffer.from(head));
        let arrived = head;
        let taken = '';
        onBytes(socket, (bytes) => {
          taken += bytes.toString();
        });
        let takenAtPause: string | null = null;
        for (const what of [...steps, 'resume', 'turn', 'end', 'turn'] as const) {
          if (what === 'pause') socket.pause();
          else if (what === 'resume') socket.resume();
          else if (what === 'end') socket.push(null);
          else if (what === 'turn') await turn();
          else {
            socket.arrive(Buffer.from(what.arrive));
            arrived += what.arrive;
          }
          takenAtPause = socket.isPaused() ? (takenAtPause ?? taken) : null;
          if (what === 'turn') expect(taken).to.equal(takenAtPause ?? arrived);
        }
        expect(socket.readableEnded).to.equal(true);
      }),
      { numRuns: 500 },
    );
  });

  it('come without an event while the stream flows', async () => {
    const socket = new MemorySocket();
    const taken: string[] = [];
    onBytes(socket, (bytes) => taken.push(bytes.toString()));
    await turn();
    const said = eventsOf(socket);

    socket.arrive(Buffer.from('a'));
    socket.arrive(Buffer.from('b'));

    expect([taken, said]).to.deep.equal([['a', 'b'], []]);
  });

  it('wait in the stream while it is paused', async () => {
    const socket = new MemorySocket();
    const taken: string[] = [];
    onBytes(socket, (bytes) => taken.push(bytes.toString()));
    await turn();
    socket.pause();
    socket.arrive(Buffer.from('a'));
    await turn();
    const whilePaused = [...taken];
    socket.resume();
    socket.arrive(Buffer.from('b'));
    await turn();

    expect([whilePaused, taken.join('')]).to.deep.equal([[], 'ab']);
  });

  it('stop when the socket is destroyed', () => {
    const socket = new MemorySocket();
    const taken: string[] = [];
    onBytes(socket, (bytes) => taken.push(bytes.toString()));
    socket.destroy();
    socket.push(Buffer.from('late'));

    expect(taken).to.deep.equal([]);
  });

  it('of a real socket come the same way, and end with it', async () => {
    const taken: Buffer[] = [];
    let said: readonly string[] = [];
    const server = createServer({ allowHalfOpen: true }, (socket: Socket) => {
      onBytes(socket, (bytes) => taken.push(Buffer.from(bytes)));
      said = eventsOf(socket);
      socket.on('end', () => socket.end('bye'));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const client = connect({ host: '127.0.0.1', port: typeof address === 'object' ? (address?.port ?? 0) : 0 });
    const sent = Buffer.alloc(300_000, 'ab');
    client.end(sent);
    const [answer] = (await once(client, 'data')) as [Buffer]; // what a socket tells of
    await once(client, 'close');
    server.close();

    expect(answer.toString()).to.equal('bye');
    expect(Buffer.concat(taken).equals(sent), 'all of it').to.equal(true);
    expect(said.filter((event) => event === 'data')).to.deep.equal([]);
  });
});

type Step = { readonly arrive: string } | 'pause' | 'resume' | 'turn';

function step(): fc.Arbitrary<Step> {
  const arrive = fc.string({ minLength: 1, maxLength: 5 });
  return fc.oneof(fc.record({ arrive }), fc.constantFrom<Step>('pause', 'resume', 'turn'));
}

/** From now on. */
function eventsOf(socket: MemorySocket | Socket): readonly string[] {
  const said: string[] = [];
  const emit = socket.emit.bind(socket);
  socket.emit = (event: string, ...given: readonly unknown[]) => {
    said.push(event);
    return emit(event, ...given);
  };
  return said;
}
