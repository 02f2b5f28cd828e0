/**
 * The way in: `connect<typeof game>({ url, token })` joins the world, and stays joined.
 */
import type { JsonObject } from './binary.js';
import { RestClient } from './rest.js';
import { type ClientOptions, WorldClient } from './world-client.js';

/** What the players of a game may ask for, by the game's own types; any object where the type says nothing. */
export type IntentOf<Game> = Game extends { onTick(tick: infer Tick): unknown }
  ? Tick extends { readonly intents: readonly { readonly data: infer Intent extends object }[] }
    ? Intent
    : JsonObject
  : JsonObject;

/** Connects, with what the server shows where nothing else is said: its first zone as home. Throws where there is no WebSocket. */
export function connect<Game = unknown>(options: ClientOptions<IntentOf<Game>>): WorldClient<IntentOf<Game>> {
  const home = async () => (await new RestClient(options.url).zones(options.token))[0]?.id ?? null;
  const client = new WorldClient<IntentOf<Game>>({ home, ...options });
  // Not yet: whoever listens right away is to miss nothing.
  queueMicrotask(() => client.closed || client.start());
  return client;
}
