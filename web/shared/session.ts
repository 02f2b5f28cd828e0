/**
 * Who is logged in, in this tab. The token is in sessionStorage and goes out in a header or a first message, never by
 * itself: no page of another site can make this browser act with it, and it is gone with the tab.
 */
import { RestClient } from '../../client/index.js';

const KEY = 'gridstead.session';

export interface Session {
  readonly token: string;
  readonly username: string;
}

/** The server that this page is from. */
export const rest = new RestClient(location.origin);

export function currentSession(): Session | null {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? 'null');
    return isSession(kept) ? kept : null;
  } catch {
    return null;
  }
}

/** Rejects with what the server says. */
export async function logIn(username: string, password: string): Promise<Session> {
  const { token, player } = await rest.login(username, password);
  const session = { token, username: player.username };
  sessionStorage.setItem(KEY, JSON.stringify(session));
  return session;
}

/** The session ends here in any case; on the server, when it can be reached. */
export async function logOut(): Promise<void> {
  const session = currentSession();
  forgetSession();
  if (session) await rest.logout(session.token).catch(() => {});
}

/** It is over already. */
export function forgetSession(): void {
  sessionStorage.removeItem(KEY);
}

function isSession(value: unknown): value is Session {
  return (
    typeof value === 'object' && value !== null && 'token' in value && typeof value.token === 'string' && 'username' in value
  );
}
