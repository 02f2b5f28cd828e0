/**
 * What a game may say and is told, over the public wire: schemas, messages, events, routes, `place`, `admit`,
 * documents, public metadata, and results that break the contract. Who is there is `presence.ts`.
 */
import { expect } from 'chai';
import { enter, make, obeyed, order, type Theatre } from '../../../support/flow-games/theatre.js';
import { call, login } from '../../../support/player.js';

const NOBODY = '00000000-0000-4000-8000-000000000000';

export function rulesCases(running: () => Theatre): void {
  describe('the rules of a game, over the wire', () => {
    let theatre: Theatre;
    before(async () => {
      theatre = running();
      await theatre.zone({ name: 'hall' });
    });

    describe('intents and messages', () => {
      it('refuses what the schemas of the game refuse, and what has no schema, without a word of its errors', async () => {
        const zone = await theatre.zone();
        const { socket } = await theatre.playerIn(zone);

        const refused = [
          { type: 'intent', seq: 1, data: { type: 'dance' } },
          { type: 'intent', seq: 2, data: { note: 'no type' } },
          { type: 'intent', seq: 3, data: { type: 'note' } },
          { type: 'intent', seq: 4, data: { type: 'strict', secret: 1 } },
          { type: 'intent', seq: 5, data: { type: 'constructor' } },
          { type: 'shout', seq: 6, text: 5 },
          { type: 'shout', seq: 7, text: 'hey', more: true },
        ];
        for (const message of refused) {
          socket.send(message);
          const error = await socket.next('error');
          expect(error, JSON.stringify(message)).to.include({ code: 'bad_request', seq: message.seq });
        }
        // What a game's own schema refuses does not count towards the ten that close a socket.
        for (const message of [...refused, ...refused]) socket.send({ ...message, seq: undefined });
        socket.send({ type: 'ping', t: 'still here' });

        expect((await socket.next('pong')).t).to.equal('still here');
        expect(socket.texts.join()).not.to.contain('CANARY');
      });

      it('queues a message of the game as an intent whose data is the whole message', async () => {
        const zone = await theatre.zone();
        const { socket } = await theatre.playerIn(zone);

        socket.send({ type: 'shout', text: 'hello', seq: 1 });
        const received = await socket.next('intent_received');
        const heard = await socket.next('tick', ({ ack }) => ack === 1);
        socket.send({ type: 'shout', text: 'hello', seq: 1 });
        const again = await socket.next('intent_received');
        socket.send({ type: 'shout', text: 'no number' });
        const numberless = await socket.next('tick', ({ state }) => state.events.length > 0);

        expect(received).to.deep.include({ seq: 1, zone_id: zone });
        expect(heard.state.events).to.deep.equal([{ heard: { type: 'shout', text: 'hello', seq: 1 } }]);
        expect(again).to.include({ seq: 1, duplicate: true });
        expect(numberless.state.events).to.deep.equal([{ heard: { type: 'shout', text: 'no number' } }]);
      });
    });

    describe('what a tick says', () => {
      it('shows events and extras to all for one tick, and sends messages to those they are for', async () => {
        const zone = await theatre.zone();
        const speaker = await theatre.playerIn(zone);
        const listener = await theatre.playerIn(zone);
        const ignored = await ignoredSoFar();

        const result = {
          events: [{ type: 'bell', rings: 3 }],
          extras: { weather: { rain: true } },
          messages: [
            { playerId: listener.id, type: 'whisper', words: ['psst'] },
            { playerId: NOBODY, type: 'whisper', words: ['to nobody'] },
          ],
          playerStates: [{ playerId: NOBODY, state: {} }],
        };
        const tick = await obeyed(speaker, { type: 'do', result }, 1);
        const whisper = await listener.socket.next('whisper');
        const seen = await listener.socket.next('tick', ({ tick_number }) => tick_number === tick.tick_number);
        const later = await listener.socket.next('tick');

        expect(whisper).to.deep.equal({ type: 'whisper', words: ['psst'] });
        expect(tick.state).to.deep.include({ events: result.events, weather: { rain: true } });
        expect(seen.state).to.deep.equal(tick.state);
        expect(later.state.events).to.deep.equal([]);
        expect(later.state).not.to.have.property('weather');
        expect(speaker.socket.all('whisper')).to.deep.equal([]);
        expect(await ignoredSoFar()).to.equal(ignored + 2);
      });

      it('applies creates, updates in their order, then deletes, whatever order they are given in', async () => {
        const zone = await theatre.zone();
        const player = await theatre.playerIn(zone);

        await obeyed(player, { type: 'special', what: 'order' }, 1);

        const entities = await theatre.entities(zone);
        expect(entities).to.have.lengthOf(1);
        expect(entities[0]).to.deep.include({ x: 3, y: 1, width: 1, height: 1, metadata: { step: 3 } });
      });

      it('gives each tick of each zone chance of its own', async () => {
        const [here, there] = [await theatre.zone(), await theatre.zone()];
        const [one, other] = [await theatre.playerIn(here), await theatre.playerIn(there)];

        const thrown = [
          await obeyed(one, { type: 'special', what: 'dice' }, 1),
          await obeyed(one, { type: 'special', what: 'dice' }, 2),
          await obeyed(other, { type: 'special', what: 'dice' }, 1),
        ].map(({ state }) => state);

        const dice: number[] = thrown.flatMap((state) => state.dice);
        const ids: string[] = thrown.flatMap((state) => state.ids);
        expect(dice.every((number) => number >= 0 && number < 1)).to.equal(true);
        expect(new Set(dice)).to.have.property('size', 6);
        expect(new Set(ids)).to.have.property('size', 6);
      });

      it('makes public metadata of the zone public at once, in REST and in the next tick', async () => {
        const zone = await theatre.zone({ admits: 3 });
        const player = await theatre.playerIn(zone);

        await obeyed(player, { type: 'do', result: { zoneMetadata: { season: 'winter', admits: 'nobody' } } }, 1);
        const { body } = await call(theatre.server.url, 'GET', `/api/zones/${zone}`, { token: player.token });
        const late = await theatre.player();
        late.socket.send({ type: 'subscribe', zone_id: zone });

        expect(body.metadata).to.deep.equal({ season: 'winter', admits: 'nobody' });
        expect(body.updated_at > body.created_at).to.equal(true);
        expect(await late.socket.next('error')).to.include({ code: 'forbidden' });
      });

      it('costs a player whose view fails that message, and nobody else anything', async () => {
        const zone = await theatre.zone();
        const [blind, sighted] = [await theatre.playerIn(zone), await theatre.playerIn(zone)];

        for (const [index, view] of ['throw', 'null', 'promise'].entries()) {
          const result = { playerStates: [{ playerId: blind.id, state: { view } }] };
          order(blind, { type: 'do', result }, index + 1);
          expect(await blind.socket.next('error')).to.include({ code: 'internal' });
        }
        const healed = await obeyed(blind, { type: 'do', result: { playerStates: [{ playerId: blind.id, state: null }] } }, 4);
        await sighted.socket.next('tick', ({ tick_number }) => tick_number === healed.tick_number);

        expect(healed.state.entities).to.deep.equal([]);
        expect(blind.socket.texts.join()).not.to.contain('CANARY');
        expect(sighted.socket.all('error')).to.deep.equal([]);
        await theatre.withoutGaps(zone, sighted.socket.all('tick'));
        expect((await theatre.actor(zone))?.restarts).to.equal(0);
      });
    });

    describe('place and admit', () => {
      it('subscribes a player that joins where the game says, and nowhere for any other answer', async () => {
        const placed = await theatre.player('placed');
        const others = ['thrown', 'slow', 'nowhere', 'unplaced'];

        expect((await placed.socket.next('subscribed')).zone.name).to.equal('hall');
        for (const role of others) {
          const { socket } = await theatre.player(role);
          socket.send({ type: 'unsubscribe' });
          expect(await socket.next('error'), role).to.include({ code: 'not_subscribed' });
          expect(socket.all('subscribed'), role).to.deep.equal([]);
          expect(socket.texts.join()).not.to.contain('CANARY');
          socket.close();
        }
      });

      it('shows the document of the player to place and to admit, wherever the player is held', async () => {
        const club = await theatre.zone({ name: 'club', admits: 'vip' });
        const zone = await theatre.zone();
        const player = await theatre.playerIn(zone);

        player.socket.send({ type: 'subscribe', zone_id: club });
        const stranger = await player.socket.next('error');
        const document = { vip: true, home: 'club' };
        // Still where it was: a subscription that fails leaves things as they were.
        await obeyed(player, { type: 'do', result: { playerStates: [{ playerId: player.id, state: document }] } }, 1);
        await enter(player, club);
        player.socket.close();
        player.socket = await theatre.join(player);
        const subscribed = await player.socket.next('subscribed');

        expect(stranger).to.include({ code: 'forbidden' });
        expect(subscribed.zone_id).to.equal(club);
        const [{ documents } = { documents: {} }] = await theatre.log(club);
        expect(documents).to.deep.equal({ [player.username]: document });
      });

      it('counts who is there for admit, and takes a throw and a late answer for no', async () => {
        const pair = await theatre.zone({ admits: 2 });
        await Promise.all([theatre.playerIn(pair), theatre.playerIn(pair)]);
        const third = await theatre.player();

        for (const zone of [pair, await theatre.zone({ admits: 'thrower' }), await theatre.zone({ admits: 'sleeper' })]) {
          third.socket.send({ type: 'subscribe', zone_id: zone });
          expect(await third.socket.next('error')).to.include({ code: 'forbidden' });
        }

        expect(third.socket.all('subscribed')).to.deep.equal([]);
        expect(third.socket.texts.join()).not.to.contain('CANARY');
      });
    });

    describe('routes', () => {
      const get = (path: string, token?: string) => call(theatre.server.url, 'GET', `/v1${path}`, { token });

      it('answer under /v1, with a session unless they say otherwise, and with input that fits their schema', async () => {
        const { token, id, username } = theatre.operator;

        expect(await get('/echo/hi')).to.deep.equal({ status: 200, body: { player: null, word: 'hi', times: 1 } });
        expect((await get('/echo/hi?times=3', token)).body).to.deep.equal({ player: { id, username }, word: 'hi', times: 3 });
        expect(await get('/echo/hi?times=9')).to.have.property('status', 400);
        expect((await get(`/view/${NOBODY}`)).body.error.code).to.equal('unauthorized');
        expect(await call(theatre.server.url, 'DELETE', '/v1/thing', { token })).to.deep.equal({ status: 204, body: null });
        expect((await get('/unknown', token)).body.error.code).to.equal('not_found');
      });

      it('cost one who calls a handler that throws, rejects, hangs or never answers a 500, and nobody else anything', async () => {
        const zone = await theatre.zone();
        const { socket } = await theatre.playerIn(zone);

        for (const path of ['/throws', '/rejects', '/hangs', '/never']) {
          const { status, body } = await get(path, theatre.operator.token);
          expect({ status, code: body.error.code }, path).to.deep.equal({ status: 500, code: 'internal' });
          expect(JSON.stringify(body), path).not.to.contain('CANARY');
        }

        await socket.next('tick');
        expect(socket.all('error')).to.deep.equal([]);
      });

      it('are a 404 for a zone that is not there', async () => {
        for (const zone of [NOBODY, 'constructor']) {
          const { status, body } = await get(`/view/${zone}`, theatre.operator.token);
          expect({ status, code: body.error.code }, zone).to.deep.equal({ status: 404, code: 'not_found' });
        }
      });

      it('see a zone as the player would, through getPlayerState, and wake it for that', async () => {
        const zone = await theatre.zone();
        const player = await theatre.playerIn(zone);
        const id = await make(player, 1, { x: 4, y: 5 });
        await obeyed(player, { type: 'do', result: { playerStates: [{ playerId: player.id, state: { view: 'count' } }] } }, 2);
        player.socket.send({ type: 'unsubscribe' });
        await theatre.until('the zone to sleep', async () => (await theatre.actor(zone)) === null);

        const own = await get(`/view/${zone}`, player.token);
        const others = await get(`/view/${zone}`, theatre.operator.token);

        expect(own).to.deep.equal({ status: 200, body: { count: 2 } });
        expect(others.body.entities.map((entity: { id: string }) => entity.id)).to.deep.equal([id]);
      });

      it('wake a zone with an intent, and answer after the commit what became of it', async () => {
        const zone = await theatre.zone();
        const send = (body: object) =>
          call(theatre.server.url, 'POST', `/v1/order/${zone}`, { token: theatre.operator.token, body });

        const applied = await send({ type: 'do', result: { creates: [{ x: 7, y: 7 }] } });
        const after = await theatre.entities(zone);
        const dropped = await send({ type: 'throw' });
        const nowhere = await call(theatre.server.url, 'POST', `/v1/order/${NOBODY}`, {
          token: theatre.operator.token,
          body: { type: 'note', note: 'nowhere' },
        });

        expect(applied.body).to.deep.equal({ fate: 'applied' });
        expect(after.map(({ x, y }) => [x, y])).to.deep.equal([[7, 7]]);
        expect(dropped.body).to.deep.equal({ fate: 'dropped' });
        expect(nowhere.body).to.deep.equal({ fate: 'dropped' });
      });
    });

    describe('intents of routes', () => {
      const order = (zone: string, body: object) =>
        call(theatre.server.url, 'POST', `/v1/order/${zone}`, { token: theatre.operator.token, body });

      it('have the defaults of their schema, as those of sockets have', async () => {
        const zone = await theatre.zone();

        expect((await order(zone, { type: 'widen' })).body).to.deep.equal({ fate: 'applied' });

        expect((await theatre.entities(zone)).map(({ width }) => width)).to.deep.equal([3]);
      });

      it('that no schema takes are a 400 that says why', async () => {
        const zone = await theatre.zone();
        const refusals = [
          [{ type: 'unheard' }, 'data.type is none of the types of this game'],
          [{ type: 'widen', width: '2' }, '"width" must be a number'],
        ] as const;
        for (const [body, message] of refusals) {
          expect(await order(zone, body)).to.deep.equal({
            status: 400,
            body: { error: { code: 'bad_request', message } },
          });
        }
      });
    });

    describe('documents', () => {
      it('are kept while the player is away, and belong to the player wherever it goes', async () => {
        const [first, second] = [await theatre.zone(), await theatre.zone()];
        const player = await theatre.playerIn(first);

        await obeyed(player, { type: 'do', result: { playerStates: [{ playerId: player.id, state: { gold: 7 } }] } }, 1);
        await enter(player, second);
        player.socket.close();
        await theatre.until('the second zone to see it leave', async () => (await theatre.moves(second)).length === 2);
        const again = await login(theatre.server.url, player.username);
        player.socket = await theatre.join(again);
        await enter(player, first);

        const documents = [...(await theatre.log(first)), ...(await theatre.log(second))].flatMap((entry) =>
          entry.joined.length + entry.left.length > 0 ? [entry.documents[player.username]] : [],
        );
        expect(documents).to.deep.equal([null, ...Array(4).fill({ gold: 7 })]);
      });
    });

    describe('results that break the contract', () => {
      it('change nothing at all: the tick is dropped, the zone goes on from the last commit', async () => {
        // Each further failure costs a longer pause, and a fifth within a minute would be a quarantine.
        const groups = Array.from({ length: Math.ceil(MALFORMED.length / 3) }, (_, i) => MALFORMED.slice(i * 3, i * 3 + 3));
        await Promise.all(groups.map(refusesAll));
      });

      async function refusesAll(group: typeof MALFORMED): Promise<void> {
        const zone = await theatre.zone();
        const player = await theatre.playerIn(zone);
        const witness = await make(player, 1, { x: 1, y: 1 });
        const before = await theatre.entities(zone);

        for (const [index, [what, data]] of group.entries()) {
          const text = JSON.stringify(data)
            .replaceAll('SELF', zone)
            .replaceAll('WITNESS', witness)
            .replaceAll('PLAYER', player.id);
          order(player, JSON.parse(text), 2 * index + 2);
          const dropped = await player.socket.next('error');
          const healed = await obeyed(player, { type: 'note', note: what }, 2 * index + 3);

          expect(dropped, what).to.include({ code: 'intent_dropped', seq: 2 * index + 2 });
          expect(healed.state, what).to.have.all.keys('zone_id', 'entities', 'events');
          expect(healed.state.events, what).to.deep.equal([]);
          expect(await theatre.entities(zone), what).to.deep.equal(before);
        }

        expect((await theatre.actor(zone))?.restarts).to.equal(group.length);
        const log = await theatre.log(zone);
        expect(log.flatMap(({ notes }) => notes)).to.deep.equal(group.map(([what], index) => [2 * index + 3, what]));
        expect(log.flatMap(({ joined }) => joined)).to.deep.equal([player.username]);
        const { body } = await call(theatre.server.url, 'GET', `/api/zones/${zone}`, { token: player.token });
        expect(body.metadata).to.deep.equal({});
        expect(player.socket.all('gift')).to.deep.equal([]);
        expect(player.socket.texts.join()).not.to.contain('CANARY');
        player.socket.send({ type: 'unsubscribe' });
        const left = await theatre.until('the leave', async () =>
          (await theatre.log(zone)).find((entry) => entry.left.length > 0),
        );
        expect(left.documents).to.deep.equal({ [player.username]: null });
      }
    });

    it('gives a game nothing through which what is committed could be changed', async () => {
      const zone = await theatre.zone();
      const player = await theatre.playerIn(zone);
      await obeyed(
        player,
        { type: 'do', result: { playerStates: [{ playerId: player.id, state: { deep: { gold: [1] } } }] } },
        1,
      );
      await make(player, 2, { x: 0, y: 0, metadata: { deep: { list: [1, 2] } } });
      // As it is read from storage, not as the game gave it.
      player.socket.close();
      await theatre.until('the zone to sleep', async () => (await theatre.actor(zone)) === null);
      player.socket = await theatre.join(player);
      await enter(player, zone);
      const before = await theatre.entities(zone);

      const { state } = await obeyed(player, { type: 'special', what: 'hostile' }, 1);

      expect(state.damage).to.deep.equal([]);
      expect(await theatre.entities(zone)).to.deep.equal(before);
    });

    async function ignoredSoFar(): Promise<number> {
      const text = await (await fetch(`${theatre.server.url}/metrics`)).text();
      return Number(/^\w*results_ignored_total (\d+)/m.exec(text)?.[1] ?? 0);
    }
  });
}

