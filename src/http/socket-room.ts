/**
 * How many sockets the process can hold. The system lets it have so many open files, sockets among them, and it needs
 * some for itself all the time: a step of the game without one for its watchdog would end the process. So what
 * comes beyond is turned away at the door, and those inside go on playing.
 */
import type { Server } from 'node:http';
import type { Log, Telemetry } from '../../actors/telemetry.js';

/** What a server on SQLite has open by itself (about 50: loader, threads, database), and what a step opens for a moment. */
const OWN_FILES = 56;
/** What a thread has open that hosts zones. */
const FILES_PER_WORKER = 20;

/** `null`: as many as come. At least one, with which an operator can look at what is wrong. */
export function socketRoom(
  openFiles: number | null,
  own: { readonly zoneWorkers: number; readonly databasePool: number },
): number | null {
  if (openFiles === null) return null;
  return Math.max(1, openFiles - OWN_FILES - own.zoneWorkers * FILES_PER_WORKER - own.databasePool);
}

/** The system's limit for this process; null: there is none, or nobody says. Takes a few milliseconds. */
export function openFilesLimit(): number | null {
  const report: { userLimits?: { open_files?: { soft?: unknown } } } = process.report.getReport();
  const soft = report.userLimits?.open_files?.soft;
  return typeof soft === 'number' ? soft : null;
}

/** Holds a server to its room from now on. A socket that cannot be taken is counted, and is no error of the process. */
export function limitSockets(server: Server, room: number | null, { telemetry, log }: { telemetry: Telemetry; log: Log }): void {
  if (room !== null) server.maxConnections = room;
  server.on('drop', () => telemetry.count('sockets_refused_total'));
  server.on('error', (error) => {
    telemetry.count('sockets_refused_total');
    log.warn({ err: error }, 'a socket could not be taken');
  });
}
