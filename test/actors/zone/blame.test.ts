import { expect } from 'chai';
import fc from 'fast-check';
import type { PlayerId, ZoneId } from '../../../actors/ids.js';
import type { InboxRow } from '../../../actors/records.js';
import type { StepRequest } from '../../../actors/steps.js';
import { findBlame, type Probe } from '../../../actors/zone/blame.js';

function requestOf(intents: readonly string[], inbox = 0): StepRequest {
  return {
    zone: 'z' as ZoneId,
    tick: 1,
    nowMs: 0,
    intents: intents.map((type, seq) => ({ player: 'p' as PlayerId, number: 1, run: 1, seq, data: { type }, receivedAtMs: 0 })),
    joins: [],
    leaves: [],
    inbox: Array.from({ length: inbox }, (_, id) => ({ id }) as InboxRow),
    viewers: [],
  };
}

/** A game that fails as soon as it meets a `bad` intent, or (if so told) a row of its inbox. */
function game({ hatesInbox = false } = {}): { probe: Probe; runs: () => number } {
  let runs = 0;
  const probe: Probe = async ({ intents, inbox }) => {
    runs += 1;
    if (hatesInbox && inbox.length > 0) return 'the inbox';
    return intents.some(({ data }) => data.type === 'bad') ? 'a bad one' : null;
  };
  return { probe, runs: () => runs };
}

const never = () => false;

describe('the blame for a failed tick', () => {
  it('falls on the first intent that fails it, in about log n runs', () => {
    const types = fc.array(fc.constantFrom('good', 'bad'), { minLength: 1, maxLength: 200 });
    return fc.assert(
      fc.asyncProperty(types, async (intents) => {
        fc.pre(intents.includes('bad'));
        const { probe, runs } = game();

        const blame = await findBlame(requestOf(intents), probe, never);

        expect(blame).to.deep.equal({ type: 'intent', index: intents.indexOf('bad'), error: 'a bad one' });
        expect(runs()).to.be.at.most(3 + Math.ceil(Math.log2(intents.length)));
      }),
    );
  });

  it('falls on the inbox where the tick succeeds without it', async () => {
    expect(await findBlame(requestOf(['good'], 2), game({ hatesInbox: true }).probe, never)).to.deep.equal({ type: 'inbox' });
  });

  it('falls on the intent that fails only with what has come', async () => {
    const probe: Probe = async ({ intents, inbox }) =>
      inbox.length > 0 && intents.some(({ data }) => data.type === 'bad') ? 'both together' : null;

    const blame = await findBlame(requestOf(['good', 'bad', 'good'], 1), probe, never);

    expect(blame).to.deep.equal({ type: 'intent', index: 1, error: 'both together' });
  });

  it('falls on an intent also where the inbox was there and innocent', async () => {
    expect(await findBlame(requestOf(['good', 'bad'], 1), game().probe, never)).to.include({ type: 'intent', index: 1 });
  });

  it('falls on the zone that fails without any, or that does not fail again', async () => {
    const alwaysFails: Probe = async () => 'by itself';

    expect(await findBlame(requestOf(['good']), alwaysFails, never)).to.deep.equal({ type: 'zone' });
    expect(await findBlame(requestOf(['good']), game().probe, never)).to.deep.equal({ type: 'zone' });
    expect(await findBlame(requestOf([]), game().probe, never)).to.deep.equal({ type: 'zone' });
  });

  it('falls on the zone where the search takes too long', async () => {
    expect(await findBlame(requestOf(['good', 'bad', 'good']), game().probe, () => true)).to.deep.equal({ type: 'zone' });
  });
});
