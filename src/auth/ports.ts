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
  /** null: may log in. */
  readonly ban: Ban | null;
}

/** An operator does not want this player here: since when, and why, in the operator's words ('': none were given). */
export interface Ban {
  readonly atMs: number;
  readonly reason: string;
}

/** What is left out stays. */
export type Credentials = Partial<Pick<Account, 'username' | 'usernameKey' | 'passwordHash'>>;

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
  /**
   * Begins a session, which is the account's last login, where the account still is what was checked: with this hash, and not
   * banned. `anew` replaces the hash. false: it is not, and nothing was written.
   */
  logIn(session: Session, checked: { readonly passwordHash: string; readonly anew: string | null }): Promise<boolean>;
  session(tokenHash: string): Promise<{ readonly session: Session; readonly account: Account } | null>;
  /** Is this session there and not expired? */
  sessionLives(id: SessionId, nowMs: number): Promise<boolean>;
  /** The session and the resume tokens that hang on it, in one transaction. */
  endSession(id: SessionId): Promise<void>;
  /**
   * Another name, password or both, where the account still has the hash that was checked; ends all sessions but `spared`, as
   * `endSession` does, in the same transaction, and answers them. null: it has another, and nothing was written.
   */
  replace(id: PlayerId, checkedHash: string, by: Credentials, spared: SessionId | null): Promise<readonly SessionId[] | null>;
  /** Bans, or bans for another reason, and ends all sessions. Answers those; null: there is no such account. */
  ban(id: PlayerId, ban: Ban): Promise<readonly SessionId[] | null>;
  /** Does nothing for who is not banned. */
  liftBan(id: PlayerId): Promise<void>;
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
  /** However the name is spelled. */
  accountNamed(username: string): Promise<Account | null>;
  /** Ends the player's other sessions. */
  changePassword(request: OwnAccountRequest & { readonly newPassword: string }): Promise<OwnAccountOutcome>;
  /** Takes name and password from the account, which frees the name; what the player did in the world stays, and nobody is it. */
  close(request: OwnAccountRequest): Promise<OwnAccountOutcome>;
  /** Ends all sessions, and lets nobody log in until the ban is lifted. Not for who has the debug role. */
  ban(id: PlayerId, reason: string): Promise<BanOutcome>;
  /** false: there is no such account. */
  liftBan(id: PlayerId): Promise<boolean>;
}

/** Somebody who is logged in and says the password once more: a session that was left open is not enough. */
export interface OwnAccountRequest {
  readonly identity: Pick<Identity, 'player' | 'session'>;
  readonly password: string;
  readonly address: string;
}

type Details = readonly { readonly path: string; readonly message: string }[];

/** `busy`: nothing was looked at. */
export type NotRight = { readonly type: 'wrong' } | { readonly type: 'too_many' | 'busy'; readonly retryAfterS: number };

/** Durable when it is answered. The caller then closes what is open of the sessions that ended. */
export type OwnAccountOutcome =
  | { readonly type: 'done'; readonly ended: readonly SessionId[] }
  | { readonly type: 'invalid'; readonly details: Details }
  | NotRight;

/** Durable when it is answered. The caller then closes what is open of the sessions that ended. */
export type BanOutcome =
  | { readonly type: 'banned'; readonly ended: readonly SessionId[] }
  | { readonly type: 'unknown' }
  | { readonly type: 'operator' };

export type RegisterOutcome =
  | { readonly type: 'registered'; readonly account: Account }
  | { readonly type: 'invalid'; readonly details: Details }
  | { readonly type: 'taken' }
  | { readonly type: 'busy'; readonly retryAfterS: number };

/** Of a ban hears only who has the password. */
export type LoginOutcome =
  | { readonly type: 'logged_in'; readonly token: string; readonly expiresAtMs: number | null; readonly account: Account }
  | { readonly type: 'invalid'; readonly details: Details }
  | { readonly type: 'banned'; readonly reason: string }
  | NotRight;
