/**
 * Colyseus as its documentation shows it: a room for each zone, a schema state that messages change as they come, and
 * patches at the room's own rate. In fog each client has a `StateView`, brought up to date before each patch.
 */
import { createServer } from 'node:http';
import { type Client, matchMaker, Room, Server } from '@colyseus/core';
import { type SchemaType, StateView, schema, t } from '@colyseus/schema';
import { WebSocketTransport } from '@colyseus/ws-transport';
import { PLAYERS_PER_ZONE, sees, spawnOf, step } from '../../games/arena/rules.js';
import { readPeerArguments, sayReady } from './arguments.js';

const { form, zones, tickIntervalMs } = readPeerArguments(process.argv.slice(2));

const Walker = schema({ x: t.uint8(), y: t.uint8() }, 'Walker');
type Walker = SchemaType<typeof Walker>;
const PlainState = schema({ walkers: t.map(Walker) }, 'PlainState');
const FogState = schema({ walkers: t.map(Walker).view() }, 'FogState');

type Step = { readonly dx: number; readonly dy: number };

class PlainRoom extends Room<{ state: SchemaType<typeof PlainState> }> {
  override maxClients = PLAYERS_PER_ZONE;
  override patchRate = tickIntervalMs;
  override autoDispose = false;
  override state = new PlainState();
  override messages = {
    move: (client: Client, { dx, dy }: Step) => moveWalker(this.state.walkers.get(client.sessionId), dx, dy),
  };

  override onCreate({ zone }: { zone: number }): void {
    this.roomId = `zone-${zone}`;
  }

  override onJoin(client: Client, { name }: { name: string }): void {
    this.state.walkers.set(client.sessionId, makeWalker(name));
  }

  override onLeave(client: Client): void {
    this.state.walkers.delete(client.sessionId);
  }
}

class FogRoom extends PlainRoom {
  override state = new FogState();
  /** What each client's view has in it. */
  readonly #seen = new Map<Client, Set<Walker>>();

  override onJoin(client: Client, options: { name: string }): void {
    super.onJoin(client, options);
    client.view = new StateView();
    this.#seen.set(client, new Set());
  }

  override onLeave(client: Client): void {
    const gone = this.state.walkers.get(client.sessionId);
    super.onLeave(client);
    client.view?.dispose();
    this.#seen.delete(client);
    if (gone) for (const seen of this.#seen.values()) seen.delete(gone);
  }

  override onBeforePatch(): void {
    const walkers = [...this.state.walkers.values()];
    for (const [client, seen] of this.#seen) {
      const own = this.state.walkers.get(client.sessionId);
      if (own && client.view) updateView(client.view, seen, own, walkers);
    }
  }
}

function updateView(view: StateView, seen: Set<Walker>, own: Walker, walkers: readonly Walker[]): void {
  for (const walker of walkers) {
    const visible = sees(own, walker);
    if (visible === seen.has(walker)) continue;
    if (visible) {
      view.add(walker);
      seen.add(walker);
    } else {
      view.remove(walker);
      seen.delete(walker);
    }
  }
}

function makeWalker(name: string): Walker {
  return new Walker(spawnOf(name));
}

function moveWalker(walker: Walker | undefined, dx: number, dy: number): void {
  if (!walker) return;
  if (dx !== 0) walker.x = step(walker.x, dx);
  if (dy !== 0) walker.y = step(walker.y, dy);
}

const http = createServer();
const server = new Server({ transport: new WebSocketTransport({ server: http }), greet: false });
server.define('zone', form === 'fog' ? FogRoom : PlainRoom);
await server.listen(0, '127.0.0.1');
for (let zone = 0; zone < zones; zone++) await matchMaker.createRoom('zone', { zone });
sayReady(http.address());
