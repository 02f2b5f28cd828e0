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

/** The state of the movement game's ticks. */
interface MovementState {
  readonly sight?: number;
  readonly you?: You | null;
  readonly entities?: readonly Thing[];
  readonly events?: readonly { readonly type: string; readonly name?: string; readonly text?: string }[];
}

const MAX_LINES = 50;

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
    // The server runs the movement game, or there is nothing to draw: what is missing stays empty.
    this.#look(state as MovementState);
  }

  /** The zone's name and size, when they had to be asked for. */
  describe(zone: Zone): void {
    if (zone.id === this.zoneId) this.zone = zone;
  }

  /** Adds a line. Other people's text can hold anything, also what a terminal would obey. */
  note(line: string): void {
    const shown = printable(line);
    this.lines.push(shown);
    if (this.lines.length > MAX_LINES) this.lines.shift();
    this.onLine(shown);
  }

  /** Whoever leans on a wall is told at each step; one line says it. */
  #noteOnce(line: string): void {
    if (this.lines.at(-1) !== printable(line)) this.note(line);
  }

  #enter(zoneId: string): void {
    if (zoneId === this.zoneId) return;
    this.zoneId = zoneId;
    this.zone = null;
    this.you = null;
    this.things = [];
  }

  #look({ sight, you, entities, events }: MovementState): void {
    this.sight = sight ?? null;
    this.you = you ?? null;
    this.things = entities ?? [];
    for (const { type, name, text } of events ?? []) {
      if (type === 'said') this.note(`${name ?? 'somebody'}: ${text ?? ''}`);
    }
  }
}

/** Without control, formatting and unassigned characters. */
export function printable(text: string): string {
  return text.replace(/\p{C}/gu, '');
}
