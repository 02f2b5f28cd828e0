/**
 * What a player may say and must not (FAULTS 41, 44 to 48), against the whole server: JSON made to hurt,
 * numbers that are none, keys that reach prototypes, and intents numbered in every wrong order.
 */
import { expect } from 'chai';
import fc from 'fast-check';
import { Arena, attack } from '../../support/arena.js';
import { call, type Message, type PlayerSocket } from '../../support/player.js';
import { RawPeer } from '../../support/raw-peer.js';

/** Fewer than the ten malformed messages that close a socket. */
const PER_SOCKET = 8;

describe('while players say what they must not, a player of the same zone goes on playing', () => {
  let arena: Arena;
  before(async () => {
    arena = await Arena.open();
  });
  after(() => arena.close());
  const attacked = (name: string, run: () => Promise<void>) => attack(name, () => arena, run);

  attacked('messages that are none are refused, and the socket stays', async () => {
    const deep = '{"a":';
    const texts = [
      '',
      '{"type":',
      '['.repeat(16_000),
      deep.repeat(3276),
      `{"type":"intent","data":${deep.repeat(20)}1${'}'.repeat(20)}}`,
      `{"type":"ping","t":${'['.repeat(16)}${']'.repeat(16)}}`,
      `{"type":"ping","t":${'['.repeat(8000)}${']'.repeat(8000)}}`,
      '[{"type":"ping"}]',
      '"ping"',
      '1e999',
      '{"type":"ping","t":1e999}',
      '{"type":["ping"]}',
      '{"type":"__proto__"}',
      '{"type":"constructor"}',
      '{"type":"tick","tick_number":1}',
      '{"type":"intent"}',
      '{"type":"intent","data":[]}',
      '{"type":"intent","data":"move"}',
      '{"type":"subscribe"}',
      '{"type":"subscribe","zone_id":{"$gt":""}}',
      `{"type":"subscribe","zone_id":"${arena.zone}","sync":"all"}`,
      '{"type":"ping","t":NaN}',
    ];

    for (let at = 0; at < texts.length; at += PER_SOCKET) {
      const attacker = await arena.attacker();
      for (const text of texts.slice(at, at + PER_SOCKET)) {
        attacker.socket.send(text);
        expect((await attacker.next('error')).code, text.slice(0, 60)).to.equal('bad_request');
      }
      attacker.send({ type: 'ping', t: at });
      expect(await attacker.next('pong')).to.include({ t: at });
    }
  });

  attacked(
    'wishes that the world does not grant are refused by number and with a reason, and nothing has changed (45)',
    async () => {
      const attacker = await arena.attacker();
      const entities = async () =>
        (await call(arena.url, 'GET', `/api/debug/zones/${arena.zone}/state`, { token: arena.operator.token })).body.entities;
      const before = await entities();
      const other = before.find(({ metadata }: Message) => metadata.name === 'bystander')?.id;
      const wishes: [data: object, code: string][] = [
        [{ type: 'pick_up' }, 'nothing_here'],
        [{ type: 'drop', item: 'crown' }, 'not_carried'],
        [{ type: 'move', dx: 30, dy: 0 }, 'bad_request'],
        [{ type: 'move', dx: 1, dy: 0, entity: other }, 'bad_request'],
        [{ type: 'teleport', x: 0, y: 0 }, 'bad_request'],
      ];

      for (const [at, [data, code]] of wishes.entries()) {
        attacker.send({ type: 'intent', data, seq: at + 1 });
        const told = await attacker.nextOf(({ type }) => type === 'refused' || type === 'error', code);
        expect([told.seq, told.reason ?? told.code], JSON.stringify(data)).to.deep.equal([at + 1, code]);
      }

      expect(await entities()).to.deep.equal(before);
      expect(other).to.be.a('string');
    },
  );

  attacked('steps that are none are refused, and nobody has moved', async () => {
    const attacker = await arena.attacker();
    const start = (await attacker.next('tick')).state.you;
    const refused = [
      '2',
      '-2',
      '0.5',
      '1e308',
      '9007199254740993',
      '1e-300',
      '"1"',
      'null',
      'true',
      '[]',
      '[1]',
      '{}',
      '{"x":1}',
    ];
    const malformed = ['NaN', 'Infinity', '-Infinity', '1e999', '0x1', '01', 'undefined'];

    for (const dx of [...refused, ...malformed]) {
      attacker.socket.send(`{"type":"intent","data":{"type":"move","dx":${dx},"dy":0}}`);
      expect((await attacker.next('error')).code, dx).to.equal('bad_request');
    }
    for (const dx of ['-0', '-0.0', '0e5', '1e-400']) {
      attacker.socket.send(`{"type":"intent","data":{"type":"move","dx":${dx},"dy":0}}`);
      await attacker.next('intent_received');
    }

    const { you } = (await attacker.next('tick', laterThan(attacker))).state;
    expect(you).to.deep.include({ x: start.x, y: start.y });
  });

  attacked('intents that the game does not know are refused one by one, and do not count as malformed', async () => {
    const attacker = await arena.attacker();
    const data = [
      {},
      { type: 'fly' },
      { type: 'move' },
      { type: 'move', dx: 1 },
      { type: 'move', dx: 1, dy: 0, dz: 0 },
      { type: 'move', dx: 1, dy: 0, id: arena.zone },
      { type: ['move'], dx: 1, dy: 0 },
      { type: 'say' },
      { type: 'say', text: '' },
      { type: 'say', text: 'x'.repeat(121) },
      { type: 'say', text: ['x'] },
      { type: 'drop', item: { $gt: '' } },
      { type: 'toString' },
    ];

    for (const [at, intent] of data.entries()) {
      attacker.send({ type: 'intent', seq: at + 1, data: intent });
      expect(await attacker.next('error'), JSON.stringify(intent)).to.include({ code: 'bad_request', seq: at + 1 });
    }
    attacker.send({ type: 'intent', seq: 100, data: { type: 'say', text: 'still here' } });

    expect(await attacker.next('intent_received')).to.include({ seq: 100 });
  });

  attacked('any JSON at all is received or refused, and no number of the zone is lost', async () => {
    const attacker = await arena.attacker();
    const walk = fc.record({ type: fc.constant('move'), dx: fc.oneof(fc.integer(), fc.double()), dy: fc.constantFrom(-1, 0, 1) });
    const anything = fc.dictionary(fc.string(), fc.jsonValue());

    await fc.assert(
      fc.asyncProperty(fc.oneof(walk, anything), async (data) => {
        attacker.send({ type: 'intent', data });
        await attacker.nextOf(({ type }) => type === 'intent_received' || type === 'error', 'an answer');
      }),
      { numRuns: 100 },
    );

    const tick = await attacker.next('tick', laterThan(attacker));
    for (const { x, y, width, height } of tick.state.entities) {
      expect([x, y, width, height].every(Number.isSafeInteger)).to.equal(true);
    }
    expect(attacker.all('error').filter(({ code }) => code !== 'bad_request')).to.deep.equal([]);
  });

  attacked('keys that reach prototypes are gone at every depth, on sockets, in bodies and in queries', async () => {
    const { url, operator } = arena;
    const attacker = await arena.attacker();
    const bad = '"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}';
    attacker.socket.send(`{"type":"ping",${bad},"t":{"a":[{${bad},"b":1}],${bad}}}`);
    const body = `{"name":"guarded","width":3,"height":3,${bad},"metadata":{${bad},"deep":[[{"ok":1,"\\u005f_proto__":{"polluted":1}}]]}}`;

    const pong = await attacker.next('pong');
    const headers = { authorization: `Bearer ${operator.token}`, 'content-type': 'application/json' };
    const made = await fetch(`${url}/api/zones`, { method: 'POST', headers, body });
    const zone = JSON.parse(await made.text());
    const queried = await fetch(`${url}/api/zones?__proto__[polluted]=1&constructor=1&limit=1`, { headers });

    expect(pong.t).to.deep.equal({ a: [{ b: 1 }] });
    expect(made.status).to.equal(201);
    expect(zone.metadata).to.deep.equal({ deep: [[{ ok: 1 }]] });
    // The first of the two parameters is a name like others, and unknown; the second is not looked at.
    expect(queried.status).to.equal(400);
    expect(await queried.text()).to.not.include('"constructor"');
    await call(url, 'DELETE', `/api/zones/${zone.id}`, { token: operator.token });
  });

  attacked('depth and size: refused before they are read', async () => {
    const attacker = await arena.attacker();
    const head = 'POST /api/auth/login HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n';
    const bodies: [body: string, status: number][] = [
      ['['.repeat(500_000), 413],
      ['['.repeat(60_000), 400],
      ['{"a":'.repeat(13_000), 400],
      [`{${Array.from({ length: 5000 }, (_, at) => `"k${at}":1`).join(',')}}`, 400],
      [`{${Array.from({ length: 100_000 }, (_, at) => `"k${at}":1`).join(',')}}`, 413],
    ];

    for (const [body, status] of bodies) {
      const peer = await RawPeer.dial(arena.url, `${head}Content-Length: ${body.length}\r\n\r\n${body}`);
      expect(await peer.until((text) => text.includes('}}'))).to.match(new RegExp(`^HTTP/1.1 ${status} `));
      peer.socket.destroy();
    }
    attacker.socket.send('['.repeat(500_000));

    expect((await attacker.closed).code).to.equal(1009);
  });

  attacked('numbers of intents, repeated, skipped and out of order: each intent is applied once, or reported', async () => {
    const attacker = await arena.attacker();
    const last = Number.MAX_SAFE_INTEGER;

    const fates: string[] = [];
    for (const seq of [1, 1, 2, 5, 4, 3, 5, 7, 6, last, last, 8]) fates.push(`${seq} ${await fateOf(attacker, seq)}`);
    for (const seq of [0, -1, 1.5, last + 1, '9', null]) fates.push(`${seq} ${await fateOf(attacker, seq)}`);
    await attacker.next('tick', ({ ack }) => ack === last);

    expect(fates).to.deep.equal([
      '1 received',
      '1 duplicate',
      '2 received',
      '5 received',
      '4 intent_dropped',
      '3 intent_dropped',
      '5 duplicate',
      '7 received',
      '6 intent_dropped',
      `${last} received`,
      `${last} duplicate`,
      '8 intent_dropped',
      '0 bad_request',
      '-1 bad_request',
      '1.5 bad_request',
      `${last + 1} bad_request`,
      '9 bad_request',
      'null bad_request',
    ]);
    expect(heard(attacker)).to.deep.equal(['word 1', 'word 2', 'word 5', 'word 7', `word ${last}`]);
  });
});

async function fateOf(player: PlayerSocket, seq: unknown): Promise<string> {
  player.send({ type: 'intent', seq, data: { type: 'say', text: `word ${seq}` } });
  const answer = await player.nextOf(({ type }) => type === 'intent_received' || type === 'error', `an answer to ${seq}`);
  if (answer.type === 'error') return answer.code;
  return answer.duplicate ? 'duplicate' : 'received';
}

/** What walkers have said within its hearing, in the order of its ticks. */
function heard(player: PlayerSocket): string[] {
  return player.all('tick').flatMap(({ state }) => state.events.map(({ text }: { text: string }) => text));
}

/** A tick that saw everything sent so far. */
function laterThan(player: PlayerSocket): (tick: Message) => boolean {
  const seen = player.all('tick').at(-1)?.tick_number ?? 0;
  return ({ tick_number }) => tick_number > seen + 1;
}
