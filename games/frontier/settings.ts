/**
 * Every number of the world, from one file that is checked whole before a zone is made. Lengths are whole
 * centimetres, times milliseconds or ticks, weights grams. What the items are is in `templates.ts`.
 */
import Joi from 'joi';

export interface Settings {
  /** `cellCm`: a cell's side. */
  readonly world: { readonly columns: number; readonly rows: number; readonly cellCm: number };
  /** Where newcomers may begin, from the corner of that cell. */
  readonly spawns: readonly Spawn[];
  /** Newcomers are strewn this far around their place, to each side. */
  readonly spawnSpreadCm: number;
  /** `tickMs`: what one tick is in the world's own time, whatever the clock says. */
  readonly movement: { readonly tickMs: number; readonly speedCmPerS: number };
  readonly sightCm: number;
  /** How far away a thing can be picked up. */
  readonly reachCm: number;
  /**
   * One who is `marginCm` and `epsilonCm` past its cell's edge goes over, and then rests `restMs` before it
   * can go over again.
   */
  readonly handover: { readonly marginCm: number; readonly epsilonCm: number; readonly restMs: number };
  readonly bots: BotSettings;
  readonly inventory: InventorySettings;
  readonly equipment: { readonly slots: readonly string[]; readonly cooldownMs: number };
  readonly skills: readonly string[];
  readonly training: TrainingSettings;
  readonly wear: WearSettings;
  readonly newcomer: { readonly items: readonly Amount[]; readonly skills: Readonly<Record<string, number>> };
  /** What lies about in each cell of a new world: `count` times. */
  readonly groundPerCell: readonly (Amount & { readonly count: number })[];
}

export interface Spawn {
  readonly column: number;
  readonly row: number;
  readonly xCm: number;
  readonly zCm: number;
}

export interface Amount {
  readonly template: string;
  readonly quantity: number;
}

export interface BotSettings {
  /** Players and bots together in a cell: below `min` bots come, above `max` bots go. */
  readonly min: number;
  readonly max: number;
  readonly spawnsPerTick: number;
  readonly removeEveryTicks: number;
  readonly speedCmPerS: number;
  /** How long a bot keeps its heading, on average. */
  readonly turnEveryTicks: number;
}

export interface InventorySettings {
  /** In the order in which they are filled. */
  readonly compartments: readonly { readonly name: string; readonly bulk: number }[];
  /** What is carried and what is worn together never weigh more. */
  readonly weightLimitG: number;
  /** Up to this part of the limit nothing slows; at the limit `worstPenaltyPercent` of the speed is lost. */
  readonly lightPercent: number;
  readonly worstPenaltyPercent: number;
}

export interface TrainingSettings {
  /** A level takes so many points for each level up to it: the first one once as many, the second twice. */
  readonly pointsPerLevel: number;
  readonly maxLevel: number;
  /** How far from the last milestone the next one is. */
  readonly milestoneCm: number;
  /** The skill that a milestone gives a point of to who is slowed by what it carries. */
  readonly loadedSkill: string;
}

export interface WearSettings {
  /** How much durability one use costs. */
  readonly perUse: number;
  /** How much a milestone costs what is worn in `milestoneSlots`. */
  readonly perMilestone: number;
  readonly milestoneSlots: readonly string[];
}

/** Throws an error that names the setting and what it takes. */
export function readSettings(value: unknown): Settings {
  const { error, value: read } = schema.validate(value, { convert: false });
  if (error) throw new Error(`settings of frontier: ${error.message}`);
  // Joi has looked at each member; its types do not say so.
  const settings = read as Settings;
  const problem = contradictionIn(settings);
  if (problem) throw new Error(`settings of frontier: ${problem}`);
  return settings;
}

/**
 * How far a zone reaches over its cell's edges: as far as somebody who has just come can walk on before it
 * may go over again, so that nobody ever stands at the end of its zone while it rests.
 */
export function rimCm({ handover, movement }: Pick<Settings, 'handover' | 'movement'>): number {
  const stepCm = Math.ceil((movement.speedCmPerS * movement.tickMs) / 1000);
  const restCm = Math.ceil((movement.speedCmPerS * handover.restMs) / 1000);
  return handover.marginCm + handover.epsilonCm + restCm + 2 * stepCm;
}

/** A zone may be this large. */
const MAX_ZONE_CM = 1_000_000;

