/**
 * Somebody in front of a browser window: sees what the page says, and does what hands can do.
 */
import type { Browser, Page } from 'playwright-core';
import { PASSWORD } from '../support/player.js';
import { until } from '../support/until.js';

const PATIENCE_MS = 30_000;

export class Person {
  /** How often a page was loaded after the first. */
  reloads = -1;
  #sockets = 0;

  private constructor(
    readonly page: Page,
    private readonly url: string,
    private readonly name: string,
  ) {
    page.setDefaultTimeout(PATIENCE_MS);
    page.on('load', () => {
      this.reloads += 1;
    });
    page.on('websocket', () => {
      this.#sockets += 1;
    });
  }

  static async at(browser: Browser, url: string, name: string): Promise<Person> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
    return new Person(await context.newPage(), url, name);
  }

  /** Opens the game, or loads it again, and makes an account. */
  async walksIn(): Promise<void> {
    await this.page.goto(`${this.url}/play`);
    await this.#makesAnAccount();
    await until(async () => (await this.place()) !== '', PATIENCE_MS);
  }

  async walks(key: string): Promise<void> {
    const stood = await this.place();
    await this.page.keyboard.down(key);
    await until(async () => (await this.place()) !== stood, PATIENCE_MS);
    await this.page.keyboard.up(key);
  }

  async walksTo(place: string, key: string): Promise<void> {
    await this.page.keyboard.down(key);
    await until(async () => (await this.place()) === place, PATIENCE_MS);
    await this.page.keyboard.up(key);
  }

  /** Where the page says that they are; '': nowhere yet. */
  async place(): Promise<string> {
    const you = this.page.locator('#people .you .whereabouts');
    return (await you.count()) > 0 ? ((await you.textContent()) ?? '') : '';
  }

  async sees(other: string): Promise<void> {
    await this.page.locator('#people .other', { hasText: other }).waitFor();
  }

  async seesNot(other: string): Promise<void> {
    await this.page.locator('#people .other', { hasText: other }).waitFor({ state: 'detached' });
  }

  /** What changes when a page is loaded again, or connects again. */
  connection(): readonly number[] {
    return [this.reloads, this.#sockets];
  }

  /** The page says that the server is away. */
  async isAlone(): Promise<void> {
    await this.page.locator('#link', { hasText: /away|lost/ }).waitFor();
  }

  /** The page has heard of a tick after that one: numbers jump over a kill. */
  async isBeyond(tick: number): Promise<void> {
    await until(async () => (await this.tick()) > tick, PATIENCE_MS);
  }

  /** What the page says. */
  async tick(): Promise<number> {
    return Number.parseInt((await this.page.locator('#tick').textContent()) ?? '', 10);
  }

  /** Opens the console, and chooses the only zone. */
  async looks(zone: string): Promise<void> {
    await this.page.goto(`${this.url}/console`);
    await this.#makesAnAccount();
    await until(async () => Number(await this.page.locator('#live').textContent()) > 0, PATIENCE_MS);
    await this.page.locator('#map').click();
    await this.page.locator('#chosen-title', { hasText: zone }).waitFor();
    // So that there is something to be seen of its ticks.
    await this.isBeyond((await this.tick()) + 8);
  }

  async presses(tab: string, button: string): Promise<void> {
    await this.page.getByRole('tab', { name: tab }).click();
    await this.page.getByRole('button', { name: button, exact: true }).click();
  }

  async brokenPromises(): Promise<number> {
    return this.page.locator('.light.broken').count();
  }

  async #makesAnAccount(): Promise<void> {
    await this.page.locator('#username').pressSequentially(this.name, { delay: 40 });
    await this.page.locator('#password').pressSequentially(PASSWORD, { delay: 10 });
    await this.page.getByRole('button', { name: 'Make an account' }).click();
  }
}
