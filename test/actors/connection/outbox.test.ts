import { expect } from 'chai';
import { CURRENT_BYTES, LAGGING_BYTES, Outbox, UNSKIPPABLE_BYTES } from '../../../actors/connection/outbox.js';

const VIEW = new Uint8Array(1);

function started() {
  const judged: string[] = [];
  const wire = {
    encoding: 'json' as const,
    waitingBytes: 0,
    /** Texts and views, and brackets around what left together. */
    texts: [] as string[],
    send: (text: string) => void wire.texts.push(text),
    sendParts: () => void wire.texts.push('view'),
    together: (write: () => void) => {
      wire.texts.push('(');
      write();
      wire.texts.push(')');
    },
    bufferedBytes: () => wire.waitingBytes,
  };
  const outbox = new Outbox(wire, {
    fellBehind: () => judged.push('fell behind'),
    caughtUp: () => judged.push('caught up'),
    tooSlow: () => judged.push('too slow'),
  });
  return { outbox, wire, judged };
}

describe('an outbox', () => {
  it('says once that its client fell behind, and once that it has caught up', () => {
    const { outbox, wire, judged } = started();

    wire.waitingBytes = LAGGING_BYTES;
    outbox.send('x');
    const current = outbox.lagging;
    wire.waitingBytes = LAGGING_BYTES + 1;
    outbox.send('x');
    outbox.send('x');
    wire.waitingBytes = CURRENT_BYTES + 1;
    outbox.drained();
    const behind = outbox.lagging;
    wire.waitingBytes = CURRENT_BYTES;
    outbox.drained();
    outbox.drained();

    expect(judged).to.deep.equal(['fell behind', 'caught up']);
    expect([current, behind, outbox.lagging]).to.deep.equal([false, true, false]);
  });

  it('lets a text that is in no hurry leave with the next view, or when the next such text comes', () => {
    const { outbox, wire } = started();

    outbox.sendInNoHurry('first', true);
    outbox.send('other');
    const before = [...wire.texts];
    outbox.sendParts('{', VIEW);
    outbox.sendParts('{', VIEW);
    outbox.sendInNoHurry('second', true);
    outbox.sendInNoHurry('third', true);

    expect(before).to.deep.equal(['other']);
    expect(wire.texts).to.deep.equal(['other', '(', 'first', 'view', ')', 'view', 'second']);
  });

  it('sends a text that is in no hurry at once where no view comes, and not one that is older', () => {
    const { outbox, wire } = started();
    outbox.sendInNoHurry('old', true);

    outbox.sendInNoHurry('new', false);
    outbox.sendParts('{', VIEW);

    expect(wire.texts).to.deep.equal(['new', 'view']);
  });

  it('calls nobody too slow for one view, however large', () => {
    const { outbox, wire, judged } = started();

    wire.waitingBytes = 16 * 2 ** 20;
    outbox.sendParts('{', Buffer.alloc(16 * 2 ** 20));

    expect(judged).to.deep.equal(['fell behind']);
  });

  it('calls a client too slow when so much is sent on top of what it is behind with', () => {
    const { outbox, wire, judged } = started();
    wire.waitingBytes = LAGGING_BYTES + 1;
    outbox.send('x');

    outbox.send('x'.repeat(UNSKIPPABLE_BYTES));
    const before = [...judged];
    outbox.send('x');

    expect([before, judged]).to.deep.equal([['fell behind'], ['fell behind', 'too slow']]);
  });

  it('counts that anew each time', () => {
    const { outbox, wire, judged } = started();

    for (let round = 0; round < 3; round += 1) {
      wire.waitingBytes = LAGGING_BYTES + 1;
      outbox.send('x');
      outbox.send('x'.repeat(UNSKIPPABLE_BYTES));
      wire.waitingBytes = 0;
      outbox.drained();
    }

    expect(judged).not.to.include('too slow');
  });

  it('sends and says nothing any more once it is shut', () => {
    const { outbox, wire, judged } = started();
    outbox.shut();

    wire.waitingBytes = 16 * 2 ** 20;
    outbox.send('x');
    outbox.sendParts('x', Buffer.from('x'));
    outbox.drained();

    expect([wire.texts, judged]).to.deep.equal([[], []]);
  });
});
