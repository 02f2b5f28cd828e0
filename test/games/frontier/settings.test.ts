import { expect } from 'chai';
import game from '../../../games/frontier/index.js';
import { readRules } from '../../../games/frontier/rules.js';
import { rimCm } from '../../../games/frontier/settings.js';
import { ITEMS, rulesWith, SETTINGS } from './field.js';

describe('frontier: settings', () => {
  it('are good as they come with the game', () => {
    expect(game.name).to.equal('frontier');
  });

  it('are refused with a number that is missing, of another kind, or too small, by its name', () => {
    const { sightCm: _, ...without } = SETTINGS;
    const broken = [without, { ...SETTINGS, sightCm: '800' }, { ...SETTINGS, movement: { tickMs: 0, speedCmPerS: 600 } }];

    const complaints = broken.map((settings) => complaintOf(() => readRules(settings, ITEMS)));

    expect(complaints[0]).to.match(/^settings of frontier: "sightCm" is required/);
    expect(complaints[1]).to.match(/"sightCm" must be a number/);
    expect(complaints[2]).to.match(/"movement.tickMs"/);
  });

  it('are refused with a name that is none of them', () => {
    expect(() => readRules({ ...SETTINGS, sight: 3 }, ITEMS)).to.throw('"sight" is not allowed');
  });

  it('are refused where they contradict one another', () => {
    expect(() => rulesWith({ sightCm: 1900 })).to.throw('beyond its neighbours nobody sees');
    expect(() => rulesWith({ reachCm: 900 })).to.throw('reachCm is more than sightCm');
    expect(() => rulesWith({ bots: { ...SETTINGS.bots, min: 101 } })).to.throw('bots.min is more than bots.max');
    expect(() => rulesWith({ bots: { ...SETTINGS.bots, speedCmPerS: 601 } })).to.throw('for which the rim is made');
    expect(() => rulesWith({ handover: { marginCm: 0, epsilonCm: 0, restMs: 0 } })).to.throw('a border would hold nobody');
    expect(() => rulesWith({ training: { ...SETTINGS.training, loadedSkill: 'flying' } })).to.throw('flying, which is no skill');
    expect(() => rulesWith({ wear: { ...SETTINGS.wear, milestoneSlots: ['tail'] } })).to.throw('tail, which is no slot');
    expect(() => rulesWith({ spawns: [{ column: 2, row: 0, xCm: 1, zCm: 1 }] })).to.throw('is outside of the world');
  });

  it('are refused where newcomers bring what there is not, or cannot carry', () => {
    const bringing = (template: string, quantity = 1) => ({ items: [{ template, quantity }], skills: {} });

    expect(() => rulesWith({ newcomer: bringing('unicorn') as never })).to.throw('there is no item unicorn');
    expect(() =>
      rulesWith({ newcomer: { items: Array(8).fill({ template: 'shield', quantity: 1 }), skills: {} } as never }),
    ).to.throw('newcomers cannot carry their items');
    expect(() => rulesWith({ newcomer: { items: [], skills: { flying: 1 } } as never })).to.throw(
      'the skill flying, which is none',
    );
  });

  it('make the rim of a zone as wide as one walks on while it rests after a crossing', () => {
    expect(rimCm(SETTINGS)).to.equal(50 + 1 + 300 + 2 * 30);
  });
});

function complaintOf(run: () => unknown): string {
  try {
    run();
    return 'none';
  } catch (error) {
    return String(error instanceof Error ? error.message : error);
  }
}
