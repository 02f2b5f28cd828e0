/**
 * The kinds of setting: how the text of a variable becomes a checked value.
 * Which settings there are is left to `settings.ts`, where the text comes from to `load.ts`.
 */
import Joi from 'joi';

/** One setting. `default` is written as it would be in the environment; '' stands for "not given". */
export interface Setting<Value> {
  readonly env: string;
  readonly default: string;
  /** What the default amounts to, where its text does not say so. */
  readonly defaultMeans?: string;
  readonly help: string;
  /** What a refusal says that the variable takes. */
  readonly takes: string;
  /** The value; undefined: refused. */
  readonly read: (text: string) => Value | undefined;
  /** The value when nothing is given and the default is ''. */
  readonly unset?: (facts: Facts) => Value;
  /** true: the text may hold a password, so a refusal shows only how it begins. */
  readonly secret?: boolean;
}

/** What a default may depend on. */
export interface Facts {
  readonly cores: number;
  readonly tickIntervalMs: number;
}

/** Both bounds are allowed values. */
export function wholeNumber(env: string, fallback: string, [min, max]: readonly [number, number], help: string): Setting<number> {
  const schema = Joi.number().integer().min(min).max(max);
  return { env, default: fallback, help, takes: `a whole number from ${min} to ${max}`, read: through<number>(schema) };
}

export function hostName(env: string, fallback: string, help: string): Setting<string> {
  const schema = Joi.string().hostname();
  return { env, default: fallback, help, takes: 'a host name or an IP address', read: through<string>(schema) };
}

export function text(env: string, fallback: string, maxLength: number, help: string): Setting<string> {
  const schema = Joi.string().trim().max(maxLength);
  return { env, default: fallback, help, takes: `a text of at most ${maxLength} characters`, read: through<string>(schema) };
}

export function oneOf<Choice extends string>(
  env: string,
  fallback: Choice,
  choices: readonly Choice[],
  help: string,
): Setting<Choice> {
  const schema = Joi.string().valid(...choices);
  return { env, default: fallback, help, takes: `one of ${choices.join(', ')}`, read: through<Choice>(schema) };
}

/** '1' or '0'. */
export function onOrOff(env: string, fallback: '1' | '0', help: string): Setting<boolean> {
  const values: Record<string, boolean> = { '1': true, '0': false };
  return {
    env,
    default: fallback,
    help,
    takes: '1 or 0',
    read: (text) => (Object.hasOwn(values, text) ? values[text] : undefined),
  };
}

/** Items with commas between them, each as `item` gives it back; '' is left out, and an item that is undefined is refused. */
export function list(
  env: string,
  takes: string,
  item: (text: string) => string | undefined,
  help: string,
): Setting<readonly string[]> {
  const schema = Joi.string().custom((value: string, helpers) => {
    const items = value.split(',').flatMap((part) => (part.trim() === '' ? [] : [item(part.trim())]));
    return items.includes(undefined) ? helpers.error('any.invalid') : items;
  });
  return { env, default: '', help, takes: `${takes} with commas between them`, read: through<readonly string[]>(schema) };
}

/** sqlite:PATH, sqlite::memory: or a postgres URL; the text is passed on as it is. */
export function databaseUrl(env: string, fallback: string, help: string): Setting<string> {
  const takes = 'sqlite:PATH, sqlite::memory: or postgres://user:pass@host:port/db';
  const schema = Joi.string().custom((value: string, helpers) => (isDatabaseUrl(value) ? value : helpers.error('any.invalid')));
  return { env, default: fallback, help, takes, secret: true, read: through<string>(schema) };
}

/** The origin that a browser would send for this address; undefined if it is more, or less, than an origin. */
export function origin(value: string): string | undefined {
  if (!/^https?:\/\//i.test(value) || !URL.canParse(value)) return undefined;
  const url = new URL(value);
  return url.pathname === '/' && !url.search && !url.hash && !url.username && !url.password ? url.origin : undefined;
}

/** Joi knows at run time what it turns a text into; the compiler does not, hence the one cast. */
function through<Value>(schema: Joi.Schema): (text: string) => Value | undefined {
  return (value) => {
    const checked = schema.validate(value);
    return checked.error ? undefined : (checked.value as Value);
  };
}

function isDatabaseUrl(value: string): boolean {
  if (value === 'sqlite::memory:') return true;
  if (value.startsWith('sqlite:')) {
    const path = value.slice('sqlite:'.length);
    // sqlite://data/x.db would be the file /data/x.db, which nobody who writes that means.
    return path.trim() !== '' && !path.startsWith(':') && !/^\/\/[^/]/.test(path) && !path.includes('\0');
  }
  if (!/^postgres(ql)?:\/\//.test(value) || !URL.canParse(value)) return false;
  return new URL(value).pathname.length > 1;
}
