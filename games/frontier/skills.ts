/**
 * What a player can do, and how it learns: each point of practice counts towards the next level of that skill. What gives
 * points is in `belongings.ts` (using a thing) and `milestones.ts` (walking under a load).
 */
import type { Settings } from './settings.js';

export interface Skills {
  /** Never falls. A skill that is not there is at 0. */
  readonly levels: Readonly<Record<string, number>>;
  /** Towards the next level, since the last one; always less than that takes. */
  readonly points: Readonly<Record<string, number>>;
}

/** With so many points more; the very same object where the skill is at its highest level. */
export function practised(skills: Skills, skill: string, points: number, training: Settings['training']): Skills {
  const before = levelOf(skills, skill);
  let [level, left] = [before, (skills.points[skill] ?? 0) + points];
  while (level < training.maxLevel && left >= pointsFor(level, training)) {
    left -= pointsFor(level, training);
    level += 1;
  }
  if (before >= training.maxLevel) return skills;
  const rest = level < training.maxLevel ? left : 0;
  return { levels: { ...skills.levels, [skill]: level }, points: { ...skills.points, [skill]: rest } };
}

export function levelOf({ levels }: Pick<Skills, 'levels'>, skill: string): number {
  return levels[skill] ?? 0;
}

/** What the level after this one takes. */
export function pointsFor(level: number, { pointsPerLevel }: Pick<Settings['training'], 'pointsPerLevel'>): number {
  return pointsPerLevel * (level + 1);
}
