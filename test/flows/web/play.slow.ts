/**
 * People in a real browser on the real server: they register, play, see each other walk, and notice of a kill no
 * more than that it took a moment.
 */
import { expect } from 'chai';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { axeAgainst } from '../../support/axe.js';
import { BadLine } from '../../support/bad-line.js';
import { flowGame } from '../../support/built.js';
import { CHROMIUM, CHROMIUM_SKIPPED, launchChromium } from '../../support/chromium.js';
import { type JoinedSocket, PASSWORD, PlayerSocket, register } from '../../support/player.js';
import { TestServer } from '../../support/server.js';
import { until } from '../../support/until.js';

if (CHROMIUM) {
  const executable = CHROMIUM;
  describe('in Chromium', () => inBrowser(executable));
} else describe.skip(CHROMIUM_SKIPPED, () => it('plays in a browser'));

function inBrowser(executable: string): void {
  let browser: Browser;
  before(async () => {
    browser = await launchChromium(executable);
  });
  after(() => browser.close());

  describe('a person in the browser, in a game on cells', () => {
    let server: TestServer;
    let line: BadLine;
    let ann: Player;
    let bob: Player;
    before(async () => {
      server = await TestServer.start({ env: { TICK_INTERVAL_MS: '100' } });
      line = await BadLine.to(server.url);
      ann = await Player.enter(browser, line.url, 'ann');
      bob = await Player.enter(browser, line.url, 'bob', { hasTouch: true, viewport: { width: 390, height: 780 } });
    });
    after(async () => {
      await line.close();
      await server.dispose();
    });

    it('finds the game from the first page, and logs in again after logging out', async () => {
      const { page } = ann;
      await page.goto(line.url);
      await page.getByRole('link', { name: 'Play now' }).click();
      await page.getByRole('button', { name: 'Log out' }).click();
      await page.getByLabel('Name').fill('ann');
      await page.getByLabel('Password').fill('not her password');
      await page.getByRole('button', { name: 'Log in' }).click();
      const refusal = page.getByRole('alert').filter({ hasText: 'Wrong name or password' });
      await refusal.waitFor();

      await page.getByLabel('Password').fill(PASSWORD);
      await page.getByRole('button', { name: 'Log in' }).click();

      await ann.place();
      await page.locator('#zone', { hasText: 'meadow' }).waitFor();
      await page.locator('#latency', { hasText: 'ms' }).waitFor();
    });

    it('sees the other walk, by keyboard and by touch', async () => {
      const before = await ann.wayTo('bob');
      const stood = await bob.place();

      await bob.tap(0.8, 0.3);
      await bob.changes(stood);
      await until(async () => (await ann.wayTo('bob')) !== before);

      const walked = await ann.place();
      await ann.page.locator('#map').focus();
      await ann.page.keyboard.down('ArrowLeft');
      await ann.changes(walked);
      await ann.page.keyboard.up('ArrowLeft');
    });

    it('hears the other, whose words are no markup', async () => {
      await bob.page.getByLabel('say something').fill('<b>hello</b> ann');
      await bob.page.getByLabel('say something').press('Enter');

      await ann.page.getByRole('log').getByText('bob: <b>hello</b> ann').waitFor();
    });

    it('goes on where it was after the server was killed, without a reload', async () => {
      await ann.page.evaluate(`document.documentElement.setAttribute('data-never-reloaded', '')`);
      const stood = await ann.place();
      const tick = Number(await ann.page.locator('#tick').textContent());

      await server.signal('SIGKILL');
      await ann.page.getByText('connection lost').waitFor();
      await server.start();
      line.leadTo(server.url);
      await ann.page.locator('#link').waitFor({ state: 'hidden' });
      await until(async () => Number(await ann.page.locator('#tick').textContent()) > tick);

      expect(await ann.place()).to.equal(stood);
      expect(await ann.page.locator('html[data-never-reloaded]').count()).to.equal(1);
      await ann.page.keyboard.down('d');
      await ann.changes(stood);
      await ann.page.keyboard.up('d');
    });

    it('is told when it plays in another window, and may come back', async () => {
      const second = await ann.context.newPage();
      await second.goto(`${line.url}/play`);
      await second.getByLabel('Name').fill('ann');
      await second.getByLabel('Password').fill(PASSWORD);
      await second.getByRole('button', { name: 'Log in' }).click();

      await ann.page.getByRole('button', { name: 'Play here instead' }).click();

      await ann.page.locator('#curtain').waitFor({ state: 'hidden' });
      await second.getByRole('button', { name: 'Play here instead' }).waitFor();
    });

    for (const colorScheme of ['light', 'dark'] as const) {
      it(`can be read by everybody, in ${colorScheme}`, async () => {
        await ann.page.emulateMedia({ colorScheme });
        expect(await axeAgainst(ann.page)).to.deep.equal([]);
      });
    }

    it('broke nothing on the way: no script failed, and the policy had nothing to refuse', () => {
      expect(ann.complaints).to.deep.equal([]);
      expect(bob.complaints).to.deep.equal([]);
    });
  });

  describe('a person in the browser, in a game that the page does not know', () => {
    let server: TestServer;
    let guest: Player;
    let other: JoinedSocket;
    before(async () => {
      server = await TestServer.start({ env: { GAME: flowGame('parlour.ts') } });
      other = await PlayerSocket.join(server.socketUrl, (await register(server.url, 'guest-bea')).token);
      guest = await Player.enter(browser, server.url, 'guest');
    });
    after(() => server.dispose());

    it('does what the game has declared, by a form for each', async () => {
      const { page } = guest;
      const deed = (name: string) => page.locator('#deeds form').filter({ has: page.getByRole('button', { name, exact: true }) });

      await deed('Note').getByLabel('n', { exact: true }).fill('7');
      await deed('Note').getByRole('button').press('Enter');
      await deed('Wave').getByLabel('n', { exact: true }).fill('3');
      await deed('Wave').getByRole('button').click();

      for (const number of [7, 3])
        await other.next('tick', ({ state }) => JSON.stringify(state.events).includes(`"noted":${number}`));
    });

    it('has no button for what the game has not', async () => {
      expect(await guest.page.getByRole('button', { name: /Pick up/ }).count()).to.equal(0);
      expect(guest.complaints).to.deep.equal([]);
    });
  });

  describe('a person in the browser, in frontier', () => {
    let server: TestServer;
    let eve: Player;
    before(async () => {
      const env = { GAME: 'frontier', TICK_INTERVAL_MS: '50', SNAPSHOT_EVERY_TICKS: '2' };
      server = await TestServer.start({ env });
      eve = await Player.enter(browser, server.url, 'eve');
    });
    after(() => server.dispose());

    it('walks where it heads', async () => {
      const stood = await eve.place();

      await eve.page.keyboard.down('d');
      await eve.changes(stood);
      await eve.page.keyboard.up('d');
    });

    it('puts on what it drags to a hand, and takes it off by keys alone', async () => {
      const slot = eve.page.getByRole('group', { name: 'main hand' });
      await dragTo(eve.page, eve.page.getByRole('button', { name: 'short sword' }), slot);
      const worn = slot.getByRole('button', { name: 'short sword' });
      await worn.waitFor();

      const takeOff = eve.page.getByRole('button', { name: 'Take off' });
      // A slot that was used rests for a moment, and the page says so.
      await until(async () => {
        const next = (await takeOff.isVisible()) ? takeOff : worn;
        // It may be gone by then, which is what is wanted.
        await next.press('Enter', { timeout: 500 }).catch(() => {});
        return (await slot.getByRole('button').count()) === 0;
      });

      await eve.page.getByRole('list', { name: 'belt' }).getByRole('button', { name: 'short sword' }).waitFor();
      expect(await axeAgainst(eve.page)).to.deep.equal([]);
      expect(eve.complaints).to.deep.equal([]);
    });
  });
}

