/**
 * Whether a name is taken is nobody's to find out by asking to log in (FAULTS 54): neither from the answer nor from how long
 * it takes. Known and unknown names are asked for by turns, so that whatever else the machine does happens to both.
 */
import { expect } from 'chai';
import { PASSWORD, register } from '../../support/player.js';
import { TestServer } from '../../support/server.js';

const NAMES = 20;
/** As many as one address may be wrong about one name within a minute. */
const GUESSES_PER_NAME = 10;
/** Ten milliseconds for a hash, a tenth of the default: it still is nearly all that a login costs. */
const BCRYPT_COST = '7';
/**
 * Of two samples from one distribution, one pair in sixteen thousand differs by that many standard deviations. Without a
 * hash for unknown names they differ by seventeen, which is all that two hundred of each can.
 */
const LIMIT_SIGMAS = 4;

interface Try {
  readonly username: string;
  readonly ms: number;
  readonly answer: string;
}

describe('wrong passwords for names that are there and names that are not (54)', function () {
  this.timeout(60_000);
  let server: TestServer;
  before(async () => {
    server = await TestServer.start({ env: { BCRYPT_COST, DATABASE_URL: 'sqlite::memory:' } });
    for (let at = 0; at < NAMES; at++) await register(server.url, `known-${at}`);
  });
  after(() => server.dispose());

  it('take equally long, and are answered alike', async () => {
    const known: Try[] = [];
    const unknown: Try[] = [];
    for (let round = 0; round < GUESSES_PER_NAME; round++) {
      for (let at = 0; at < NAMES; at++) {
        const pair = [
          () => guess(`known-${at}`).then((one) => known.push(one)),
          () => guess(`other-${at}`).then((one) => unknown.push(one)),
        ];
        // Who comes second might profit from the first: by turns.
        for (const next of (round + at) % 2 ? pair.reverse() : pair) await next();
      }
    }

    expect(new Set([...known, ...unknown].map(({ answer }) => answer)).size).to.equal(1);
    expect(known[0]?.answer).to.match(/^401 /);
    const sigmas = apart(msOf(known), msOf(unknown));
    expect(Math.abs(sigmas), `medians ${median(msOf(known))} and ${median(msOf(unknown))} ms`).to.be.below(LIMIT_SIGMAS);
  });

  async function guess(username: string): Promise<Try> {
    const body = JSON.stringify({ username, password: `not ${PASSWORD}` });
    const fromMs = performance.now();
    const response = await fetch(`${server.url}/api/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    const text = await response.text();
    return { username, ms: performance.now() - fromMs, answer: `${response.status} ${text}` };
  }
});

const msOf = (tries: readonly Try[]) => tries.map(({ ms }) => ms);

/** How many standard deviations lie between two samples and what two of one distribution would show (Mann and Whitney's U). */
function apart(a: readonly number[], b: readonly number[]): number {
  const ranked = [...a.map((ms) => ({ ms, isA: true })), ...b.map((ms) => ({ ms, isA: false }))].sort((x, y) => x.ms - y.ms);
  const ranks = ranked.reduce((sum, { isA }, at) => sum + (isA ? at + 1 : 0), 0);
  const u = ranks - (a.length * (a.length + 1)) / 2;
  const sigma = Math.sqrt((a.length * b.length * (a.length + b.length + 1)) / 12);
  return (u - (a.length * b.length) / 2) / sigma;
}

function median(values: readonly number[]): number {
  return [...values].sort((x, y) => x - y)[values.length >> 1] ?? 0;
}
