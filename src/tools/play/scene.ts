/**
 * What the player knows at this moment, gathered from the messages of the movement game. Drawing it is
 * `map.ts`'s; where they come from, the client library's.
 */
import {
  type GameMessage,
  isProtocolMessage,
  type LinkState,
  type ProtocolMessage,
  type Snapshot,
  type Zone,
} from '../../../client/index.js';

/** An entity as the movement game shows it. `kind`: wall, gate, item, sprout, animal, walker. */
export interface Thing {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly metadata: { readonly kind?: string; readonly name?: string };
}

export interface You {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly items: readonly string[];
}

/** The state of the movement game's ticks, as far as other games have it too: oneself may be an id, and things have no more than a place. */
interface MovementState {
  readonly sight?: number;
  readonly you?: Partial<You> | string | null;
  readonly entities?: readonly Partial<Thing>[];
  readonly events?: readonly { readonly type: string; readonly name?: string; readonly text?: string }[];
}

const MAX_LINES = 50;

/** Something that happened to the player, shown until it has been read. */
export interface Notice {
  readonly text: string;
}

export class Scene {
  zoneId: string | null = null;
  zone: Zone | null = null;
  tick: number | null = null;
  sight: number | null = null;
  you: You | null = null;
  things: readonly Thing[] = [];
  rttMs: number | null = null;
  link: LinkState = { type: 'connecting' };
  /** What was said, and what happened; the newest last. Without control characters. */
  readonly lines: string[] = [];
  /** Of these, what was said. */
  readonly said: string[] = [];
  /** The newest of the others; null: it is over. */
  notice: Notice | null = null;
  /** A state has come since the notice: it was on the screen with a world to it. */
  #noticeSeen = false;

  /** `onLine` hears of each new line. */
  constructor(
    readonly username: string,
    readonly onLine: (line: string) => void = () => {},
  ) {}

  /** Takes in one message; of those with a state, `see` is told. */
  apply(message: ProtocolMessage | GameMessage): void {
    if (!isProtocolMessage(message)) {
      if (message.type === 'gate_closed') this.note('the gate does not let you through now');
      if (message.type === 'refused') this.#noteOnce(String(message.message));
      return;
    }
    switch (message.type) {
      case 'subscribed':
        this.#enter(message.zone_id);
        this.zone = message.zone;
        break;
      case 'handover':
        this.#enter(message.to.zone_id);
        this.note('you went through a gate');
        break;
      case 'error':
        this.note(`${message.code}: ${message.message}`);
        break;
    }
  }

  /** Takes in a state. */
  see({ zone, tick, state }: Snapshot): void {
    this.#enter(zone);
    this.tick = tick;
    // The server runs the movement game, or one that shows itself likewise: what is missing stays empty.
    this.#look(state as MovementState);
  }

  /** The zone's name and size, when they had to be asked for. */
  describe(zone: Zone): void {
    if (zone.id === this.zoneId) this.zone = zone;
  }

  /** Something happened to the player. */
  note(line: string): void {
    this.#notify(this.#add(line));
  }

  /** The notice has been there for long enough. */
  forget(notice: Notice): void {
    if (notice === this.notice) this.notice = null;
  }

  /** Whoever leans on a wall is told at each step; one line says it. */
  #noteOnce(line: string): void {
    if (this.lines.at(-1) === printable(line)) this.#notify(printable(line));
    else this.note(line);
  }

  #notify(text: string): void {
    this.notice = { text };
    this.#noticeSeen = false;
  }

  /** Other people's text can hold anything, also what a terminal would obey. Answers the line as it is shown. */
  #add(line: string): string {
    const shown = printable(line);
    push(this.lines, shown);
    this.onLine(shown);
    return shown;
  }

  #enter(zoneId: string): void {
    if (zoneId === this.zoneId) return;
    this.zoneId = zoneId;
    this.zone = null;
    this.you = null;
    this.things = [];
  }

  #look({ sight, you: self, entities, events }: MovementState): void {
    const things = (entities ?? []).flatMap(thingOf);
    const you = youOf(self, things);
    const stepped = this.you && you && (this.you.x !== you.x || this.you.y !== you.y);
    // Who walks on has read it. The step that came along with the notice is not the next one.
    if (stepped && this.#noticeSeen) this.notice = null;
    this.#noticeSeen = true;
    this.sight = sight ?? null;
    this.you = you;
    this.things = things;
    for (const { type, name, text } of events ?? []) {
      if (type === 'said') push(this.said, this.#add(`${name ?? 'somebody'}: ${text ?? ''}`));
    }
  }
}

function thingOf({ id = '', x, y, width = 0, height = 0, metadata = {} }: Partial<Thing>): Thing[] {
  return x === undefined || y === undefined ? [] : [{ id, x, y, width, height, metadata }];
}

function youOf(self: MovementState['you'], things: readonly Thing[]): You | null {
  const { id, x, y, items = [] }: Partial<You> = typeof self === 'string' ? { id: self } : (self ?? {});
  const thing = things.find((each) => each.id === id);
  const [left, top] = [x ?? thing?.x, y ?? thing?.y];
  return id === undefined || left === undefined || top === undefined ? null : { id, x: left, y: top, items };
}

function push(lines: string[], line: string): void {
  lines.push(line);
  if (lines.length > MAX_LINES) lines.shift();
}

/** Without control, formatting and unassigned characters. */
export function printable(text: string): string {
  return text.replace(/\p{C}/gu, '');
}
