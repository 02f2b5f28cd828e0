/**
 * `npm run bots`: registers players over REST, lets them play over WebSockets for a while, and sums up
 * what they saw. Uses the public wire only, stops by itself, and refuses to bother other people's servers.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { unreachable } from '../../actors/errors.js';
import { patiently, RestClient } from '../../client/index.js';
import { EXIT_FAILED, isLoopback, runTool, serverUrl, UsageError, wholeNumber } from './arguments.js';
import { Bot, seededRandom } from './bot.js';
import { CrossingTally } from './minds/crossing-tally.js';
import type { Mind } from './minds/mind.js';
import { RandomWalk } from './minds/random-walk.js';
import { StraightWalk } from './minds/straight-walk.js';
import { OwnDelay } from './own-delay.js';
import { milliseconds } from './spread.js';
import { Tally } from './tally.js';

const HELP = `npm run bots -- [options]
  --players N          how many players (50)
  --seconds N          for how long (30)
  --game NAME          what the server runs: movement, whose players walk about, or frontier, whose players
                       walk straight on over many borders (movement)
  --moves-per-tick N   steps each of them tries in a tick of movement (1)
  --seed N             for their walks (1); names and passwords are new each time
  --url URL            the server (http://127.0.0.1:8000)
  --allow-remote       the server is not this machine, and its owner knows
Exit status: 0; 1 when ticks were missed, errors came, or another game runs there; 2 for a wrong option.`;

/** Hashing passwords is work for the server: this many accounts are made at a time. */
const ACCOUNTS_AT_ONCE = 8;

const GAMES = ['movement', 'frontier'] as const;
type GameName = (typeof GAMES)[number];

export interface BotsOptions {
  readonly url: URL;
  readonly players: number;
  readonly seconds: number;
  readonly game: GameName;
  readonly movesPerTick: number;
  readonly seed: number;
}

/** null: help was asked for. */
export function readBotsOptions(args: readonly string[]): BotsOptions | null {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean', default: false },
      players: { type: 'string', default: '50' },
      seconds: { type: 'string', default: '30' },
      game: { type: 'string', default: 'movement' },
      'moves-per-tick': { type: 'string', default: '1' },
      seed: { type: 'string', default: '1' },
      url: { type: 'string', default: 'http://127.0.0.1:8000' },
      'allow-remote': { type: 'boolean', default: false },
    },
  });
  if (values.help) return null;
  const url = serverUrl(values.url);
  if (!isLoopback(url) && !values['allow-remote']) {
    throw new UsageError(`${url.host} is not this machine; --allow-remote says that its owner knows`);
  }
  const game = GAMES.find((name) => name === values.game);
  if (!game) throw new UsageError(`--game is ${values.game}; it takes ${GAMES.join(' or ')}`);
  return {
    url,
    game,
    players: wholeNumber('players', values.players, 1, 5000),
    seconds: wholeNumber('seconds', values.seconds, 1, 3600),
    movesPerTick: wholeNumber('moves-per-tick', values['moves-per-tick'], 0, 32),
    seed: wholeNumber('seed', values.seed, 0, 2 ** 32 - 1),
  };
}

/** Plays. Prints with `say`; answers the exit status. */
export async function runBots(options: BotsOptions, say: (line: string) => void): Promise<number> {
  const { players, seconds } = options;
  const rest = new RestClient(options.url.href);
  say(`registering ${players} players at ${options.url.origin}`);
  const tokens = await makeAccounts(rest, players);
  const tally = new Tally();
  const crossings = new CrossingTally();
  const bots = tokens.map((token, index) => {
    // Frontier places everybody itself, and lets nobody in elsewhere.
    const home = async () => (options.game === 'frontier' ? null : ((await rest.zones(token))[0]?.id ?? null));
    return new Bot({ url: options.url.href, token, home, tally, mind: mindFor(options, index, crossings) });
  });
  const delay = new OwnDelay();
  for (const bot of bots) bot.start();
  for (let second = 1; second <= seconds; second++) {
    await pause(1000);
    say(tally.progress(second));
  }
  delay.stop();
  await Promise.all(bots.map((bot) => bot.stop()));
  // Only tidying up: that a session cannot be ended is not what this run is about.
  await atMost(ACCOUNTS_AT_ONCE, tokens, (token) => rest.logout(token).catch(() => {}));
  say(tally.summary(players, seconds));
  say(`bots' own delay     p50 ${milliseconds(delay.spread.quantile(0.5))}   p99 ${milliseconds(delay.spread.quantile(0.99))}`);
  if (options.game === 'frontier') say(crossings.summary(tally.regularStep));
  const doubt = doubtOf(options.game, tally, crossings);
  if (doubt !== null) say(`${doubt}: does the server run another game than ${options.game}? (--game)`);
  return tally.failed || doubt !== null ? EXIT_FAILED : 0;
}

/** What speaks for another game: without it, counts of nothing would look like a quiet run. null: nothing does. */
function doubtOf(game: GameName, tally: Tally, crossings: CrossingTally): string | null {
  if (tally.onlyRefusals !== null) return `every intent was refused (the first one: ${tally.onlyRefusals})`;
  if (game === 'frontier' && tally.ticks > 0 && crossings.views === 0) return 'no tick showed a bot where it is';
  return null;
}

function mindFor({ game, movesPerTick, seed }: BotsOptions, index: number, crossings: CrossingTally): Mind {
  const random = seededRandom(seed * 10_007 + index);
  switch (game) {
    case 'movement':
      return new RandomWalk(movesPerTick, random);
    case 'frontier':
      return new StraightWalk(crossings, random);
    default:
      return unreachable(game);
  }
}

/** Answers a token for each. */
async function makeAccounts(rest: RestClient, players: number): Promise<string[]> {
  const run = randomBytes(4).toString('hex');
  const names = Array.from({ length: players }, (_, index) => `bot-${run}-${index + 1}`);
  return await atMost(ACCOUNTS_AT_ONCE, names, async (name) => {
    const password = randomBytes(18).toString('base64url');
    await patiently(() => rest.register(name, password));
    return (await patiently(() => rest.login(name, password))).token;
  });
}

/** As `Promise.all(items.map(work))`, with no more than `limit` at work at a time. */
async function atMost<Item, Result>(
  limit: number,
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const entries = items.entries();
  const worker = async () => {
    for (const [index, item] of entries) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: limit }, worker));
  return results;
}

async function main(): Promise<number> {
  const options = readBotsOptions(process.argv.slice(2));
  if (options) return await runBots(options, console.log);
  console.log(HELP);
  return 0;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await runTool('bots', main);