const answer = (value: unknown) => ({ type: 'answer', value });
const special = (what: string) => ({ type: 'special', what });
/** Good parts, none of which may be seen. */
const GOOD = {
  creates: [{ x: 9, y: 9 }],
  updates: [{ id: 'WITNESS', x: 30 }],
  events: [{ type: 'seen' }],
  extras: { seen: true },
  zoneMetadata: { seen: true },
  messages: [{ playerId: 'PLAYER', type: 'gift' }],
  playerStates: [{ playerId: 'PLAYER', state: { seen: true } }],
};
const bad = (part: object) => answer({ ...GOOD, ...part });

const MALFORMED: readonly [what: string, data: object][] = [
  ['null', answer(null)],
  ['a number', answer(42)],
  ['an array', answer([])],
  ['creates no array', bad({ creates: {} })],
  ['a create that is no object', bad({ creates: [5] })],
  ['a create without a place', bad({ creates: [{ y: 1 }] })],
  ['between two cells', bad({ creates: [{ x: 0.5, y: 0 }] })],
  ['text for a cell', bad({ creates: [{ x: '1', y: 0 }] })],
  ['below the zone', bad({ creates: [{ x: -1, y: 0 }] })],
  ['beside the zone', bad({ creates: [{ x: 40, y: 0, width: 0, height: 0 }] })],
  ['over the edge', bad({ creates: [{ x: 39, y: 0, width: 2 }] })],
  ['a negative size', bad({ creates: [{ x: 0, y: 0, width: -1 }] })],
  ['metadata that is a list', bad({ creates: [{ x: 0, y: 0, metadata: [] }] })],
  ['an update of nobody', bad({ updates: [{ id: NOBODY, x: 1 }] })],
  ['an update out of the zone', bad({ updates: [{ id: 'WITNESS', x: 40 }] })],
  ['a delete of nobody', bad({ deletes: [NOBODY] })],
  ['a delete twice', bad({ deletes: ['WITNESS', 'WITNESS'] })],
  ['a transfer of nobody', bad({ transfers: [{ id: NOBODY, toZone: NOBODY, x: 0, y: 0 }] })],
  ['a transfer to its own zone', bad({ transfers: [{ id: 'WITNESS', toZone: 'SELF', x: 0, y: 0 }] })],
  ['a second transfer of one', bad({ transfers: Array(2).fill({ id: 'WITNESS', toZone: NOBODY, x: 0, y: 0 }) })],
  ['a transfer and a delete', bad({ transfers: [{ id: 'WITNESS', toZone: NOBODY, x: 0, y: 0 }], deletes: ['WITNESS'] })],
  ['an event that is text', bad({ events: ['boom'] })],
  ['extras named entities', bad({ extras: { entities: [] } })],
  ['extras named events', bad({ extras: { events: [] } })],
  ['extras named zone_id', bad({ extras: { zone_id: 'x' } })],
  ['a message of the protocol', bad({ messages: [{ playerId: 'PLAYER', type: 'tick' }] })],
  ['a message without type', bad({ messages: [{ playerId: 'PLAYER' }] })],
  ['a document that is text', bad({ playerStates: [{ playerId: 'PLAYER', state: 'rich' }] })],
  ['metadata of the zone that is text', bad({ zoneMetadata: 'nice' })],
  ['a time that is text', bad({ wakeAt: 'soon' })],
  ...['undefined', 'promise', 'rejection', 'cycle', 'nan', 'infinite', 'date', 'function', 'getter', 'hugeint', 'stolenid'].map(
    (what): [string, object] => [what, special(what)],
  ),
  ['a throw', { type: 'throw' }],
];
