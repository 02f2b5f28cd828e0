/**
 * A client gets what `getPlayerState` returned for it, public zone data, and not a byte more: two players of one
 * zone, and every byte that leaves the server towards each, towards anybody, and into the logs, is searched for
 * words that it must not have.
 */
import { expect } from 'chai';
import { obeyed, order, type Performer, Theatre } from '../../support/flow-games/theatre.js';
import { type Message, PASSWORD } from '../../support/player.js';

/** Each in one place only, so that a word that turns up says how it got out. */
const words = (owner: string) => ({
  hidden: `${owner}-HIDDEN-IN-A-HUT`,
  refused: `${owner}-REFUSED-BY-A-SCHEMA`,
  failed: `${owner}-IN-AN-ERROR-OF-A-TICK`,
  garbled: `${owner}-IN-A-MALFORMED-RESULT`,
  jammed: `${owner}-IN-AN-ERROR-OF-A-VIEW`,
  shouted: `${owner}-IN-AN-ERROR-OF-A-ROUTE`,
});
type Words = ReturnType<typeof words>;

describe('fog', function () {
  this.timeout(30_000);
  let theatre: Theatre;
  before(async () => {
    theatre = await Theatre.open('fog.ts', { LOG_LEVEL: 'trace' });
  });
  after(() => theatre?.close());

  it('lets nothing through that was not meant for who gets it', async () => {
    const [ann, bob] = [await theatre.player('ann'), await theatre.player('bob')];
    const [own, others] = [words('ANN'), words('BOB')];
    for (const { socket } of [ann, bob]) await socket.next('tick', ({ state }) => state.entities.length === 1);

    bob.socket.send({ type: 'subscribe', zone_id: await zoneNamed('village'), sync: 'delta' });
    await bob.socket.next('delta');
    await live(ann, own);
    await live(bob, others);
    const answers = [await everyRoute(ann, own), await everyRoute(bob, others)];
    const again = await theatre.join(ann, ann.socket.joinAck.resume_token);
    await again.next('tick');
    const anybody = await Promise.all(['/status', '/metrics', '/healthz', '/openapi.json', '/docs'].map((path) => read(path)));
    await read('/api/auth/logout', bob, 'POST');
    const closes = [await ann.socket.closed, await bob.socket.closed];
    await theatre.server.signal('SIGTERM');
    closes.push(await again.closed);

    const { stdout, stderr } = theatre.server.output;
    const toAnn = [...ann.socket.texts, ...again.texts, answers[0], closes[0]?.reason, closes[2]?.reason].join('\n');
    const toBob = [...bob.socket.texts, answers[1], closes[1]?.reason].join('\n');
    expect(closes.map(({ code }) => code)).to.deep.equal([4409, 4401, 1001]);
    expect(bob.socket.all('delta').length).to.be.above(3);
    finds(toAnn, own.hidden);
    finds(toBob, others.hidden);
    lacks('what Ann got', toAnn, [...Object.values(others), ...errorsOf(own)]);
    lacks('what Bob got', toBob, [...Object.values(own), ...errorsOf(others)]);
    const names = [ann.username, bob.username, ann.id, bob.id];
    lacks('what anybody may read', anybody.join('\n'), [...Object.values(own), ...Object.values(others), ...names]);
    // Errors of the game are in the log, for its author; what the world is made of is not, nor what opens doors.
    expect(stderr).to.contain(own.failed).and.to.contain(others.jammed);
    const world = [own, others].flatMap(({ hidden, refused, garbled }) => [hidden, refused, garbled]);
    const keys = [ann.token, bob.token, ann.socket.joinAck.resume_token, again.joinAck.resume_token, PASSWORD];
    lacks('the log', stdout + stderr, [...world, ...keys]);
  });

  /** Plays a while, and makes all go wrong that can. */
  async function live(player: Performer, { hidden, refused, failed, garbled, jammed }: Words): Promise<void> {
    const { socket } = player;
    await obeyed(player, { type: 'hide', word: hidden }, 1);
    order(player, { type: 'hide', word: hidden, surplus: refused }, 2);
    await socket.next('error', ({ code }) => code === 'bad_request');
    for (const [seq, data] of [
      [3, { type: 'fail', word: failed }],
      [4, { type: 'garble', word: garbled }],
    ] as const) {
      order(player, data, seq);
      await socket.next('error', (message) => message.code === 'intent_dropped' && message.seq === seq);
    }
    await obeyed(player, { type: 'jam', word: jammed }, 5);
    await obeyed(player, { type: 'clear', word: hidden }, 6);
    socket.send({ type: 'subscribe', zone_id: await zoneNamed('vault') });
    await socket.next('error', ({ code }) => code === 'forbidden');
    socket.send({ type: 'nonsense', word: refused });
    await socket.next('error');
  }

  /** All that a player can call, and what it cannot. */
  async function everyRoute(player: Performer, { shouted }: Words): Promise<string> {
    const zone = await zoneNamed('village');
    const { body } = await theatre.asOperator('GET', `/api/debug/zones/${zone}/state`);
    const ids = body.entities.map(({ id }: { id: string }) => id);
    const paths = [
      ...['/api/auth/me', '/api/zones', `/api/zones/${zone}`, `/v1/see/${zone}`, '/v1/nowhere', '/api/nowhere'],
      ...['state', 'entities?x=0&y=0&width=50&height=50'].map((what) => `/api/debug/zones/${zone}/${what}`),
      ...ids.map((id: string) => `/api/debug/entities/${id}`),
      ...['/api/debug/actors', '/api/debug/connections'],
    ];
    const answers = await Promise.all(paths.map((path) => read(path, player)));
    answers.push(await read('/v1/shout', player, 'POST', { word: shouted }));
    answers.push(await read('/api/debug/tick/pause', player, 'POST'), await read(`/api/zones/${zone}`, player, 'DELETE'));
    expect(answers.filter((text) => text.includes('"forbidden"'))).to.have.lengthOf(ids.length + 6);
    return answers.join('\n');
  }

  async function zoneNamed(name: string): Promise<string> {
    const { body } = await theatre.asOperator('GET', '/api/zones');
    return body.zones.find((zone: Message) => zone.name === name).id;
  }

  /** Every byte of an answer: status line, headers and body. */
  async function read(path: string, player?: Performer, method = 'GET', body?: object): Promise<string> {
    const headers = {
      ...(player && { authorization: `Bearer ${player.token}` }),
      ...(body && { 'content-type': 'application/json' }),
    };
    const response = await fetch(`${theatre.server.url}${path}`, { method, headers, body: body && JSON.stringify(body) });
    return [response.status, response.statusText, JSON.stringify([...response.headers]), await response.text()].join('\n');
  }
});

/** Whoever searches must be able to find: each has seen its own word, wherever that was due. */
function finds(text: string, word: string): void {
  const lines = text.split('\n').filter((line) => line.includes(word));
  for (const part of ['"metadata":', '"events":[{', '"document":', '"type":"secret"'] as const) {
    expect(
      lines.some((line) => line.includes(part)),
      part,
    ).to.equal(true);
  }
}

/** Not even one's own: text of the game's errors is for nobody but its author. */
function errorsOf({ failed, jammed, shouted }: Words): readonly string[] {
  return ['the vault is closed', `failed over ${failed}`, `must not see ${jammed}`, `failed with ${shouted}`];
}

function lacks(where: string, text: string, needles: readonly string[]): void {
  for (const needle of needles) expect(text.includes(needle), `${needle} in ${where}`).to.equal(false);
}
