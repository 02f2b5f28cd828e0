/** What every connection shares; built once, by the world. */
import type { Authenticate } from '../control.js';
import type { TickNumber, ZoneId } from '../ids.js';
import type { Joining } from '../players/joining.js';
import type { Presences } from '../players/presences.js';
import type { Clock, PlaceStore, Simulation } from '../ports.js';
import type { ZoneDirectory } from '../supervisor/zone-directory.js';
import type { Log, Telemetry } from '../telemetry.js';
import type { ZoneSlot } from '../zone/slot.js';
import type { Connection } from './connection.js';

export interface ConnectionDeps {
  readonly joining: Pick<Joining, 'join' | 'spoke' | 'detach'>;
  readonly presences: Pick<Presences, 'document' | 'enter' | 'leave' | 'strikes'>;
  readonly places: Pick<PlaceStore, 'note'>;
  readonly simulation: Pick<Simulation, 'place' | 'admit'>;
  readonly directory: Pick<ZoneDirectory, 'get' | 'all'>;
  readonly scheduler: { readonly next: TickNumber };
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly log: Log;
  readonly authenticate: Authenticate;
  readonly helloTimeoutMs: number;
  readonly tickIntervalMs: number;
  readonly slots: { find(zone: ZoneId): ZoneSlot | undefined };
  /** The socket is gone. */
  gone(connection: Connection): void;
}
