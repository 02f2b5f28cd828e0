/**
 * The bank of the kill loop, haunted: intents that fail their tick, zones whose every tick fails or answers nonsense
 * for a while, players whose views cannot be made, and a secret of each player in everything that a game can put
 * somewhere, and letters between zones. It also writes down each view that it returned: no client may get anything else.
 */
import Joi from 'joi';
import type { GameModule, JsonObject, PlayerView, Tick, TickResult } from '../../games/contract.js';
import type { Rotten } from '../flows/chaos/teller.js';
import bank, { type BankIntent } from '../support/flow-games/bank.js';
import { overlaid } from '../support/ports.js';
import { POSTBOX, withPost } from './post.js';

/** What goes wrong at the moment, by ids. */
export class Haunting {
  readonly throwing = new Set<string>();
  readonly malformed = new Set<string>();
  readonly blind = new Set<string>();

  end(): void {
    for (const ghosts of [this.throwing, this.malformed, this.blind]) ghosts.clear();
  }
}

export const ROTTEN_WAYS = ['throw', 'nobody', 'outside'] as const;
export interface RottenIntent extends Rotten {
  readonly type: 'rot';
  readonly way: (typeof ROTTEN_WAYS)[number];
}

export interface HauntedOptions {
  readonly haunting: Haunting;
  /** Each view that is returned. */
  shown(view: { readonly zone: string; readonly tick: number; readonly player: string; readonly state: object }): void;
  /** false: nothing goes from one of these zones to the other. */
  mayCross(from: string, to: string): boolean;
  /** Where a player of this name begins. */
  homeOf(username: string): string | null;
}

/** Nobody but the player may ever be sent this. */
export function secretOf(playerId: string): string {
  return `secret-of-${playerId}`;
}

type Data = JsonObject & (BankIntent | RottenIntent);

export function hauntedBank({ haunting, shown, mayCross, homeOf }: HauntedOptions): GameModule<Data> {
  const rot = Joi.object({ type: Joi.string(), op: Joi.number().valid(0), way: Joi.string().valid(...ROTTEN_WAYS) });
  return {
    ...bank,
    intents: { ...bank.intents, rot },
    place: ({ username }) => homeOf(username),
    init: (world) =>
      bank.init?.(overlaid(world, { createEntities: (zone, entities) => world.createEntities(zone, [...entities, POSTBOX]) })),
    onTick(tick) {
      if (haunting.throwing.has(tick.zone.id)) throw new Error(`haunted: ${secretsOf(tick)}`);
      const rotten = tick.intents.find(({ data }) => data.type === 'rot');
      if (rotten) return rots(tick, rotten.data.way);
      // None of its intents is rotten: they are all the bank's.
      const result = withSecrets(bank.onTick(tick as Tick<JsonObject & BankIntent>));
      const transfers = result.transfers?.filter(({ toZone }) => mayCross(tick.zone.id, toZone));
      const deletes = haunting.malformed.has(tick.zone.id) ? ['nobody'] : [];
      return withPost(tick, { ...result, transfers, deletes }, mayCross);
    },
    getPlayerState(view) {
      if (haunting.blind.has(view.player.id)) throw new Error(`blind to ${secretsOf(view.state)}`);
      const state = { ...bank.getPlayerState?.(view), ...sightOf(view) };
      shown({ zone: view.zone.id, tick: view.tickNumber, player: view.player.id, state });
      return state;
    },
  };
}

function rots(tick: Tick, way: unknown): TickResult {
  if (way === 'throw') throw new Error(`rotten: ${secretsOf(tick)}`);
  return way === 'nobody' ? { deletes: ['nobody'] } : { creates: [{ x: -1, y: tick.zone.height }] };
}

function secretsOf({ entities }: { readonly entities: Iterable<{ readonly metadata: JsonObject }> }): string {
  return [...entities].flatMap(({ metadata }) => metadata.secret ?? []).join(' ');
}

/** Into entities, documents, events, extras and messages. */
function withSecrets(result: TickResult): TickResult {
  const booked = (result.playerStates ?? []).map(({ playerId }) => playerId);
  return {
    ...result,
    updates: result.updates?.map(({ id, metadata }) => ({ id, metadata: { ...metadata, ...ownerSecret(metadata) } })),
    playerStates: result.playerStates?.map(({ playerId, state }) => ({
      playerId,
      state: { ...state, secret: secretOf(playerId) },
    })),
    events: booked.map((owner) => ({ owner, secret: secretOf(owner) })),
    ...(booked.length > 0 && { extras: { secrets: booked.map(secretOf) } }),
    messages: booked.map((playerId) => ({ playerId, type: 'whisper', secret: secretOf(playerId) })),
  };
}

function ownerSecret(metadata: object | undefined): { readonly secret?: string } {
  return metadata && 'owner' in metadata ? { secret: secretOf(String(metadata.owner)) } : {};
}

/** Everybody sees what stands where; whose it is, and all the rest, only its owner. */
function sightOf({ player, entities, state }: PlayerView): object {
  return {
    secret: secretOf(player.id),
    entities: [...entities].map(({ id, x, y, metadata }) => ({ id, x, y, kind: metadata.kind })),
    events: state.events.filter((event) => 'owner' in event && event.owner === player.id),
  };
}
