/**
 * An operator in a real browser: looks at the world, holds it still, restarts a zone, makes one fail, and sees the
 * server come back from a kill.
 */
import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { BadLine } from '../../support/bad-line.js';
import { CHROMIUM, CHROMIUM_SKIPPED, launchChromium } from '../../support/chromium.js';
import { PASSWORD, PlayerSocket, register } from '../../support/player.js';
import { TestServer } from '../../support/server.js';
import { until } from '../../support/until.js';

if (CHROMIUM) {
  const executable = CHROMIUM;
  describe('an operator in Chromium', () => atTheConsole(executable));
} else describe.skip(CHROMIUM_SKIPPED, () => it('looks at the world'));

function atTheConsole(executable: string): void {
  let browser: Browser;
  let server: TestServer;
  let line: BadLine;
  let page: Page;
  const complaints: string[] = [];
  before(async () => {
    server = await TestServer.start({ env: { TICK_INTERVAL_MS: '100', DEBUG_FAULTS: '1' } });
    line = await BadLine.to(server.url);
    await PlayerSocket.join(server.socketUrl, (await register(server.url, 'ann')).token);
    browser = await launchChromium(executable);
    page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
    page.setDefaultTimeout(10_000);
    page.on('pageerror', ({ message }) => complaints.push(message));
    await page.goto(`${line.url}/console`);
    await page.getByLabel('Name', { exact: true }).first().fill('operator');
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Make an account' }).click();
    await until(async () => Number(await textOf('live')) > 0);
  });
  after(async () => {
    await browser.close();
    await line.close();
    await server.dispose();
  });

  const textOf = (id: string) => page.locator(`#${id}`).textContent();
  const button = (name: string) => page.getByRole('button', { name, exact: true });

  it('sees where the players are, and that every promise holds', async () => {
    await page.locator('#map').press('0');
    const box = await page.locator('#map').boundingBox();
    // The meadow is the second zone of four, in two rows.
    await page.locator('#map').click({ position: { x: (box?.width ?? 0) * 0.56, y: (box?.height ?? 0) * 0.25 } });

    await until(async () => (await textOf('chosen-title')) === 'meadow');
    expect(await textOf('chosen-facts')).to.match(/^live · 48×32 · tick \d+ · 1 here/);
    expect(await page.locator('.light.broken').count()).to.equal(0);
  });

  it('holds the world still, and lets it take one step', async () => {
    await button('Pause').click();
    await button('Resume').waitFor();
    const held = Number.parseInt((await textOf('tick')) ?? '', 10);
    await button('Step').click();
    await until(async () => (await textOf('tick')) === `${held + 1}, paused`);
    await button('Resume').click();

    await until(async () => !(await textOf('tick'))?.includes('paused'));
  });

  it('restarts a zone, makes it fail, and reads why in the tree', async () => {
    await button('Restart').click();
    await until(async () => (await textOf('chosen-facts'))?.includes(' 1 restarts') === true);
    await button('Throw here').click();
    await until(async () => (await textOf('chosen-facts'))?.includes(' 2 restarts') === true);

    await page.getByRole('tab', { name: 'Actors' }).click();

    await page.locator('#tree').getByText('this tick was made to fail').waitFor();
  });

  it('looks at what the zone was like before', async () => {
    await page.getByRole('tab', { name: 'History' }).click();
    await page.locator('#history-facts', { hasText: /meadow: ticks \d+ to \d+ are kept/ }).waitFor();
    await until(async () => Number(await textOf('history-at')) > 0);
    const last = Number(await textOf('history-at'));
    await page.locator('#history-tick').press('Home');

    await until(async () => Number(await textOf('history-at')) < last);
    const download = page.waitForEvent('download');
    await button('Export as test').click();
    expect((await download).suggestedFilename()).to.match(/^meadow-\d+-\d+\.(test\.ts|json)$/);
  });

  it('sees the server go, and come back with everything', async () => {
    await page.getByRole('tab', { name: 'World' }).click();
    await button('kill -9 this server').click();
    await page.locator('#link', { hasText: 'away' }).waitFor();
    await server.ended;
    await server.start();
    line.leadTo(server.url);

    await page.locator('#link', { hasText: 'away' }).waitFor({ state: 'hidden' });
    expect(await page.locator('.light.broken').count()).to.equal(0);
    expect(complaints).to.deep.equal([]);
  });
}
