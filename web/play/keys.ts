/**
 * The keyboard: keys that are held are a direction, others are a deed. Typing into a field is neither.
 */
import type { Direction } from './deeds.js';

export type KeyDeed = 'pick_up' | 'talk' | 'zoom_in' | 'zoom_out';

const WAYS: ReadonlyMap<string, Direction> = new Map([
  ['ArrowUp', { x: 0, y: -1 }],
  ['ArrowDown', { x: 0, y: 1 }],
  ['ArrowLeft', { x: -1, y: 0 }],
  ['ArrowRight', { x: 1, y: 0 }],
  ['KeyW', { x: 0, y: -1 }],
  ['KeyS', { x: 0, y: 1 }],
  ['KeyA', { x: -1, y: 0 }],
  ['KeyD', { x: 1, y: 0 }],
]);

const DEEDS: ReadonlyMap<string, KeyDeed> = new Map([
  ['KeyG', 'pick_up'],
  ['KeyT', 'talk'],
  ['Equal', 'zoom_in'],
  ['NumpadAdd', 'zoom_in'],
  ['Minus', 'zoom_out'],
  ['NumpadSubtract', 'zoom_out'],
]);

export interface KeyListener {
  /** Of length 1 at most. */
  direction(direction: Direction): void;
  deed(deed: KeyDeed): void;
}

/** Answers the function that stops listening. */
export function listenToKeys(listener: KeyListener): () => void {
  const held = new Set<string>();
  const tell = () => listener.direction(directionOf(held));
  const down = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const deed = DEEDS.get(event.code);
    if (WAYS.has(event.code)) held.add(event.code);
    else if (!deed) return;
    event.preventDefault();
    if (deed) listener.deed(deed);
    else if (!event.repeat) tell();
  };
  const up = (event: KeyboardEvent) => {
    if (held.delete(event.code)) tell();
  };
  // Keys that are let go while another window has them would be held for ever.
  const release = () => {
    if (held.size === 0) return;
    held.clear();
    tell();
  };
  addEventListener('keydown', down);
  addEventListener('keyup', up);
  addEventListener('blur', release);
  return () => {
    removeEventListener('keydown', down);
    removeEventListener('keyup', up);
    removeEventListener('blur', release);
  };
}

function directionOf(held: ReadonlySet<string>): Direction {
  let [x, y] = [0, 0];
  for (const code of held) {
    x += WAYS.get(code)?.x ?? 0;
    y += WAYS.get(code)?.y ?? 0;
  }
  const way = { x: Math.sign(x), y: Math.sign(y) };
  const length = Math.hypot(way.x, way.y);
  return length === 0 ? way : { x: way.x / length, y: way.y / length };
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}
