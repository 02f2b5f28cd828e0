/**
 * A world without a game, for tests of conservation: zones that hold entities and players, and journal exactly
 * that. It remembers what should be; what is, it reads from the store as a restore does.
 */
import { type EntityId, newUuid, type PlayerId, type ZoneId } from '../../../actors/ids.js';
import type { HeldPlayer, InboxRow, StoredZone, ZoneCommit } from '../../../actors/records.js';
import type { Store } from '../../../src/store/open.js';
import { entityParcel } from '../../support/parcels.js';
import { arrival, Bench, type ClaimedZone, emptyCommit, entity, type Harness, journalRow, NO_MARK, returnOf } from './harness.js';

interface ToyState {
  readonly entities: readonly EntityId[];
  /** With their stay. */
  readonly players: readonly (readonly [PlayerId, number])[];
}
interface ToyZone extends ClaimedZone {
  state: ToyState;
}
const ZONES = 3;
const EMPTY: ToyState = { entities: [], players: [] };

export class ToyWorld {
  readonly #zones: ToyZone[] = [];
  readonly #players: PlayerId[] = [];
  readonly #entities = new Set<EntityId>();
  #bench: Bench;
  #made = 0;
  #tick: number;

  private constructor(
    private readonly harness: Harness,
    private store: Store,
  ) {
    this.#bench = new Bench(store);
    this.#tick = store.world.firstTick;
  }

  static async open(harness: Harness): Promise<ToyWorld> {
    const world = new ToyWorld(harness, await harness.open());
    for (let i = 0; i < ZONES; i++) await world.#addZone();
    for (let i = 0; i < ZONES; i++) {
      world.#players.push((await world.#bench.player()).id);
      await world.create(i);
      await world.create(i);
      await world.join(i, i, false);
    }
    return world;
  }

  close(): Promise<void> {
    return this.store.close();
  }

  async create(a: number): Promise<void> {
    const zone = this.#zone(a);
    const id = newUuid<EntityId>();
    this.#entities.add(id);
    await this.#commit(zone, { ...zone.state, entities: [...zone.state.entities, id] }, {}, false);
  }

