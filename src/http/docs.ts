/**
 * The page to try the API at /docs: swagger-ui from its package, with a page and a start script of our
 * own. Nothing is loaded from elsewhere, and the page's policy forbids scripts that are not files of this server.
 */
import { createRequire } from 'node:module';
import path from 'node:path';
import { Router } from 'express';

/** swagger-ui sets styles from its script, so only those may be inline; its images are files or data. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** All that the page needs of the package; the rest of its folder is not served. */
const FILES = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'];

export function docsRouter(): Router {
  // Its main module would load the whole bundle into this process to find out its own folder.
  const folder = path.dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  const router = Router();
  router.use('/docs', (_request, response, next) => {
    response.set('Content-Security-Policy', POLICY);
    next();
  });
  router.get('/docs', (_request, response) => void response.type('text/html').send(PAGE));
  router.get('/docs/page.css', (_request, response) => void response.type('text/css').send(STYLE));
  router.get('/docs/start.js', (_request, response) => void response.type('text/javascript').send(START));
  for (const file of FILES) {
    router.get(`/docs/${file}`, (_request, response, next) =>
      response.sendFile(file, { root: folder, maxAge: '1d' }, done(next)),
    );
  }
  return router;
}

/** A client that went away while a file was on its way is no error. */
function done(next: (error: unknown) => void): (error?: Error & { code?: string }) => void {
  return (error) => {
    if (error && error.code !== 'ECONNABORTED' && error.code !== 'EPIPE') next(error);
  };
}

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Gridstead: REST API</title>
    <link rel="stylesheet" href="/docs/swagger-ui.css">
    <link rel="stylesheet" href="/docs/page.css">
    <link rel="icon" type="image/png" href="/docs/favicon-32x32.png">
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;

/** The colours of swagger-ui where they are too pale to be read, darker; and its motion, where nobody wants any. */
const STYLE = `
.swagger-ui .opblock.opblock-get .opblock-summary-method,
.swagger-ui .btn.execute { background: #1f63b0; border-color: #1f63b0; }
.swagger-ui .opblock.opblock-post .opblock-summary-method { background: #14724a; }
.swagger-ui .opblock.opblock-delete .opblock-summary-method { background: #b3202a; }
.swagger-ui .btn.authorize { color: #14724a; border-color: #14724a; }
.swagger-ui .btn.authorize svg { fill: #14724a; }
.swagger-ui .btn.cancel { color: #b3202a; border-color: #b3202a; }
.swagger-ui .info .title small { background: #555c69; }
.swagger-ui .info .title small.version-stamp { background: #4d6d00; }
.swagger-ui .info .link .url { color: #1f63b0; }
@media (prefers-reduced-motion: reduce) {
  .swagger-ui * { animation: none !important; transition: none !important; }
}
`;

// validatorUrl null: swagger-ui would else show the document to a service of its maker.
const START = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#swagger-ui', validatorUrl: null, deepLinking: true });
`;
