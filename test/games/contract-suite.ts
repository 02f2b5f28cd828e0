/**
 * What every game must do, whatever it is about. A game's tests call this with a way to make intents.
 * The test world does most of the work: it freezes what it hands out, runs each rule twice, takes the clock
 * and the dice away and throws at malformed results; this file makes the histories that it runs.
 */
import { expect } from 'chai';
import fc from 'fast-check';
import { createTestWorld, type TestWorld } from 'gridstead/testing';
import type { GameModule, JsonObject } from '../../games/contract.js';

const NAMES = ['ada', 'ben', 'cho', 'dee'];

type Happening =
  | { readonly type: 'join'; readonly name: string; readonly zone: number | null }
  | { readonly type: 'leave'; readonly name: string }
  | { readonly type: 'want'; readonly name: string; readonly data: JsonObject }
  | { readonly type: 'tick'; readonly count: number }
  | { readonly type: 'sleep'; readonly ms: number }
  | { readonly type: 'restart' };

/** What else holds for this game after each happening; throws where it does not. `here`: who is connected. */
export type Invariant = (bench: TestWorld, here: ReadonlySet<string>) => void;

/** `intents`: what players of this game may send, sensible or not. */
export function passesTheGameContract(game: GameModule, intents: fc.Arbitrary<JsonObject>, holds: Invariant = () => {}): void {
  const histories = fc.array(happening(intents), { minLength: 10, maxLength: 60 });

  describe('the game contract', () => {
    it('returns well-formed results, from frozen facts alone, whatever players do', async () => {
      await fc.assert(
        fc.asyncProperty(histories, async (history) => {
          await play(game, history, holds);
        }),
        { numRuns: 60 },
      );
    });

    it('makes the same world of the same history', async () => {
      await fc.assert(
        fc.asyncProperty(histories, async (history) => {
          const [first, second] = [await play(game, history, holds), await play(game, history, holds)];

          expect(first).to.deep.equal(second);
        }),
        { numRuns: 15 },
      );
    });

    it('makes nothing a second time when the server starts again', async () => {
      const bench = await createTestWorld(game);
      const before = worldOf(bench);

      await bench.init();

      expect(worldOf(bench)).to.deep.equal(before);
    });

    it('lets a zone sleep that everybody has left, until the time it named itself', async () => {
      const bench = await createTestWorld(game);
      bench.join('ada');
      const zone = bench.where('ada');
      bench.tick(3);

      bench.leave('ada');
      bench.tick();

      expect(bench.isLive(zone)).to.equal((bench.wakeAt(zone) ?? Number.POSITIVE_INFINITY) <= bench.now());
    });

    it('shows a player who has just come an object, and who is not there yet as well', async () => {
      const bench = await createTestWorld(game);
      bench.join('ada');

      const early = bench.viewOf('ada');
      bench.tick();
      const after = bench.viewOf('ada');

      expect([early, after]).to.satisfy((views: unknown[]) => views.every((view) => typeof view === 'object'));
    });
  });
}

async function play(game: GameModule, history: readonly Happening[], holds: Invariant): Promise<object> {
  const bench = await createTestWorld(game);
  bench.join('ada');
  const here = new Set(['ada']);
  for (const each of history) {
    await happen(bench, each, here);
    for (const name of here) bench.viewOf(name);
    holds(bench, here);
  }
  return { world: worldOf(bench), players: [...here].map((name) => [bench.player(name), bench.messages(name)]) };
}

async function happen(bench: TestWorld, happening: Happening, here: Set<string>): Promise<void> {
  switch (happening.type) {
    case 'join': {
      const zones = bench.zones();
      bench.join(happening.name, happening.zone === null ? undefined : zones[happening.zone % zones.length]?.name);
      here.add(happening.name);
      break;
    }
    case 'leave':
      bench.leave(happening.name);
      here.delete(happening.name);
      break;
    case 'want':
      if (here.has(happening.name)) bench.intent(happening.name, happening.data);
      break;
    case 'tick':
      bench.tick(happening.count);
      break;
    case 'sleep':
      bench.sleep(happening.ms);
      break;
    case 'restart':
      await bench.init();
      break;
  }
}

function worldOf(bench: TestWorld): object[] {
  return bench.zones().map((zone) => ({ zone, entities: bench.entities(zone.name) }));
}

function happening(intents: fc.Arbitrary<JsonObject>): fc.Arbitrary<Happening> {
  const name = fc.constantFrom(...NAMES);
  return fc.oneof(
    { weight: 2, arbitrary: fc.record({ type: fc.constant('join' as const), name, zone: fc.option(fc.nat(9)) }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('leave' as const), name }) },
    { weight: 8, arbitrary: fc.record({ type: fc.constant('want' as const), name, data: intents }) },
    { weight: 6, arbitrary: fc.record({ type: fc.constant('tick' as const), count: fc.integer({ min: 1, max: 3 }) }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('sleep' as const), ms: fc.nat(200_000) }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('restart' as const) }) },
  );
}
