/**
 * Entities whose rows in the projection are behind the zone: the simulation names each change once, so
 * that what a failed checkpoint did not write has to be in the next one.
 */
import type { EntityId } from '../ids.js';
import type { StoredEntity, ZoneCheckpoint } from '../records.js';

type Checkpoint = Pick<ZoneCheckpoint, 'tick' | 'body' | 'changed' | 'gone'>;

export class Unprojected {
  #newest: Pick<Checkpoint, 'tick' | 'body'> | null = null;
  readonly #changed = new Map<EntityId, StoredEntity>();
  readonly #gone = new Set<EntityId>();

  /** What changed since the last one. */
  add({ tick, body, changed, gone }: Checkpoint): void {
    this.#newest = { tick, body };
    for (const entity of changed) {
      this.#gone.delete(entity.id);
      this.#changed.set(entity.id, entity);
    }
    for (const id of gone) {
      this.#changed.delete(id);
      this.#gone.add(id);
    }
  }

  /** The newest checkpoint, with everything that no checkpoint has written yet. */
  whole(): Checkpoint {
    if (!this.#newest) throw new Error('there is no checkpoint to write');
    return { ...this.#newest, changed: [...this.#changed.values()], gone: [...this.#gone] };
  }

  /** This is in the projection now; what has changed since is not. */
  written({ changed, gone }: Checkpoint): void {
    for (const entity of changed) if (this.#changed.get(entity.id) === entity) this.#changed.delete(entity.id);
    for (const id of gone) this.#gone.delete(id);
  }
}
