/**
 * The HTTP edge put together: security headers, the origin check, the route table, the game's routes, the
 * documentation, the pages for people, and an answer in JSON for all that is left. It neither listens (`server.ts`) nor
 * knows sockets; everything it answers comes from the ports it is given.
 */
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import helmet from 'helmet';
import type { WorldControl } from '../../actors/control.js';
import type { Clock, ZoneHistory } from '../../actors/ports.js';
import type { Log } from '../../actors/telemetry.js';
import type { GameModule } from '../../games/contract.js';
import type { Accounts } from '../auth/ports.js';
import { guardOrigin } from './cors.js';
import { docsRouter } from './docs.js';
import { answerGameRoutes } from './game-mount.js';
import type { GameRouteSpec } from './game-routes.js';
import { type AddressLimit, answerRoute } from './mount.js';
import type { OpenApi } from './openapi.js';
import { pagesRouter } from './pages.js';
import { failure } from './reply.js';
import type { Route } from './route.js';
import { accountRoutes } from './routes/accounts.js';
import { debugRoutes } from './routes/debug.js';
import { type HistoryRouteDeps, historyRoutes } from './routes/history.js';
import { operationRoutes } from './routes/operation.js';
import { orderRoutes } from './routes/orders.js';
import { playerRoutes } from './routes/players.js';
import { zoneRoutes } from './routes/zones.js';
import { replyTo, send } from './send.js';

/** What the HTTP edge takes from the configuration. */
export interface HttpSettings {
  /** Proxies in front that are believed about the client's address. */
  readonly trustProxy: number;
  /** null: the server's own origin and localhost. */
  readonly allowedOrigins: readonly string[] | null;
  /** How long a handler of the game's routes may take. */
  readonly gameRouteBudgetMs: number;
  /** The debug role may make faults. */
  readonly debugFaults: boolean;
  readonly database: 'sqlite' | 'postgres' | 'memory';
}

export interface HttpDeps {
  readonly accounts: Accounts;
  readonly addressLimit: AddressLimit;
  readonly world: WorldControl;
  /** Those of the game that runs now: another list when another game does. */
  gameRoutes(): readonly GameRouteSpec[];
  metricsText(): Promise<{ readonly contentType: string; readonly body: string }>;
  readonly log: Log;
  readonly clock: Clock;
  readonly settings: HttpSettings;
  readonly version: string;
  /** What the game that runs now takes from its players. */
  declared(): Pick<GameModule, 'intents' | 'messages'>;
  readonly history: ZoneHistory;
  readonly game: HistoryRouteDeps['game'];
  /** Ends the process as a kill does. */
  killServer(): void;
  /** Where the built pages are; those that are not there are not served. */
  readonly pagesDir: string;
}

/** The whole app. Its uptime counts from this call. */
export function buildHttpApp(deps: HttpDeps): Express {
  const { settings } = deps;
  const mount = { ...deps, trustProxy: settings.trustProxy, gameRouteBudgetMs: settings.gameRouteBudgetMs };
  const app = express();
  app.disable('x-powered-by').disable('etag').set('trust proxy', settings.trustProxy);
  app.use(securityHeaders(), guardOrigin(settings.allowedOrigins), refuseUnreadable);
  for (const route of routeTable(deps)) app[route.method](route.path, answerRoute(route, mount));
  app.use('/v1', answerGameRoutes(deps.gameRoutes, mount));
  app.use(docsRouter(), pagesRouter(deps.pagesDir), nothingHere, answerError(deps.log));
  return app;
}

/** Every call of the REST API but the game's own: what is mounted, checked and documented. */
export function routeTable(deps: HttpDeps): readonly Route[] {
  const startedMs = deps.clock.monotonicMs();
  let described: { readonly routes: readonly GameRouteSpec[]; readonly document: Promise<OpenApi> } | null = null;
  const table: readonly Route[] = [
    ...accountRoutes(deps),
    ...zoneRoutes(deps),
    ...debugRoutes(deps),
    ...orderRoutes(deps),
    ...playerRoutes(deps),
    ...historyRoutes(deps),
    ...operationRoutes({
      world: deps.world,
      database: deps.settings.database,
      version: deps.version,
      uptimeMs: () => deps.clock.monotonicMs() - startedMs,
      metricsText: () => deps.metricsText(),
      // Few ask for it, and what translates the schemas would take a tenth of each start.
      document: () => {
        const routes = deps.gameRoutes();
        if (described?.routes !== routes) {
          const document = import('./openapi.js').then(({ openApiDocument }) => openApiDocument(table, routes, deps.version));
          described = { routes, document };
        }
        return described.document;
      },
      socketDocument: async () => (await import('./asyncapi.js')).asyncApiDocument(deps.declared(), deps.version),
    }),
  ];
  return table;
}

function securityHeaders(): RequestHandler {
  return helmet({
    // Answers are data; pages set a policy of their own.
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    // This server speaks plain HTTP; that a name is to be reached by TLS only is for its proxy to say.
    strictTransportSecurity: false,
  });
}

/** A path that is not well-formed names nothing, wherever it would have led; HTTP/1.1 without a host is malformed too. */
const refuseUnreadable: RequestHandler = (request, response, next) => {
  if (request.headers.host === undefined && request.httpVersion === '1.1') {
    return send(response, failure('bad_request', 'the Host header is missing'));
  }
  try {
    decodeURIComponent(request.path);
  } catch {
    return send(response, failure('bad_request', 'the path is not well-formed'));
  }
  return next();
};

const nothingHere: RequestHandler = (_request, response) => {
  send(response, failure('not_found', 'there is nothing here'));
};

/** What no route has caught; express knows an error handler by its four parameters. */
function answerError(log: Log): ErrorRequestHandler {
  return (error, request, response, _next) => {
    const reply = replyTo(error, `${request.method} (outside of the routes)`, log);
    // Half an answer cannot be taken back: the connection ends, so that the client sees it is not whole.
    if (response.headersSent) response.destroy();
    else send(response, reply);
  };
}