  /** An entity goes, with a player of the zone where there is one; sometimes to a zone that is not there. */
  async send(a: number, b: number, repeat: boolean): Promise<void> {
    const zone = this.#zone(a);
    const [id, ...entities] = zone.state.entities;
    if (!id) return;
    const to = b === 7 ? newUuid<ZoneId>() : this.#zone(b).id;
    if (to === zone.id) return;
    const [follower, ...players] = zone.state.players;
    const followers = follower ? [held(follower)] : [];
    const sends = [arrival(to, this.#tick, followers, entity({ id, x: b === 6 ? 100 : 5 }))];
    await this.#commit(zone, { entities, players: follower ? players : [] }, { sends }, repeat);
  }

  async take(a: number, _: number, repeat: boolean): Promise<void> {
    const zone = this.#zone(a);
    const inbox = await this.#waiting(zone);
    const entities = [...zone.state.entities, ...inbox.map((row) => entityParcel(row).entity.id)];
    const players = [
      ...zone.state.players,
      ...inbox.flatMap((row) => row.followers.map(({ player, stay }) => [player, stay] as const)),
    ];
    await this.#commit(zone, { entities, players }, { takes: inbox.map(({ id }) => id) }, repeat);
  }

  /** The zone's own tick takes the arrivals that wait and sends them back. */
  async refuse(a: number, _: number, repeat: boolean): Promise<void> {
    const zone = this.#zone(a);
    const arrivals = (await this.#waiting(zone)).filter((row) => row.kind === 'arrival');
    const sends = arrivals.map((row) => returnOf(row, this.#tick));
    const sent = await this.#commit(zone, zone.state, { takes: arrivals.map(({ id }) => id), sends }, repeat);
    this.#forgetUnless(arrivals, sent);
  }

  async join(a: number, b: number, repeat: boolean): Promise<void> {
    const zone = this.#zone(a);
    const id = this.#players[b % this.#players.length] ?? this.#fail();
    const { holder, stay } = await this.store.places.place(id);
    if (holder) return;
    const players = [...zone.state.players, [id, stay + 1] as const];
    await this.#commit(zone, { ...zone.state, players }, { places: [{ type: 'joined', player: id, stay }] }, repeat);
  }

  async leave(a: number, _: number, repeat: boolean): Promise<void> {
    const zone = this.#zone(a);
    const [leaver, ...players] = zone.state.players;
    if (!leaver) return;
    await this.#commit(zone, { ...zone.state, players }, { places: [leaving(leaver)] }, repeat);
  }

  async turn(a: number, b: number): Promise<void> {
    const zone = this.#zone(a);
    const rows = (await this.#waiting(zone)).slice(0, b);
    const turned = await this.store.zones.turnRound(
      zone.id,
      zone.epoch,
      rows.map(({ id }) => id),
      'failed',
    );
    this.#forgetUnless(
      rows.filter((row) => row.kind === 'arrival'),
      turned,
    );
  }

  async quarantine(a: number): Promise<void> {
    const zone = this.#zone(a);
    const waiting = await this.#waiting(zone);
    const turned = await this.store.zones.quarantine(zone.id, zone.epoch);
    this.#forgetUnless(
      waiting.filter((row) => row.kind === 'arrival'),
      turned,
    );
  }

  async fold(a: number): Promise<void> {
    const zone = this.#zone(a);
    const body = Buffer.from(JSON.stringify(zone.state));
    await this.store.zones.checkpoint([
      { zone: zone.id, epoch: zone.epoch, tick: this.#tick++, body, changed: [], gone: [], live: true },
    ]);
  }

  /** A zone is deleted, and a new one takes its place. */
  async replace(a: number): Promise<void> {
    const index = a % this.#zones.length;
    const zone = this.#zone(index);
    const waiting = await this.#waiting(zone);
    const turned = await this.store.catalog.remove(zone.id, zone.state.players.map(leaving));
    this.#forgetUnless(waiting, turned);
    for (const id of zone.state.entities) this.#entities.delete(id);
    this.#zones.splice(index, 1);
    await this.#addZone();
  }

  async kill(): Promise<void> {
    await this.harness.kill(this.store);
    this.store = await this.harness.open();
    this.#bench = new Bench(this.store);
    this.#tick = this.store.world.firstTick;
    for (const [index, zone] of this.#zones.entries()) {
      const stored = await this.#bench.restored(zone.id);
      this.#zones[index] = { id: zone.id, epoch: stored.epoch, state: restored(stored) };
    }
  }

  /** What the store holds, in every place: an entity that is named twice is doubled. */
  async truth(): Promise<{ readonly entities: readonly EntityId[]; readonly players: readonly string[] }> {
    const rows: InboxRow[] = [];
    for (const zone of this.#zones) rows.push(...(await this.#waiting(zone)));
    const entities = [...this.#zones.flatMap((zone) => zone.state.entities), ...rows.map((row) => entityParcel(row).entity.id)];
    const inZones = this.#zones.flatMap((zone) => zone.state.players.map(([player, stay]) => handsOf(player, zone.id, stay)));
    const inRows = rows.flatMap((row) => row.followers.map(({ player, stay }) => handsOf(player, row.to, stay)));
    return { entities: entities.sort(), players: [...inZones, ...inRows].sort() };
  }

  /** What should be there: every entity once, and each player where its place says. */
  async expected(): Promise<{ readonly entities: readonly EntityId[]; readonly players: readonly string[] }> {
    const players: string[] = [];
    for (const id of this.#players) {
      const { holder, stay } = await this.store.places.place(id);
      if (holder) players.push(handsOf(id, holder, stay));
    }
    return { entities: [...this.#entities].sort(), players: players.sort() };
  }

  async #addZone(): Promise<void> {
    this.#zones.push({ ...(await this.#bench.zone(`zone ${this.#made++}`)), state: EMPTY });
  }

  #zone(index: number): ToyZone {
    return this.#zones[index % this.#zones.length] ?? this.#fail();
  }

  #fail(): never {
    throw new Error('nothing to pick from');
  }

  async #waiting(zone: ToyZone): Promise<readonly InboxRow[]> {
    const stored = await this.#bench.restored(zone.id);
    Object.assign(zone, { epoch: stored.epoch });
    return stored.inbox;
  }

  async #commit(zone: ToyZone, state: ToyState, more: Partial<ZoneCommit>, repeat: boolean): Promise<readonly InboxRow[]> {
    const commit = { ...emptyCommit(zone), rows: [journalRow(this.#tick++, JSON.stringify(state))], ...more };
    const first = await this.#bench.commit(commit);
    const sent = repeat ? await this.#bench.commit(commit) : first;
    zone.state = state;
    return sent;
  }

  /** What was waiting and is not waiting anywhere any more went with a zone that is gone. */
  #forgetUnless(before: readonly InboxRow[], after: readonly InboxRow[]): void {
    const still = new Set(after.map((row) => entityParcel(row).entity.id));
    for (const { entity } of before.map(entityParcel)) if (!still.has(entity.id)) this.#entities.delete(entity.id);
  }
}

function handsOf(player: PlayerId, zone: ZoneId, stay: number): string {
  return `${player} held by ${zone} with stay ${stay}`;
}

function held([id, stay]: readonly [PlayerId, number]): HeldPlayer {
  return { id, username: 'toy', number: 0, stay, document: null, mark: NO_MARK };
}

function leaving([player, stay]: readonly [PlayerId, number]) {
  return { type: 'left', player, stay, document: null, mark: NO_MARK } as const;
}

function restored({ checkpoint, journal }: StoredZone): ToyState {
  const newest = journal.at(-1) ?? checkpoint;
  return newest ? JSON.parse(Buffer.from(newest.body).toString()) : EMPTY;
}
