/** The pages on narrow screens: whoever reads one scrolls down, and never sideways. */
import { expect } from 'chai';
import type { Browser } from 'playwright-core';
import { CHROMIUM, CHROMIUM_SKIPPED, launchChromium } from '../../support/chromium.js';
import { TestServer } from '../../support/server.js';

/** What each shows when it has been made, so that its width is the last. */
const PAGES = {
  '/': '#theme[aria-label]',
  '/guide': '#article h1',
  '/play': '#username',
  '/console': '#username',
  '/docs': '.info',
};

if (CHROMIUM) {
  const executable = CHROMIUM;
  describe('a page on a narrow screen', () => inBrowser(executable));
} else describe.skip(CHROMIUM_SKIPPED, () => it('fits a narrow screen'));

function inBrowser(executable: string): void {
  let browser: Browser;
  let server: TestServer;
  before(async () => {
    browser = await launchChromium(executable);
    server = await TestServer.start();
  });
  after(async () => {
    await server.dispose();
    await browser.close();
  });

  for (const width of [320, 390]) {
    for (const [path, shown] of Object.entries(PAGES)) {
      it(`fits ${width} px: ${path}`, async () => {
        const page = await browser.newPage({ viewport: { width, height: 700 } });

        await page.goto(`${server.url}${path}`);
        await page.locator(shown).first().waitFor();

        expect(await page.evaluate('document.documentElement.scrollWidth')).to.equal(width);
        await page.close();
      });
    }
  }
}
