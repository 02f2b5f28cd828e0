import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import type { Message } from '../../support/player.js';
import { eventsOf, House, type Joined, note, noted, refusal, subscribe } from './house.js';

const BULK = 400_000;
/** A client that has not read so much gets no further view; the one that crosses this line is the last. */
const ARREARS_LIMIT = 256 * 1024;

describe('pace over the real server', () => {
  let house: House;

  before(async () => {
    house = await House.open({ SNAPSHOT_EVERY_TICKS: '3', TICK_INTERVAL_MS: '20', RESUME_WINDOW_MS: '400' });
  });
  afterEach(() => house.tidy());
  after(() => house.close());

  describe('with SNAPSHOT_EVERY_TICKS of 3', () => {
    it('gives every third tick, with the events of the ticks between since the player was there', async () => {
      const socket = await house.join((await house.account('agnes')).token);
      const since = await house.pause();
      await subscribe(socket, house.parlour);

      const stepped = [];
      for (let step = 0; step < 8; step += 1) stepped.push(await house.step());
      const due = stepped.filter((tick) => tick % 3 === 0);
      await socket.next('tick', ({ tick_number }) => tick_number === due.at(-1));

      const views = socket.all('tick');
      expect(stepped[0]).to.equal(since + 1);
      expect(views.map(({ tick_number }) => tick_number)).to.deep.equal(due);
      expect(eventsOf(views).flatMap(({ tick }) => tick ?? [])).to.deep.equal(
        stepped.filter((tick) => tick <= (due.at(-1) ?? 0)),
      );
      expect(eventsOf(views.slice(0, 1)).filter(({ joined }) => joined)).to.deep.equal([{ joined: 'agnes' }]);
    });

    it('tells in each the highest number consumed since the last, and messages of the game in their own tick', async () => {
      const socket = await house.enter('bruni');
      await house.pause();
      while ((await house.step()) % 3 !== 0);
      const from = socket.messages.length;

      socket.send(note(1, 1));
      await socket.next('intent_received');
      await house.step();
      socket.send(note(2, 2));
      socket.send({ type: 'intent', data: { type: 'say', text: 'now' } });
      await socket.next('intent_received', ({ seq }) => seq === 2);
      await socket.next('intent_received');
      await house.step();
      await socket.next('echo');
      await house.step();
      const view = await noted(socket, 2);

      expect(view.ack).to.equal(2);
      expect(socket.messages.slice(from).filter(({ ack }) => ack !== undefined)).to.deep.equal([view]);
    });
  });

  describe('for a client that stops reading', () => {
    let slow: Joined;
    let quick: Joined;

    beforeEach(async () => {
      const zone = await house.zone(`library-${made}`, { bulk: BULK });
      slow = await house.enter(`slow-${made}`, zone);
      quick = await house.enter(`quick-${made}`, zone);
      made += 1;
    });
    let made = 0;

    it('skips to the newest state and nothing else, and delays nobody', async () => {
      const from = quick.all('tick').length;
      slow.socket.pause();
      const lost = await skipped(slow, 3);
      const seen = quick.all('tick').length - from;
      const arrears = (await connectionOf(slow.joinAck))?.buffered_bytes;
      slow.send(note(1, 1));
      slow.send({ type: 'intent', seq: 2, data: { type: 'fly' } });
      slow.send({ type: 'intent', seq: 3, data: { type: 'say', text: 'still here' } });
      const unread = slow.messages.length;
      const { tick_number: newest } = await quick.next('tick', ({ state }) => noteOf(state) === 1);
      slow.socket.resume();
      const caughtUp = await slow.next('tick', ({ tick_number }) => tick_number >= newest);

      const heard = slow.messages.slice(unread);
      const numbers = slow.all('tick').map(({ tick_number }) => tick_number);
      expect(seen).to.be.at.least(lost - 1);
      expect(arrears, 'what the server keeps for it').to.be.within(1, ARREARS_LIMIT + BULK + 10_000);
      expect(heard.flatMap(({ type, seq }) => (type === 'intent_received' ? [seq] : []))).to.deep.equal([1, 3]);
      expect(heard.find(({ type }) => type === 'error')).to.include({ code: 'bad_request', seq: 2 });
      expect(heard.filter(({ type }) => type === 'echo')).to.have.length(1);
      expect(heard.flatMap(({ ack }) => ack ?? []).at(-1)).to.equal(3);
      expect(caughtUp.state.you.notes).to.deep.equal([1]);
      expect(numbers).to.deep.equal([...new Set(numbers)].sort((a, b) => a - b));
    });

    it('closes it with 1013 when what may not be skipped piles up', async () => {
      slow.socket.pause();
      await skipped(slow, 1);

      for (let times = 0; times < 4; times += 1) {
        slow.send({ type: 'intent', data: { type: 'say', text: 'x'.repeat(1_000), times: 400 } });
      }
      await judgedSlow();
      slow.socket.resume();
      const { code } = await slow.closed;

      expect(code).to.equal(1013);
      expect(quick.all('error')).to.deep.equal([]);
    });
  });

  it('lets a player resume for RESUME_WINDOW_MS after its socket went, and not later', async () => {
    const { token } = await house.account('emma');
    const socket = await house.join(token);
    await subscribe(socket, house.parlour);
    socket.send(note(1, 1));
    await noted(socket, 1);
    socket.terminate();

    const inTime = await house.join(token, socket.joinAck.resume_token);
    await inTime.next('subscribed');
    inTime.terminate();
    await pause(600);
    const late = await house.join(token, inTime.joinAck.resume_token);
    late.send({ type: 'unsubscribe' });

    expect(inTime.joinAck.last_seq).to.equal(1);
    expect(late.joinAck.last_seq).to.equal(0);
    expect(await refusal(late, 'not_subscribed')).to.have.property('type', 'error');
  });

  /** How many views were not made for this client, once there are so many. */
  async function skipped({ joinAck }: Joined, atLeast: number): Promise<number> {
    for (;;) {
      const dropped: number = (await connectionOf(joinAck))?.dropped_snapshots ?? 0;
      if (dropped >= atLeast) return dropped;
    }
  }

  async function judgedSlow(): Promise<void> {
    for (;;) {
      const metrics = await (await fetch(`${house.server.url}/metrics`)).text();
      if (/connections_slow_total 1/.test(metrics)) return;
    }
  }

  async function connectionOf({ connection_id }: Message): Promise<Message | undefined> {
    const { body } = await house.asOperator('GET', '/api/debug/connections');
    return body.connections.find((connection: Message) => connection.connection_id === connection_id);
  }

  const noteOf = (state: Message): unknown => state.events.find((event: Message) => event.noted !== undefined)?.noted;
});
