/** The REST calls of a player. */
import { expect } from 'chai';
import { patiently, RestClient, RestError, UnreachableError } from '../../client/index.js';
import { type Edge, startEdge } from '../src/http/edge.js';

describe('rest client', () => {
  let edge: Edge;
  let rest: RestClient;
  beforeEach(async () => {
    edge = await startEdge();
    rest = new RestClient(edge.url);
  });
  afterEach(() => edge.close().catch(() => {}));

  it('makes an account, logs in, says who one is, lists zones, and logs out', async () => {
    await rest.register('ann', 'correct horse');
    const { token, player } = await rest.login('ann', 'correct horse');

    expect(player.username).to.equal('ann');
    expect((await rest.me(token)).username).to.equal('ann');
    expect(await rest.zones(token)).to.be.an('array');
    await rest.logout(token);
  });

  it('changes the password, and deletes the account', async () => {
    await rest.register('ann', 'correct horse');
    const { token } = await rest.login('ann', 'correct horse');

    await rest.changePassword(token, 'correct horse', 'another horse');
    const wrong = await rest.deleteAccount(token, 'correct horse').catch((error) => error);
    await rest.deleteAccount(token, 'another horse');

    expect(wrong).to.be.instanceOf(RestError).and.include({ status: 403, code: 'forbidden' });
    expect(await rest.me(token).catch(({ status }) => status)).to.equal(401);
  });

  it('says what the server refused, by code and by field', async () => {
    const refusal = await rest.login('ann', 5 as unknown as string).catch((error) => error); // what no compiler lets pass

    expect(refusal).to.be.instanceOf(RestError).and.include({ status: 400, code: 'bad_request' });
    expect(refusal.details[0].path).to.equal('password');
  });

  it('waits as long as it is asked to where there is too much to do', async () => {
    const answers = [new RestError(429, 'rate_limited', 'later', 1), new RestError(503, 'unavailable', 'later', 1), 'done'];
    const call = async () => {
      const next = answers.shift();
      if (next instanceof Error) throw next;
      return next;
    };

    expect(await patiently(call)).to.equal('done');
  });

  it('tells a server that is not there from one that refuses', async () => {
    await edge.close();

    expect(await rest.zones('t').catch((error) => error)).to.be.instanceOf(UnreachableError);
  });
});
