import { expect } from 'chai';
import Joi from 'joi';
import { IntentRefusedError, StoreUnavailableError, UnknownZoneError } from '../../../actors/errors.js';
import type { GameRoutes, RouteRequest } from '../../../games/contract.js';
import { mountable } from '../../../src/http/game-mount.js';
import { collectGameRoutes, GameRoutesError } from '../../../src/http/game-routes.js';
import { type Edge, startEdge } from './edge.js';

const CALLS = { view: async (zone: string) => ({ seen: zone }), intent: async () => 'applied' as const };

describe('collecting the routes of a game', () => {
  it('takes them in the order in which the game named them', () => {
    const specs = collectGameRoutes((api) => {
      api.get('/planets', () => []);
      api.post('/planets', { auth: false }, () => ({}));
      api.get('/planets/:id', () => ({}));
      api.delete('/planets/:id/', () => undefined);
    }, CALLS);

    expect(specs.map(({ method, path, auth }) => [method, path, auth])).to.deep.equal([
      ['get', '/planets', true],
      ['post', '/planets', false],
      ['get', '/planets/:id', true],
      ['delete', '/planets/:id/', true],
    ]);
    expect(collectGameRoutes(undefined, CALLS)).to.deep.equal([]);
  });

  it('refuses what cannot be a route, and names it', () => {
    const handler = () => ({});
    // A game may be JavaScript, where none of this is found before it runs.
    const broken: [name: string, (api: { get: (...args: unknown[]) => void }) => void][] = [
      ['planets', (api) => api.get('planets', handler)],
      ['/x: the handler', (api) => api.get('/x')],
      ['/x: the handler', (api) => api.get('/x', {})],
      ['/x: the options', (api) => api.get('/x', { schema: {} }, handler)],
      ['/x: the options', (api) => api.get('/x', { auth: 'no' }, handler)],
      ['/x: the options', (api) => api.get('/x', null, handler)],
      ['undefined', (api) => api.get(undefined, handler)],
      ['/a/:', (api) => api.get('/a/:', handler)],
      ['/a(b', (api) => api.get('/a(b', handler)],
    ];
    for (const [name, routes] of broken) {
      const collect = () =>
        mountable(collectGameRoutes((api) => routes({ get: api.get as (...args: unknown[]) => void }), CALLS));
      expect(collect, name).to.throw(GameRoutesError, name);
    }
  });

  it('refuses two routes that take the same calls', () => {
    const twins = (first: string, second: string) => () =>
      collectGameRoutes((api) => {
        api.get(first, () => ({}));
        api.get(second, () => ({}));
      }, CALLS);

    expect(twins('/a', '/a')).to.throw(GameRoutesError, 'route get /a: it takes the same calls as get /a');
    expect(twins('/a/:id', '/a/:name')).to.throw(GameRoutesError);
    expect(twins('/a', '/A/')).to.throw(GameRoutesError);
    expect(twins('/a/:id', '/a/:id/b')).to.not.throw();
  });

  it('takes no route once the start is over', () => {
    let kept: GameRoutes | undefined;
    collectGameRoutes((api) => {
      kept = api;
    }, CALLS);

    expect(() => kept?.get('/late', () => ({}))).to.throw(GameRoutesError, '/late');
  });
});

