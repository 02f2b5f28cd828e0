/**
 * Where players are, durably, as far as no zone's commit says it: places are made here, and noted on.
 * Notes that wait share a transaction. After a restart everybody comes back at once, with several notes
 * each, and a flush to disk for every one would take longer than the players' patience.
 */
import { StoreUnavailableError } from '../../actors/errors.js';
import type { PlayerId } from '../../actors/ids.js';
import type { PlaceStore } from '../../actors/ports.js';
import type { Place, PlaceNote } from '../../actors/records.js';
import type { Backend } from './tables.js';

const NOTES_AT_ONCE = 500;
/** Beyond this the database is as good as away. */
const MAX_WAITING_NOTES = 50_000;

interface WaitingNote {
  readonly player: PlayerId;
  readonly note: PlaceNote;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export class Places implements PlaceStore {
  #waiting: WaitingNote[] = [];
  #writing: Promise<void> | null = null;
  /** The last note on each player that is not written yet; resolves when it is, or could not be. */
  readonly #newest = new Map<PlayerId, Promise<void>>();

  constructor(private readonly backend: Backend) {}

  async place(player: PlayerId): Promise<Place> {
    await this.#newest.get(player);
    const place = (await this.backend.read((rows) => rows.place(player))) ?? (await this.#make(player));
    if (!place) throw new Error(`player ${player} has no place although it was just made`);
    return place;
  }

  note(player: PlayerId, note: PlaceNote): Promise<void> {
    if (this.#waiting.length >= MAX_WAITING_NOTES) {
      return Promise.reject(new StoreUnavailableError('too many notes on places wait for the database'));
    }
    const written = new Promise<void>((resolve, reject) => {
      this.#waiting.push({ player, note, resolve, reject });
      this.#writing ??= this.#writeAll();
    });
    this.#remember(player, written);
    return written;
  }

  #remember(player: PlayerId, written: Promise<void>): void {
    const settled: Promise<void> = written
      .catch(() => undefined)
      .then(() => {
        if (this.#newest.get(player) === settled) this.#newest.delete(player);
      });
    this.#newest.set(player, settled);
  }

  /** Resolves once no note waits. */
  async idle(): Promise<void> {
    await this.#writing;
  }

  #make(player: PlayerId): Promise<Place | null> {
    return this.backend.write(async (tables) => {
      await tables.places.make(player);
      return tables.place(player);
    });
  }

  /** One group after the other, so that the notes on one player keep their order. */
  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const group = this.#waiting.slice(0, NOTES_AT_ONCE);
      this.#waiting = this.#waiting.slice(NOTES_AT_ONCE);
      await this.#write(group);
    }
    this.#writing = null;
  }

  async #write(group: readonly WaitingNote[]): Promise<void> {
    try {
      await this.backend.write(async (tables) => {
        for (const { player, note } of group) {
          await tables.places.make(player);
          await tables.places.note(player, note);
        }
      });
      for (const { resolve } of group) resolve();
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }
}
