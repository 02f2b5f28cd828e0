/**
 * The pages for people, and the client library as one file: what `npm run build` has put under `web/`. Nothing is loaded
 * from elsewhere, and the policy of the pages forbids scripts and styles that are not files of this server.
 */
import path from 'node:path';
import express, { type RequestHandler, Router } from 'express';

/** By path, the folder of the page. One that was not built is not there. */
const PAGES: ReadonlyMap<string, string> = new Map([
  ['/', 'home'],
  ['/play', 'play'],
  ['/console', 'console'],
  ['/guide', 'guide'],
]);

/** Scripts talk to this server only, and cannot make HTML of text: `require-trusted-types-for`. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

/** `folder`: where the built pages are. */
export function pagesRouter(folder: string): Router {
  const router = Router();
  for (const [url, page] of PAGES) router.get(url, sendPage(path.join(folder, page)));
  // The library is for pages of any origin; what it may do there is for ALLOWED_ORIGINS to say.
  router.use('/client', anyOrigin, express.static(path.join(folder, 'client'), FILES));
  router.use('/web', express.static(folder, FILES));
  return router;
}

/** Asked about each time: a page must not meet the script of another version. */
const FILES = { index: false, redirect: false, cacheControl: false, setHeaders: revalidated } as const;

function revalidated(response: { setHeader(name: string, value: string): unknown }): void {
  response.setHeader('Cache-Control', 'no-cache');
}

function sendPage(root: string): RequestHandler {
  return (_request, response, next) => {
    response.set({ 'Content-Security-Policy': POLICY, 'Cache-Control': 'no-cache' });
    response.sendFile('index.html', { root, cacheControl: false }, (error?: Error & { code?: string }) => {
      // A client that went away is no error; a page that was not built is not there.
      if (!error || error.code === 'ECONNABORTED' || error.code === 'EPIPE') return;
      if (error.code === 'ENOENT') next();
      else next(error);
    });
  };
}

const anyOrigin: RequestHandler = (_request, response, next) => {
  response.set('Cross-Origin-Resource-Policy', 'cross-origin');
  next();
};
