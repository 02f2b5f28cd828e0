import { expect } from 'chai';
import fc from 'fast-check';
import { levelOf, pointsFor, practised, type Skills } from '../../../games/frontier/skills.js';
import { rulesWith } from './field.js';

const { training } = rulesWith().settings; // 2 points for the first level, 4 for the second, 6 for the third and last
const NONE: Skills = { levels: {}, points: {} };

describe('frontier: skills', () => {
  it('rise by a level once there are points enough, and each level takes more', () => {
    const levels = [1, 2, 3, 5, 6, 11, 12].map((points) => levelOf(practised(NONE, 'blades', points, training), 'blades'));

    expect(levels).to.deep.equal([0, 1, 1, 1, 2, 2, 3]);
  });

  it('keep the points that are over', () => {
    expect(practised(NONE, 'blades', 3, training)).to.deep.equal({ levels: { blades: 1 }, points: { blades: 1 } });
  });

  it('end at the highest level, and stay as they are there', () => {
    const master = practised(NONE, 'blades', 500, training);

    expect(master).to.deep.equal({ levels: { blades: 3 }, points: { blades: 0 } });
    expect(practised(master, 'blades', 1, training)).to.equal(master);
  });

  it('leave a level alone that is higher than any that can be reached', () => {
    const gifted = { levels: { blades: 9 }, points: {} };

    expect(practised(gifted, 'blades', 50, training)).to.equal(gifted);
  });

  it('count one by one as all at once, never fall, and touch no other skill', () => {
    const portions = fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 12 });
    fc.assert(
      fc.property(portions, (each) => {
        let skills: Skills = { levels: { archery: 1 }, points: { archery: 1 } };
        const whole = each.reduce((sum, points) => sum + points, 0);
        for (const points of each) {
          const before = levelOf(skills, 'blades');
          skills = practised(skills, 'blades', points, training);
          const level = levelOf(skills, 'blades');
          expect(level).to.be.within(before, training.maxLevel);
          expect(skills.points.blades).to.be.within(0, pointsFor(level, training) - 1);
          expect(skills).to.deep.include({ levels: { ...skills.levels, archery: 1 } });
        }

        if (whole > 0) expect(levelOf(skills, 'blades')).to.equal(levelOf(practised(NONE, 'blades', whole, training), 'blades'));
      }),
    );
  });
});
