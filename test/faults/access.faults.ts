/**
 * The pages that one reads, in both colours, held against axe-core: contrast, names, roles, order. The two that one works with are
 * held against it where they are worked with (`test/flows/web`).
 */
import { expect } from 'chai';
import type { Browser } from 'playwright-core';
import { axeAgainst } from '../support/axe.js';
import { CHROMIUM, CHROMIUM_SKIPPED, launchChromium } from '../support/chromium.js';
import { TestServer } from '../support/server.js';

/** By address, what is there once the page has made itself. */
const PAGES = { '/': '#version', '/play': '#username', '/console': '#username', '/guide': 'main h1', '/docs': '.opblock' };
/** What swagger-ui draws is its own. */
const NOT_OURS = ['#swagger-ui'];

if (CHROMIUM) {
  const executable = CHROMIUM;
  describe('the pages that one reads', () => {
    let browser: Browser;
    let server: TestServer;
    before(async () => {
      server = await TestServer.start();
      browser = await launchChromium(executable);
    });
    after(async () => {
      await browser.close();
      await server.dispose();
    });

    for (const colorScheme of ['light', 'dark'] as const) {
      it(`can be read by everybody, in ${colorScheme}`, async () => {
        const page = await browser.newPage({ colorScheme, viewport: { width: 1280, height: 720 } });
        for (const [url, shown] of Object.entries(PAGES)) {
          await page.goto(`${server.url}${url}`);
          await page.locator(shown).first().waitFor();
          expect(await axeAgainst(page, NOT_OURS), url).to.deep.equal([]);
        }
        await page.close();
      });
    }
  });
} else describe.skip(CHROMIUM_SKIPPED, () => it('can be read by everybody'));
