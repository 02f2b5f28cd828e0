import { expect } from 'chai';
import { redact } from '../../../src/observe/redact.js';

describe('redaction', () => {
  it('takes secrets out by name, at any depth and in any case', () => {
    const names = [
      'token',
      'resume',
      'resume_token',
      'tokenHash',
      'password',
      'passwordHash',
      'authorization',
      'Cookie',
      'set-cookie',
      'DATABASE_URL',
    ];
    const secrets = Object.fromEntries(names.map((name) => [name, 'canary']));

    const line = redact({ ...secrets, a: { ...secrets, b: [{ ...secrets, c: { d: secrets } }] } });

    expect(JSON.stringify(line)).to.not.include('canary');
    expect(Object.keys(line)).to.deep.equal([...names, 'a']);
  });

  it('leaves the rest as it is', () => {
    const fields = { zone: 'z1', tick: 7, player: null, ok: true, resumed: 2, list: [1, { x: 2 }], at: new Date(0) };

    expect(redact(fields)).to.deep.equal(fields);
  });

  it('cuts the query off an address', () => {
    expect(redact({ req: { url: '/ws?token=canary', path: '/a#b' } })).to.deep.equal({ req: { url: '/ws', path: '/a' } });
  });

  it('keeps of errors what they are, and not the query that a driver hangs on them', () => {
    const cause = Object.assign(new TypeError('why'), { sql: 'SELECT canary', parameters: ['canary'] });
    const error = Object.assign(new Error('failed', { cause }), { code: 'STORE_UNAVAILABLE', parent: { sql: 'canary' } });

    const { err, bare } = redact({ err: error, bare: 1 });

    expect(bare).to.equal(1);
    expect(err).to.deep.include({ type: 'Error', message: 'failed', code: 'STORE_UNAVAILABLE' });
    expect(err).to.have.nested.property('cause.message', 'why');
    expect(JSON.stringify(err)).to.not.include('canary');
    expect(redact({ sql: 'SELECT 1', params: 1 })).to.deep.equal({ sql: '[redacted]', params: 1 });
  });

  it('ends on circles, depth, size and odd values', () => {
    const circle: { self?: unknown; list: number[]; map: unknown; bytes: unknown; big: bigint } = {
      list: Array(1_000).fill(7),
      map: new Map([['token', 'canary']]),
      bytes: Buffer.from('canary'),
      big: 1n,
    };
    circle.self = circle;

    const line = redact(circle);

    expect(JSON.stringify(line)).to.include('[deeper]').and.not.include('canary');
    expect(line).to.have.property('list').with.lengthOf(100);
    expect(line).to.deep.include({ map: '[1 items]', bytes: '[6 bytes]', big: '1' });
  });
});
