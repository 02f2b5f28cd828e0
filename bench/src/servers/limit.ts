/**
 * The limit: the least that a Node.js server on `ws` can do for this workload. Nothing is checked, nothing kept, no
 * message is acknowledged, and what can be made once for many is made once: the text of a zone, the text of an entity.
 */
import { randomUUID } from 'node:crypto';
import { type WebSocket, WebSocketServer } from 'ws';
import { readPeerArguments, sayReady } from './arguments.js';
import { everyPeriod } from './ticker.js';
import { makeWalker, makeZones, moveWalker, seenBy, type Walker, type Zone } from './walkers.js';

const { form, zones: zoneCount, tickIntervalMs } = readPeerArguments(process.argv.slice(2));
const zones = makeZones<WebSocket>(zoneCount);
/** The text of each entity; a step makes it anew. */
const texts = new Map<Walker, string>();
const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false, clientTracking: false });

server.on('listening', () => sayReady(server.address()));
server.on('connection', (ws, { url = '/' }) => {
  const query = new URL(url, 'http://127.0.0.1').searchParams;
  const player = randomUUID();
  ws.on('error', () => ws.terminate());
  ws.send(JSON.stringify({ type: 'joined', player_id: player }));
  const zone = zones[Number(query.get('zone') ?? -1)];
  if (zone) enter(zone, ws, makeWalker(query.get('name') ?? '', player));
});
everyPeriod(tickIntervalMs, form === 'fog' ? tickInFog : tickPlain);

function enter(zone: Zone<WebSocket>, ws: WebSocket, walker: Walker): void {
  zone.places.set(ws, walker);
  texts.set(walker, JSON.stringify(walker));
  ws.on('close', () => zone.places.delete(ws));
  ws.on('message', (message: Buffer) => {
    const { data }: { data: { dx: number; dy: number } } = JSON.parse(message.toString());
    moveWalker(walker, data.dx, data.dy);
    if (form === 'fog') texts.set(walker, JSON.stringify(walker));
  });
}

function tickPlain(tick: number): void {
  for (const { id, places } of zones) {
    const state = { zone_id: id, entities: [...places.values()], events: [] };
    const text = Buffer.from(JSON.stringify({ type: 'tick', tick_number: tick, zone_id: id, state }));
    for (const ws of places.keys()) ws.send(text, { binary: false });
  }
}

function tickInFog(tick: number): void {
  for (const { id, places } of zones) {
    const walkers = [...places.values()];
    const head = `{"type":"tick","tick_number":${tick},"zone_id":"${id}","state":{"zone_id":"${id}","entities":[`;
    for (const [ws, walker] of places) {
      const seen = seenBy(walker, walkers).map((other) => texts.get(other));
      ws.send(`${head}${seen.join(',')}]}}`);
    }
  }
}
