/**
 * Area of interest: a player is sent itself, who and what is within sight of it, on both sides of every border, and, when
 * they changed since its last message, what it has, wears and can. This is the only door to clients: places leave as points of
 * the world, and of an entity only what stands in `Shown`.
 */
import type { BorderSet, Entity, EntitySet, PlayerView } from '../contract.js';
import { avatarIn } from './avatars.js';
import { type Document, documentOf, PARTS, type Part } from './document.js';
import { encumbranceOf, weightOf } from './encumbrance.js';
import type { Cell } from './grid.js';
import { freeBulk } from './inventory.js';
import type { Rules } from './rules.js';
import { isItem, motionOf } from './things.js';

/** An entity as players see it: lengths in centimetres, velocities in centimetres a second. */
export interface Shown {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly x: number;
  readonly z: number;
  readonly vx: number;
  readonly vz: number;
  /** Of an item: what kind, and how many. */
  readonly template?: string;
  readonly quantity?: number;
}

export function getPlayerState(rules: Rules, { zone, player, entities, border, sinceTick }: PlayerView): object {
  const cell = rules.grid.cellOf(zone);
  const avatar = cell && avatarIn(entities, player);
  if (!avatar) return { zone_id: zone.id, cell, sight_cm: rules.settings.sightCm, player: null, entities: [] };
  const seen = inSight(avatar, entities, border, rules).map((entity) => shown(entity, cell, rules));
  const document = documentOf(player, rules);
  return {
    zone_id: zone.id,
    cell,
    sight_cm: rules.settings.sightCm,
    player: shown(avatar, cell, rules),
    entities: seen,
    ...(document && news(document, sinceTick, rules)),
  };
}

/** Who and what this avatar sees. One that is just crossing may be known on both sides: it is seen once. */
export function inSight(avatar: Entity, entities: EntitySet, border: BorderSet, { settings }: Rules): Entity[] {
  const sight = settings.sightCm;
  const around = { x: avatar.x - sight, y: avatar.y - sight, width: 2 * sight + 1, height: 2 * sight + 1 };
  const isSeen = ({ id, x, y }: Entity) => (x - avatar.x) ** 2 + (y - avatar.y) ** 2 <= sight * sight && id !== avatar.id;
  const here = entities.inArea(around).filter(isSeen);
  const beyond = border.size === 0 ? [] : border.inArea(around).filter(isSeen);
  if (beyond.length === 0) return here;
  return [...here, ...beyond.filter(({ id }) => entities.get(id) === undefined)];
}

/** Frozen, and the same for all who see it: so it is made and written once, however many they are. */
function shown(entity: Entity, cell: Cell, { grid }: Rules): Shown {
  const known = shownBefore.get(entity);
  if (known) return known;
  const { kind, name } = entity.metadata;
  const { x, z } = grid.toWorld(cell, entity);
  const seen = Object.freeze({ id: entity.id, kind: String(kind), name: String(name), x, z, ...detailsOf(entity) });
  shownBefore.set(entity, seen);
  return seen;
}

/** An entity object never changes, and is of one zone only: a memory of what follows from it changes no answer. */
const shownBefore = new WeakMap<Entity, Shown>();

function detailsOf(entity: Entity): Pick<Shown, 'vx' | 'vz' | 'template' | 'quantity'> {
  const { vx, vz } = motionOf(entity);
  if (!isItem(entity.metadata)) return { vx, vz };
  const { template, quantity } = entity.metadata;
  return { vx, vz, template, quantity };
}

/** The parts that changed after this tick; all of them for somebody who has seen nothing yet. */
function news(document: Document, sinceTick: number | null, rules: Rules): Partial<Record<Part, object>> {
  const isNews = (part: Part) => sinceTick === null || document.changed[part] > sinceTick;
  return Object.fromEntries(
    PARTS.filter(isNews).map((part) => [part, { version: document.changed[part], ...tell[part](document, rules) }]),
  );
}

const tell: Readonly<Record<Part, (document: Document, rules: Rules) => object>> = {
  inventory({ inventory, equipment }, rules) {
    const { weightG, weightPercent, penaltyPercent } = encumbranceOf(
      weightOf(inventory, equipment, rules.catalogue),
      rules.settings.inventory,
    );
    return {
      items: inventory.map(({ id, ...rest }) => ({ instance_id: id, ...rest })),
      compartments: rules.compartments.map(({ name, bulk }) => ({ name, bulk, free: freeBulk(inventory, name, rules) })),
      encumbrance: { weight_g: weightG, weight_percent: weightPercent, penalty_percent: penaltyPercent },
    };
  },
  equipment({ equipment: { slots, lockedUntil } }) {
    const worn = Object.entries(slots).map(([slot, { id, ...rest }]) => [slot, { instance_id: id, ...rest }]);
    return { slots: Object.fromEntries(worn), locked_until: lockedUntil };
  },
  skills: ({ skills: { levels, points } }) => ({ levels, points }),
};
