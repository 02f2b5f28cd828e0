/**
 * The REST calls that a player makes: accounts, and the zones there are. What a refusal means is the caller's to say.
 */
import type { Zone } from './messages.js';

export interface FieldError {
  readonly path: string;
  readonly message: string;
}

/** The server answered, and said no. */
export class RestError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    /** How long the server asks to wait; null: it did not say. */
    readonly retryAfterMs: number | null,
    /** What is wrong with the fields of a request. */
    readonly details: readonly FieldError[] = [],
  ) {
    super(message);
    this.name = 'RestError';
  }
}

/** Nobody answers there. */
export class UnreachableError extends Error {
  constructor(url: string, options: { cause: unknown }) {
    super(`no server answers at ${url}`, options);
    this.name = 'UnreachableError';
  }
}

export interface Login {
  readonly token: string;
  /** ISO 8601; null: until logout. */
  readonly expires_at: string | null;
  readonly player: { readonly id: string; readonly username: string };
}

export interface Me {
  readonly id: string;
  readonly username: string;
  readonly role: 'player' | 'debug';
  readonly created_at: string;
  readonly last_login: string | null;
}

const TIMEOUT_MS = 30_000;

export class RestClient {
  /** `url`: where the server is, as `http://host:port`. */
  constructor(readonly url: string) {}

  async register(username: string, password: string): Promise<void> {
    await this.#call('POST', '/api/auth/register', { body: { username, password } });
  }

  async login(username: string, password: string): Promise<Login> {
    // A cast here and below: the server keeps to its own contract.
    return (await this.#call('POST', '/api/auth/login', { body: { username, password } })) as Login;
  }

  /** Whose token it is. */
  async me(token: string): Promise<Me> {
    return (await this.#call('GET', '/api/auth/me', { token })) as Me;
  }

  async logout(token: string): Promise<void> {
    await this.#call('POST', '/api/auth/logout', { token });
  }

  /** The player's other sessions end. A wrong `password` is a `RestError` of status 403. */
  async changePassword(token: string, password: string, newPassword: string): Promise<void> {
    await this.#call('POST', '/api/auth/password', { token, body: { password, new_password: newPassword } });
  }

  /** For good: the name becomes free, all sessions end, and what the player did in the world stays without one. */
  async deleteAccount(token: string, password: string): Promise<void> {
    await this.#call('POST', '/api/auth/delete', { token, body: { password } });
  }

  async zones(token: string): Promise<readonly Zone[]> {
    return ((await this.#call('GET', '/api/zones', { token })) as { zones: Zone[] }).zones;
  }

  async zone(token: string, id: string): Promise<Zone> {
    return (await this.#call('GET', `/api/zones/${encodeURIComponent(id)}`, { token })) as Zone;
  }

  async #call(method: string, path: string, { token, body }: { token?: string; body?: object }): Promise<unknown> {
    const headers: Record<string, string> = {};
    if (token !== undefined) headers.authorization = `Bearer ${token}`;
    if (body) headers['content-type'] = 'application/json';
    const response = await this.#fetch(path, { method, headers, body: body && JSON.stringify(body) });
    const text = await response.text();
    if (!response.ok) throw refusal(response, text);
    return text === '' ? null : JSON.parse(text);
  }

  async #fetch(path: string, init: RequestInit): Promise<Response> {
    try {
      return await fetch(new URL(path, this.url), { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
    } catch (cause) {
      throw new UnreachableError(this.url, { cause });
    }
  }
}

function refusal(response: Response, text: string): RestError {
  const retryAfterS = Number(response.headers.get('retry-after') ?? Number.NaN);
  const { code, message, details } = errorOf(text);
  const retryAfterMs = Number.isFinite(retryAfterS) ? retryAfterS * 1000 : null;
  return new RestError(response.status, code, message, retryAfterMs, details);
}

function errorOf(text: string): { code: string; message: string; details: readonly FieldError[] } {
  try {
    const { code, message, details = [] } = JSON.parse(text).error;
    return { code: String(code), message: String(message), details };
  } catch {
    // A proxy's page, or another server altogether.
    return { code: 'unknown', message: 'an answer that is not from this kind of server', details: [] };
  }
}

const MOST_TRIES = 20;
const PAUSE_WITHOUT_ADVICE_MS = 1000;

/** Makes the call; while the server says "too many" or "not now", waits as long as it asks and tries again. */
export async function patiently<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  for (let tries = 1; ; tries++) {
    try {
      return await call();
    } catch (error) {
      const busy = error instanceof RestError && (error.status === 429 || error.status === 503);
      if (!busy || tries >= MOST_TRIES) throw error;
      const pauseMs = error.retryAfterMs ?? PAUSE_WITHOUT_ADVICE_MS;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}
