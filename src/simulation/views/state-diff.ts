/**
 * What has changed for a viewer from one state to the next: the one difference that both encodings
 * write. Comparing costs as much as the two states have entities; unchanged ones are the same object.
 */
import { ResidentEntity } from '../resident-entity.js';
import type { ShownEntity, ShownState } from './shown-state.js';

export interface EntityChange {
  readonly before: ShownEntity;
  readonly after: ShownEntity;
  /** Fields that are new or another value. */
  readonly set: readonly string[];
  readonly unset: readonly string[];
}

export interface StateDiff {
  readonly added: readonly ShownEntity[];
  readonly changed: readonly EntityChange[];
  readonly gone: readonly ShownEntity[];
  /** The same to look at, and yet another one: it went meanwhile, and came back under its id. */
  readonly replaced: readonly EntityChange[];
  /** Other keys that are new or another value, as JSON. */
  readonly others: ReadonlyMap<string, string>;
  readonly unset: readonly string[];
}

/** null: one of the two can only be sent whole. */
export function diffStates(before: ShownState, after: ShownState): StateDiff | null {
  if (!before.entities || !after.entities) return null;
  const added: ShownEntity[] = [];
  const changed: EntityChange[] = [];
  const replaced: EntityChange[] = [];
  let kept = 0;
  for (const entity of after.entities.values()) {
    const known = before.entities.get(entity.id);
    if (!known) added.push(entity);
    else {
      kept += 1;
      if (known === entity) continue;
      const change = changeOf(known, entity);
      if (change.set.length + change.unset.length > 0) changed.push(change);
      else if (isAnother(known, entity)) replaced.push(change);
    }
  }
  const gone: ShownEntity[] = [];
  if (kept < before.entities.size) {
    for (const entity of before.entities.values()) if (!after.entities.has(entity.id)) gone.push(entity);
  }
  return { added, changed, gone, replaced, ...diffOthers(before.others, after.others) };
}

function isAnother({ resident: before }: ShownEntity, { resident: after }: ShownEntity): boolean {
  // What a game made up is the same as long as it has its id.
  if (!before || !after) return before !== after;
  return ResidentEntity.order(before) !== ResidentEntity.order(after);
}

/** What is another about an entity. Made once for all viewers who see it become that. */
export function changeOf(before: ShownEntity, after: ShownEntity): EntityChange {
  if (before.resident && after.resident)
    return { before, after, set: residentChanges(before.resident, after.resident), unset: NONE };
  const { notes } = after;
  if (notes?.change?.before === before) return notes.change;
  const set = Object.keys(after.fields).filter((key) => !sameValue(before.fields, after.fields, key));
  const unset = Object.keys(before.fields).filter((key) => !Object.hasOwn(after.fields, key));
  const change = { before, after, set, unset };
  if (notes) {
    notes.change = change;
    notes.record = null;
    // Else each would keep the one before it, back to the first.
    if (before.notes) before.notes.change = null;
  }
  return change;
}

const NONE: readonly string[] = [];
const MOVED_ACROSS: readonly string[] = ['x'];
const MOVED_DOWN: readonly string[] = ['y'];

/** Most have taken a step, and nothing else: there is no list to make. */
function residentChanges(before: ResidentEntity, after: ResidentEntity): readonly string[] {
  if (ResidentEntity.hasOnlyMoved(before, after)) {
    if (before.y === after.y) return before.x === after.x ? NONE : MOVED_ACROSS;
    return before.x === after.x ? MOVED_DOWN : ['x', 'y'];
  }
  return RESIDENT_FIELDS.filter(
    (field) => before[field] !== after[field] && !(field === 'metadata' && sameMetadata(before, after)),
  );
}

const RESIDENT_FIELDS = ['x', 'y', 'width', 'height', 'metadata'] as const;

function sameMetadata(before: ResidentEntity, after: ResidentEntity): boolean {
  return JSON.stringify(before.metadata) === JSON.stringify(after.metadata);
}

function sameValue(before: ShownEntity['fields'], after: ShownEntity['fields'], key: string): boolean {
  if (!Object.hasOwn(before, key)) return false;
  const [was, is] = [before[key], after[key]];
  if (was === is) return true;
  return typeof was === 'object' && typeof is === 'object' && JSON.stringify(was) === JSON.stringify(is);
}

function diffOthers(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): Pick<StateDiff, 'others' | 'unset'> {
  const others = new Map<string, string>();
  for (const [key, json] of after) if (before.get(key) !== json) others.set(key, json);
  const unset =
    before.size + others.size === after.size && others.size === 0 ? [] : [...before.keys()].filter((key) => !after.has(key));
  return { others, unset };
}
