import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import type { ZoneHistory } from '../../../actors/ports.js';
import type { GameModule } from '../../../games/contract.js';
import { exportTest } from '../../../src/replay/export.js';
import { pastOf } from '../../../src/replay/past.js';
import { replay, stateAt } from '../../../src/replay/replay.js';
import { NoHistoryError, readStretch, type Stretch } from '../../../src/replay/stretch.js';
import { openMemoryStore } from '../../../src/store/memory/open.js';
import { seededRandom } from '../../../src/tools/bot.js';
import { tell } from '../../flows/borders/border-world.js';
import { courierGame } from '../../support/courier-game.js';
import { FakeClock } from '../../support/fake-clock.js';
import lookout, { type LookoutIntent } from '../../support/pool-games/lookout.js';
import { TestWorld } from '../../support/world.js';

const ALL = 1_000_000;

/** A history with everything in it that a tick can be given: comings and goings, notes, transfers, effects, a failed tick, a crash. */
async function lived(game: GameModule): Promise<{ readonly world: TestWorld; readonly history: ZoneHistory }> {
  const world = await TestWorld.create(game);
  const [ann, bob] = [await world.join('ann', 'a'), await world.join('bob', 'b')];
  await world.tick(2);
  for (const [player, zone] of [
    ['ann', 'a'],
    ['bob', 'b'],
  ] as const) {
    await world.world.checkpointPlayer({ id: world.player(player), username: player });
    expect(world.stored.checkpoints.has(world.zone(zone))).to.equal(true);
  }
  for (const [seq, note] of ['one', 'two', 'three'].entries()) await ann.intent({ type: 'note', note }, seq + 1);
  await bob.intent({ type: 'crate' });
  await bob.intent({ type: 'tell', to: world.zone('a'), text: 'hello' });
  await world.tick();
  await bob.intent({ type: 'ship', to: world.zone('a') });
  await bob.intent({ type: 'sign', text: 'gone shipping' });
  await ann.intent({ type: 'go', to: world.zone('b') }, 4);
  await world.tick(3);
  await world.world.checkpointPlayer({ id: world.player('ann'), username: 'ann' });
  await ann.intent({ type: 'boom' }, 5);
  await ann.intent({ type: 'note', note: 'after' }, 6);
  await world.pass(2_000);
  await world.crash();
  await bob.resume();
  await bob.intent({ type: 'wake', inMs: 300 });
  await world.tick(6);
  await bob.drop();
  await world.tick(3);
  await world.stop();
  const store = await openMemoryStore({ clock: new FakeClock(), world: world.stored });
  return { world, history: store.history };
}

