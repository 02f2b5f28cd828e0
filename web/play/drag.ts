/**
 * Dragging with mouse or finger: what has `data-drag` can be let go over what has `data-drop`. A press that does not move is
 * none; those are clicks, and for keyboards there are buttons.
 */
const SLOP_PX = 6;

export interface DragListener {
  dropped(dragged: string, target: string): void;
  /** Nothing may be moved away under the pointer meanwhile. */
  dragging(isUnderWay: boolean): void;
}

export function listenToDrags(root: HTMLElement, listener: DragListener): void {
  root.addEventListener('pointerdown', (event) => {
    const source = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-drag]') : null;
    if (source && event.button === 0) follow(source, event, listener);
  });
}

function follow(source: HTMLElement, start: PointerEvent, listener: DragListener): void {
  let ghost: HTMLElement | null = null;
  let target: HTMLElement | null = null;

  const move = (event: PointerEvent) => {
    if (event.pointerId !== start.pointerId) return;
    if (!ghost) {
      if (Math.hypot(event.clientX - start.clientX, event.clientY - start.clientY) < SLOP_PX) return;
      ghost = ghostOf(source);
      listener.dragging(true);
    }
    ghost.style.transform = `translate(${event.clientX + 8}px, ${event.clientY + 8}px)`;
    mark(target, false);
    target = targetAt(event);
    mark(target, true);
  };
  const end = (event: PointerEvent) => {
    if (event.pointerId !== start.pointerId) return;
    removeEventListener('pointermove', move);
    removeEventListener('pointerup', end);
    removeEventListener('pointercancel', end);
    mark(target, false);
    if (!ghost) return;
    ghost.remove();
    // The click that follows belongs to the drag.
    source.addEventListener('click', stop, { capture: true, once: true });
    setTimeout(() => source.removeEventListener('click', stop, { capture: true }));
    listener.dragging(false);
    const [dragged, place] = [source.dataset.drag, target?.dataset.drop];
    if (event.type === 'pointerup' && dragged !== undefined && place !== undefined) listener.dropped(dragged, place);
  };
  addEventListener('pointermove', move);
  addEventListener('pointerup', end);
  addEventListener('pointercancel', end);
}

function stop(event: Event): void {
  event.stopPropagation();
}

function ghostOf(source: HTMLElement): HTMLElement {
  const ghost = source.cloneNode(true) as HTMLElement; // a clone is of the kind of its original
  ghost.classList.add('ghost');
  ghost.removeAttribute('data-drag');
  ghost.setAttribute('aria-hidden', 'true');
  document.body.append(ghost);
  return ghost;
}

function targetAt({ clientX, clientY }: PointerEvent): HTMLElement | null {
  return document.elementFromPoint(clientX, clientY)?.closest<HTMLElement>('[data-drop]') ?? null;
}

function mark(target: HTMLElement | null, isTarget: boolean): void {
  target?.classList.toggle('is-target', isTarget);
}
