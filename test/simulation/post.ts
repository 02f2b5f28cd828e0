/**
 * Letters between zones: effects of a game, each with a name of its own, written down by the zone that sends it and
 * by the one that takes it, or gets it back. Whoever has read all postboxes, and what is on the way, knows whether
 * one was lost or came twice.
 */
import type { EntityCreate, JsonObject, Tick, TickResult } from '../../games/contract.js';
import type { Found } from '../flows/chaos/checks.js';

/** Of the ticks in which somebody does something, so many send one. */
const SHARE = 0.3;

export const POSTBOX: Omit<EntityCreate, 'id'> = { x: 3, y: 0, metadata: { kind: 'postbox', sent: [], got: [] } };

/** The result with what the tick's post adds to it. */
export function withPost(tick: Tick, result: TickResult, mayCross: (from: string, to: string) => boolean): TickResult {
  const box = [...tick.entities].find(({ metadata }) => metadata.kind === 'postbox');
  const zones = [...tick.entities].flatMap(({ metadata }) => namesIn(metadata.zones));
  if (!box) return result;
  const toZone = zones[Math.floor(tick.random() * zones.length)] ?? tick.zone.id;
  const isSending = tick.intents.length > 0 && tick.random() < SHARE && mayCross(tick.zone.id, toZone);
  const sent = isSending ? [`${tick.zone.name} ${tick.tickNumber}`] : [];
  const got = tick.effects.map(({ data }) => String(data.letter));
  if (sent.length + got.length === 0) return result;
  const { metadata } = box;
  const filled = { ...metadata, sent: [...namesIn(metadata.sent), ...sent], got: [...namesIn(metadata.got), ...got] };
  return {
    ...result,
    updates: [...(result.updates ?? []), { id: box.id, metadata: filled }],
    sends: sent.map((letter) => ({ toZone, data: { letter } })),
  };
}

/** Each letter is once where it was sent to, or back, or on its way. */
export function lettersArrive(found: readonly Found[], onTheWay: readonly JsonObject[]): readonly string[] {
  // What else a postbox has than other entities is written above.
  const boxes = found.map(({ metadata }) => metadata as JsonObject).filter(({ kind }) => kind === 'postbox');
  const got = [...boxes.flatMap((box) => namesIn(box.got)), ...onTheWay.map(({ letter }) => String(letter))];
  const sent = new Set(boxes.flatMap((box) => namesIn(box.sent)));
  return [
    ...got.filter((letter, index) => got.indexOf(letter) !== index).map((letter) => `letter ${letter} came twice`),
    ...got.filter((letter) => !sent.has(letter)).map((letter) => `letter ${letter} was never sent`),
    ...[...sent].filter((letter) => !got.includes(letter)).map((letter) => `letter ${letter} is lost`),
  ];
}

function namesIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
