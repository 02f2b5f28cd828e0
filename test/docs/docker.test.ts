/**
 * The container as far as it can be seen without an engine: what is copied is there, nobody is root, and the health check,
 * which is run as it stands, tells a healthy server from others.
 */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, relative, resolve } from 'node:path';
import { expect } from 'chai';
import { ROOT } from '../support/built.js';

const DOCKERFILE = readFileSync(join(ROOT, 'Dockerfile'), 'utf8').replace(/\\\n\s*/g, '');
/** The words of each such line. */
const lines = (instruction: string) =>
  Array.from(DOCKERFILE.matchAll(new RegExp(`^${instruction} (.+)$`, 'gm')), ([, rest = '']) => rest);
const WORKDIR = lines('WORKDIR').at(-1) ?? '/';

describe('the container', () => {
  it('is made of what is there, or was built', () => {
    const sources = lines('COPY').flatMap((line) =>
      line
        .split(' ')
        .filter((word) => !word.startsWith('--'))
        .slice(0, -1),
    );

    const missing = sources
      .map((source) => relative(WORKDIR, resolve(WORKDIR, source)))
      .filter((path) => !existsSync(join(ROOT, path)));

    expect(sources).to.have.length.above(4);
    expect(missing).to.deep.equal([]);
    expect(commandIn('CMD').filter((word) => word.endsWith('.js') && !existsSync(join(ROOT, word)))).to.deep.equal([]);
  });

  it('runs as nobody in particular, with its world where nobody may write', () => {
    const last = DOCKERFILE.slice(DOCKERFILE.lastIndexOf('\nFROM '));

    expect(/^USER (\S+)$/m.exec(last)?.[1]).to.equal('node');
    expect(last.indexOf('chown node:node /data')).to.be.within(0, last.indexOf('\nUSER '));
    expect(/DATABASE_URL=sqlite:(\S+)/.exec(last)?.[1]).to.match(/^\/data\//);
  });

  it('leaves out what a server does not need, and nothing that its pages show', () => {
    const ignored = readFileSync(join(ROOT, '.dockerignore'), 'utf8').trim().split('\n');

    expect(ignored).to.include.members(['node_modules', 'data', '.env', '.git']);
    for (const needed of ['docs', 'web', 'client', 'scripts', 'LICENSE']) expect(ignored).not.to.include(needed);
  });

  it('finds its Postgres ready over TCP only, and leaves the password out of the URL, where not every character may stand', () => {
    const compose = readFileSync(join(ROOT, 'compose.yaml'), 'utf8');

    // While the first start makes the database, its image runs a server that listens on the socket file alone.
    expect(/pg_isready (.+?)"/.exec(compose)?.[1]).to.match(/^-h 127\.0\.0\.1 /);
    expect(new URL(/DATABASE_URL: (\S+)/.exec(compose)?.[1] ?? '').password).to.equal('');
    expect(/PGPASSWORD: (.+)/.exec(compose)?.[1]).to.equal(/POSTGRES_PASSWORD: (.+)/.exec(compose)?.[1]);
  });

  for (const [status, exit] of [
    [200, 0],
    [503, 1],
  ] as const) {
    it(`is ${exit === 0 ? 'healthy' : 'not healthy'} where the server answers ${status}`, async () => {
      const server = createServer((request, response) => response.writeHead(request.url === '/healthz' ? status : 404).end('{}'));
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo; // a TCP server that listens has one

      const found = await exitOf(commandIn('HEALTHCHECK'), port);
      server.close();

      expect(found).to.equal(exit);
    });
  }
});

/** The command of an instruction, in the form that needs no shell. */
function commandIn(instruction: string): string[] {
  const line = lines(instruction).at(-1) ?? '';
  return JSON.parse(line.slice(line.indexOf('[')));
}

async function exitOf([program = '', ...args]: readonly string[], port: number): Promise<number | null> {
  const child = execFile(program, args, { env: { PATH: process.env.PATH, PORT: String(port) } });
  const [status] = await once(child, 'exit');
  return status;
}
