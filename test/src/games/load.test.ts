import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { StoreUnavailableError } from '../../../actors/errors.js';
import { blamingGame, GameLoadError, loadGame } from '../../../src/games/load.js';
import { GameSource } from '../../../src/reload/game-source.js';
import { initGame } from '../../../src/setup.js';
import { openMemoryStore } from '../../../src/store/memory/open.js';
import { FakeClock } from '../../support/fake-clock.js';

describe('loading a game', () => {
  let root = '';
  before(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'gridstead-games-'));
    await writeFile(path.join(root, 'package.json'), '{"type":"module"}');
  });
  after(() => rm(root, { recursive: true, force: true }));

  const good = (name: string) => `export default { name: '${name}', onTick: () => ({}) };`;

  it('finds it by name, in TypeScript and in JavaScript', async () => {
    await write('games/typed/index.ts', `const name: string = 'typed'; export default { name, onTick: (): object => ({}) };`);
    await write('games/plain/index.js', good('plain'));
    await write('games/module/index.mjs', good('module'));

    const names = await Promise.all(['typed', 'plain', 'module'].map(async (name) => (await load(name)).name));

    expect(names).to.deep.equal(['typed', 'plain', 'module']);
  });

  it('finds it by path: relative or absolute, a folder or a file', async () => {
    await write('mine/index.js', good('folder'));
    await write('mine/other.mjs', good('file'));

    const paths = ['./mine', 'mine/', path.join(root, 'mine'), 'mine/other.mjs', path.join(root, 'mine/other.mjs'), 'mine'];
    const names = await Promise.all(paths.map(async (place) => (await load(place)).name));

    expect(names).to.deep.equal(['folder', 'folder', 'folder', 'file', 'file', 'folder']);
  });

  it('keeps methods that need their game', async () => {
    await write(
      'games/method/index.js',
      `export default { name: 'method', extras: { n: 1 }, onTick() { return { extras: this.extras }; } };`,
    );

    const game = await load('method');

    expect(game.onTick(Object.create(null))).to.deep.equal({ extras: { n: 1 } });
  });

  it('names the games there are when it finds none', async () => {
    await write('games/known/index.ts', good('known'));
    await mkdir(path.join(root, 'games/empty'), { recursive: true });

    const message = await refusal('unknown');

    expect(message)
      .to.contain('GAME is "unknown": that is neither a folder under games/')
      .and.contain('known')
      .and.not.contain('empty');
    expect(await refusal('empty')).to.contain('GAME is "empty": that is neither');
    expect(await refusal('./nowhere/game.ts')).to.contain('that is neither');
  });

  it('does not take the contract for a game, or nothing for a name', async () => {
    expect(await refusal('contract')).to.contain('GAME is "contract": that is not a game');
    expect(await refusal('')).to.contain('no game is named');
  });

  it('says in one line what is wrong with a module', async () => {
    const cases: [string, string, string][] = [
      ['nothing', 'export const name = 1;', 'it has no default export'],
      ['func', 'export default () => ({});', 'its default export is a function, not an object'],
      ['unnamed', 'export default { onTick: () => ({}) };', 'name is missing, not a non-empty text'],
      ['tickless', `export default { name: 'a' };`, 'onTick is missing, not a function'],
      ['async', `export default { name: 'a', async onTick() { return {}; } };`, 'onTick is async; it must answer at once'],
      ['view', member('getPlayerState: {}'), 'getPlayerState is an object, not a function'],
      ['asyncview', member('getPlayerState: async () => ({})'), 'getPlayerState is async'],
      ['init', member(`init: 'yes'`), 'init is a string, not a function'],
      ['place', member('place: null'), 'place is null, not a function'],
      ['far', member('border: 1.5'), 'border is 1.5, not whole cells from 1 to 1000000'],
      ['near', member('border: null'), 'border is null, not whole cells'],
      ['intents', member('intents: []'), 'intents is an array, not an object of schemas by type'],
      ['schema', member('intents: { move: {} }'), 'intents.move is no schema: it has no function validate'],
      ['messages', member('messages: { shout: 5 }'), 'messages.shout is no schema'],
      ['reserved', member('messages: { ping: { validate() {} } }'), 'messages has "ping", a type of the protocol'],
      ['thrown', `throw new Error('first line\\nsecond line');`, 'cannot be imported: first line'],
      ['missing', `import './not-there.js'; export default {};`, 'cannot be imported: Cannot find module'],
      ['syntax', 'export default {', 'cannot be imported: '],
      [
        'compiler',
        `throw new Error('1 error:\\nindex.ts:8:14: no\\nthird line');`,
        'cannot be imported: 1 error: index.ts:8:14: no',
      ],
    ];

    for (const [name, source, message] of cases) {
      await write(`games/${name}/index.js`, source);
      const told = await refusal(name);
      expect(told).to.contain(`GAME is "${name}": `).and.contain(message);
      expect(told).not.to.contain('\n');
    }
  });

  it('says where in its files an import fails', async () => {
    const deep = `import '../broken.js';\nexport default {};`;
    await write('games/broken.js', `const a = 1;\nexport default { name: 'x'\n  onTick() {} };`);
    await write('games/thrower.js', `const box = undefined;\n\nexport const size = box.size;`);
    const cases: [string, string, string][] = [
      ['brace', `export default {\n  name: 'a'\n  onTick() {} };`, 'games/brace/index.js:3:3'],
      ['imports', deep, 'games/broken.js:3:3'],
      ['export', `import { nothing } from '../known/index.ts';\nexport default {};`, 'games/export/index.js:1'],
      ['throws', `export default {};\n  throw new Error('no');`, 'games/throws/index.js:2:9'],
      ['deeper', `import '../thrower.js';\nexport default {};`, 'games/thrower.js:3:25'],
    ];

    for (const [name, source, place] of cases) {
      await write(`games/${name}/index.js`, source);
      expect(await refusal(name)).to.match(/^GAME is ".*": it cannot be imported: [^()]+ \(.*\)$/);
      expect(await refusal(name)).to.contain(` (${path.join(root, place)})`);
    }
    await write('games/typed-throw/index.ts', `interface Box {}\n\nthrow new Error('no');`);
    expect(await refusal('typed-throw')).to.contain(` (${path.join(root, 'games/typed-throw/index.ts:3:7')})`);
  });

  it('names the file that was copied, where a version of a watched game fails', async () => {
    const file = path.join(root, 'games/watched/index.js');
    await write(file, `export default {\n  name: 'a'\n  onTick() {} };`);

    expect(await refusal(await new GameSource(file).build())).to.contain(` (${file}:3:3)`);
  });

  it('says where its own code threw at a start, whatever it had called', async () => {
    await write(
      'games/starts/index.js',
      `export default { name: 'starts', onTick: () => ({}),
        async init(setup) {
          await setup.connect('a', 'b', {});
        } };`,
    );
    const clock = new FakeClock();
    const { zones, catalog } = await openMemoryStore({ clock });
    const deps = { zones, catalog, unfolded: { settle: async () => {} }, clock, maxZoneBytes: 1e6 };
    const game = await load('starts');

    const error: unknown = await blamingGame('starts', 'init', () => initGame(game, deps)).catch((reason: unknown) => reason);

    const place = `${path.join(root, 'games/starts/index.js')}:3:`;
    expect(String(error)).to.contain(`init failed: connect: there is no zone a (${place}`);
  });

  it('is to blame for what its own code throws at a start, and not for a database that is away', async () => {
    const thrown = (run: () => unknown) => blamingGame('mine', 'init', run).catch((error: unknown) => error);
    const away = new StoreUnavailableError('the database is away');

    expect(await blamingGame('mine', 'init', async () => 7)).to.equal(7);
    expect(await thrown(() => Promise.reject(away))).to.equal(away);
    for (const error of [new TypeError('no\nway'), 'no']) {
      const blame = await thrown(() => {
        throw error;
      });
      expect(blame)
        .to.be.instanceOf(GameLoadError)
        .and.to.have.property('message')
        .that.matches(/^GAME is "mine": init failed: no( \(.*\))?$/);
    }
  });

  function load(name: string) {
    return loadGame(name, { cwd: root, gamesDir: path.join(root, 'games') });
  }

  async function refusal(name: string): Promise<string> {
    const error: unknown = await load(name).catch((reason: unknown) => reason);
    if (error instanceof GameLoadError) return error.message;
    return expect.fail('it was loaded, or failed otherwise');
  }

  async function write(file: string, text: string): Promise<void> {
    await mkdir(path.dirname(path.resolve(root, file)), { recursive: true });
    await writeFile(path.resolve(root, file), text);
  }

  function member(text: string): string {
    return `export default { name: 'a', onTick: () => ({}), ${text} };`;
  }
});
