/**
 * The world of a run of chaos as its operator sees it: who plays in it, which zones it has, and a look at all of it while it
 * is held still. What the players do, and what may be found, is the run's own.
 */
import { type Account, call, register } from '../../support/player.js';
import type { TestServer } from '../../support/server.js';

export class WatchedWorld {
  zones: readonly string[] = [];
  #operator = '';

  constructor(readonly server: TestServer) {}

  /** Learns the zones, and opens an account for each name. */
  async open(names: readonly string[]): Promise<readonly Account[]> {
    const { url } = this.server;
    this.#operator = (await register(url, 'operator')).token;
    const { body } = await call(url, 'GET', '/api/zones', { token: this.#operator });
    this.zones = body.zones.map(({ id }: { id: string }) => id);
    const accounts: Account[] = [];
    for (const name of names) accounts.push(await register(url, name));
    return accounts;
  }

  /** Looks at one instant: no tick runs meanwhile. */
  async heldStill<Seen>(look: () => Promise<Seen>): Promise<Seen> {
    await this.debug('POST', 'tick/pause');
    const seen = await look();
    await this.debug('POST', 'tick/resume');
    return seen;
  }

  /** The entities of all zones, one zone after the other. */
  async entities<Entity>(): Promise<readonly Entity[]> {
    const found: Entity[] = [];
    for (const zone of this.zones) found.push(...(await this.debug('GET', `zones/${zone}/state`)).entities);
    return found;
  }

  /** A call of the debug role; answers the body. Rejects unless the status is 200. */
  async debug(method: string, path: string) {
    const { status, body } = await call(this.server.url, method, `/api/debug/${path}`, { token: this.#operator });
    if (status !== 200) throw new Error(`${path} answered ${status}: ${JSON.stringify(body)}`);
    return body;
  }
}
