/**
 * The world as the console knows it: what pulse after pulse has told, the newest of it. It draws nothing and asks nobody.
 */
import { layOut } from './layout.js';
import type { ConnectionRow, EntityRow, Happened, PulseMessage, Told, TreeNode, ZonesMessage } from './wire.js';

export interface ZoneView {
  readonly index: number;
  readonly id: string;
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** On the map, in cells. */
  readonly x: number;
  readonly y: number;
  phase: string;
  tick: number;
  missed: number;
  restarts: number;
  present: number;
  mailbox: number;
  entities: readonly EntityRow[];
  /** How many there are: more than are told, where it has very many. */
  count: number;
}

/** One tick of a lane; `costs` null: it was missed. */
export interface LaneTick {
  readonly tick: number;
  readonly at: number;
  readonly costs: readonly number[] | null;
}

/** What somebody has chosen on the map. */
export interface Chosen {
  readonly zoneId: string;
  /** null: the zone itself. */
  readonly entityId: string | null;
}

/** How late the main thread was during these ticks. */
export interface Delay {
  readonly from: number;
  readonly upTo: number;
  /** Milliseconds. */
  readonly max: number;
  /** Ticks that were not even begun. */
  readonly skipped: number;
}

const KEPT_TICKS = 600;
const KEPT_EVENTS = 200;
const KEPT_DELAYS = 600;

export class Model {
  zones: readonly ZoneView[] = [];
  /** How far they reach. */
  extent = { right: 1, bottom: 1 };
  pulse: PulseMessage | null = null;
  tree: TreeNode | null = null;
  connections: readonly ConnectionRow[] = [];
  /** By zone. */
  readonly lanes = new Map<number, LaneTick[]>();
  readonly failures: Extract<Happened, { type: 'failed' }>[] = [];
  readonly handovers: Extract<Happened, { type: 'handover' }>[] = [];
  readonly delays: Delay[] = [];
  #skipped: number | null = null;
  /** Raised whenever there is something else to draw. */
  version = 0;

  tell(message: Told): void {
    this.version += 1;
    if (message.type === 'zones') this.#lay(message);
    else this.#pulse(message);
  }

  /** Of those whose ticks are seen, or of the world. */
  get newestTick(): number {
    const ticks = Array.from(this.lanes.values(), (lane) => lane.at(-1)?.tick ?? 0);
    return Math.max(this.delays.at(-1)?.upTo ?? 0, ...ticks);
  }

  zoneById(id: string | null): ZoneView | undefined {
    return this.zones.find((zone) => zone.id === id);
  }

  #lay(message: ZonesMessage): void {
    const places = layOut(message);
    const known = new Map(this.zones.map((zone) => [zone.id, zone]));
    this.zones = message.zones.map((zone, index) => {
      const { x, y } = places[index] ?? { x: 0, y: 0 };
      const before = known.get(zone.id) ?? ASLEEP;
      return { ...before, ...zone, index, x, y };
    });
    this.extent = {
      right: Math.max(1, ...this.zones.map(({ x, width }) => x + width)),
      bottom: Math.max(1, ...this.zones.map(({ y, height }) => y + height)),
    };
    // Places in the list have changed their meaning.
    this.lanes.clear();
  }

  #pulse(pulse: PulseMessage): void {
    this.pulse = pulse;
    this.tree = pulse.tree ?? this.tree;
    this.connections = pulse.connections ?? this.connections;
    for (const [index, phase, tick, missed, restarts, present, mailbox] of pulse.awake) {
      const zone = this.zones[index];
      if (!zone) continue;
      if (tick === undefined) Object.assign(zone, { phase, present: 0, mailbox: 0 });
      else Object.assign(zone, { phase, tick, missed, restarts, present, mailbox });
    }
    for (const { zone, count, list } of pulse.entities) {
      const looked = this.zones[zone];
      if (looked) Object.assign(looked, { entities: list, count });
    }
    this.#delay(pulse);
    for (const happened of pulse.happened) this.#happened(happened);
  }

  /** Several pulses can come in one tick. */
  #delay({ status, loop_delay_ms }: PulseMessage): void {
    const { tick_number: upTo, skipped_ticks: total } = status.tick;
    const before = this.delays.at(-1);
    const skipped = Math.max(0, total - (this.#skipped ?? total));
    this.#skipped = total;
    if (before && before.upTo >= upTo) {
      const worse = { ...before, max: Math.max(before.max, loop_delay_ms.max), skipped: before.skipped + skipped };
      this.delays.splice(-1, 1, worse);
    } else
      keep(
        this.delays,
        { from: before && upTo - before.upTo < KEPT_TICKS ? before.upTo + 1 : upTo, upTo, max: loop_delay_ms.max, skipped },
        KEPT_DELAYS,
      );
  }

  #happened(happened: Happened): void {
    switch (happened.type) {
      case 'tick':
      case 'missed': {
        const lane = this.lanes.get(happened.zone) ?? [];
        this.lanes.set(happened.zone, lane);
        const costs = happened.type === 'tick' ? happened.costs : null;
        return keep(lane, { tick: happened.tick, at: happened.at, costs }, KEPT_TICKS);
      }
      case 'failed':
        return keep(this.failures, happened, KEPT_EVENTS);
      case 'handover':
        return keep(this.handovers, happened, KEPT_EVENTS);
    }
  }
}

const ASLEEP = {
  ...{ phase: 'asleep', tick: 0, missed: 0, restarts: 0, present: 0, mailbox: 0 },
  ...{ entities: [] as readonly EntityRow[], count: 0 },
};

function keep<Item>(list: Item[], item: Item, most: number): void {
  list.push(item);
  if (list.length > most) list.splice(0, list.length - most);
}

/** Where an entity is, of those that the console knows. */
export function findEntity(model: Model, id: string): { readonly zone: ZoneView; readonly entity: EntityRow } | null {
  for (const zone of model.zones) {
    const entity = zone.entities.find(([other]) => other === id);
    if (entity) return { zone, entity };
  }
  return null;
}

/** Games say in their own words what an entity is; these are the usual ones. */
export function kindOf(metadata: Readonly<Record<string, unknown>>): 'player' | 'bot' | 'thing' {
  const { kind, player } = metadata;
  if (typeof player === 'string' || kind === 'player' || kind === 'walker') return 'player';
  return kind === 'bot' || kind === 'animal' ? 'bot' : 'thing';
}