function contradictionIn(settings: Settings): string | null {
  const { world, spawns, sightCm, reachCm, handover, bots, movement, skills, training, wear, equipment } = settings;
  const rim = rimCm(settings);
  if (sightCm + rim > world.cellCm)
    return `sightCm and the rim of ${rim} cm must fit into a cell: beyond its neighbours nobody sees`;
  if (world.cellCm + 2 * rim > MAX_ZONE_CM) return `world.cellCm and two rims of ${rim} cm are more than ${MAX_ZONE_CM}`;
  if (reachCm > sightCm) return 'reachCm is more than sightCm';
  if (handover.marginCm + handover.epsilonCm === 0)
    return 'handover.marginCm and epsilonCm are both 0: a border would hold nobody';
  if (bots.min > bots.max) return 'bots.min is more than bots.max';
  if (bots.speedCmPerS > movement.speedCmPerS)
    return 'bots.speedCmPerS is more than movement.speedCmPerS, for which the rim is made';
  if (!skills.includes(training.loadedSkill)) return `training.loadedSkill is ${training.loadedSkill}, which is no skill`;
  const unworn = wear.milestoneSlots.find((slot) => !equipment.slots.includes(slot));
  if (unworn !== undefined) return `wear.milestoneSlots has ${unworn}, which is no slot`;
  const outside = spawns.find(
    ({ column, row, xCm, zCm }) => column >= world.columns || row >= world.rows || Math.max(xCm, zCm) >= world.cellCm,
  );
  return outside ? `the spawn ${JSON.stringify(outside)} is outside of the world` : null;
}

const whole = (min: number, max: number) => Joi.number().integer().min(min).max(max).required();
const name = () =>
  Joi.string()
    .pattern(/^[a-z][a-z0-9_]*$/)
    .max(32);
const levels = () => Joi.object().pattern(name(), Joi.number().integer().min(0).max(1000)).required();
const amount = { template: name().required(), quantity: whole(1, 1_000_000) };

const schema = Joi.object({
  world: Joi.object({ columns: whole(1, 64), rows: whole(1, 64), cellCm: whole(100, MAX_ZONE_CM) }).required(),
  spawns: Joi.array()
    .items(Joi.object({ column: whole(0, 63), row: whole(0, 63), xCm: whole(0, MAX_ZONE_CM), zCm: whole(0, MAX_ZONE_CM) }))
    .min(1)
    .required(),
  spawnSpreadCm: whole(0, MAX_ZONE_CM),
  movement: Joi.object({ tickMs: whole(1, 60_000), speedCmPerS: whole(1, 100_000) }).required(),
  sightCm: whole(1, MAX_ZONE_CM),
  reachCm: whole(0, MAX_ZONE_CM),
  handover: Joi.object({ marginCm: whole(0, 100_000), epsilonCm: whole(0, 1000), restMs: whole(0, 60_000) }).required(),
  bots: Joi.object({
    min: whole(0, 10_000),
    max: whole(0, 10_000),
    spawnsPerTick: whole(1, 1000),
    removeEveryTicks: whole(1, 100_000),
    speedCmPerS: whole(0, 100_000),
    turnEveryTicks: whole(1, 100_000),
  }).required(),
  inventory: Joi.object({
    compartments: Joi.array()
      .items(Joi.object({ name: name().required(), bulk: whole(1, 1_000_000) }))
      .unique('name')
      .min(1)
      .required(),
    weightLimitG: whole(1, 1_000_000_000),
    lightPercent: whole(0, 99),
    worstPenaltyPercent: whole(0, 100),
  }).required(),
  // A mask has a bit for each slot.
  equipment: Joi.object({
    slots: Joi.array().items(name()).unique().min(1).max(30).required(),
    cooldownMs: whole(0, 3_600_000),
  }).required(),
  skills: Joi.array().items(name()).unique().required(),
  training: Joi.object({
    pointsPerLevel: whole(1, 1_000_000),
    maxLevel: whole(1, 1000),
    milestoneCm: whole(1, MAX_ZONE_CM),
    loadedSkill: name().required(),
  }).required(),
  wear: Joi.object({
    perUse: whole(0, 1_000_000),
    perMilestone: whole(0, 1_000_000),
    milestoneSlots: Joi.array().items(name()).unique().required(),
  }).required(),
  newcomer: Joi.object({ items: Joi.array().items(Joi.object(amount)).required(), skills: levels() }).required(),
  groundPerCell: Joi.array()
    .items(Joi.object({ ...amount, count: whole(1, 10_000) }))
    .required(),
});
