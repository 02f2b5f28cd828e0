/** What an operator tells the server to do, or asks of it: calls of the debug API, and what is said when one is refused. */
import { currentSession } from '../shared/session.js';

/** Answers null, or why it was refused. */
export async function order(method: 'POST' | 'DELETE', path: string, body?: object): Promise<string | null> {
  const answer = await call(method, path, body);
  if (answer === null) return UNREACHABLE;
  if (answer.ok) return null;
  if (answer.status === 404 && /(spoil|kill)$/.test(path))
    return 'This server makes no faults on purpose: DEBUG_FAULTS=1 lets it.';
  return refusalOf(answer);
}

/** What the server answers, or why it does not. */
export async function ask<Answer extends object>(path: string): Promise<Answer | string> {
  const answer = await call('GET', path);
  if (answer === null) return UNREACHABLE;
  return answer.ok ? ((await answer.json()) as Answer) : refusalOf(answer); // each path has one form of answer
}

const UNREACHABLE = 'The server does not answer.';

async function call(method: string, path: string, body?: object): Promise<Response | null> {
  const headers = {
    Authorization: `Bearer ${currentSession()?.token ?? ''}`,
    ...(body && { 'Content-Type': 'application/json' }),
  };
  return fetch(`/api/${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) }).catch(() => null);
}

async function refusalOf(answer: Response): Promise<string> {
  const refusal: { readonly error?: { readonly message?: string } } = await answer.json().catch(() => ({}));
  return refusal.error?.message ?? `The server answered ${answer.status}.`;
}
