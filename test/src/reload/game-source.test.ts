import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { GameSource, GameSourceError } from '../../../src/reload/game-source.js';
import { until } from '../../support/until.js';

describe("a game's files", () => {
  let games: string;
  let source: GameSource;
  beforeEach(async () => {
    games = await mkdtemp(path.join(tmpdir(), 'gridstead-games-'));
    await mkdir(path.join(games, 'wood/rules'), { recursive: true });
    await write(
      'index.ts',
      "import { size } from './rules/size.js';\nimport type { Nothing } from '../contract.js';\nexport default { size };",
    );
    await write('rules/size.ts', 'export const size: number = 1;');
    await write('names.json', '{"one":1}');
    source = new GameSource(path.join(games, 'wood/index.ts'));
  });
  afterEach(() => rm(games, { recursive: true, force: true }));

  const write = (file: string, text: string) => writeFile(path.join(games, 'wood', file), text);
  const imported = async (file: string): Promise<unknown> => (await import(pathToFileURL(file).href)).default;

  it('are compiled anew for each version, so that what they import is new as well', async () => {
    const first = await source.build();
    await write('rules/size.ts', 'export const size: number = 2;');
    const second = await source.build();

    expect([await imported(first), await imported(second)]).to.deep.equal([{ size: 1 }, { size: 2 }]);
    expect(path.dirname(path.dirname(second))).to.equal(games);
    expect(await readdir(path.dirname(second))).to.have.members(['index.js', 'names.json', 'package.json', 'rules']);
  });

  it('say which of them cannot be compiled, and where', async () => {
    await write('rules/size.ts', 'export const size = {;');

    const error = await source.build().catch((thrown: unknown) => thrown);

    expect(error).to.be.instanceOf(GameSourceError);
    expect(String(error)).to.match(/size\.ts:1:\d+/);
  });

  it('tell when they change, once for what is written together, and not of what is hidden', async () => {
    let changes = 0;
    const unwatch = source.watch(
      () => (changes += 1),
      (error) => expect.fail(String(error)),
    );
    await write('.index.ts.swp', 'x');
    await Promise.all(['a.ts', 'b.ts', 'rules/c.ts'].map((file) => write(file, 'export {};')));
    await until(() => changes > 0);
    unwatch();

    expect(changes).to.equal(1);
  });

  it('leave nothing behind, of servers that were killed neither, and everything of one that runs', async () => {
    await source.build();
    for (const owner of [2 ** 30, process.ppid]) await mkdir(path.join(games, `.gridstead-wood-${owner}-1`));

    await source.clean();

    expect(await readdir(games)).to.have.members(['wood', `.gridstead-wood-${process.ppid}-1`]);
  });
});
