/** The server that the cases of the puppet game share: emptied after each of them. Called within a `describe`. */
import { Theatre } from '../../../support/flow-games/theatre.js';

export function puppetTheatre(): () => Theatre {
  let theatre: Theatre;
  before(async () => {
    // Small zones are full soon, and late answers are soon late. In a worker thread, as a server has its zones unless told otherwise.
    theatre = await Theatre.open('puppet.ts', { ZONE_WORKERS: '1', ZONE_TICK_BUDGET_MS: '200', MAX_ZONE_BYTES: '40000' });
  });
  afterEach(async () => {
    await theatre.resume();
    await theatre.everybodyOut();
  });
  after(() => theatre?.close());
  return () => theatre;
}
