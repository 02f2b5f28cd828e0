import { expect } from 'chai';
import { newUuid } from '../../../../actors/ids.js';
import { scripted } from '../../../support/games.js';
import { entityId, HOME, held, intent, playerId, request, resident, stored } from '../../simulation/support.js';
import { type Edge, startEdge } from '../edge.js';

describe("the history's routes", () => {
  let edge: Edge;
  let token: string;
  beforeEach(async () => {
    edge = await startEdge();
    token = edge.accounts.logIn('root', 'debug').token;
    // A zone that made an entity in its second tick, because somebody asked for it.
    const zone = resident(scripted(({ intents }) => ({ creates: intents.map(() => ({ x: 3, y: 4 })) })));
    zone.step(request(1, { joins: [held(1)] }));
    zone.adopt(1);
    const { tick, body } = zone.checkpoint();
    const { row } = zone.step(request(2, { intents: [intent(1, 1)] }));
    edge.history.kept = { zone: stored().info, states: [{ tick, body }], journal: row ? [row] : [] };
  });
  afterEach(() => edge.close());

  const get = (path: string) => edge.call('GET', `/api/debug/zones/${path}`, { token });

  it('say which ticks there are, and what the zone was like after one, with what was asked of it', async () => {
    const range = await get(`${HOME}/history`);
    const past = await get(`${HOME}/history/2`);
    const before = await get(`${HOME}/history/1`);

    expect(range.json).to.deep.equal({ after: 1, up_to: 2 });
    expect(past.json).to.have.nested.property('entities[0].x', 3);
    expect(past.json).to.have.nested.property('intents[0].player_id', playerId(1));
    expect(before.json).to.deep.include({ tick_number: 1, entities: [], intents: [] });
  });

  it('say what a player has asked for lately, and nothing of others', async () => {
    const [asker, other] = [playerId(1), playerId(2)];
    edge.history.numbers.set(asker, held(1).number).set(other, held(2).number);

    const asked = await get(`${HOME}/history/intents?player_id=${asker}`);
    const [others, strangers] = await Promise.all(
      [other, playerId(3)].map((player) => get(`${HOME}/history/intents?player_id=${player}`)),
    );

    expect(asked.json).to.have.property('intents').that.has.length(1);
    expect(asked.json).to.have.nested.property('intents[0].tick_number', 2);
    expect([others?.json, strangers?.json]).to.deep.equal([{ intents: [] }, { intents: [] }]);
  });

  it('write a stretch as a test', async () => {
    const exported = await get(`${HOME}/history/test?from=2&to=2`);

    expect(exported.status).to.equal(200);
    expect(exported.json).to.have.property('test').that.contains("from '../../games/movement/index.js'");
    expect(JSON.parse(String((exported.json as { json: string }).json)).rows).to.have.length(1);
  });

  it('answer 404 for what is not kept, and for what was never there', async () => {
    const answers = [get(`${newUuid()}/history`), get(`${HOME}/history/test?from=9&to=9`), get(`${entityId(1)}/history/2`)];
    edge.history.kept = edge.history.kept && { ...edge.history.kept, states: [] };
    const nothing = get(`${HOME}/history/2`);

    expect((await Promise.all([...answers, nothing])).map(({ status }) => status)).to.deep.equal([404, 404, 404, 404]);
  });
});