describe('the routes of a game', () => {
  let edge: Edge;
  let requests: RouteRequest[];
  let answer: (request: RouteRequest) => unknown;
  let token: string;

  beforeEach(async () => {
    requests = [];
    answer = () => ({ done: true });
    const handler = (request: RouteRequest) => {
      requests.push(request);
      return answer(request);
    };
    const gameRoutes = collectGameRoutes((api) => {
      api.get('/seen/:zone', async ({ params, player }) => player && api.view(params.zone ?? '', player));
      api.get('/open', { auth: false }, handler);
      api.post('/plain', handler);
      api.post(
        '/move',
        { schema: Joi.object({ by: Joi.number().required(), note: Joi.string().default('none') }).required() },
        handler,
      );
      api.get('/near/:place', { schema: Joi.object({ x: Joi.number().required() }) }, handler);
      api.delete('/files/*rest', handler);
      api.post('/custom', { schema: Joi.object().custom(throwCanary) }, handler);
      api.post('/broken', { schema: { validate: throwCanary } }, handler);
    }, CALLS);
    edge = await startEdge({ gameRoutes, settings: { gameRouteBudgetMs: 1000 } });
    token = edge.accounts.logIn('ada').token;
  });
  afterEach(() => edge.close());

  function throwCanary(): never {
    throw new Error('canary of the game');
  }

  it('need a session unless they say otherwise', async () => {
    const anonymous = await edge.call('GET', '/v1/open');
    await edge.call('GET', '/v1/open', { token });
    await edge.call('GET', '/v1/open', { token: 'dead' });
    const refused = await edge.call('POST', '/v1/plain', { body: {} });

    expect(anonymous.json).to.deep.equal({ done: true });
    expect(requests.map(({ player }) => player?.username)).to.deep.equal([undefined, 'ada', undefined]);
    expect(refused.status).to.equal(401);
  });

  it('are given who calls, and nothing of the session', async () => {
    await edge.call('POST', '/v1/plain?a=1&__proto__=2', { token, body: { b: { c: 2 } } });

    const { identity } = edge.accounts.logIn('other');
    expect(requests).to.have.length(1);
    expect(requests[0]?.player).to.have.all.keys('id', 'username').and.not.include({ id: identity.player });
    expect(requests[0]).to.deep.include({ query: { a: '1' }, body: { b: { c: 2 } }, params: {} });
  });

  it('reach the world through what they were lent', async () => {
    const seen = await edge.call('GET', '/v1/seen/meadow', { token });

    expect(seen.json).to.deep.equal({ seen: 'meadow' });
  });

  it('have the body of a POST checked by their schema, numbers being numbers', async () => {
    const fine = await edge.call('POST', '/v1/move', { token, body: { by: 2 } });
    const text = await edge.call('POST', '/v1/move', { token, body: { by: '2' } });
    const none = await edge.call('POST', '/v1/move', { token });
    const list = await edge.call('POST', '/v1/plain', { token, body: [1] });

    expect(fine.status).to.equal(200);
    expect(requests.map(({ body }) => body)).to.deep.equal([{ by: 2, note: 'none' }]);
    expect(text.json).to.have.nested.property('error.details[0].path', 'by');
    expect([text.status, none.status, list.status]).to.deep.equal([400, 400, 400]);
  });

  it('have the query of a GET checked and converted by their schema', async () => {
    await edge.call('GET', '/v1/near/b%C3%A4ch?x=5', { token });
    const refused = await edge.call('GET', '/v1/near/b?x=far', { token });

    expect(requests[0]).to.deep.include({ query: { x: 5 }, params: { place: 'bäch' } });
    expect(refused.status).to.equal(400);
  });

  it('answer what the handler returns: JSON, or 204 for nothing', async () => {
    const returned = [undefined, null, [1], 'text', 5, Promise.resolve({ later: true })];
    const answers: string[] = [];
    for (const value of returned) {
      answer = () => value;
      const { status, text } = await edge.call('DELETE', '/v1/files/a/b', { token });
      answers.push(`${status} ${text}`);
    }

    expect(answers).to.deep.equal(['204 ', '200 null', '200 [1]', '200 "text"', '200 5', '200 {"later":true}']);
    expect(requests[0]?.params).to.deep.equal({ rest: 'a/b' });
  });

  it('that throw, reject, or answer what is not JSON are a 500 without the game’s words, and a line in the log', async () => {
    const loop: { self?: unknown } = {};
    loop.self = loop;
    const failures: (() => unknown)[] = [
      throwCanary,
      () => Promise.reject(Object.assign(new Error('canary'), { status: 404 })),
      () => Promise.reject('canary'),
      () => loop,
      () => 5n,
      () => throwCanary,
      () => ({ toJSON: throwCanary }),
    ];
    for (const failing of failures) {
      answer = failing;
      const { status, text } = await edge.call('GET', '/v1/open');
      expect(status).to.equal(500);
      expect(text).to.not.contain('canary');
    }
    expect(edge.log.lines.map(({ level }) => level)).to.deep.equal(failures.map(() => 'error'));
    answer = () => ({ well: true });
    expect((await edge.call('GET', '/v1/open')).json).to.deep.equal({ well: true });
  });

  it('whose schema throws, or quotes what a rule of it threw, do not show that', async () => {
    const custom = await edge.call('POST', '/v1/custom', { token, body: {} });
    const broken = await edge.call('POST', '/v1/broken', { token, body: {} });

    expect([custom.status, broken.status]).to.deep.equal([400, 500]);
    expect(custom.text + broken.text).to.not.contain('canary');
  });

  it('are a 503 while the database is away', async () => {
    answer = () => Promise.reject(new StoreUnavailableError('SQLITE_BUSY'));

    expect((await edge.call('GET', '/v1/open')).status).to.equal(503);
  });

  it('are a 404 where their caller names a zone that is not there, and no line in the log', async () => {
    answer = () => Promise.reject(new UnknownZoneError('there is no zone canary'));

    const { status, text } = await edge.call('GET', '/v1/open');

    expect(status).to.equal(404);
    expect(text).to.not.contain('canary');
    expect(edge.log.lines).to.deep.equal([]);
  });

  it('are a 400 where they pass on an intent that the game refuses, and no line in the log', async () => {
    answer = () => Promise.reject(new IntentRefusedError('"dx" must be a number'));

    const { status, text } = await edge.call('GET', '/v1/open');

    expect({ status, ...JSON.parse(text) }).to.deep.equal({
      status: 400,
      error: { code: 'bad_request', message: '"dx" must be a number' },
    });
    expect(edge.log.lines).to.deep.equal([]);
  });

  it('that are late are a 500, and leave no timer behind otherwise', async () => {
    let reached = () => {};
    const isWaiting = new Promise<void>((resolve) => {
      reached = resolve;
    });
    answer = () => {
      setImmediate(reached);
      return new Promise(() => {});
    };

    const late = edge.call('GET', '/v1/open');
    await isWaiting;
    edge.clock.advance(1000);
    const { status } = await late;
    answer = () => ({});
    await edge.call('GET', '/v1/open');

    expect(status).to.equal(500);
    expect(edge.clock.pendingTimers).to.equal(0);
  });
});
