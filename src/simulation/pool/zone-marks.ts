/**
 * The numbers by which a thread says whose code it runs: one for each zone, and never another zone's. 0 is nobody's.
 */
import type { ZoneId } from '../../../actors/ids.js';

export class ZoneMarks {
  readonly #marks = new Map<ZoneId, number>();
  readonly #zones = new Map<number, ZoneId>();
  #last = 0;

  add(zone: ZoneId): void {
    if (this.#marks.has(zone)) return;
    this.#marks.set(zone, ++this.#last);
    this.#zones.set(this.#last, zone);
  }

  of(zone: ZoneId): number {
    return this.#marks.get(zone) ?? 0;
  }

  zoneOf(mark: number): ZoneId | undefined {
    return this.#zones.get(mark);
  }

  delete(zone: ZoneId): void {
    this.#zones.delete(this.of(zone));
    this.#marks.delete(zone);
  }
}
