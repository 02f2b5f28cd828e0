/**
 * An operator in a real browser: looks at the world, holds it still, restarts a zone, makes one fail, and sees the
 * server come back from a kill.
 */
import { expect } from 'chai';
import type { Browser, Dialog, Page } from 'playwright-core';
import { layOut, type Placed } from '../../../web/console/layout.js';
import { axeAgainst } from '../../support/axe.js';
import { BadLine } from '../../support/bad-line.js';
import { CHROMIUM, CHROMIUM_SKIPPED, launchChromium } from '../../support/chromium.js';
import { call, type JoinedSocket, PASSWORD, PlayerSocket, register } from '../../support/player.js';
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
  let ann: JoinedSocket;
  let token: string;
  const complaints: string[] = [];
  before(async () => {
    server = await TestServer.start({ env: { TICK_INTERVAL_MS: '100', DEBUG_FAULTS: '1' } });
    line = await BadLine.to(server.url);
    token = (await register(server.url, 'ann')).token;
    ann = await PlayerSocket.join(server.socketUrl, token);
    browser = await launchChromium(executable);
    page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
    page.setDefaultTimeout(10_000);
    page.on('pageerror', ({ message }) => complaints.push(message));
    await register(server.url, 'operator');
    await logIn(page, `${line.url}/console`);
    await until(async () => Number(await textOf('live')) > 0);
  });
  after(async () => {
    await browser.close();
    await line.close();
    await server.dispose();
  });

  /** Presses Tab until it is there, as somebody does who has no mouse. */
  const tabTo = (id: string) =>
    until(async () => {
      await page.keyboard.press('Tab');
      return (await page.locator(`#${id}:focus`).count()) === 1;
    });
  const textOf = (id: string) => page.locator(`#${id}`).textContent();
  const button = (name: string) => page.getByRole('button', { name, exact: true });

  it('sees where the players are, and that every promise holds', async () => {
    await page.locator('#map').click({ position: await onMap('meadow', { x: 2, y: 30 }) });

    await until(async () => (await textOf('chosen-title')) === 'meadow');
    expect(await textOf('chosen-facts')).to.match(/^live · 48×32 · tick \d+ · 1 here/);
    expect(await page.locator('.light').count()).to.equal(6);
    // Views are looked at every two seconds.
    await page
      .locator('.light:not(.unseen)', { hasText: /^Views are what the game shows: of the views of players, [1-9]/ })
      .waitFor();
    expect(await page.locator('.light.unseen').count()).to.equal(0);
    expect(await page.locator('.light.broken').count()).to.equal(0);
  });

  it('reads what an entity is, and what its player asked for', async () => {
    ann.send({ type: 'intent', data: { type: 'say', text: 'here I am' }, seq: 1 });
    const { state } = await ann.next('tick', ({ ack }) => ack === 1);

    await page.locator('#map').click({ position: await onMap('meadow', state.you) });

    await page.locator('#chosen-json', { hasText: '"name": "ann"' }).waitFor();
    await page.locator('#chosen-intents', { hasText: '#1 {"type":"say","text":"here I am"}' }).waitFor();
  });

  it('needs no mouse: finds a tick, looks at it alone, holds the world still and lets it take one step', async () => {
    await page.locator('#theme').focus();
    await tabTo('map');
    await page.keyboard.press('0');
    await tabTo('tab-timeline');
    await tabTo('pause');
    await page.keyboard.press('Enter');
    await button('Resume').waitFor();
    const held = Number.parseInt((await textOf('tick')) ?? '', 10);
    await tabTo('timeline');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Enter');
    await page.locator('#tick-detail', { hasText: /meadow, tick \d+: intents .* rules .* ms\)/ }).waitFor();

    await page.locator('#tab-timeline').focus();
    await tabTo('step');
    await page.keyboard.press('Enter');
    await until(async () => (await textOf('tick')) === `${held + 1}, paused`);
    await button('Resume').press('Enter');

    await until(async () => !(await textOf('tick'))?.includes('paused'));
  });

  it('restarts a zone, makes it fail, sees it flash, and reads why in the tree, without losing the place in it', async () => {
    await button('Restart').click();
    await until(async () => (await textOf('chosen-facts'))?.includes(' 1 restarts') === true);
    await page.getByRole('tab', { name: 'Actors' }).click();
    const groups = page.locator('#tree details details > summary');
    await groups.focus();

    await button('Throw here').dispatchEvent('click');

    await page.locator('#tree .flash', { hasText: 'meadow' }).waitFor();
    await page.locator('#tree').getByText('this tick was made to fail').waitFor();
    expect(await page.locator('#tree summary:focus').count()).to.equal(1);
  });

  it('turns a light red when what it is told breaks a promise, and that one only', async () => {
    const second = await browser.newPage();
    let old: string | null = null;
    await second.routeWebSocket(/console\/ws/, (socket) => {
      const upstream = socket.connectToServer();
      upstream.onMessage((message) => {
        socket.send(message);
        // Ticks that were told before, once more.
        if (old) socket.send(old);
        else if (/"type":"tick"/.test(String(message))) old = JSON.stringify({ ...JSON.parse(String(message)), awake: [] });
      });
    });
    await logIn(second, `${line.url}/console`);

    const broken = second.locator('.light.broken');
    await broken.waitFor();

    expect(await broken.textContent()).to.match(/^Ticks go forward: zone meadow ticked \d+ after \d+$/);
    await second.close();
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`can be read by everybody, in ${colorScheme}`, async () => {
      await page.emulateMedia({ colorScheme });
      for (const tab of ['Timeline', 'Connections', 'History', 'World', 'Actors']) {
        await page.getByRole('tab', { name: tab }).click();
        expect(await axeAgainst(page), tab).to.deep.equal([]);
      }
    });
  }

  it('bans a player, who is told why, unless it thinks better of it', async () => {
    const spammer = await register(server.url, 'spammer');
    const socket = await PlayerSocket.join(server.socketUrl, spammer.token);
    await page.getByRole('tab', { name: 'Connections' }).click();
    const answers = [null, 'it spams'];
    const answer = (dialog: Dialog) => {
      const reason = answers.shift() ?? null;
      return reason === null ? dialog.dismiss() : dialog.accept(reason);
    };
    page.on('dialog', answer);

    await button('ban spammer').click();
    expect((await call(server.url, 'GET', '/api/auth/me', { token: spammer.token })).status).to.equal(200);
    await button('ban spammer').click();
    const { code } = await socket.closed;
    page.off('dialog', answer);

    expect(code).to.equal(4401);
    const login = await call(server.url, 'POST', '/api/auth/login', { body: { username: 'spammer', password: PASSWORD } });
    expect([login.status, login.body.error.message]).to.deep.equal([403, 'this account is banned: it spams']);
    await until(async () => (await button('ban spammer').count()) === 0);
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

  /** Where a cell of a zone is drawn while all zones are on the map. */
  async function onMap(zone: string, { x, y }: Placed): Promise<Placed> {
    const { zones } = (await call(server.url, 'GET', '/api/zones', { token })).body as { zones: readonly ZoneOnWire[] };
    const places = layOut({ zones, links: [] });
    const right = Math.max(...zones.map(({ width }, index) => (places[index]?.x ?? 0) + width));
    const bottom = Math.max(...zones.map(({ height }, index) => (places[index]?.y ?? 0) + height));
    const { width, height } = (await page.locator('#map').boundingBox()) ?? { width: 0, height: 0 };
    const scale = 0.94 * Math.min(width / right, height / bottom);
    const corner = places[zones.findIndex(({ name }) => name === zone)] ?? { x: 0, y: 0 };
    const onScreen = (cell: number, whole: number, room: number) => room / 2 + (cell + 0.5 - whole / 2) * scale;
    return { x: onScreen(corner.x + x, right, width), y: onScreen(corner.y + y, bottom, height) };
  }
}

interface ZoneOnWire {
  readonly id: string;
  readonly name: string;
  readonly width: number;
  readonly height: number;
}

async function logIn(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.locator('#username').fill('operator');
  await page.locator('#password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Log in' }).click();
}
