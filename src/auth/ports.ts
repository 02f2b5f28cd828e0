/**
 * What accounts need from the database. Adapters: `src/store`.
 * A token is never stored, only its hash; a password only as bcrypt's hash.
 */
import type { Identity } from '../../actors/control.js';
import type { PlayerId, SessionId } from '../../actors/ids.js';

/** Times: milliseconds since 1970. */
export interface Account {
  readonly id: PlayerId;
  /** As it was registered, in Unicode form NFKC. */
  readonly username: string;
  /** What makes two names one: case-folded, look-alikes mapped. Unique. */
  readonly usernameKey: string;
  readonly passwordHash: string;
  readonly createdAtMs: number;
  readonly lastLoginMs: number | null;
}

export interface Session {
  readonly id: SessionId;
  readonly player: PlayerId;
  /** SHA-256 of the token, hex. */
  readonly tokenHash: string;
  readonly createdAtMs: number;
  /** null: until logout. */
  readonly expiresAtMs: number | null;
}

/** Everything that changes is durable when it resolves. Rejects with `StoreUnavailableError` when the database is away. */
export interface AccountStore {
  /** false: the name is taken. */
  create(account: Account): Promise<boolean>;
  byKey(usernameKey: string): Promise<Account | null>;
  byId(id: PlayerId): Promise<Account | null>;
  /** Sets `lastLogin`, and the hash when it was made anew at the cost in force. */
  loggedIn(id: PlayerId, atMs: number, passwordHash?: string): Promise<void>;
  createSession(session: Session): Promise<void>;
  session(tokenHash: string): Promise<{ readonly session: Session; readonly account: Account } | null>;
  /** Is this session there and not expired? */
  sessionLives(id: SessionId, nowMs: number): Promise<boolean>;
  /** The session and the resume tokens that hang on it, in one transaction. */
  endSession(id: SessionId): Promise<void>;
  /** Deletes what has expired; answers how many. */
  dropExpiredSessions(nowMs: number): Promise<number>;
}

/** What the HTTP edge and the sockets ask of accounts. Every refusal is a value. */
export interface Accounts {
  register(request: {
    readonly username: unknown;
    readonly password: unknown;
    readonly fromLoopback: boolean;
  }): Promise<RegisterOutcome>;
  login(request: { readonly username: unknown; readonly password: unknown; readonly address: string }): Promise<LoginOutcome>;
  /** Durable when it resolves. The caller then closes what is open of the session. */
  logout(session: SessionId): Promise<void>;
  /** null: bad, dead or expired. */
  authenticate(token: string): Promise<Identity | null>;
  account(id: PlayerId): Promise<Account | null>;
}

export type RegisterOutcome =
  | { readonly type: 'registered'; readonly account: Account }
  | { readonly type: 'invalid'; readonly details: readonly { readonly path: string; readonly message: string }[] }
  | { readonly type: 'taken' }
  | { readonly type: 'busy'; readonly retryAfterS: number };

export type LoginOutcome =
  | { readonly type: 'logged_in'; readonly token: string; readonly expiresAtMs: number | null; readonly account: Account }
  | { readonly type: 'invalid'; readonly details: readonly { readonly path: string; readonly message: string }[] }
  | { readonly type: 'wrong' }
  | { readonly type: 'too_many' | 'busy'; readonly retryAfterS: number };
