/** Pages for people, and the policy that they come with. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Edge, startEdge } from './edge.js';

describe('pages', () => {
  let folder: string;
  let edge: Edge;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'gridstead-pages-'));
    for (const [page, files] of [
      ['home', ['index.html', 'main.js', 'style.css']],
      ['play', ['index.html']],
      ['client', ['gridstead.js', 'gridstead.mjs']],
    ] as const) {
      mkdirSync(join(folder, page));
      for (const file of files) writeFileSync(join(folder, page, file), `${page}/${file}`);
    }
    edge = await startEdge({ pagesDir: folder });
  });
  after(async () => {
    await edge.close();
    rmSync(folder, { recursive: true });
  });

  it('come at their own addresses, with a policy that lets in nothing from elsewhere and nothing inline', async () => {
    for (const [path, text] of [
      ['/', 'home/index.html'],
      ['/play', 'play/index.html'],
    ] as const) {
      const page = await edge.call('GET', path);

      expect([page.status, page.text]).to.deep.equal([200, text]);
      const policy = page.headers.get('content-security-policy');
      expect(policy).to.include("default-src 'none'").and.include("script-src 'self';").and.include("style-src 'self';");
      expect(policy).to.include("require-trusted-types-for 'script'").and.not.include('unsafe');
      expect(page.headers.get('cache-control')).to.equal('no-cache');
    }
  });

  it('come with their scripts and styles, each asked about again', async () => {
    for (const [path, type] of [
      ['/web/home/main.js', 'text/javascript'],
      ['/web/home/style.css', 'text/css'],
      ['/client/gridstead.js', 'text/javascript'],
      ['/client/gridstead.mjs', 'text/javascript'],
    ] as const) {
      const file = await edge.call('GET', path);

      expect(file.status, path).to.equal(200);
      expect(file.headers.get('content-type'), path).to.include(type);
      expect(file.headers.get('x-content-type-options'), path).to.equal('nosniff');
      expect(file.headers.get('cache-control'), path).to.equal('no-cache');
      expect(file.headers.get('etag'), path).to.match(/^W?\/?"/);
    }
  });

  it('lets pages of other origins load the client library, and nothing else', async () => {
    const [library, page] = [await edge.call('GET', '/client/gridstead.js'), await edge.call('GET', '/web/home/main.js')];

    expect(library.headers.get('cross-origin-resource-policy')).to.equal('cross-origin');
    expect(page.headers.get('cross-origin-resource-policy')).to.equal('same-origin');
  });

  it('serves nothing beside the built files, and answers as everywhere where there is none', async () => {
    for (const path of [
      '/console',
      '/web',
      '/web/',
      '/web/home',
      '/web/home/',
      '/web/..%2f..%2fetc/passwd',
      '/client/../play/index.html',
    ]) {
      const { status, json } = await edge.call('GET', path);

      expect([status, json], path).to.deep.equal([404, { error: { code: 'not_found', message: 'there is nothing here' } }]);
    }
  });
});
