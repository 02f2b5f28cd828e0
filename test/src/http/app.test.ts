import { expect } from 'chai';
import { type Edge, startEdge } from './edge.js';

describe('the HTTP edge', () => {
  let edge: Edge;
  let token: string;
  beforeEach(async () => {
    edge = await startEdge();
    token = edge.accounts.logIn('root', 'debug').token;
  });
  afterEach(() => edge.close());

  const code = async (...call: Parameters<Edge['call']>) => {
    const { status, json } = await edge.call(...call);
    return [status, (json?.error as { code?: string } | undefined)?.code];
  };

  it('answers in its error shape where there is nothing', async () => {
    for (const [method, path] of [
      ['GET', '/'],
      ['GET', '/api'],
      ['GET', '/v1/anything'],
      ['PUT', '/api/zones'],
      ['PATCH', '/healthz'],
      ['POST', '/healthz'],
      ['DELETE', '/api/auth/me'],
      ['OPTIONS', '/api/zones'],
      ['GET', '/docs/swagger-ui-bundle.js.map'],
      ['GET', '/docs/..%2fpackage.json'],
      ['GET', '/docs/../../package.json'],
    ] as const) {
      expect(await code(method, path), `${method} ${path}`).to.deep.equal([404, 'not_found']);
    }
  });

  it('refuses a path that is not well-formed, wherever it leads (FAULTS 63)', async () => {
    for (const path of ['/%E0%A4%A', '/api/zones/%E0%A4%A', '/api/debug/entities/%', '/docs/%ff', '/v1/%c0%af']) {
      expect(await code('GET', path, { token }), path).to.deep.equal([400, 'bad_request']);
    }
  });

  it('refuses bodies that are not JSON, not said to be, or not text (FAULTS 63)', async () => {
    const headers = { 'Content-Type': 'application/json' };
    for (const [raw, sent] of [
      ['{"name": ', headers],
      ['{"name":"x"}', { 'Content-Type': 'text/plain' }],
      ['name=x&width=1&height=1', { 'Content-Type': 'application/x-www-form-urlencoded' }],
      [new Uint8Array([0x7b, 0xff, 0xfe, 0x7d]), headers],
      ['{}', { ...headers, 'Content-Encoding': 'gzip' }],
      ['{}', { ...headers, 'Content-Encoding': 'bombastic' }],
      [`{"metadata":${'['.repeat(30_000)}`, headers],
    ] as const) {
      expect(await code('POST', '/api/zones', { token, raw, headers: sent }), String(raw).slice(0, 30)).to.deep.equal([
        400,
        'bad_request',
      ]);
    }
  });

  it('takes bodies up to 64 kB, and refuses larger ones, announced or not', async () => {
    const zone = (bytes: number) => {
      const empty = JSON.stringify({ name: 'big', width: 1, height: 1, metadata: { pad: '' } });
      return empty.replace('"pad":""', `"pad":"${'x'.repeat(bytes - empty.length)}"`);
    };

    expect((await edge.call('POST', '/api/zones', { token, raw: zone(65_536) })).status).to.equal(201);
    expect(await code('POST', '/api/zones', { token, raw: zone(65_537) })).to.deep.equal([413, 'payload_too_large']);
    expect(await code('POST', '/api/zones', { token, raw: zone(1_000_000) })).to.deep.equal([413, 'payload_too_large']);
    const unannounced = await fetch(`${edge.url}/api/zones`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: new Blob([zone(70_000)]).stream(),
      duplex: 'half',
    });
    expect(unannounced.status).to.equal(413);
  });

  it('keeps keys that reach prototypes out of what it makes (FAULTS 47)', async () => {
    const metadata = '{"__proto__":{"x":1},"a":{"constructor":{"prototype":{"x":1}},"b":2}}';
    const raw = `{"name":"meadow","width":1,"height":1,"metadata":${metadata},"__proto__":{"x":1}}`;

    const answer = await edge.call('POST', '/api/zones', { token, raw });

    expect(answer.status).to.equal(201);
    expect(answer.json?.metadata).to.deep.equal({ a: { b: 2 } });
    expect(Reflect.get({}, 'x')).to.equal(undefined);
  });

  it('shows nothing of what went wrong inside, and logs it without the fields that errors carry along', async () => {
    const error = Object.assign(new Error('canary: no such column'), { sql: 'SELECT canary', parameters: ['password'] });
    edge.accounts.failure = error;

    const answer = await edge.call('GET', '/api/auth/me', { token });

    expect(answer.status).to.equal(500);
    expect(answer.text).to.match(/^\{"error":\{"code":"internal","message":"[^"]*"\}\}$/);
    expect(answer.text).to.not.match(/canary|SELECT|node_modules|\.ts|at /);
    expect(Object.keys(edge.log.lines[0]?.fields ?? {})).to.have.members(['request_id', 'route', 'error', 'stack']);
    expect(JSON.stringify(edge.log.lines)).to.not.contain(token);
  });

  it('says nothing about its software, and forbids what browsers need not do', async () => {
    const { headers } = await edge.call('GET', '/healthz');

    expect(headers.has('x-powered-by')).to.equal(false);
    expect(headers.has('server')).to.equal(false);
    expect(headers.get('x-content-type-options')).to.equal('nosniff');
    expect(headers.get('content-security-policy')).to.contain("default-src 'none'");
    expect(headers.get('cache-control')).to.equal('no-store');
  });

  it('answers a HEAD as a GET without the body', async () => {
    const answer = await fetch(`${edge.url}/healthz`, { method: 'HEAD' });

    expect(answer.status).to.equal(200);
    expect(await answer.text()).to.equal('');
  });
});

describe('the page to try the API', () => {
  it('is served whole from here, under a policy that lets nothing else in', async () => {
    const edge = await startEdge();
    try {
      const page = await edge.call('GET', '/docs');
      const files = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file = '']) => file);
      const served = await Promise.all(files.map((file) => edge.call('GET', file)));
      const start = await edge.call('GET', '/docs/start.js');

      expect(files).to.have.length.above(2);
      for (const [at, file] of files.entries())
        expect([file.startsWith('/docs/'), served[at]?.status], file).to.deep.equal([true, 200]);
      expect(page.text).to.not.match(/<script(?![^>]*src=)|https?:|style=/);
      expect(start.text)
        .to.contain("'/openapi.json'")
        .and.not.match(/https?:/);
      expect(page.headers.get('content-security-policy')).to.contain("script-src 'self';").and.contain("default-src 'none'");
    } finally {
      await edge.close();
    }
  });
});
