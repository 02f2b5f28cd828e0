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
const PAGES = { '/': '#version', '/play': '#username', '/console': '#username', '/guide': 'main h1' };
/** The rules that swagger-ui breaks by how it is built, which no page around it and no colours can mend. */
const SWAGGERS_OWN = {
  'heading-order': 'groups of operations are h3, and nothing above them is h2',
  label: 'the field for a request’s body has neither a label nor a name',
  'nested-interactive': 'the button that opens an operation holds a link to it',
  region: 'its main begins below title and description, and may lie in no landmark of ours',
};

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
          expect(await axeAgainst(page), url).to.deep.equal([]);
        }
        await page.close();
      });

      it(`can be read on the page to try the API as far as it is ours, in ${colorScheme}`, async () => {
        const page = await browser.newPage({ colorScheme, reducedMotion: 'reduce', viewport: { width: 1280, height: 720 } });
        await page.goto(`${server.url}/docs`);
        const operation = page.locator('#operations-accounts-post_api_auth_register');
        await operation.locator('.opblock-summary-control').click();
        await operation.locator('.try-out__btn').click();
        await operation.locator('textarea').waitFor();

        const against = await axeAgainst(page);

        expect(against.map((line) => line.split(' ')[0]).sort(), against.join('\n')).to.deep.equal(Object.keys(SWAGGERS_OWN));
        await page.close();
      });
    }
  });
} else describe.skip(CHROMIUM_SKIPPED, () => it('can be read by everybody'));
