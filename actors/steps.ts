/**
 * What a tick of a zone is given and answers, as plain data, so that it can cross a thread unchanged. Where game code runs
 * is the port `Simulation` of `ports.ts`.
 */
import type { JsonObject } from '../games/contract.js';
import type { PlayerId, TickNumber, ZoneId } from './ids.js';
import type { HeldPlayer, InboxRow, InboxSend, JournalRow, PlaceMove, SeqMark } from './records.js';

/** An intent as it waits for a tick. `run` null: it came by a route of the game and has no number. */
export interface QueuedIntent {
  readonly player: PlayerId;
  /** The player's small number; null where nobody knows it here. */
  readonly number: number | null;
  readonly run: number | null;
  readonly seq: number | null;
  readonly data: JsonObject;
  readonly receivedAtMs: number;
}

/** How somebody wants the message about a tick. */
export interface Viewing {
  /** Events of later ticks are for it. */
  readonly sinceTick: TickNumber;
  /** The tick of the last message it was sent, whichever zone that was of; null: the game is to show it everything. */
  readonly lastTick: TickNumber | null;
  readonly encoding: 'json' | 'binary';
  readonly sync: 'snapshot' | 'delta';
  /** The tick of the last message it was sent, to build a difference on; null: the next one is whole. */
  readonly base: TickNumber | null;
}

/** Players who want it in the same way, by their small numbers. */
export interface ViewerGroup extends Viewing {
  readonly numbers: readonly number[];
}

/** What a viewer's body is; `none`: it is no player of the state, `failed`: the game failed to make its view. */
export const FRAME = { none: 0, whole: 1, delta: 2, failed: 3 } as const;

/**
 * Bodies of `tick` and `delta` messages: everything behind the type and the player's own `ack`. `table` has, for each
 * viewer of the request, group by group: where its body begins, where it ends, and what it is (`FRAME`).
 */
export interface Frames {
  readonly bytes: Uint8Array;
  readonly table: Int32Array;
}

export interface StepRequest {
  readonly zone: ZoneId;
  readonly tick: TickNumber;
  readonly nowMs: number;
  readonly intents: readonly QueuedIntent[];
  /** The intents as the journal has them, where that text was made already. */
  readonly intentsText?: string;
  /** Players that nobody held and who are here now. `stay`: the one their place has before this tick. */
  readonly joins: readonly HeldPlayer[];
  /** Players of the committed state who are here no more. `gone`: they are in other hands already, and nothing is said of them any more. */
  readonly leaves: readonly { readonly player: PlayerId; readonly gone: boolean }[];
  /** Inbox rows this tick takes, by rising id. */
  readonly inbox: readonly InboxRow[];
  /** Who is subscribed and reads fast enough; [] on a tick that nobody is shown. */
  readonly viewers: readonly ViewerGroup[];
  /** Inbox rows that this tick could take and is not given; absent: there are none. */
  readonly heldBack?: readonly InboxRow[];
}

/** What game code threw, as it goes to the log: its stack is where in that code it was. */
export interface Thrown {
  readonly message: string;
  readonly stack?: string | undefined;
}

export interface StepAnswer {
  /** null: the tick is not written (nothing went in, nothing changed). */
  readonly row: JournalRow | null;
  readonly takes: readonly number[];
  readonly sends: readonly InboxSend[];
  readonly places: readonly PlaceMove[];
  /** undefined: as it was. */
  readonly metadata: JsonObject | undefined;
  readonly wakeAtMs: number | null | undefined;
  /**
   * Who is in the state after this tick. `stay`: as this commit makes it. `document`: where it is another than before the tick.
   * null: those who were in it before, with nothing changed but their marks, and those as `advanceMark` moves them by the tick's intents.
   */
  readonly players:
    | readonly {
        readonly player: PlayerId;
        readonly stay: number;
        readonly mark: SeqMark;
        readonly document?: JsonObject | null;
      }[]
    | null;
  /** null: nobody is shown the tick. */
  readonly frames: Frames | null;
  /** What the first view that failed threw; null: none did. */
  readonly viewFailure: Thrown | null;
  /** The events of this tick as JSON, '' where there are none, for those who were not shown it; null: everybody was. */
  readonly unseenEvents: string | null;
  /** Messages of the game, ready to send, in order. */
  readonly messages: readonly { readonly player: PlayerId; readonly text: string }[];
  /** A player's document changed: the tick is to be written at once, whatever PERSIST_EVERY_TICKS says. */
  readonly savesPlayers: boolean;
  readonly timings: StepTimings;
  /** The game's own counts, by name. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Counted and passed over: documents for players who are not the zone's, messages to players not there. */
  readonly ignored: number;
  /** Of a zone that others see into; null: of any other. */
  readonly border: StepBorder | null;
}

/** What a tick changes of what the zones beside this one see. */
export interface StepBorder {
  /** For `Simulation.showBorder`, once the tick is committed. The simulation's; null: there is nobody to tell. */
  readonly change: string | null;
  /** Entities near the edge that the zones beside it are not shown, because there are too many. */
  readonly hidden: number;
}

/** Milliseconds. */
export interface StepTimings {
  /** Making ready what came in: intents, who joined and left, the inbox. */
  readonly intentsMs: number;
  /** The game's `onTick`, and checking and applying what it answered. */
  readonly rulesMs: number;
  readonly viewsMs: number;
  /** Writing the journal row and the bodies. */
  readonly encodingMs: number;
}

/** A zone that has been restored. */
export interface LoadedZone {
  /** The tick that the state is of; 0: none yet. */
  readonly tick: TickNumber;
  /** When the zone ticked last; milliseconds since 1970. */
  readonly tickedAtMs: number;
  readonly wakeAtMs: number | null;
  readonly metadata: JsonObject;
  readonly players: readonly HeldPlayer[];
  /** Zones beside it of which nothing is known where it is now: to be told by `showStored`. */
  readonly unseen: readonly ZoneId[];
}

/** How a tick is spoilt on purpose. */
export type Spoiling = 'throw' | 'hang';
