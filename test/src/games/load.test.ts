import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { StoreUnavailableError } from '../../../actors/errors.js';
import { blamingGame, GameLoadError, loadGame } from '../../../src/games/load.js';

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
        .that.matches(/^GAME is "mine": init failed: no$/);
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
    await mkdir(path.dirname(path.join(root, file)), { recursive: true });
    await writeFile(path.join(root, file), text);
  }

  function member(text: string): string {
    return `export default { name: 'a', onTick: () => ({}), ${text} };`;
  }
});
