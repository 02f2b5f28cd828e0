/**
 * Bodies of `tick` and `delta` messages as JSON text: everything after the type and the player's own
 * `ack`, which the sender puts in front, so that one body serves all who are shown the same.
 */
import type { TickNumber, ZoneId } from '../../../actors/ids.js';
import type { ShownState } from './shown-state.js';
import type { EntityChange, StateDiff } from './state-diff.js';

/** `"tick_number":…,"zone_id":…,"state":…}`. */
export function wholeJson(zone: ZoneId, state: ShownState): string {
  return `"tick_number":${state.tick},"zone_id":"${zone}","state":${state.json()}}`;
}

/** `"tick_number":…,"base":…,"zone_id":…,"state":{"entities":{"set":…,"gone":…},…}}`. */
export function deltaJson(zone: ZoneId, tick: TickNumber, base: TickNumber, diff: StateDiff): string {
  const set = [...diff.added.map(({ json }) => json), ...diff.changed.map(changeJson)].join(',');
  const gone = diff.gone.map(({ id }) => JSON.stringify(id)).join(',');
  const others = Array.from(diff.others, ([key, json]) => `,${JSON.stringify(key)}:${json}`).join('');
  const unset = diff.unset.length === 0 ? '' : `,"unset":${JSON.stringify(diff.unset)}`;
  return `"tick_number":${tick},"base":${base},"zone_id":"${zone}","state":{"entities":{"set":[${set}],"gone":[${gone}]}${others}${unset}}}`;
}

function changeJson({ after, set, unset }: EntityChange): string {
  const fields = set.map((key) => `,${JSON.stringify(key)}:${JSON.stringify(after.fields[key])}`).join('');
  return `{"id":${JSON.stringify(after.id)}${fields}${unset.length === 0 ? '' : `,"unset":${JSON.stringify(unset)}`}}`;
}
