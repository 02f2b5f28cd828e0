/**
 * A console over a thousand zones that all tick, in a real browser: it draws them, finds the one that is pointed at, and stays as quick as
 * a page has to be.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { makeWorld } from '../../src/tools/scale/made-world.js';
import { BUILT } from '../support/built.js';
import { CHROMIUM, CHROMIUM_SKIPPED, launchChromium } from '../support/chromium.js';
import { PASSWORD, register } from '../support/player.js';
import { TestServer } from '../support/server.js';
import { until } from '../support/until.js';

const ZONES = 1_000;
const LOOK_MS = 5_000;
/** Ten frames a second on a machine that has other things to do, too, and no graphics card. */
const WORST_USUAL_FRAME_MS = 100;

if (CHROMIUM) {
  const executable = CHROMIUM;
  describe('a console over a thousand zones', function () {
    this.timeout(120_000);
    let folder: string;
    let server: TestServer;
    let browser: Browser;
    let page: Page;
    before(async () => {
      folder = mkdtempSync(join(tmpdir(), 'gridstead-thousand-'));
      const file = join(folder, 'world.db');
      const kinds = [{ name: 'zone', count: ZONES, entities: 10, hum: { moves: 1, wishEvery: 4 } }];
      await makeWorld(file, kinds, { ticksBehind: 0, historyMb: 0 });
      const GAME = join(BUILT, 'src/tools/scale/hum.js');
      server = await TestServer.start({ env: { GAME, TICK_INTERVAL_MS: '1000', DATABASE_URL: `sqlite:${file}` } });
      await register(server.url, 'operator');
      browser = await launchChromium(executable);
      page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
      await page.goto(`${server.url}/console`);
      await page.locator('#username').fill('operator');
      await page.locator('#password').fill(PASSWORD);
      await page.getByRole('button', { name: 'Log in' }).click();
      await until(async () => Number(await page.locator('#live').textContent()) === ZONES, 60_000);
    });
    after(async () => {
      await browser?.close();
      await server?.dispose();
      rmSync(folder, { recursive: true, force: true });
    });

    it('draws all of them, quickly enough to be used', async () => {
      const usual = median(await framesOf(page));

      console.log(`      a frame takes ${usual.toFixed(1)} ms`);
      await picture('console-thousand');
      expect(usual).to.be.below(WORST_USUAL_FRAME_MS);
    });

    it('finds the one that is pointed at, and looks into those that are close', async () => {
      await page.locator('#map').focus();
      for (let times = 0; times < 9; times++) await page.keyboard.press('+');
      await page.keyboard.press('Enter');

      await page.locator('#chosen-title', { hasText: /^zone \d+$/ }).waitFor();
      await page.locator('#chosen-facts', { hasText: '10 things' }).waitFor();
      await page.locator('#timeline').press('ArrowLeft');
      await page.locator('#tick-detail', { hasText: /zone \d+, tick \d+: intents/ }).waitFor();
      expect(median(await framesOf(page))).to.be.below(WORST_USUAL_FRAME_MS);
    });

    async function picture(name: string): Promise<void> {
      const pictures = process.env.GRIDSTEAD_PICTURES;
      if (pictures) await page.screenshot({ path: join(pictures, `${name}.png`) });
    }
  });
} else describe.skip(CHROMIUM_SKIPPED, () => it('draws a thousand zones'));

/** Milliseconds from one frame to the next. */
async function framesOf(page: Page): Promise<number[]> {
  return page.evaluate(
    `new Promise((done) => {
      const frames = [];
      const start = performance.now();
      let last = start;
      const next = (now) => {
        frames.push(now - last);
        last = now;
        if (now - start > ${LOOK_MS}) done(frames);
        else requestAnimationFrame(next);
      };
      requestAnimationFrame(next);
    })`,
  );
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.POSITIVE_INFINITY;
}
