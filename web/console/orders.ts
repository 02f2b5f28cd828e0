/** What an operator tells the server to do: calls of the debug API, and what is said when one is refused. */
import { currentSession } from '../shared/session.js';

/** Answers null, or why it was refused. */
export async function order(method: 'POST' | 'DELETE', path: string, body?: object): Promise<string | null> {
  try {
    const answer = await fetch(`/api/${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${currentSession()?.token ?? ''}`,
        ...(body && { 'Content-Type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (answer.ok) return null;
    if (answer.status === 404 && path.endsWith('spoil')) return 'This server makes no faults on purpose: DEBUG_FAULTS=1 lets it.';
    const refusal: { readonly error?: { readonly message?: string } } = await answer.json();
    return refusal.error?.message ?? `The server answered ${answer.status}.`;
  } catch {
    return 'The server does not answer.';
  }
}
