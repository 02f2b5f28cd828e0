/**
 * What the store holds at one instant, as a process that is killed at it leaves it behind: every entity with where
 * it is, on its way between zones too, and how far each zone has come.
 */
import type { PlayerId } from '../../actors/ids.js';
import type { JsonObject } from '../../games/contract.js';
import type { MemoryWorld } from '../../src/store/memory/open.js';
import type { Found } from '../flows/chaos/checks.js';
import { DurableView } from '../support/durable-view.js';
import type { Chain } from '../support/flow-games/bank.js';

export interface Survey {
  readonly found: readonly Found[];
  /** Effects that wait for the zone they go to. */
  readonly letters: readonly JsonObject[];
  /** How far each zone has come, by its id. */
  readonly chains: ReadonlyMap<string, Chain>;
  /** Players whom no zone and no row has, although a place says that one has them. */
  readonly lost: readonly PlayerId[];
}

export class Surveyor {
  readonly #durable: DurableView;

  constructor(private readonly stored: MemoryWorld) {
    this.#durable = new DurableView(stored);
  }

  survey(): Survey {
    const zones = [...this.stored.zones.keys()];
    const standing = zones.flatMap((zone) =>
      this.#durable.entities(zone).map(({ id, metadata }) => ({ id, zone_id: zone, metadata })),
    );
    const crossing = [...this.stored.inbox.values()].flatMap(({ id: row, parcel }) =>
      'entity' in parcel ? { id: parcel.entity.id, zone_id: `row ${row}`, metadata: parcel.entity.metadata } : [],
    );
    return {
      // The bank writes nothing else into its entities.
      found: [...standing, ...crossing] as Found[],
      letters: [...this.stored.inbox.values()].flatMap(({ parcel }) => ('effect' in parcel ? [parcel.effect] : [])),
      chains: new Map(
        standing.filter(({ metadata }) => metadata.kind === 'chain').map((chain) => [chain.zone_id, chainOf(chain.metadata)]),
      ),
      lost: [...this.stored.places.keys()].filter((player) => this.#durable.document(player) === undefined),
    };
  }
}

function chainOf({ height, digest, stirs }: { readonly [key: string]: unknown }): Chain {
  return { height: Number(height), digest: String(digest), stirs: Number(stirs) };
}
