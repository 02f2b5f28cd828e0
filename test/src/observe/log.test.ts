import { spawnSync } from 'node:child_process';
import { expect } from 'chai';
import { createLog, type LogOptions } from '../../../src/observe/log.js';
import { readableLines } from '../../../src/observe/readable-lines.js';

describe('log', () => {
  it('writes a line of JSON with level, time, fields and message', () => {
    const { log, lines } = capture('info');

    log.warn({ zone: 'z1', tick: 7 }, 'late');

    expect(lines).to.have.lengthOf(1);
    const line: unknown = JSON.parse(lines[0] ?? '');
    expect(line).to.have.keys('level', 'time', 'zone', 'tick', 'msg');
    expect(line).to.deep.include({ level: 'warn', zone: 'z1', tick: 7, msg: 'late' });
    expect(line)
      .to.have.property('time')
      .that.matches(/^\d{4}-\d\d-\d\dT.+Z$/);
  });

  it('leaves out what is less urgent than the level, and everything when silent', () => {
    const levels = (['debug', 'warn', 'silent'] as const).map((level) => {
      const { log, lines } = capture(level);
      log.debug({}, 'debug');
      log.info({}, 'info');
      log.warn({}, 'warn');
      log.error({}, 'error');
      return lines.map((line) => JSON.parse(line).msg);
    });

    expect(levels).to.deep.equal([['debug', 'info', 'warn', 'error'], ['warn', 'error'], []]);
  });

  it('has no secret in it, wherever one slips in', () => {
    const { log, lines } = capture('debug');

    log.info(
      { token: 'canary', req: { headers: { Authorization: 'Bearer canary', cookie: 'canary' }, url: '/ws?token=canary' } },
      'one',
    );
    log.error({ err: Object.assign(new Error('boom'), { sql: 'canary', password: 'canary' }) }, 'two');
    log.error(Object.assign(new Error('boom'), { token: 'canary' }), 'three');

    expect(lines).to.have.lengthOf(3);
    expect(lines.join('')).to.not.include('canary');
    expect(JSON.parse(lines[1] ?? '')).to.have.nested.property('err.message', 'boom');
    expect(JSON.parse(lines[2] ?? '')).to.have.nested.property('err.message', 'boom');
  });

  it('is readable where a person reads it', () => {
    const { log, lines } = capture('info', true);

    log.info({ zone: 'z1', token: 'canary' }, 'woken');

    const text = lines.join('');
    expect(text).to.include('INFO').and.include('woken').and.include('z1').and.not.include('canary');
  });

  it('goes to standard error, and is whole when the process ends at once', () => {
    const script = `
      const { createLog } = await import(${JSON.stringify(new URL('../../../src/observe/log.ts', import.meta.url).href)});
      createLog({ level: 'info' }).error({ n: 1 }, 'the last word');
      process.exit(3);`;

    const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      encoding: 'utf8',
    });

    expect([status, stdout]).to.deep.equal([3, '']);
    expect(JSON.parse(stderr)).to.deep.include({ n: 1, msg: 'the last word' });
  });
});

function capture(level: LogOptions['level'], readable = false) {
  const lines: string[] = [];
  const stream = { write: (line: string) => void lines.push(line) };
  const log = createLog({ level, stream: readable ? readableLines(stream) : stream });
  return { log, lines };
}
