/**
 * Where zones lie on the map: those that are connected as they are connected, and the groups that come of it in rows.
 */
import type { ZonesMessage } from './wire.js';

/** In cells, on one plane for all. */
export interface Placed {
  readonly x: number;
  readonly y: number;
}

const GAP_SHARE = 0.15;

/** For each zone in order, its lowest corner. */
export function layOut({ zones, links }: Pick<ZonesMessage, 'zones' | 'links'>): readonly Placed[] {
  const groups = groupsOf(zones.length, links).map((places) => boxOf(places, zones));
  const area = groups.reduce((sum, { width, height }) => sum + width * height, 0);
  const gap = Math.max(1, ...groups.map(({ width, height }) => Math.max(width, height))) * GAP_SHARE;
  const rowWidth = Math.sqrt(area) * 1.6;
  const placed: Placed[] = [];
  let [x, y, rowHeight] = [0, 0, 0];
  for (const { places, left, top, width, height } of groups) {
    if (x > 0 && x + width > rowWidth) [x, y, rowHeight] = [0, y + rowHeight + gap, 0];
    for (const [zone, place] of places) placed[zone] = { x: x + place.x - left, y: y + place.y - top };
    x += width + gap;
    rowHeight = Math.max(rowHeight, height);
  }
  return placed;
}

/** Zones that hang together, each group with the places of its zones against its first. */
function groupsOf(count: number, links: ZonesMessage['links']): ReadonlyMap<number, Placed>[] {
  const beside = new Map<number, [number, number, number][]>();
  for (const [zone, neighbor, dx, dy] of links) beside.set(zone, [...(beside.get(zone) ?? []), [neighbor, dx, dy]]);
  const seen = new Set<number>();
  const groups: ReadonlyMap<number, Placed>[] = [];
  for (let first = 0; first < count; first += 1) {
    if (seen.has(first)) continue;
    const places = new Map<number, Placed>([[first, { x: 0, y: 0 }]]);
    // A map may be added to while one goes through it: what is found is gone through too.
    for (const [zone, { x, y }] of places) {
      seen.add(zone);
      for (const [neighbor, dx, dy] of beside.get(zone) ?? []) {
        if (!places.has(neighbor)) places.set(neighbor, { x: x + dx, y: y + dy });
      }
    }
    groups.push(places);
  }
  return groups;
}

function boxOf(places: ReadonlyMap<number, Placed>, zones: ZonesMessage['zones']) {
  const boxes = Array.from(places, ([zone, { x, y }]) => {
    const { width = 0, height = 0 } = zones[zone] ?? {};
    return { left: x, top: y, right: x + width, bottom: y + height };
  });
  const [left, top] = [Math.min(...boxes.map((box) => box.left)), Math.min(...boxes.map((box) => box.top))];
  const [right, bottom] = [Math.max(...boxes.map((box) => box.right)), Math.max(...boxes.map((box) => box.bottom))];
  return { places, left, top, width: right - left, height: bottom - top };
}
