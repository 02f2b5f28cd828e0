/**
 * The client library over a bad line to the real server: the same journeys in Node.js and in a real browser.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { WebSocket } from 'ws';
import * as library from '../../client/index.js';
import { BadLine } from '../support/bad-line.js';
import { CHROMIUM, CHROMIUM_SKIPPED, launchChromium } from '../support/chromium.js';
import { ForeignPages } from '../support/foreign-pages.js';
import { register } from '../support/player.js';
import { TestServer } from '../support/server.js';
import { type Recorder, type Report, record } from './recorder.js';

/** A recorder, wherever it runs. */
interface Traveller {
  intent(data: object): Promise<number | null>;
  report(): Promise<Report>;
  /** Frames of bytes that have come so far. */
  binaryFrames(): number;
  leave(): Promise<void>;
}

type Depart = (url: string, token: string) => Promise<Traveller>;

/** Impatient, so that tests need not be patient. */
const TIMING = { firstPauseMs: 20, longestPauseMs: 200, pingEveryMs: 50, silenceLimitMs: 1_000, lobbyPatienceMs: 300 };
const RIGHT = { type: 'move', dx: 1, dy: 0 };
const DELAY_MS = 60;

describe('the client library over a bad line', () => {
  let server: TestServer;
  before(async () => {
    server = await TestServer.start();
  });
  after(() => server.dispose());

  describe('in Node.js', () => journeys(() => server, departInNode));

  if (CHROMIUM) {
    const executable = CHROMIUM;
    describe('in Chromium', () => inChromium(executable, () => server));
  } else {
    describe.skip(`in Chromium: ${CHROMIUM_SKIPPED}`, () => it('makes the same journeys'));
  }
});

function inChromium(executable: string, server: () => TestServer): void {
  let browser: Browser;
  let pages: ForeignPages;
  before(async () => {
    browser = await launchChromium(executable);
    pages = await ForeignPages.start();
  });
  after(async () => {
    await browser.close();
    pages.close();
  });

  journeys(server, async (url, token) => {
    const page = await browser.newPage();
    await page.goto(pages.with(url));
    return departFrom(page, url, token);
  });
}

function journeys(server: () => TestServer, depart: Depart): void {
  let line: BadLine;
  let traveller: Traveller;
  beforeEach(async () => {
    line = await BadLine.to(server().url);
    const { token } = await register(server().url, `traveller-${randomUUID().slice(0, 8)}`);
    traveller = await depart(line.url, token);
    await seen(traveller, ({ hasSelf, deltas }) => hasSelf && deltas > 0);
  });
  afterEach(async () => {
    await line.close();
    await traveller?.leave();
  });

  it('gets whole states from binary differences, in order, and its intents applied', async () => {
    for (let sent = 0; sent < 3; sent++) await traveller.intent(RIGHT);

    const { fates, ticks, wholes, deltas } = await seen(traveller, (report) => report.fates.length === 3 && report.deltas > 3);

    expect(fates).to.deep.equal([
      [1, 'applied'],
      [2, 'applied'],
      [3, 'applied'],
    ]);
    expect(ticks).to.deep.equal([...new Set(ticks)].sort((a, b) => a - b));
    expect(ticks).to.have.length(wholes + deltas);
    expect(traveller.binaryFrames()).to.be.at.least(wholes + deltas);
  });

  it('measures a slow line, and knows the server’s time over it', async () => {
    line.delayMs = DELAY_MS;

    const { rttMs, clockOffMs, links } = await seen(traveller, (report) => (report.rttMs ?? 0) >= 2 * DELAY_MS);

    expect(rttMs).to.be.at.least(2 * DELAY_MS);
    expect(clockOffMs).to.be.within(-500, 500);
    expect(links.filter((link) => link === 'lost')).to.deep.equal([]);
  });

  it('comes back when the line is cut, and every intent ends exactly once, applied', async () => {
    for (let sent = 0; sent < 12; sent++) {
      await traveller.intent(RIGHT);
      if (sent % 5 === 3) line.cut();
    }

    const { links, fates } = await seen(traveller, (report) => report.fates.length >= 12);

    expect(links.filter((link) => link === 'joined')).to.have.length.at.least(2);
    expect(fates).to.deep.equal(Array.from({ length: 12 }, (_, index) => [index + 1, 'applied']));
  });

  it('notices a half-open line by its silence, and goes on over another', async () => {
    const { length: before } = (await traveller.report()).links;
    line.halfOpen();
    await traveller.intent(RIGHT);

    const { links, fates } = await seen(traveller, (report) => report.fates.length === 1);

    // On a busy machine, more than one attempt may have come to nothing.
    expect([links[before], links.at(-1)]).to.deep.equal(['lost', 'joined']);
    expect(fates).to.deep.equal([[1, 'applied']]);
  });

  it('survives the server’s kill, and plays on where it was', async () => {
    await traveller.intent(RIGHT);
    const before = await seen(traveller, (report) => report.fates.length === 1);
    await server().signal('SIGKILL');
    await traveller.intent(RIGHT);
    await server().start();
    line.leadTo(server().url);

    const { links, fates, ticks } = await seen(traveller, (report) => report.fates.length === 2);

    expect(links.at(-1)).to.equal('joined');
    expect(fates[1]).to.deep.equal([2, 'applied']);
    expect(ticks.at(-1)).to.be.greaterThan(before.ticks.at(-1) ?? 0);
  });
}

async function departInNode(url: string, token: string): Promise<Traveller> {
  let frames = 0;
  class Counting extends WebSocket {
    constructor(address: string, protocols: string[]) {
      super(address, protocols);
      this.on('message', (_data, isBinary) => {
        frames += isBinary ? 1 : 0;
      });
    }
  }
  const recorder = record(library, { url, token, WebSocket: Counting, timing: TIMING });
  return {
    binaryFrames: () => frames,
    intent: async (data) => recorder.intent(data),
    report: async () => recorder.report(),
    leave: () => recorder.close(),
  };
}

async function departFrom(page: Page, url: string, token: string): Promise<Traveller> {
  let frames = 0;
  page.on('websocket', (socket) => {
    socket.on('framereceived', ({ payload }) => {
      frames += typeof payload === 'string' ? 0 : 1;
    });
  });
  // The loader of the tests wraps functions, to keep their names, in one that no browser has.
  await page.evaluate(`globalThis.__name = (named) => named; globalThis.record = ${record}`);
  await page.evaluate(
    (options) => {
      const here = globalThis as unknown as BrowserGlobals; // as put there just now
      here.recorder = here.record(here.gridstead, options);
    },
    { url, token, timing: TIMING },
  );
  return {
    binaryFrames: () => frames,
    intent: (data) => page.evaluate((sent) => (globalThis as unknown as BrowserGlobals).recorder.intent(sent), data),
    report: () => page.evaluate(() => (globalThis as unknown as BrowserGlobals).recorder.report()),
    leave: () => page.close(),
  };
}

interface BrowserGlobals {
  readonly gridstead: typeof library;
  readonly record: typeof record;
  recorder: Recorder;
}

/** Looks until the report is as wanted; gives up after a while, with what there was. */
async function seen(traveller: Traveller, isSo: (report: Report) => boolean): Promise<Report> {
  const deadlineMs = performance.now() + 12_000;
  for (;;) {
    const report = await traveller.report();
    if (isSo(report)) return report;
    if (performance.now() > deadlineMs) throw new Error(`waited in vain: ${JSON.stringify(report).slice(0, 600)}`);
    await pause(20);
  }
}
