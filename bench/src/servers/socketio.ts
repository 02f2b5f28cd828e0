/** socket.io as its documentation shows it: a room for each zone, one emit to the room each tick; in fog, one to each socket. */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { Server, type Socket } from 'socket.io';
import { readPeerArguments, sayReady } from './arguments.js';
import { everyPeriod } from './ticker.js';
import { makeWalker, makeZones, moveWalker, seenBy, type Zone } from './walkers.js';

const { form, zones: zoneCount, tickIntervalMs } = readPeerArguments(process.argv.slice(2));
const zones = makeZones<Socket>(zoneCount);
const http = createServer();
const io = new Server(http, { transports: ['websocket'], serveClient: false });

io.on('connection', (socket) => {
  const { name, zone: index }: { name?: string; zone?: number } = socket.handshake.auth;
  const zone = zones[index ?? -1];
  if (zone) void enter(zone, socket, name ?? '');
});
http.listen(0, '127.0.0.1', () => sayReady(http.address()));
everyPeriod(tickIntervalMs, form === 'fog' ? tickInFog : tickPlain);

async function enter(zone: Zone<Socket>, socket: Socket, name: string): Promise<void> {
  // A UUID, as the others have: a socket's own id is shorter, and so would the snapshots be.
  const player = randomUUID();
  const walker = makeWalker(name, player);
  zone.places.set(socket, walker);
  socket.on('disconnect', () => zone.places.delete(socket));
  socket.on('move', ({ dx, dy }: { dx: number; dy: number }) => moveWalker(walker, dx, dy));
  await socket.join(zone.id);
  socket.emit('joined', { player_id: player });
}

function tickPlain(tick: number): void {
  for (const { id, places } of zones) {
    if (places.size === 0) continue;
    const state = { zone_id: id, entities: [...places.values()], events: [] };
    io.to(id).emit('tick', { tick_number: tick, zone_id: id, state });
  }
}

function tickInFog(tick: number): void {
  for (const { id, places } of zones) {
    const walkers = [...places.values()];
    for (const [socket, walker] of places) {
      const state = { zone_id: id, entities: seenBy(walker, walkers) };
      socket.emit('tick', { tick_number: tick, zone_id: id, state });
    }
  }
}