describe('a replay', () => {
  let world: TestWorld;
  let history: ZoneHistory;
  before(async () => {
    ({ world, history } = await lived(courierGame()));
  });

  const stretchOf = async (name: string, from?: number, to = ALL): Promise<Stretch> => {
    const zone = await history.zone(name);
    const range = zone && (await history.range(zone.id));
    if (!zone || !range) throw new Error(`zone ${name} has no history`);
    return readStretch(history, zone, { from: from ?? range.after + 1, to, besides: false });
  };
  const ticksOf = (stretch: Stretch) => stretch.rows.filter(({ tick }) => tick >= stretch.from).map(({ tick }) => tick);

  for (const name of ['a', 'b']) {
    it(`of every tick of zone ${name} comes out as it was committed`, async () => {
      const stretch = await stretchOf(name);

      const played = [...replay(courierGame(), stretch)];

      expect(played.map(({ difference }) => difference)).to.deep.equal(played.map(() => null));
      expect(played.map(({ tick }) => tick))
        .to.deep.equal(ticksOf(stretch))
        .and.to.have.length.greaterThan(2);
    });
  }

  it('names the tick and the field that a change of the rules changes, and goes on from what was committed', async () => {
    const stretch = await stretchOf('a');
    const courier = courierGame();
    const shouting: GameModule = {
      ...courier,
      onTick(tick) {
        const result = courier.onTick(tick);
        const playerStates = result.playerStates?.map(({ playerId, state }) =>
          JSON.stringify(state).includes('two') ? { playerId, state: { notes: ['TWO'] } } : { playerId, state },
        );
        return { ...result, playerStates };
      },
    };

    const differing = [...replay(shouting, stretch)].filter(({ difference }) => difference);

    expect(differing).to.have.length(1);
    expect(differing[0]?.difference).to.deep.equal({ field: 'documents.1.notes.0', committed: 'one', replayed: 'TWO' });
  });

  it('says of a tick that fails now how it fails', async () => {
    const stretch = await stretchOf('a');
    const failing = courierGame({ failing: new Set(['a']) });

    const [first] = replay(failing, stretch);

    expect(first?.difference?.field).to.equal('onTick');
    expect(first?.difference?.replayed).to.match(/the zone was told to fail/);
  });

  it('begins anywhere within the history, and has the state after any tick of it', async () => {
    const whole = await stretchOf('b');
    const middle = ticksOf(whole)[3] ?? 0;

    const part = await stretchOf('b', middle, middle);

    expect([...replay(courierGame(), part)]).to.deep.equal([{ tick: middle, difference: null }]);
    expect(stateAt(part, middle)).to.deep.equal(stateAt(whole, middle));
    expect(stateAt(whole, ALL).tick).to.equal(ticksOf(whole).at(-1));
  });

  it('knows what a zone was like at any time, and what was asked of it', async () => {
    const zone = await history.zone('a');
    if (!zone) throw new Error('zone a is gone');
    const [first = 0, second = 0] = ticksOf(await stretchOf('a'));

    const asked = await pastOf(history, zone, first);
    const later = await pastOf(history, zone, second);
    const never = await pastOf(history, zone, 1);

    expect(asked?.intents.map(({ data, seq }) => [data.note, seq])).to.deep.equal([
      ['one', 1],
      ['two', 2],
      ['three', 3],
    ]);
    expect(asked?.intents[0]?.player).to.equal(world.player('ann'));
    expect([asked?.tick, asked?.entities.length]).to.deep.equal([first, 1]);
    expect([later?.tick, never]).to.deep.equal([second, null]);
  });

  it('says what there is of ticks that are not kept', async () => {
    const zone = await history.zone('a');
    if (!zone) throw new Error('zone a is gone');
    const range = await history.range(zone.id);
    const early = await readStretch(history, zone, { from: 1, to: 2, besides: false }).catch((error: unknown) => error);
    const late = await readStretch(history, zone, { from: ALL, to: ALL, besides: false }).catch((error: unknown) => error);

    for (const refusal of [early, late]) {
      expect(refusal).to.be.instanceOf(NoHistoryError);
      expect(String(refusal)).to.contain(`ticks from ${Number(range?.after) + 1} to ${range?.upTo} can be played again`);
    }
  });

  it('is written as a test that passes, and fails when the rules are others', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'gridstead-replay-'));
    try {
      const stretch = await stretchOf('a', ticksOf(await stretchOf('a'))[1]);
      const file = await exportTest(stretch, folder, { gameImport: './game.js', replayImport: 'gridstead/testing' });
      const text = await readFile(file, 'utf8');
      const kept: Stretch = JSON.parse(await readFile(file.replace(/\.test\.ts$/, '.json'), 'utf8'));

      expect(text).to.contain("import game from './game.js';").and.contain("from 'gridstead/testing';");
      expect(kept.rows.map(({ tick }) => tick)).to.deep.equal(ticksOf(stretch));
      expect([...replay(courierGame(), kept)].every(({ difference }) => difference === null)).to.equal(true);
      expect(JSON.stringify(kept)).not.to.contain(world.stored.world?.secret);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('a replay of a zone that looks over its border', () => {
  it('sees what was seen, ages and travellers included', async () => {
    const world = await TestWorld.create(witness, {
      zones: ['west', 'mid', 'east'],
      links: [
        ['west', 'mid', 10, 0],
        ['mid', 'east', 10, 0],
      ],
    });
    const clients = await Promise.all(['west', 'mid', 'east'].map((zone) => world.join(`of ${zone}`, zone)));
    await world.tick(2);
    for (const zone of ['west', 'mid', 'east'])
      await world.world.checkpointPlayer({ id: world.player(`of ${zone}`), username: `of ${zone}` });
    const random = seededRandom(7);
    const below = (most: number) => Math.floor(random() * most);
    for (let round = 0; round < 40; round += 1) {
      for (const client of clients) {
        const name = `thing ${below(6)}`;
        const to = world.zone(['west', 'mid', 'east'][below(3)] ?? '');
        const intents: LookoutIntent[] = [
          { type: 'put', name, x: below(10), y: below(10) },
          { type: 'step', name, x: below(10), y: below(10) },
          { type: 'send', name, to, x: below(10), y: below(10) },
        ];
        await tell(client, intents[below(intents.length)] ?? { type: 'look' });
      }
      await world.tick();
    }
    await world.stop();
    const { history } = await openMemoryStore({ clock: new FakeClock(), world: world.stored });

    for (const name of ['west', 'mid', 'east']) {
      const zone = await history.zone(name);
      if (!zone) throw new Error(`zone ${name} is gone`);
      const range = await history.range(zone.id);
      const stretch = await readStretch(history, zone, { from: Number(range?.after) + 1, to: ALL, besides: true });
      const played = [...replay(witness, stretch)];
      expect(
        played.filter(({ difference }) => difference),
        name,
      ).to.deep.equal([]);
      expect(played).to.have.length.greaterThan(30);
    }
  });
});

/** The lookout game, with what each tick sees over the border written into the zone. */
const witness: GameModule = {
  ...lookout,
  onTick(tick) {
    const seen = Array.from(tick.border, ({ id, x, y, zoneId, age }) => ({ id, x, y, zoneId, age }));
    return { ...lookout.onTick(tick), zoneMetadata: { seen: seen.sort((a, b) => (a.id < b.id ? -1 : 1)) } };
  },
};
