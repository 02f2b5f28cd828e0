/**
 * Turns the environment, and a `.env` file below it, into checked settings.
 * The one place of the project that knows where settings come from; printing an error, and the
 * exit status that goes with it, are left to the caller.
 */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import type { Facts, Setting } from './checks.js';
import { SETTINGS, type Settings } from './settings.js';

export type { Settings } from './settings.js';

type Variables = Readonly<Record<string, string | undefined>>;

/** A setting that the server cannot start with. The message is one line that names it, what it got and what it takes. */
export class SettingsError extends Error {
  readonly code = 'SETTINGS_INVALID';
  constructor(
    readonly variable: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'SettingsError';
  }
}

/**
 * The settings in force: what `env` has, else what `.env` in `cwd` has, else the default. An empty
 * text counts as not given. Throws `SettingsError` for the first setting that is bad.
 */
export function loadSettings(env: Variables, cwd: string, cores: number = availableParallelism()): Settings {
  const file = readDotEnv(cwd);
  const values: Record<string, unknown> = {};
  const facts = (): Facts => ({ cores, tickIntervalMs: Number(values.tickIntervalMs) });
  for (const [name, setting] of Object.entries<Setting<unknown>>(SETTINGS)) {
    values[name] = readSetting(setting, env[setting.env] || file[setting.env] || setting.default, facts);
  }
  // Each value was read by the very row that its type derives from.
  const settings = values as Settings;
  return settings;
}

/**
 * Throws `SettingsError` for the first name that no setting has: a slip of the pen would leave a default in force, unseen. What
 * the process has in its environment with that very value is let through, for a program may hand on all of it.
 */
export function refuseUnknown(given: Readonly<Record<string, unknown>>): void {
  const known = new Set(Object.values<Setting<unknown>>(SETTINGS).map((setting) => setting.env));
  const wrong = Object.keys(given).find((name) => !known.has(name) && given[name] !== process.env[name]);
  if (wrong === undefined) return;
  throw new SettingsError(wrong, `${wrong} is not the name of a setting; docs/settings.md has all of them`);
}

/** Those of this process, where it was started. Throws as `loadSettings` does. */
export function processSettings(): Settings {
  return loadSettings(process.env, process.cwd());
}

/** All settings, one paragraph each, for `--help`. */
export function helpText(): string {
  const rows = Object.values<Setting<unknown>>(SETTINGS).map(
    (setting) => `  ${setting.env}\n      ${setting.help}\n      takes ${setting.takes}; default: ${defaultOf(setting)}`,
  );
  return [
    'Settings are environment variables. A .env file in the working directory is read too;',
    'the environment wins over it. An empty value counts as not given.',
    '',
    ...rows,
    '',
  ].join('\n');
}

/** A missing file is no settings; one that cannot be read stops the start, for it was put there to be read. */
function readDotEnv(cwd: string): Variables {
  try {
    return parseEnv(readFileSync(join(cwd, '.env'), 'utf8'));
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
    if (code === 'ENOENT') return {};
    throw new SettingsError('.env', `.env is there but cannot be read (${code}); it takes lines such as PORT=8000`, { cause });
  }
}

function readSetting<Value>(setting: Setting<Value>, text: string, facts: () => Facts): Value {
  if (text === '' && setting.unset) return setting.unset(facts());
  const value = setting.read(text);
  if (value === undefined) throw refusal(setting, text);
  return value;
}

function refusal(setting: Setting<unknown>, text: string): SettingsError {
  const shown = setting.secret ? beginning(text) : JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
  return new SettingsError(setting.env, `${setting.env} is ${shown}; it takes ${setting.takes}`);
}

/** The scheme of an address and no more: the rest may hold a password in any place, all the more when it is malformed. */
function beginning(text: string): string {
  const scheme = /^[a-z][a-z0-9+.-]{0,15}:/i.exec(text)?.[0] ?? '';
  return `"${scheme}…" (${text.length} characters)`;
}

function defaultOf(setting: Setting<unknown>): string {
  return setting.defaultMeans ?? setting.default;
}
