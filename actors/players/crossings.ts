/**
 * What goes from zone to zone, with the players that follow it: a row that a commit made (or turned round) is posted to
 * the address it goes to, and changes who holds its players. Players that go by themselves are `presences.ts`'s.
 */
import type { PlayerId } from '../ids.js';
import type { Clock } from '../ports.js';
import type { Recorder } from '../recorder.js';
import type { InboxRow } from '../records.js';
import type { CounterName, Telemetry } from '../telemetry.js';
import type { ZoneSlot } from '../zone/slot.js';
import type { Presence } from './presence.js';
import type { Presences, Slots } from './presences.js';

export interface CrossingsDeps {
  readonly slots: Pick<Slots, 'open'>;
  readonly presences: Presences;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly recorder: Recorder;
}

export class Crossings {
  /** How many rows have crossed a border so far. */
  count = 0;

  constructor(private readonly deps: CrossingsDeps) {}

  /** Rows that a commit of `from` made (or turned round): posted to where they go, with the players that follow. */
  dispatch(from: ZoneSlot, rows: readonly InboxRow[]): void {
    this.count += rows.length;
    for (const row of rows) {
      this.deps.telemetry.count(counterOf(row));
      if (row.kind === 'returned') from.inbox.delete(row.id);
      const target = this.deps.slots.open(row.to);
      target?.inbox.set(row.id, row);
      for (const { player, stay } of row.followers) this.#cross(from, target, row, player, stay);
    }
  }

  /** Of these rows, `turned` went back to where they came from; the others could not, because that is gone: the store gave their players to nobody. */
  dispatchBack(from: ZoneSlot, rows: readonly InboxRow[], turned: readonly InboxRow[]): void {
    this.dispatch(from, turned);
    const wentBack = new Set(turned.map(({ id }) => id));
    for (const row of rows) {
      if (wentBack.has(row.id)) continue;
      from.inbox.delete(row.id);
      for (const { player, stay } of row.followers) {
        const held = row.parcel.followers.find(({ id }) => id === player);
        if (held) this.deps.presences.left(from, { type: 'left', player, stay, document: held.document, mark: held.mark });
      }
    }
  }

  #cross(from: ZoneSlot, target: ZoneSlot | undefined, row: InboxRow, id: PlayerId, stay: number): void {
    const presence = this.deps.presences.find(id);
    if (!presence) return;
    // Answers may come in another order than the writes. One who has moved on is not moved back, and what it left
    // waiting is for nobody; a target that was restored meanwhile has the player already, but not what comes along.
    if (stay < presence.stay) return this.#dropBehind(presence, from);
    presence.holder = row.to;
    presence.stay = stay;
    // Who has asked for another zone since, or for none, resumes there.
    const follows = presence.wanted === null ? presence.zone !== null : presence.wanted === from.zone;
    if (follows) presence.zone = row.to;
    if (row.to === from.zone) return;
    target?.mailbox.bring(from.mailbox.withdraw(id));
    const { parcel } = row;
    if ('entity' in parcel && presence.listener && presence.wanted === from.zone) {
      presence.wanted = row.to;
      const { x, y } = row.kind === 'arrival' ? parcel.entity : parcel.origin;
      this.deps.telemetry.count('handovers_total');
      const at = { player: id, atMs: this.deps.clock.epochMs() };
      this.deps.recorder.record({ type: 'handover', zone: from.zone, to: row.to, ...at });
      presence.listener.handedOver(from.zone, row.to, x, y);
    }
    this.deps.presences.reconcile(presence);
  }

  #dropBehind(presence: Presence, { zone, mailbox }: ZoneSlot): void {
    if (presence.presentIn !== zone) this.deps.presences.fates.drop(mailbox.withdraw(presence.id));
  }
}

function counterOf({ kind, parcel }: InboxRow): CounterName {
  if ('effect' in parcel) return kind === 'arrival' ? 'effects_total' : 'effects_returned_total';
  return kind === 'arrival' ? 'transfers_total' : 'transfers_returned_total';
}
