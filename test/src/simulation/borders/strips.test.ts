import { expect } from 'chai';
import fc from 'fast-check';
import type { ZoneId } from '../../../../actors/ids.js';
import type { Entity } from '../../../../games/contract.js';
import { Board } from '../../../../src/simulation/borders/board.js';
import { Strip } from '../../../../src/simulation/borders/strip.js';
import { decodeChange, encodeChange } from '../../../../src/simulation/borders/strip-codec.js';
import { InlineSimulation } from '../../../../src/simulation/inline-simulation.js';
import { ResidentZone } from '../../../../src/simulation/resident-zone.js';
import lookout, { SIGHT } from '../../../support/pool-games/lookout.js';
import { RecordingLog } from '../../../support/recording-log.js';
import { entity, rules } from '../support.js';
import { deeds, prepare } from './plans.js';
import { PortWorld } from './port-world.js';

/** A simulation that keeps a copy of each strip from what it tells others, as another thread would. */
class Copied extends InlineSimulation {
  readonly copies = new Map<ZoneId, Strip>();

  constructor() {
    const trusting = { guarded: false, tickBudgetMs: 1_000, onHang: () => {}, log: new RecordingLog() };
    super({ game: lookout, secret: 's', maxZoneBytes: 1e6, hasOtherHosts: true, clock: { monotonicMs: () => 0 }, ...trusting });
  }

  override async load(stored: Parameters<InlineSimulation['load']>[0]) {
    const loaded = await super.load(stored);
    const whole = await this.strip(stored.info.id);
    if (whole !== null) this.copies.set(stored.info.id, new Strip(decodeChange(whole, null)));
    return loaded;
  }

  override showBorder(zone: ZoneId, change: string): void {
    const copy = this.copies.get(zone);
    copy?.apply(decodeChange(change, copy));
  }
}

/** Made anew from what is committed. */
function madeAnew(world: PortWorld, zone: ZoneId): Strip | null {
  const border = { cells: SIGHT, board: new Board<Strip>(), hasCopies: false };
  return new ResidentZone(world.stored(zone), rules(lookout, { border })).strip;
}

describe('strips', () => {
  it('are after every tick what they would be if they were made anew, here and in every copy', async () => {
    await fc.assert(
      fc.asyncProperty(deeds(4, 12), async (ticks) => {
        const simulation = new Copied();
        const world = new PortWorld([simulation], 2);
        for (const zone of world.zones) await world.load(zone);
        for (const tick of ticks) {
          await world.tick(await prepare(world, tick));
          for (const zone of world.zones) {
            if (!world.isAwake(zone)) continue;
            const anew = madeAnew(world, zone)?.whole();

            const copy = simulation.copies.get(zone)?.whole();
            expect(copy?.set).to.deep.equal(anew?.set.map((entity) => ({ ...entity })));
            // What has arrived may be listed a little longer, until the zone has seen it there.
            expect(copy?.departed?.map(({ entity }) => entity.id)).to.include.members(
              anew?.departed?.map(({ entity }) => entity.id) ?? [],
            );
            expect(await simulation.strip(zone)).to.equal(copy && encodeChange(copy, null));
          }
        }
      }),
      { numRuns: 15 },
    );
  }).timeout(20_000);

  it('tell of one that grew where it stands, and not only where it went', () => {
    const whole = { tick: 1, neighbors: [], through: [], set: [entity(1, { width: 1 })], gone: [], departed: [] };
    const [here, copy] = [new Strip(whole), new Strip(whole)];
    const grown = { ...here.sorted()[0], x: 4, width: 3 } as Entity;

    copy.apply(decodeChange(encodeChange({ ...whole, tick: 2, set: [grown] }, here), copy));

    expect(copy.sorted().map(({ x, width }) => [x, width])).to.deep.equal([[4, 3]]);
  });
});
