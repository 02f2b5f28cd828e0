/**
 * The package as others get it: packed, put into an empty project, and used from there. The first case borrows this
 * checkout's dependencies and needs no network; the whole way, from a registry and with the declarations, takes minutes and is
 * gone where `GRIDSTEAD_TEST_REGISTRY=1` says that there is one (`.ci/run` does).
 */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { ROOT } from '../../support/built.js';

const HAS_REGISTRY = process.env.GRIDSTEAD_TEST_REGISTRY === '1';
const REGISTRY_SKIPPED = ' (skipped: it downloads all dependencies; GRIDSTEAD_TEST_REGISTRY=1 allows it)';
const INSTALL_LIMIT_MS = 600_000;

const GAME = `
  import type { GameModule } from 'gridstead';
  const game: GameModule = {
    name: 'motto',
    async init(world) { await world.createZone({ name: 'hall', width: 8, height: 8 }); },
    onTick: () => ({}),
    routes: (api) => api.get('/motto', { auth: false }, () => 'stay'),
  };
  export default game;
`;
/** A game in a file of its own, for the worker threads, and then one that is only a value. */
const PROGRAM = `
  import { defineGame, serve, SettingsError } from 'gridstead';
  import { RestClient } from 'gridstead/client';
  import { createTestWorld } from 'gridstead/testing';
  const settings = { PORT: 0, DATABASE_URL: 'sqlite::memory:', LOG_LEVEL: 'warn' };
  const said: unknown[] = [];
  const ask = async (url: string) => said.push(await (await fetch(url + '/v1/motto')).json());

  const first = await serve({ game: new URL('./game.ts', import.meta.url), settings: { ...settings, ZONE_WORKERS: 1 } });
  await ask(first.url);
  const rest = new RestClient(first.url);
  await rest.register('ann', 'correct horse');
  said.push((await rest.login('ann', 'correct horse')).player.username);
  await first.stop();

  const game = defineGame({ name: 'here', onTick: () => ({}), routes: (api) => api.get('/motto', { auth: false }, () => 'here') });
  const second = await serve({ game, settings });
  await ask(second.url);
  await second.stop();

  await serve({ game, settings: { ...settings, ZONE_WORKERS: 2 } }).catch((error: unknown) => said.push(error instanceof SettingsError));

  const world = await createTestWorld(game);
  said.push(world.zones().length);
  process.stdout.write(JSON.stringify(said));
`;

const run = promisify(execFile);

describe('the package', () => {
  let project: string;
  beforeEach(() => {
    project = mkdtempSync(join(tmpdir(), 'gridstead-project-'));
    writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'project', private: true, type: 'module' }));
    writeFileSync(join(project, 'game.ts'), GAME);
    writeFileSync(join(project, 'program.ts'), PROGRAM);
  });
  afterEach(() => rmSync(project, { recursive: true, force: true }));

  it('runs a game from an empty project: from a file in worker threads, or as a value', async () => {
    const packed = await pack('--ignore-scripts');
    const home = join(project, 'node_modules/gridstead');
    mkdirSync(home, { recursive: true });
    await run('tar', ['-xzf', packed, '--strip-components=1', '-C', home]);
    symlinkSync(join(ROOT, 'node_modules'), join(home, 'node_modules'));

    const { stdout, stderr } = await program(join(home, 'node_modules/tsx/dist/loader.mjs'));

    expect(JSON.parse(stdout)).to.deep.equal(['stay', 'ann', 'here', true, 0]);
    expect(stderr).to.equal('');
  }).timeout(60_000);

  const withRegistry = HAS_REGISTRY ? it : it.skip;
  withRegistry(`can be installed, and its declarations hold${HAS_REGISTRY ? '' : REGISTRY_SKIPPED}`, async () => {
    await run('npm', ['install', '--no-audit', '--no-fund', await pack()], { cwd: project });

    const { stdout } = await program('tsx');
    const strict = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022', '--lib', 'es2023'];
    const types = ['--types', 'node', '--typeRoots', join(ROOT, 'node_modules/@types')];
    const complaints = await run(join(ROOT, 'node_modules/.bin/tsc'), [...strict, ...types, 'program.ts', 'game.ts'], {
      cwd: project,
    }).then(
      () => '',
      (error: { stdout: string }) => error.stdout,
    );

    expect(JSON.parse(stdout)).to.deep.equal(['stay', 'ann', 'here', true, 0]);
    expect(complaints).to.equal('');
  }).timeout(INSTALL_LIMIT_MS);

  /** The tarball's path. Without scripts: of what is built already, with no declarations. */
  async function pack(...options: string[]): Promise<string> {
    const { stdout } = await run('npm', ['pack', '--silent', '--pack-destination', project, ...options], { cwd: ROOT });
    return join(project, stdout.trim().split('\n').at(-1) ?? '');
  }

  function program(loader: string) {
    return run(process.execPath, ['--import', loader, 'program.ts'], { cwd: project, env: { PATH: process.env.PATH } });
  }
});
