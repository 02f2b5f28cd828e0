/** The few HTTP calls that come before sockets. */

/** Posts JSON, answers JSON. Rejects where the answer is no success, and says what it was. */
export async function postJson<Answer>(url: URL, body: object, token?: string): Promise<Answer> {
  const headers: Record<string, string> = { 'content-type': 'application/json', accept: 'application/json' };
  if (token !== undefined) headers.authorization = `Bearer ${token}`;
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  const text = await response.text();
  if (!response.ok) throw new Error(`POST ${url.pathname}: ${response.status} ${text.slice(0, 200)}`);
  return JSON.parse(text);
}

/** As `Promise.all(items.map(work))`, with no more than `limit` at work at a time. */
export async function atMost<Item, Result>(
  limit: number,
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const entries = items.entries();
  const worker = async () => {
    for (const [index, item] of entries) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: limit }, worker));
  return results;
}
