/**
 * What a console costs the world: a thousand zones that tick with two hundred players in some of them, while nobody looks, while a
 * console is open as it opens, and while one looks at as much as it can. In turns, so that a machine that is slower for a minute is
 * slower for all three.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { connect, RestClient, type WorldClient } from '../../../client/index.js';
import { type Extent, type Figures, GAME, inWorld, reading, SETTLE_MS, STOPPED, untilLive } from './measures.js';
import { ServerProcess } from './server-process.js';

const ZONES = 1_000;
const PLAYERS = 200;
const ZONES_WITH_PLAYERS = 20;
const TURNS = 3;
const OPERATOR = 'operator';
const PASSWORD = 'correct horse battery';
/** As many as a console may look into. */
const MOST_LOOKED = 64;

/** From the map of so many zones, where each is a few pixels wide; and from close by, with all that there is to see. */
const LOOKS = {
  nobody: null,
  open: { looked: 0, tree: false, connections: false },
  close: { looked: MOST_LOOKED, tree: true, connections: true },
} as const;
type LookName = keyof typeof LOOKS;

export async function watched({ seconds, size }: Extent): Promise<Figures> {
  const zones = Math.round(ZONES * size);
  const kinds = [{ name: 'live', count: zones, entities: 10, hum: { moves: 1, wishEvery: 4 } }];
  const env = { GAME, TICK_INTERVAL_MS: '500', DEBUG_USER: OPERATOR, BCRYPT_COST: '4', AUTH_PER_MINUTE: '0' };
  return inWorld(kinds, STOPPED, async (file) => {
    const server = await ServerProcess.start({ databaseFile: file, env });
    const players: WorldClient[] = [];
    try {
      await untilLive(server, zones);
      const token = await account(server.url, OPERATOR);
      const ids = (await new RestClient(server.url).zones(token)).map(({ id }) => id);
      for (let index = 0; index < PLAYERS * size; index++) players.push(await player(server.url, index, ids));
      await pause(SETTLE_MS);
      const costs = await inTurns(server, token, ids, seconds);
      const [nobody, open, close] = [costs.nobody, costs.open, costs.close].map(median) as [number, number, number]; // of three
      return {
        ...{ zones, players: players.length, turns: TURNS },
        ...spread('nobody', costs.nobody),
        ...spread('open', costs.open),
        ...spread('close', costs.close),
        ...{ ratio_open: open / nobody, ratio_close: close / nobody },
      };
    } finally {
      await Promise.all(players.map((client) => client.close()));
      await server.end();
    }
  });
}

/** Milliseconds of processor time a tick, for each look as often as there are turns. */
async function inTurns(
  server: ServerProcess,
  token: string,
  zones: readonly string[],
  seconds: number,
): Promise<Record<LookName, number[]>> {
  const costs: Record<LookName, number[]> = { nobody: [], open: [], close: [] };
  for (let turn = 0; turn < TURNS; turn++) {
    for (const name of Object.keys(LOOKS) as LookName[]) {
      const console = LOOKS[name] && (await openConsole(server.url, token, zones, LOOKS[name]));
      await pause(1_000);
      const before = await reading(server);
      await pause(seconds * 1_000);
      const after = await reading(server);
      costs[name].push((after.cpuMs - before.cpuMs) / (after.ticks - before.ticks));
      console?.terminate();
    }
  }
  return costs;
}

async function openConsole(
  url: string,
  token: string,
  zones: readonly string[],
  { looked, tree, connections }: NonNullable<(typeof LOOKS)[LookName]>,
): Promise<WebSocket> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/console/ws`);
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const ids = zones.slice(0, looked);
  socket.send(JSON.stringify({ type: 'hello', token }));
  // What comes for a hello tells that a look is welcome.
  await new Promise((resolve) => socket.once('message', resolve));
  socket.send(JSON.stringify({ type: 'look', map: ids, lanes: ids, tree, connections }));
  return socket;
}

/** Somebody who only sees; many share a zone. */
async function player(url: string, index: number, zones: readonly string[]): Promise<WorldClient> {
  const client = connect({ url, token: await account(url, `player-${index}`), WebSocket, acks: 'tick', home: async () => null });
  client.subscribe(zones[index % Math.min(ZONES_WITH_PLAYERS, zones.length)] ?? '');
  await client.once('subscribed');
  return client;
}

async function account(url: string, name: string): Promise<string> {
  const rest = new RestClient(url);
  await rest.register(name, PASSWORD);
  return (await rest.login(name, PASSWORD)).token;
}

/** The median of the turns, the least and the greatest. */
function spread(name: LookName, costs: readonly number[]): Figures {
  return {
    [`cpu_ms_per_tick_${name}`]: median(costs),
    [`least_${name}`]: Math.min(...costs),
    [`most_${name}`]: Math.max(...costs),
  };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
