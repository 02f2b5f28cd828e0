/**
 * One console: who it is, what it looks at, and a pulse of the world as often as it wants one. The world pays nothing
 * while nobody looks: the recording ends with the socket.
 */
import Joi from 'joi';
import type { RawData, WebSocket } from 'ws';
import type { Authenticate, WorldControl } from '../../actors/control.js';
import { parseUuid, type ZoneId } from '../../actors/ids.js';
import type { Clock } from '../../actors/ports.js';
import type { Recording } from '../../actors/recorder.js';
import type { Log } from '../../actors/telemetry.js';
import { type Look, type ProcessFacts, Pulse } from './pulse.js';

export interface ConsoleDeps {
  readonly world: WorldControl;
  readonly authenticate: Authenticate;
  readonly facts: ProcessFacts;
  readonly clock: Pick<Clock, 'after'>;
  readonly log: Log;
  readonly helloTimeoutMs: number;
}

/** How often a console is told, unless it asks for less. */
const PULSE_MS = 500;
const MOST_ZONES = 64;
/** A console that has not read so many bytes is told nothing until it has. */
const MOST_BUFFERED = 2 ** 20;

interface HelloMessage {
  readonly type: 'hello';
  readonly token: string;
}
interface LookMessage {
  readonly type: 'look';
  readonly map: readonly string[];
  readonly lanes: readonly string[];
  readonly tree: boolean;
  readonly connections: boolean;
  readonly every_ms: number;
}

const zoneList = Joi.array().items(Joi.string().guid()).max(MOST_ZONES).default([]);
const helloMessage = Joi.object<HelloMessage>({ type: Joi.valid('hello').required(), token: Joi.string().max(256).required() });
const lookMessage = Joi.object<LookMessage>({
  type: Joi.valid('look').required(),
  map: zoneList,
  lanes: zoneList,
  tree: Joi.boolean().default(false),
  connections: Joi.boolean().default(false),
  every_ms: Joi.number().integer().min(PULSE_MS).max(60_000).default(PULSE_MS),
});

export class ConsoleChannel {
  #token: string | null = null;
  #look: Look = { map: [], lanes: [], tree: false, connections: false };
  #everyMs = PULSE_MS;
  #recording: Recording | null = null;
  #cancel: () => void;

  constructor(
    private readonly socket: WebSocket,
    private readonly deps: ConsoleDeps,
  ) {
    this.#cancel = deps.clock.after(deps.helloTimeoutMs, () => socket.close(4408, 'no hello came'));
    socket.on('error', () => socket.terminate());
    socket.on('close', () => this.#end());
    socket.on('message', (data: RawData) => {
      this.#hear(String(data)).catch((error: unknown) => {
        deps.log.warn({ err: error }, 'a console could not be answered');
        socket.close(1011, 'not now');
      });
    });
  }

  async #hear(text: string): Promise<void> {
    const json = parsed(text);
    const hello = helloMessage.validate(json, { convert: false });
    const look = lookMessage.validate(json, { convert: false });
    if (this.#token === null && !hello.error) await this.#begin(hello.value.token);
    else if (this.#token !== null && !look.error) this.#turn(look.value);
    else this.socket.close(1008, 'that is no message of a console');
  }

  async #begin(token: string): Promise<void> {
    this.#token = token;
    if (!(await this.#mayLook(token))) return;
    this.#cancel();
    this.#recording = this.deps.world.watch();
    this.#beat(new Pulse(this.deps.world, this.#recording, this.deps.facts));
  }

  /** Closes the socket where not. */
  async #mayLook(token: string): Promise<boolean> {
    const identity = await this.deps.authenticate(token);
    if (identity?.role === 'debug') return this.socket.readyState === this.socket.OPEN;
    this.socket.close(4401, identity ? 'the debug role is needed' : 'the token is bad or dead');
    return false;
  }

  #turn({ map, lanes, tree, connections, every_ms }: LookMessage): void {
    const ids = (texts: readonly string[]) => texts.flatMap((text) => parseUuid<ZoneId>(text) ?? []);
    this.#look = { map: ids(map), lanes: ids(lanes), tree, connections };
    this.#everyMs = every_ms;
  }

  #beat(pulse: Pulse): void {
    this.#tell(pulse)
      .catch((error: unknown) => this.deps.log.warn({ err: error }, 'a console was not told how the world is'))
      .finally(() => {
        if (this.#recording) this.#cancel = this.deps.clock.after(this.#everyMs, () => this.#beat(pulse));
      });
  }

  async #tell(pulse: Pulse): Promise<void> {
    // Each time: a session that has ended, or lost the role, sees nothing more.
    if (!(await this.#mayLook(this.#token ?? '')) || this.socket.bufferedAmount > MOST_BUFFERED) return;
    const zones = pulse.zones();
    if (zones) this.socket.send(JSON.stringify(zones));
    this.socket.send(JSON.stringify(await pulse.next(this.#look)));
  }

  #end(): void {
    this.#cancel();
    this.#recording?.close();
    this.#recording = null;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
