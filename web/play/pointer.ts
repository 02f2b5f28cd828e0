/**
 * Mouse and touch on the map: held down, one walks towards it; a short click or tap is a place to get to. The wheel,
 * and two fingers, zoom.
 */
import type { Camera } from './camera.js';
import type { Direction } from './deeds.js';

const SHORT_MS = 300;

export interface PointerListener {
  /** Towards that place of the world, while it is held. */
  towards(place: Direction): void;
  /** Let go: to that place after a short click; null: not any more. */
  released(place: Direction | null): void;
  zoom(factor: number): void;
}

/** Answers the place that is pointed at while a finger or button is held; it moves with the world under it. */
export function listenToPointer(canvas: HTMLCanvasElement, camera: Camera, listener: PointerListener): () => Direction | null {
  const fingers = new Map<number, { x: number; y: number }>();
  let sinceMs = 0;
  let spread = 0;

  canvas.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    canvas.focus();
    fingers.set(event.pointerId, { x: event.offsetX, y: event.offsetY });
    if (fingers.size > 1) {
      spread = spreadOf(fingers);
      return listener.released(null);
    }
    sinceMs = event.timeStamp;
    listener.towards(camera.toWorld(event.offsetX, event.offsetY));
  });

  canvas.addEventListener('pointermove', (event) => {
    if (!fingers.has(event.pointerId)) return;
    fingers.set(event.pointerId, { x: event.offsetX, y: event.offsetY });
    if (fingers.size === 1) return listener.towards(camera.toWorld(event.offsetX, event.offsetY));
    const wider = spreadOf(fingers);
    if (spread > 0) listener.zoom(wider / spread);
    spread = wider;
  });

  const end = (event: PointerEvent) => {
    const wasOnly = fingers.size === 1;
    if (!fingers.delete(event.pointerId) || !wasOnly) return;
    const isShort = event.type === 'pointerup' && event.timeStamp - sinceMs < SHORT_MS;
    listener.released(isShort ? camera.toWorld(event.offsetX, event.offsetY) : null);
  };
  canvas.addEventListener('pointerup', end);
  canvas.addEventListener('pointercancel', end);

  canvas.addEventListener('wheel', (event) => {
    event.preventDefault();
    listener.zoom(Math.exp(-event.deltaY / 500));
  });

  return () => {
    const [finger] = fingers.values();
    return finger && fingers.size === 1 ? camera.toWorld(finger.x, finger.y) : null;
  };
}

function spreadOf(fingers: ReadonlyMap<number, { readonly x: number; readonly y: number }>): number {
  const [a, b] = [...fingers.values()];
  return a && b ? Math.hypot(a.x - b.x, a.y - b.y) : 0;
}