class Player {
  /** What the browser's console complained of, but lost connections. */
  readonly complaints: string[] = [];

  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
  ) {
    page.on('pageerror', ({ message }) => this.complaints.push(message));
    page.on('console', (message) => {
      if (message.type() === 'error' && !/net::|WebSocket|401/.test(message.text())) this.complaints.push(message.text());
    });
  }

  /** Makes an account at the door, and waits until it is in. */
  static async enter(
    browser: Browser,
    url: string,
    name: string,
    options: Parameters<Browser['newContext']>[0] = {},
  ): Promise<Player> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, ...options });
    const player = new Player(context, await context.newPage());
    const { page } = player;
    page.setDefaultTimeout(10_000);
    await page.goto(`${url}/play`);
    await page.getByLabel('Name').fill(name);
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Make an account' }).click();
    await player.place();
    return player;
  }

  /** Where it says that it is. */
  async place(): Promise<string> {
    return (await this.page.locator('#people .you .whereabouts').textContent()) ?? '';
  }

  /** Where somebody else is, from here. */
  async wayTo(name: string): Promise<string> {
    return (await this.page.locator('#people .other', { hasText: name }).locator('.whereabouts').textContent()) ?? '';
  }

  async changes(from: string): Promise<void> {
    await until(async () => (await this.place()) !== from);
  }

  /** Touches the map at that part of its width and height. */
  async tap(across: number, down: number): Promise<void> {
    const box = await this.page.locator('#map').boundingBox();
    if (box) await this.page.touchscreen.tap(box.x + box.width * across, box.y + box.height * down);
  }
}

async function dragTo(page: Page, what: Locator, where: Locator): Promise<void> {
  const [from, to] = [await what.boundingBox(), await where.boundingBox()];
  if (!from || !to) throw new Error('what is to be dragged, or where to, is not on the screen');
  await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
  await page.mouse.down();
  await page.mouse.move(to.x + to.width / 2, to.y + to.height / 2, { steps: 6 });
  await page.mouse.up();
}
