/**
 * How a game gets into a server: by name or path, in each kind of module, and what is said when it cannot be
 * one. What each line says exactly is `test/src/games/load.test.ts`.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { BUILT, ROOT } from '../../support/built.js';
import { enter, Theatre } from '../../support/flow-games/theatre.js';
import { call, type Message } from '../../support/player.js';
import { TestServer } from '../../support/server.js';

const LOAD_ALL = join(BUILT, 'test/support/flow-games/load-all.js');
/** A server runs from its sources, under the loader, or as it was built; its worker threads load the game again. */
const WAYS = {
  'from source': ['--import', 'tsx', join(ROOT, 'test/support/flow-games/load-all.ts')],
  'as built': [LOAD_ALL],
  'as built, in a thread': ['-e', `new worker_threads.Worker(${JSON.stringify(LOAD_ALL)}, { argv: process.argv.slice(1) })`],
};

describe('a game and its server', function () {
  this.timeout(30_000);
  /** Outside any package, where nothing says what kind of module a file is. */
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'gridstead-games-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const [way, script] of Object.entries(WAYS))
    it(`meet whatever kind of module the game is, ${way}`, async () => {
      const rest = 'onTick: () => ({})';
      const games = [
        file('typed.ts', `const name: string = 'typed'; export default { name, ${rest} };`),
        file('module.mjs', `export default { name: 'module', ${rest} };`),
        file('script.js', `module.exports = { name: 'script', ${rest} };`),
        file('modern.js', `export default { name: 'modern', ${rest} };`),
        file('built.js', `exports.__esModule = true; exports.default = { name: 'built', ${rest} };`),
        file('folder/index.ts', `import { name } from './part.js'; export default { name, ${rest} };`),
      ];
      file('folder/part.ts', `export const name: string = 'folder';`);
      const paths = [...games.slice(0, -1), join(folder, 'folder'), 'movement', 'games/movement', './games/movement/index.ts'];

      const { stdout } = await promisify(execFile)(process.execPath, [...script, ...paths], { cwd: ROOT });

      const names = ['typed', 'module', 'script', 'modern', 'built', 'folder', 'movement', 'movement', 'movement'];
      expect(JSON.parse(stdout)).to.deep.equal(names);
    });

  it('do not start where it fails at the start: one line says why and names the setting, and the status is 78', async () => {
    const init = `async init() { throw new Error('no\\nway'); }`;
    const game = file('doomed.mjs', `export default { name: 'doomed', onTick: () => ({}), ${init} };`);

    const { status, stdout, stderr } = await TestServer.run({ env: { GAME: game, LOG_LEVEL: 'silent' } });

    expect({ status, stdout }, stderr).to.deep.equal({ status: 78, stdout: '' });
    expect(stderr).to.equal(`gridstead: GAME is ${JSON.stringify(game)}: init failed: no (${game}:1:75)\n`);
  });

  it('make the world together once, and what is missing at each start', async () => {
    const theatre = await Theatre.open('settler');
    try {
      const zone = async (name: string) =>
        (await theatre.asOperator('GET', '/api/zones')).body.zones.find((known: Message) => known.name === name);
      const [valley, marsh] = [await zone('valley'), await zone('marsh')];
      const first = (await zone('start 1')).metadata;
      const player = await theatre.player();
      await enter(player, marsh.id);
      const tick = await enter(player, valley.id);
      const motto = await call(theatre.server.url, 'GET', '/v1/motto');
      player.socket.close();
      await theatre.server.signal('SIGTERM');
      await theatre.server.start();
      const second = (await zone('start 2')).metadata;

      expect(first).to.deep.include({ known: [], same: true, width: 10, doubled: [], drained: [], refused: 4 });
      expect(first.settled).to.have.lengthOf(2);
      expect(valley).to.deep.include({ name: 'valley', width: 10, height: 5, metadata: { founded: true } });
      // Without a view of its own, a game shows everything.
      expect(tick.state).to.deep.equal({
        zone_id: valley.id,
        entities: [
          { id: first.settled[0], x: 1, y: 1, width: 1, height: 1, metadata: { house: 1 } },
          { id: first.settled[1], x: 9, y: 4, width: 0, height: 0, metadata: {} },
        ],
        events: [],
      });
      expect(motto).to.deep.equal({ status: 200, body: 'stay' });
      expect(second).to.deep.include({ known: ['marsh', 'start 1', 'valley'], settled: [], doubled: [] });
      expect(second.drained).to.have.lengthOf(1);
      expect((await theatre.entities(valley.id)).map(({ id }) => id)).to.have.members(first.settled);
      expect((await theatre.entities(marsh.id)).map(({ metadata }) => metadata)).to.deep.equal([{ dyke: true }]);
    } finally {
      await theatre.close();
    }
  });

  function file(name: string, text: string): string {
    const path = join(folder, name);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, text);
    return path;
  }
});
