/**
 * Zones as rows: made, listed, deleted, and read while they sleep.
 * A zone that is live answers for itself; whether it is, is the caller's matter.
 */
import type { EntityId, ZoneId } from '../../actors/ids.js';
import type { ZoneCatalog } from '../../actors/ports.js';
import type { InboxRow, PlaceMove, StoredEntity, ZoneInfo, ZoneLink } from '../../actors/records.js';
import type { Log } from '../../actors/telemetry.js';
import { dissolve, turnRound } from './returns.js';
import type { Backend, PlaceShift, Tables } from './tables.js';

export class Catalog implements ZoneCatalog {
  constructor(
    private readonly backend: Backend,
    private readonly log: Log,
  ) {}

  /** Sorted here and not by the databases, which differ about the order of names. */
  async list(): Promise<readonly ZoneInfo[]> {
    const zones = await this.backend.read((rows) => rows.zoneInfos());
    return [...zones].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  }

  async create(zone: ZoneInfo): Promise<ZoneInfo | null> {
    return (await this.backend.zoneRecords.insert(zone)) ? zone : null;
  }

  remove(zone: ZoneId, left: readonly PlaceMove[]): Promise<readonly InboxRow[]> {
    return this.backend.write((tables) => this.#remove(tables, zone, left));
  }

  links(): Promise<readonly ZoneLink[]> {
    return this.backend.read((rows) => rows.links());
  }

  connect({ zone, neighbor, dx, dy }: ZoneLink): Promise<void> {
    return this.backend.write(async (tables) => {
      await tables.putLink({ zone, neighbor, dx, dy });
      // JSON and the tables know no −0.
      await tables.putLink({ zone: neighbor, neighbor: zone, dx: 0 - dx, dy: 0 - dy });
    });
  }

  entities(zone: ZoneId): Promise<readonly StoredEntity[]> {
    return this.backend.read((rows) => rows.entities(zone));
  }

  entity(id: EntityId): Promise<{ readonly zone: ZoneId; readonly entity: StoredEntity } | null> {
    return this.backend.read((rows) => rows.entity(id));
  }

  due(nowMs: number): Promise<readonly ZoneId[]> {
    return this.backend.read((rows) => rows.dueZones(nowMs));
  }

  unfolded(): Promise<readonly ZoneId[]> {
    return this.backend.read((rows) => rows.unfoldedZones());
  }

  nextWake(afterMs: number): Promise<number | null> {
    return this.backend.read((rows) => rows.nextWake(afterMs));
  }

  async #remove(tables: Tables, zone: ZoneId, left: readonly PlaceMove[]): Promise<readonly InboxRow[]> {
    const row = (await tables.zones([zone], 'whole')).get(zone);
    // An earlier attempt with an unknown outcome did it, or nobody ever made it.
    if (!row) return tables.inbox.returnedBy(zone, 'gone');
    await tables.places.shift(left.flatMap((move) => leaving(zone, move)));
    const waiting = await tables.inbox.to([zone]);
    const turned = await turnRound(tables, waiting, 'gone');
    for (const returned of waiting.filter((one) => one.kind === 'returned')) await dissolve(tables, returned);
    await this.#freeTheRest(tables, zone);
    await tables.deleteZone(zone);
    return turned;
  }

  /** A player that the caller's list missed must not stay held by a zone that is gone: nobody could ever let it go. */
  async #freeTheRest(tables: Tables, zone: ZoneId): Promise<void> {
    const rest = await tables.places.heldBy([zone]);
    if (rest.length === 0) return;
    this.log.warn(
      { zone, players: rest.length },
      'players of a deleted zone were not in its state: they keep their last saved document',
    );
    await tables.places.shift(rest.map(({ player, stay }) => ({ player, stay, from: zone, to: null })));
  }
}

function leaving(zone: ZoneId, move: PlaceMove): PlaceShift[] {
  if (move.type === 'joined') return [];
  const { player, stay, document, mark } = move;
  return [{ player, stay, from: zone, to: null, kept: { document, mark } }];
}
