import { expect } from 'chai';
import fc from 'fast-check';
import type { StepRequest } from '../../../../actors/steps.js';
import { packStep, unpackStep } from '../../../../src/simulation/pool/packed-step.js';
import { anyScript } from '../scripts.js';
import { AWAY, arrival, HOME, held, intent, playerId, request, viewers } from '../support.js';

/** As a thread gets it. */
const sent = (made: StepRequest) =>
  unpackStep(structuredClone(packStep(made)), (number) => (number < 100 ? playerId(number) : undefined));
const withoutText = ({ intentsText: _, ...made }: StepRequest) => made;

describe('a packed step', () => {
  it('is the request that was packed, with the text of its intents', () => {
    const made = request(4, {
      intents: [intent(1, 7, { type: 'move', dx: -1 }), intent(2, null), intent(3, 1, {}, 9)],
      joins: [held(5, { document: { name: 'é"' } })],
      leaves: [{ player: playerId(6), gone: true }],
      inbox: [arrival(1, 1, [held(7)])],
      viewers: viewers(3, 1, 2, 3),
    });

    expect(withoutText(sent(made))).to.deep.equal(made);
    expect(sent(made).intentsText).to.equal(
      `[[1,1,7,1500,{"type":"move","dx":-1}],["${playerId(2)}",null,null,1500,{"type":"wave"}],[3,9,1,1500,{}]]`,
    );
  });

  it('is the request that was packed, whatever a zone goes through', () => {
    fc.assert(
      fc.property(anyScript(), ({ requests }) => {
        for (const made of requests) expect(withoutText(sent(made))).to.deep.equal(made);
      }),
      { numRuns: 50 },
    );
  });

  it('knows players whom only the request itself brings', () => {
    const [comer, follower] = [held(201), held(202)];
    const inbox = [arrival(1, 1, [follower], { from: AWAY })];
    const made = request(2, { joins: [comer], inbox, intents: [intent(201, 1), intent(202, 1, {}, 202)] });

    expect(sent(made).intents.map(({ player }) => player)).to.deep.equal([comer.id, follower.id]);
    expect(() => sent(request(2, { intents: [intent(203, 1)] }))).to.throw(`zone ${HOME} was never told of player number 203`);
  });
});
