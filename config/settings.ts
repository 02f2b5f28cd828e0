/**
 * Every setting of the server in one table: variable, default, bounds, meaning.
 * The type `Settings`, the help of `npm run serve -- --help` and the test of `.env.example` derive
 * from it. The kinds of setting are in `checks.ts`; `load.ts` reads the environment.
 */
import { databaseUrl, type Facts, hostName, list, oneOf, onOrOff, origin, type Setting, text, wholeNumber } from './checks.js';

const DAY_MS = 86_400_000;
const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** The order is that of the help; a setting stands behind those that its default depends on. */
export const SETTINGS = {
  host: hostName('HOST', '127.0.0.1', 'where to listen'),
  port: wholeNumber('PORT', '8000', [0, 65_535], 'where to listen; 0 picks a free port'),
  databaseUrl: databaseUrl('DATABASE_URL', 'sqlite:./data/gridstead.db', 'where the world is kept'),
  databasePoolMax: wholeNumber('DATABASE_POOL_MAX', '10', [1, 1_000], 'Postgres connections'),
  game: text('GAME', 'movement', 1_024, 'a folder under games/, or a path to a module of your own'),

  tickIntervalMs: wholeNumber('TICK_INTERVAL_MS', '1000', [20, 60_000], 'time from one tick to the next'),
  snapshotEveryTicks: wholeNumber('SNAPSHOT_EVERY_TICKS', '1', [1, 1_000], 'clients get every Nth tick'),
  persistEveryTicks: wholeNumber(
    'PERSIST_EVERY_TICKS',
    '1',
    [1, 1_000],
    '1: a tick is durable before anyone sees it; N: written every N ticks, and a crash takes back up to N',
  ),
  journalKeepMinutes: wholeNumber('JOURNAL_KEEP_MINUTES', '10', [0, 525_600], 'how much history is kept for replay'),
  journalMaxMb: wholeNumber('JOURNAL_MAX_MB', '512', [1, 1_048_576], 'how large that history may become'),

  zoneWorkers: {
    ...wholeNumber('ZONE_WORKERS', '', [0, 256], 'worker threads that host zones; 0: all on the main thread'),
    defaultMeans: 'cores - 1, at least 1',
    unset: ({ cores }: Facts) => Math.min(256, Math.max(1, cores - 1)),
  },
  zoneWorkerHeapMb: wholeNumber('ZONE_WORKER_HEAP_MB', '1024', [16, 65_536], 'memory a worker thread may use for its zones'),
  zoneTickBudgetMs: {
    ...wholeNumber('ZONE_TICK_BUDGET_MS', '', [10, 600_000], 'a zone that computes longer in one tick is stopped and restarted'),
    defaultMeans: 'TICK_INTERVAL_MS x 2, at least 1000',
    unset: ({ tickIntervalMs }: Facts) => Math.max(1_000, tickIntervalMs * 2),
  },
  zoneGraceMs: wholeNumber('ZONE_GRACE_MS', '5000', [0, DAY_MS], 'how long a zone stays live after its last reason to be'),
  maxZoneBytes: wholeNumber('MAX_ZONE_BYTES', '16777216', [1_024, 2 ** 30], 'a result that makes a zone larger is malformed'),

  debugUsers: {
    ...list('DEBUG_USER', 'usernames', debugUser, 'who has the debug role; such a name registers from a loopback address only'),
    defaultMeans: 'nobody',
    unset: () => [],
  },
  debugFaults: onOrOff(
    'DEBUG_FAULTS',
    '0',
    '1: the debug role may make a zone fail or hang, and kill the server, to see what comes of it; not for production',
  ),
  sessionTtlSeconds: wholeNumber('SESSION_TTL_SECONDS', '0', [0, 315_360_000], 'how long a session lasts; 0: until logout'),
  // bcrypt reads 72 bytes and no more: a higher minimum would leave no password to choose.
  passwordMinLength: wholeNumber('PASSWORD_MIN_LENGTH', '8', [1, 72], 'characters that a new password needs'),
  bcryptCost: wholeNumber('BCRYPT_COST', '10', [4, 15], 'cost of a password hash; one more takes twice as long'),
  authPerMinute: wholeNumber(
    'AUTH_PER_MINUTE',
    '300',
    [0, 1_000_000],
    'register and login calls that an address may make; 0: no limit',
  ),
  loginFailuresPerMinute: wholeNumber(
    'LOGIN_FAILURES_PER_MINUTE',
    '10',
    [1, 100_000],
    'wrong passwords for one name from one address before 429',
  ),

  trustProxy: wholeNumber('TRUST_PROXY', '0', [0, 32], "how many proxies in front are believed about the client's address"),
  maxConnections: wholeNumber('MAX_CONNECTIONS', '20000', [1, 1_000_000], 'sockets; beyond, the upgrade is refused with 503'),
  helloTimeoutMs: wholeNumber('HELLO_TIMEOUT_MS', '5000', [10, 600_000], 'how long a socket may stay unauthenticated'),
  heartbeatMs: wholeNumber('HEARTBEAT_MS', '15000', [10, DAY_MS], 'time from one ping to the next'),
  idleTimeoutMs: wholeNumber(
    'IDLE_TIMEOUT_MS',
    '45000',
    [11, DAY_MS],
    'silence after which a connection is closed; a client that answers pings is not silent',
  ),
  resumeWindowMs: wholeNumber('RESUME_WINDOW_MS', '60000', [0, DAY_MS], 'how long a dropped player can resume where it was'),
  maxMessageBytes: wholeNumber('MAX_MESSAGE_BYTES', '16384', [256, 16_777_216], 'larger frames close the socket with 1009'),
  maxMessagesPerSecond: wholeNumber(
    'MAX_MESSAGES_PER_SECOND',
    '200',
    [1, 100_000],
    'per socket, all kinds together; the surplus is refused with rate_limited',
  ),
  maxIntentsPerTick: wholeNumber(
    'MAX_INTENTS_PER_TICK',
    '32',
    [1, 10_000],
    'per player; the surplus is refused with rate_limited',
  ),
  allowedOrigins: allowedOrigins(),
  fastSockets: onOrOff(
    'FAST_SOCKETS',
    '1',
    '1: whole text frames are read and written beside the ws library, at less cost; 0: ws does all of it',
  ),

  logLevel: oneOf('LOG_LEVEL', 'info', LOG_LEVELS, 'the least urgent lines that are logged'),
};

/** Checked settings. `allowedOrigins` null: same origin and localhost. */
export type Settings = {
  readonly [Name in keyof typeof SETTINGS]: (typeof SETTINGS)[Name] extends Setting<infer Value> ? Value : never;
};

function allowedOrigins(): Setting<readonly string[] | null> {
  return {
    ...list('ALLOWED_ORIGINS', 'origins such as https://play.example', origin, 'whose pages may use the API and open sockets'),
    defaultMeans: 'same origin and localhost',
    unset: () => null,
  };
}

/** Whether it can be a username is for accounts to say: a name that nobody can register gives nobody the role. */
function debugUser(name: string): string | undefined {
  return [...name].length <= 64 ? name : undefined;
}
