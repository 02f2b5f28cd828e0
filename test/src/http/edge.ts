/**
 * The HTTP edge on a free port of this machine, with fakes behind it. Every answer that a test gets
 * through `call` is held against the route table: a status that is not documented, a body that does not fit
 * its schema, or an error of another shape fails the test that met it.
 */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Joi, { type Schema } from 'joi';
import type { GameModule } from '../../../games/contract.js';
import { buildHttpApp, type HttpDeps, type HttpSettings, routeTable } from '../../../src/http/app.js';
import type { GameRouteSpec } from '../../../src/http/game-routes.js';
import type { AddressVerdict } from '../../../src/http/mount.js';
import type { Route } from '../../../src/http/route.js';
import { createHttpServer } from '../../../src/http/server.js';
import { errorShape } from '../../../src/http/shapes.js';
import { FakeAccounts } from '../../support/fake-accounts.js';
import { FakeClock } from '../../support/fake-clock.js';
import { FakeHistory } from '../../support/fake-history.js';
import { FakeWorld } from '../../support/fake-world.js';
import { RecordingLog } from '../../support/recording-log.js';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; undefined where it is none. Tests look into it with chai. */
  readonly json: Readonly<Record<string, unknown>> | undefined;
}

export interface CallOptions {
  readonly token?: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is. */
  readonly raw?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Counts calls by address; refuses once `allowed` are used. */
export class FakeAddressLimit {
  readonly addresses: string[] = [];
  allowed = Number.POSITIVE_INFINITY;
  consume(address: string): AddressVerdict {
    this.addresses.push(address);
    return this.addresses.length <= this.allowed ? { allowed: true } : { allowed: false, retryAfterS: 12.3 };
  }
}

export interface Edge {
  readonly url: string;
  readonly port: number;
  readonly world: FakeWorld;
  readonly history: FakeHistory;
  readonly accounts: FakeAccounts;
  readonly addressLimit: FakeAddressLimit;
  readonly log: RecordingLog;
  readonly clock: FakeClock;
  readonly table: readonly Route[];
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  close(): Promise<void>;
}

export async function startEdge(
  options: {
    settings?: Partial<HttpSettings>;
    gameRoutes?: readonly GameRouteSpec[];
    metrics?: () => Promise<string>;
    pagesDir?: string;
    declared?: Pick<GameModule, 'intents' | 'messages'>;
  } = {},
): Promise<Edge> {
  const history = new FakeHistory();
  const fakes = { history, world: new FakeWorld(), accounts: new FakeAccounts(), addressLimit: new FakeAddressLimit() };
  const tools = { log: new RecordingLog(), clock: new FakeClock() };
  const settings = {
    trustProxy: 0,
    allowedOrigins: null,
    gameRouteBudgetMs: 2000,
    database: 'sqlite' as const,
    debugFaults: true,
    ...options.settings,
  };
  const metrics = options.metrics ?? (async () => 'gridstead_ticks_total 5\n');
  const gameRoutes = options.gameRoutes ?? [];
  const deps: HttpDeps = {
    ...fakes,
    ...tools,
    gameRoutes: () => gameRoutes,
    metricsText: async () => ({ contentType: 'text/plain; version=0.0.4; charset=utf-8', body: await metrics() }),
    settings,
    version: '1.2.3',
    game: { source: 'movement', hasBorder: false },
    declared: () => options.declared ?? {},
    killServer: () => {},
    pagesDir: options.pagesDir ?? '/nowhere',
  };
  const table = routeTable(deps);
  const server = createHttpServer(buildHttpApp(deps));
  const port = await listen(server);
  const url = `http://127.0.0.1:${port}`;
  return {
    ...fakes,
    ...tools,
    url,
    port,
    table,
    async call(method, path, request = {}) {
      const answer = await fetchAnswer(method, url + path, request);
      holdAgainst(table, method, path, answer);
      return answer;
    },
    close: () => close(server),
  };
}

export async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A server that listens on a port has an address with a port; only pipes have text.
  return (server.address() as AddressInfo).port;
}

export async function close(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}

async function fetchAnswer(method: string, url: string, { token, body, raw, headers }: CallOptions): Promise<Answer> {
  const response = await fetch(url, {
    method,
    redirect: 'manual',
    headers: {
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      ...((body ?? raw) !== undefined && { 'Content-Type': 'application/json' }),
      ...headers,
    },
    body: raw ?? (body === undefined ? undefined : JSON.stringify(body)),
  });
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json');
  return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : undefined };
}

function holdAgainst(table: readonly Route[], method: string, path: string, answer: Answer): void {
  const schema = expected(table, method, path, answer);
  if (schema === null) {
    if (answer.text !== '') throw new Error(`${method} ${path}: ${answer.status} with a body: ${answer.text}`);
    return;
  }
  const { error } = schema.validate(answer.json ?? answer.text, { convert: false });
  if (error) throw new Error(`${method} ${path}: ${answer.status} does not fit: ${error.message}: ${answer.text}`);
}

function expected(table: readonly Route[], method: string, path: string, { status, text }: Answer): Schema | null {
  const { pathname } = new URL(path, 'http://edge');
  const route = table.find((row) => row.method === method.toLowerCase() && matches(row.path, pathname));
  const documented = route?.responses[status];
  if (documented !== undefined) return documented;
  if (status >= 400) return errorShape;
  if (route) throw new Error(`${method} ${path}: ${status} is not documented: ${text}`);
  // Routes of a game and files of the documentation: theirs to check.
  return status === 204 ? null : Joi.any();
}

function matches(pattern: string, path: string): boolean {
  return new RegExp(`^${pattern.replace(/:\w+/g, '[^/]+')}$`).test(path);
}
