/**
 * `npm run play`: walk about in the movement game, in a terminal or by a script. Speaks the public wire only
 * (REST and WebSocket), as any client would.
 */
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { WebSocket } from 'ws';
import { connect, type IntentOf, RestClient, type WorldClient } from '../../client/index.js';
import type movement from '../../games/movement/index.js';
import { SystemClock } from '../observe/clock.js';
import { runTool, serverUrl, UsageError } from './arguments.js';
import { KeyboardPlayer, type Player } from './play/keyboard-player.js';
import { enter } from './play/login.js';
import { drawLink } from './play/map.js';
import { Scene } from './play/scene.js';
import { parseScript, SCRIPT_WORDS, type Step } from './play/script.js';
import { ScriptPlayer } from './play/script-player.js';
import { ask, Terminal, type TerminalStreams } from './play/terminal.js';

const HELP = `npm run play -- [options]
  --name NAME          who you are; a name that nobody has is registered
  --password WORD      others on this machine can see it in the list of processes; without it, you are asked
  --url URL            the server (http://127.0.0.1:8000)
  --script "STEPS"     plays these and prints what happens: ${SCRIPT_WORDS}
  --no-colour          draws in one colour
Exit status: 0; 1 when the connection ended or could not be made; 2 for a wrong option.`;

export interface PlayOptions {
  readonly url: URL;
  readonly name: string | undefined;
  readonly password: string | undefined;
  readonly script: readonly Step[] | null;
  readonly colour: boolean;
}

/** null: help was asked for. */
export function readPlayOptions(args: readonly string[]): PlayOptions | null {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean', default: false },
      name: { type: 'string' },
      password: { type: 'string' },
      url: { type: 'string', default: 'http://127.0.0.1:8000' },
      script: { type: 'string' },
      'no-colour': { type: 'boolean', default: false },
    },
  });
  if (values.help) return null;
  return {
    url: serverUrl(values.url),
    name: values.name,
    password: values.password,
    script: values.script === undefined ? null : parseScript(values.script),
    colour: !values['no-colour'],
  };
}

/** Plays until the end of the script, or until the player quits. Answers the exit status. */
export async function play(options: PlayOptions, streams: TerminalStreams, say: (line: string) => void): Promise<number> {
  if (!options.script && !streams.input.isTTY) {
    throw new UsageError(
      'the input is no terminal, so there are no keys to play with; --script "right right quit" plays without',
    );
  }
  const { name, password } = await credentials(options, streams);
  const rest = new RestClient(options.url.href);
  const visit: Visit = { rest, name, token: await enter(rest, name, password) };
  try {
    if (options.script) await playScript(options.script, visit, say);
    else await playKeyboard(new Terminal(streams, options.colour), visit);
    return 0;
  } finally {
    // Only tidying up: the server may be gone.
    await rest.logout(visit.token).catch(() => {});
  }
}

/** A player who has been let in. */
interface Visit {
  readonly rest: RestClient;
  readonly name: string;
  readonly token: string;
}

async function credentials(options: PlayOptions, streams: TerminalStreams): Promise<{ name: string; password: string }> {
  const { name, password } = options;
  if (name !== undefined && password !== undefined) return { name, password };
  if (!streams.input.isTTY) throw new UsageError('--name and --password are needed where nobody can be asked for them');
  return {
    name: name ?? (await ask(streams, 'name: ')),
    password: password ?? (await ask(streams, 'password: ', { hidden: true })),
  };
}

async function playScript(steps: readonly Step[], visit: Visit, say: (line: string) => void): Promise<void> {
  const scene = new Scene(visit.name, say);
  const player = new ScriptPlayer(scene, say);
  const client = enterWorld(visit, scene, player);
  try {
    await player.play(steps, client);
  } finally {
    await client.close();
  }
}

/** Throws when the connection ends for good. */
async function playKeyboard(terminal: Terminal, visit: Visit): Promise<void> {
  const scene = new Scene(visit.name);
  const ended = new Ending();
  const player = new KeyboardPlayer(scene, terminal, new SystemClock(), () => ended.reach());
  terminal.open(
    (keys) => player.press(keys),
    () => player.redraw(),
  );
  const client = enterWorld(visit, scene, player);
  player.use(client);
  for (const signal of SIGNALS) process.on(signal, ended.reach);
  await ended.reached;
  for (const signal of SIGNALS) process.off(signal, ended.reach);
  terminal.close();
  await client.close();
  // Last: until now something may still have been told.
  player.close();
  if (scene.link.type === 'ended') throw new Error(drawLink(scene.link));
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** A promise that others resolve. */
class Ending {
  reach: () => void = () => {};
  readonly reached = new Promise<void>((resolve) => {
    this.reach = resolve;
  });
}

function enterWorld({ rest, token }: Visit, scene: Scene, player: Player): WorldClient<IntentOf<typeof movement>> {
  const client = connect<typeof movement>({ url: rest.url, token, WebSocket });
  client.on('link', (link) => player.link(link));
  client.on('settled', (intent) => player.settled(intent));
  client.on('message', (message) => player.message(message));
  client.on('state', (state) => player.state(state));
  client.on('handover', describeZone);
  client.on('state', describeZone);
  let askedFor: string | null = null;
  return client;

  /** A handover names the new zone by its id alone: its name and size are asked for, once. */
  function describeZone(): void {
    const { zone, zoneId } = scene;
    if (zone || zoneId === null || zoneId === askedFor) return;
    askedFor = zoneId;
    // Without it there is no name on the screen, and the game goes on.
    rest.zone(token, zoneId).then(
      (found) => scene.describe(found),
      () => {},
    );
  }
}

async function main(): Promise<number> {
  const options = readPlayOptions(process.argv.slice(2));
  if (options) return await play(options, { input: process.stdin, output: process.stdout }, console.log);
  console.log(HELP);
  return 0;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await runTool('play', main);
