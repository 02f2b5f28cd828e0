/**
 * A player of the bank, for tests that look at one thing at a time: joins, sends numbered operations, and waits for what it
 * is told about them. The one that keeps going through everything is `chaos/teller.ts`.
 */
import { flowGame } from '../../support/built.js';
import { type BankIntent, type BankView, includes } from '../../support/flow-games/bank.js';
import { type Account, type Message, PlayerSocket } from '../../support/player.js';

export const BANK = flowGame('bank.ts');

export class BankPlayer {
  private constructor(
    readonly wire: PlayerSocket,
    readonly joinAck: Message,
  ) {}

  /** Joined, subscribed where the bank put it (or where it was), and shown a first tick. */
  static async join(socketUrl: string, account: Account, resume?: string): Promise<BankPlayer> {
    const wire = await PlayerSocket.join(socketUrl, account.token, resume);
    const player = new BankPlayer(wire, wire.joinAck);
    await wire.next('tick');
    return player;
  }

  /** Sends an intent under this number, and waits until it is in the queue. */
  async ask(seq: number, data: BankIntent): Promise<Message> {
    this.wire.send({ type: 'intent', data, seq });
    return this.wire.next('intent_received', (message) => message.seq === seq);
  }

  /** The tick that consumed this number. */
  consumed(seq: number): Promise<Message> {
    return this.wire.next('tick', ({ ack }) => ack >= seq);
  }

  get views(): readonly BankView[] {
    return this.wire.all('tick').map(({ state }) => state);
  }

  get lastView(): BankView {
    const view = this.views.at(-1);
    if (!view) throw new Error('no tick has come yet');
    return view;
  }

  /** Has any view shown this operation? */
  hasSeen(op: number): boolean {
    return this.views.some(({ book }) => includes(book.ops, op));
  }
}
