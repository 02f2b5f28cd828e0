import { expect } from 'chai';
import type { PlayerId } from '../../../actors/ids.js';
import type { QueuedIntent } from '../../../actors/steps.js';
import { IntentMailbox } from '../../../actors/zone/mailbox.js';

const intent = (player: string, seq: number): QueuedIntent => ({
  player: player as PlayerId,
  number: 1,
  run: 1,
  seq,
  data: {},
  receivedAtMs: 0,
});
const everybody = () => true;
const seqs = (intents: readonly QueuedIntent[]) => intents.map(({ seq }) => seq);

describe('an intent mailbox', () => {
  it('gives a tick everything that waits, in order of arrival, over all players', () => {
    const mailbox = new IntentMailbox(8);
    for (const [player, seq] of [
      ['a', 1],
      ['b', 2],
      ['a', 3],
    ] as const)
      mailbox.offer(intent(player, seq));

    expect(seqs(mailbox.take(everybody))).to.deep.equal([1, 2, 3]);
    expect(mailbox.length).to.equal(0);
  });

  it('refuses what one player has too many of, and still takes the others', () => {
    const mailbox = new IntentMailbox(2);
    mailbox.offer(intent('a', 1));
    mailbox.offer(intent('a', 2));

    expect(mailbox.offer(intent('a', 3))).to.equal('full');
    expect(mailbox.offer(intent('b', 4))).to.equal('queued');
  });

  it('has room again once a tick has taken what waited', () => {
    const mailbox = new IntentMailbox(1);
    mailbox.offer(intent('a', 1));
    mailbox.take(everybody);

    expect(mailbox.offer(intent('a', 2))).to.equal('queued');
  });

  it('lets those go on waiting whom the tick does not want, before what comes later', () => {
    const mailbox = new IntentMailbox(2);
    for (const [player, seq] of [
      ['a', 1],
      ['b', 2],
      ['b', 3],
    ] as const)
      mailbox.offer(intent(player, seq));

    expect(seqs(mailbox.take(({ player }) => player === 'a'))).to.deep.equal([1]);
    expect([mailbox.offer(intent('b', 4)), mailbox.offer(intent('a', 5))]).to.deep.equal(['full', 'queued']);
    mailbox.settle();
    expect(seqs(mailbox.take(everybody))).to.deep.equal([2, 3, 5]);
  });

  it('names the intents of a failed tick, and keeps those that came behind it', () => {
    const mailbox = new IntentMailbox(8);
    mailbox.offer(intent('a', 1));
    mailbox.take(everybody);
    mailbox.offer(intent('a', 2));

    expect(seqs(mailbox.abandon())).to.deep.equal([1]);
    expect(seqs(mailbox.take(everybody))).to.deep.equal([2]);
  });

  it('puts given-back intents before those that came later', () => {
    const mailbox = new IntentMailbox(8);
    mailbox.offer(intent('a', 1));
    mailbox.take(everybody);
    mailbox.offer(intent('a', 2));

    mailbox.giveBack();

    expect(seqs(mailbox.take(everybody))).to.deep.equal([1, 2]);
  });

  it('has room for another one in the place of one that was taken out', () => {
    const mailbox = new IntentMailbox(2);
    const [poison, other] = [intent('a', 1), intent('a', 2)];
    for (const one of [poison, other]) mailbox.offer(one);

    mailbox.remove(poison);

    expect([3, 4].map((seq) => mailbox.offer(intent('a', seq)))).to.deep.equal(['queued', 'full']);
    expect(seqs(mailbox.take(everybody))).to.deep.equal([2, 3]);
  });

  it('lets what waits of one player be withdrawn and brought elsewhere in order', () => {
    const from = new IntentMailbox(8);
    const to = new IntentMailbox(8);
    for (const seq of [1, 2]) from.offer(intent('a', seq));
    from.offer(intent('b', 9));

    to.bring(from.withdraw('a' as PlayerId));

    expect(seqs(to.take(everybody))).to.deep.equal([1, 2]);
    expect(seqs(from.take(everybody))).to.deep.equal([9]);
  });

  it('answers an empty list for a second settle', () => {
    const mailbox = new IntentMailbox(8);
    mailbox.offer(intent('a', 1));
    mailbox.take(everybody);

    expect(seqs(mailbox.settle())).to.deep.equal([1]);
    expect(mailbox.settle()).to.deep.equal([]);
  });
});
