/**
 * Whole states from `tick` and `delta` messages, in either encoding: an application sees one snapshot
 * after the other and need not know how it travelled.
 */
import type { JsonObject } from './binary.js';
import { ProtocolError } from './protocol-error.js';

export interface Snapshot {
  readonly tick: number;
  readonly zone: string;
  /** Entities have no order after a delta. */
  readonly state: JsonObject;
}

/** A message with a state; what is in it is checked as far as it is needed. */
export interface UncheckedState {
  readonly type: string;
  readonly zone_id?: unknown;
  readonly tick_number?: unknown;
  readonly base?: unknown;
  readonly state?: unknown;
}

export class Snapshots {
  #last: Snapshot | null = null;
  #entities = new Map<string, JsonObject>();

  /** The state after this `tick` or `delta`. Throws `ProtocolError` when a delta does not fit what came before. */
  apply(message: UncheckedState): Snapshot {
    if (message.type === 'tick') return this.#whole(message);
    if (message.type === 'delta') return this.#delta(message);
    throw new ProtocolError(`a ${message.type} is no state`);
  }

  #whole(message: UncheckedState): Snapshot {
    const state = stateOf(message);
    this.#entities = new Map();
    for (const entity of Array.isArray(state.entities) ? state.entities : []) {
      if (isObject(entity)) this.#entities.set(String(entity.id), entity);
    }
    return this.#keep({ tick: Number(message.tick_number), zone: String(message.zone_id), state });
  }

  #delta(message: UncheckedState): Snapshot {
    const last = this.#last;
    if (!last || last.zone !== message.zone_id || last.tick !== message.base) {
      throw new ProtocolError('a delta does not fit the state before it');
    }
    const { entities, unset, ...others } = stateOf(message);
    if (!isObject(entities)) throw new ProtocolError('a delta has no entities');
    for (const id of listOf(entities.gone)) this.#entities.delete(String(id));
    for (const change of listOf(entities.set)) {
      if (!isObject(change)) throw new ProtocolError('a change is no object');
      this.#change(change);
    }
    const state: JsonObject = { ...last.state, ...others };
    for (const key of listOf(unset)) delete state[String(key)];
    state.entities = [...this.#entities.values()];
    return this.#keep({ tick: Number(message.tick_number), zone: last.zone, state });
  }

  #change({ unset, ...fields }: JsonObject): void {
    const entity: JsonObject = { ...this.#entities.get(String(fields.id)), ...fields };
    for (const key of listOf(unset)) delete entity[String(key)];
    this.#entities.set(String(fields.id), entity);
  }

  #keep(snapshot: Snapshot): Snapshot {
    this.#last = snapshot;
    return snapshot;
  }
}

function stateOf({ state }: UncheckedState): JsonObject {
  if (!isObject(state)) throw new ProtocolError('a state is no object');
  return state;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
