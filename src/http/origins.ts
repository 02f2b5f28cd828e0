/**
 * Which web pages may talk to this server: the decision about an `Origin` header, for REST calls and
 * for WebSocket upgrades alike. What follows from a "no" (a 403, a refused upgrade) is each edge's own.
 */

/**
 * May a request with this `Origin` header act here? `host` is its `Host` header. `allowed` null: the
 * server's own origin and any page of this machine (localhost); a list: exactly those. A request without an
 * `Origin` is no browser's and passes; the opaque origin `null` (sandboxed frames, local files) never does.
 */
export function originAllowed(origin: string | undefined, host: string | undefined, allowed: readonly string[] | null): boolean {
  if (origin === undefined) return true;
  if (allowed) return origin !== 'null' && allowed.some((entry) => entry === origin || serialized(entry) === origin);
  const page = webPage(origin);
  return page !== null && (isLocalhost(page.hostname) || isSameHost(page, host));
}

/** Is this the origin of a page of this machine? */
export function isLocalhostOrigin(origin: string): boolean {
  const page = webPage(origin);
  return page !== null && isLocalhost(page.hostname);
}

/**
 * Browsers send an origin in its one serialized form. Anything else (a path, a user part, two
 * origins in one header) was made to be misread.
 */
function webPage(origin: string): URL | null {
  const url = parse(origin);
  return url && url.origin === origin && WEB_PROTOCOLS.has(url.protocol) ? url : null;
}

const WEB_PROTOCOLS: ReadonlySet<string> = new Set(['http:', 'https:']);

/**
 * The scheme is not compared: behind a proxy that ends TLS this server cannot know its own. The port is,
 * with the default one of the page's scheme left out on both sides.
 */
function isSameHost(page: URL, host: string | undefined): boolean {
  if (!host) return false;
  return parse(`${page.protocol}//${host}`)?.host === page.host;
}

/** `127.0.0.1.example.org` is not this machine: the numbers must be the whole name. */
function isLocalhost(hostname: string): boolean {
  return (
    hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname)
  );
}

function serialized(text: string): string | null {
  return parse(text)?.origin ?? null;
}

function parse(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}
