/**
 * Steps that are shown before the server has said anything, and motion between its ticks, in a real browser over a slow line.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import type * as library from '../../client/index.js';
import { BadLine } from '../support/bad-line.js';
import { flowGame } from '../support/built.js';
import { CHROMIUM, CHROMIUM_SKIPPED, launchChromium } from '../support/chromium.js';
import { ForeignPages } from '../support/foreign-pages.js';
import { register } from '../support/player.js';
import { TestServer } from '../support/server.js';
import { type Sighting, type Walker, walk } from './walker.js';

const INTERVAL_MS = 400;
/** Each way. */
const DELAY_MS = 150;
const TIMING = { firstPauseMs: 20, longestPauseMs: 200, pingEveryMs: 100, lobbyPatienceMs: 2_000 };

if (CHROMIUM) {
  const executable = CHROMIUM;
  describe('a page that predicts, over a slow line', () => overASlowLine(executable));
} else describe.skip(CHROMIUM_SKIPPED, () => it('predicts, and draws what is between ticks'));

function overASlowLine(executable: string): void {
  let server: TestServer;
  let browser: Browser;
  let pages: ForeignPages;
  let line: BadLine;
  let page: Page;
  before(async () => {
    server = await TestServer.start({ env: { GAME: flowGame('lane.ts'), TICK_INTERVAL_MS: String(INTERVAL_MS) } });
    browser = await launchChromium(executable);
    pages = await ForeignPages.start();
  });
  after(async () => {
    await browser.close();
    pages.close();
    await server.dispose();
  });
  beforeEach(async () => {
    line = await BadLine.to(server.url);
    const { token } = await register(server.url, `walker-${randomUUID().slice(0, 8)}`);
    page = await departure(browser, pages, line.url, token);
    line.delayMs = DELAY_MS;
    // Motion goes by how long states have lately taken: so many have to come first.
    await pause(6 * INTERVAL_MS);
    await until(null, ({ waiting }) => waiting === 0);
  });
  afterEach(async () => {
    await line.close();
    await page?.close();
  });

  // The page has it, as put there below.
  const step = (dx: number) => page.evaluate((cells) => (globalThis as unknown as BrowserGlobals).walker.step(cells), dx);
  const sightings = () => page.evaluate(() => (globalThis as unknown as BrowserGlobals).walker.sightings());

  /** All frames after `first` up to one that is as wanted, that one included. */
  async function until(first: Sighting | null, isSo: (sighting: Sighting) => boolean): Promise<readonly Sighting[]> {
    const seen: Sighting[] = [];
    for (const deadlineMs = performance.now() + 12_000; performance.now() < deadlineMs; await pause(20)) {
      seen.push(...(await sightings()).filter(({ atMs }) => atMs > (first?.atMs ?? 0)));
      const index = seen.findIndex(isSo);
      if (index >= 0) return seen.slice(0, index + 1);
    }
    throw new Error(`waited in vain: ${JSON.stringify(seen.slice(-3))}`);
  }

  it('shows a step at once, long before the server has heard of it, and then what the server says', async () => {
    const atOnce = await step(1);

    const seen = await until(atOnce, ({ waiting }) => waiting === 0);
    const [waiting, settled] = [seen.slice(0, -1), seen.at(-1)];

    expect(atOnce).to.deep.include({ known: 0, foreseen: 1, waiting: 1 });
    const shown = new Set(waiting.map(({ known, foreseen }) => `${known} ${foreseen}`));
    expect([...shown]).to.deep.equal(['0 1']);
    expect((settled?.atMs ?? 0) - (atOnce?.atMs ?? 0)).to.be.at.least(2 * DELAY_MS);
    expect(settled).to.deep.include({ known: 1, foreseen: 1 });
  });

  it('takes back a step that the server sees otherwise, with the very state that has its ack', async () => {
    const atOnce = await step(-1);

    const seen = await until(atOnce, ({ waiting }) => waiting === 0);

    expect(atOnce).to.deep.include({ known: 0, foreseen: -1, waiting: 1 });
    expect(new Set(seen.slice(0, -1).map(({ foreseen }) => foreseen))).to.deep.equal(new Set([-1]));
    expect(seen.at(-1)).to.deep.include({ known: 0, foreseen: 0 });
  });

  it('lays steps on one another while some of them are acked, over a line that is cut, and goes back for none', async () => {
    const steps = [];
    for (let taken = 0; taken < 4; taken += 1) {
      steps.push((await step(1))?.foreseen);
      await pause(INTERVAL_MS);
      if (taken === 2) line.cut();
    }

    const seen = await until(null, ({ known, waiting }) => waiting === 0 && known === 4);

    expect(steps).to.deep.equal([1, 2, 3, 4]);
    const foreseen = seen.map((sighting) => sighting.foreseen);
    expect(foreseen).to.deep.equal([...foreseen].sort((a, b) => a - b));
    expect(seen.some(({ known, waiting }) => known > 0 && known < 4 && waiting > 0)).to.equal(true);
    expect(seen.at(-1)?.foreseen).to.equal(4);
  });

  it('draws a walk in steps far smaller than those of the ticks', async () => {
    const atOnce = await step(1);

    const drawn = (await until(atOnce, (sighting) => sighting.drawn === 1)).map((sighting) => sighting.drawn);
    const moves = drawn.slice(1).map((x, index) => x - (drawn[index] ?? 0));

    expect(drawn[0]).to.equal(0);
    expect(Math.min(...moves)).to.equal(0);
    expect(Math.max(...moves)).to.be.within(0.001, 0.7);
    expect(new Set(drawn).size, 'places on the way').to.be.at.least(5);
  });
}

interface BrowserGlobals {
  readonly gridstead: typeof library;
  readonly walk: typeof walk;
  requestAnimationFrame(draw: () => void): void;
  walker: Walker;
}

async function departure(browser: Browser, pages: ForeignPages, url: string, token: string): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(pages.with(url));
  // The loader of the tests wraps functions, to keep their names, in one that no browser has.
  await page.evaluate(`globalThis.__name = (named) => named; globalThis.walk = ${walk}`);
  await page.evaluate(
    (options) => {
      const here = globalThis as unknown as BrowserGlobals; // as put there just now
      here.walker = here.walk(here.gridstead, options, (draw) => here.requestAnimationFrame(draw));
    },
    { url, token, timing: TIMING },
  );
  return page;
}
