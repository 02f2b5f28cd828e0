/**
 * Ends the process at a step of a transfer, as `kill -9` would, or takes the fence of transfers out: preloaded into a server
 * by `NODE_OPTIONS=--import`, so that the server itself knows nothing of it. `GRIDSTEAD_TEST_FAULT` is a step and which
 * time it is to happen, counted from a SIGUSR2 on, as `sent:7`.
 *   sending  the commit that takes an entity out of its zone is about to be written
 *   sent     that commit is durable, and nobody knows
 *   posted   the zone it goes to has been told
 *   taking   the commit that brings it into the other zone is about to be written
 *   taken    that commit is durable, and nobody knows
 *   shown    players have been told
 *   unfenced nothing is killed; but what was taken from an inbox stays in it
 */
import { isMainThread } from 'node:worker_threads';

const [step, time = '1'] = (process.env.GRIDSTEAD_TEST_FAULT ?? '').split(':');
let left = Number(time);
let armed = false;

if (isMainThread && step) {
  process.on('SIGUSR2', () => {
    armed = true;
  });
  const { Zones } = await import('../../dist/src/store/zones.js');
  const commit = Zones.prototype.commit;
  Zones.prototype.commit = async function (batch) {
    if (step === 'unfenced')
      return commit.call(
        this,
        batch.map((one) => ({ ...one, takes: [] })),
      );
    const sends = batch.some((one) => one.sends.length > 0);
    const takes = batch.some((one) => one.takes.length > 0);
    if ((step === 'sending' && sends) || (step === 'taking' && takes)) countDown();
    const outcome = await commit.call(this, batch);
    if ((step === 'sent' && sends) || (step === 'taken' && takes)) countDown();
    // Whoever waits for the outcome goes first.
    if ((step === 'posted' && sends) || (step === 'shown' && takes)) setTimeout(countDown, 1);
    return outcome;
  };
}

function countDown() {
  if (armed) left -= 1;
  if (left === 0) process.kill(process.pid, 'SIGKILL');
}
