import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import type { Message } from '../../support/player.js';
import {
  eventsOf,
  type House,
  type Joined,
  MESSAGE_BYTES,
  MESSAGES_PER_SECOND,
  note,
  noted,
  openHouse,
  refusal,
  subscribe,
} from './house.js';

const HIGHEST = 2 ** 53 - 1;

describe('intents over the real server', () => {
  let house: House;

  before(async () => {
    house = await openHouse();
  });
  after(() => house.close());
  afterEach(() => house.tidy());

  /** What a tick made of the notes: their numbers in the order in which they were applied. */
  const appliedOf = (view: Message): number[] => view.state.you.notes;

  describe('that are taken', () => {
    it('are acknowledged with exactly number, zone and the first tick that sees them', async () => {
      const socket = await house.enter('andrea');
      const ticks = [];
      await house.pause();

      for (const seq of [1, 2, 3, 4, 5]) {
        socket.send(note(seq, seq));
        const received = await socket.next('intent_received');
        await house.step();
        const seen = await noted(socket, seq);
        ticks.push([received.tick_number, seen.tick_number]);
        expect(received).to.deep.equal({
          type: 'intent_received',
          seq,
          zone_id: house.parlour,
          tick_number: received.tick_number,
        });
        expect(seen.ack).to.equal(seq);
      }

      expect(ticks.map(([told]) => told)).to.deep.equal(ticks.map(([, seen]) => seen));
    });

    it('need no number, and then there is none in the answer', async () => {
      const socket = await house.enter('beate');

      socket.send(note(1));
      const received = await socket.next('intent_received');
      const view = await noted(socket, 1);

      expect(received).to.have.keys('type', 'zone_id', 'tick_number');
      expect(view).not.to.have.property('ack');
    });

    it('are applied in the order in which they came', async () => {
      const socket = await house.enter('clara');
      await house.pause();

      for (const n of [3, 1, 2]) socket.send(note(n));
      for (const _ of [3, 1, 2]) await socket.next('intent_received');
      await house.step();

      expect(appliedOf(await noted(socket, 1, 2, 3))).to.deep.equal([3, 1, 2]);
    });

    it('may be messages of the game, data being the whole message', async () => {
      const socket = await house.enter('doris');

      socket.send({ type: 'wave', n: 9, seq: 1 });
      const received = await socket.next('intent_received');

      expect(received).to.include({ seq: 1 });
      expect(appliedOf(await noted(socket, 9))).to.deep.equal([9]);
    });

    it('may make the game answer this player alone', async () => {
      const other = await house.enter('elsa');
      const socket = await house.enter('frieda');

      socket.send({ type: 'intent', data: { type: 'say', text: 'a secret', times: 2 } });
      const echoes = [await socket.next('echo'), await socket.next('echo')];
      await other.next('tick');

      expect(echoes).to.deep.equal([0, 1].map((nth) => ({ type: 'echo', text: 'a secret', nth })));
      expect(other.texts.join()).not.to.contain('a secret');
    });
  });

  describe('with acks on each tick', () => {
    it('are acknowledged by the ticks alone: the highest number consumed since the last one', async () => {
      const socket = await house.enter('gerda', house.parlour, { acks: 'tick' });
      await house.pause();

      for (const seq of [1, 2, 3]) socket.send(note(seq, seq));
      socket.send({ type: 'ping' });
      await socket.next('pong');
      await house.step();
      const first = await socket.next('tick', ({ ack }) => ack !== undefined);
      await house.step();
      const second = await socket.next('tick');

      expect(first.ack).to.equal(3);
      expect(second).not.to.have.property('ack');
      expect(socket.all('intent_received')).to.deep.equal([]);
    });
  });

  describe('that come a second time', () => {
    let socket: Joined;

    beforeEach(async () => {
      // A name of its own for each test.
      socket = await house.enter(`hedwig-${'abcdefgh'[made++]}`);
    });
    let made = 0;

    const again = async (seq: number, n = 99): Promise<Message> => {
      socket.send(note(n, seq));
      return socket.nextOf(
        (message) => (message.type === 'intent_received' || message.type === 'error') && message.seq === seq,
        `an answer to ${seq}`,
      );
    };

    it('are duplicates when they were applied, and are not applied again', async () => {
      await again(1, 1);
      await noted(socket, 1);

      const answer = await again(1);
      await again(2, 2);

      expect(answer).to.include({ type: 'intent_received', seq: 1, duplicate: true, zone_id: house.parlour });
      expect(appliedOf(await noted(socket, 2))).to.deep.equal([1, 2]);
    });

    it('are duplicates while they wait', async () => {
      await house.pause();
      const first = await again(1, 1);

      const answer = await again(1);
      await house.step();

      expect(first).not.to.have.property('duplicate');
      expect(answer).to.include({ type: 'intent_received', seq: 1, duplicate: true });
      expect(appliedOf(await noted(socket, 1))).to.deep.equal([1]);
    });

    it('are dropped when they were passed over', async () => {
      await again(5, 5);

      const answers = [await again(1), await again(4), await again(5), await again(6, 6)];
      const view = await noted(socket, 6);

      expect(answers.map(({ type, code, duplicate }) => code ?? (duplicate ? 'duplicate' : type))).to.deep.equal([
        'intent_dropped',
        'intent_dropped',
        'duplicate',
        'intent_received',
      ]);
      expect(appliedOf(view)).to.deep.equal([5, 6]);
    });

    it('are dropped when they were refused', async () => {
      socket.send({ type: 'intent', seq: 1, data: { type: 'note', n: 'not a number' } });
      const refused = await refusal(socket, 'bad_request');

      const answer = await again(1);

      expect(refused).to.include({ seq: 1 });
      expect(answer).to.include({ type: 'error', code: 'intent_dropped', seq: 1 });
    });

    it('are dropped when a tick that failed has dropped them, and what it has not is applied once', async () => {
      await house.pause();
      await again(1, 1);
      socket.send({ type: 'intent', seq: 2, data: { type: 'boom' } });
      await socket.next('intent_received');
      await house.resume();
      await socket.next('error', ({ code, seq }) => code === 'intent_dropped' && seq === 2);

      const [first, second] = [await again(1), await again(2)];
      await again(3, 3);
      const view = await noted(socket, 3);

      expect(second).to.include({ code: 'intent_dropped' });
      expect(appliedOf(view)).to.deep.equal(first.duplicate ? [1, 3] : [3]);
      expect(socket.texts.join()).not.to.contain('CANARY');
    });

    it('are answered with their fate although nothing is subscribed any more', async () => {
      await again(2, 2);
      await noted(socket, 2);
      socket.send({ type: 'unsubscribe' });
      await socket.next('unsubscribed');

      const answers = [await again(1), await again(2), await again(3)];

      expect(answers.map(({ code, duplicate }) => code ?? duplicate)).to.deep.equal(['intent_dropped', true, 'not_subscribed']);
    });
  });

  describe('have numbers', () => {
    it('from 1 to 2^53 - 1', async () => {
      const socket = await house.enter('irene');

      for (const seq of [1, HIGHEST - 1, HIGHEST]) socket.send(note(1, seq));
      const received = [];
      for (const _ of [1, 2, 3]) received.push((await socket.next('intent_received')).seq);
      socket.send(note(1, 17));

      expect(received).to.deep.equal([1, HIGHEST - 1, HIGHEST]);
      expect(await refusal(socket, 'intent_dropped')).to.include({ seq: 17 });
    });

    for (const seq of [0, -1, 1.5, HIGHEST + 1, '1', null, [1], true]) {
      it(`that are not ${JSON.stringify(seq)}`, async () => {
        const socket = await house.join(house.operator.token);
        await subscribe(socket, house.parlour);

        socket.send({ type: 'intent', seq, data: { type: 'note', n: 1 } });
        socket.send(note(1, 1));

        expect(await refusal(socket, 'bad_request')).to.have.keys('type', 'code', 'message');
        expect(await socket.next('intent_received')).to.include({ seq: 1 });
      });
    }
  });

  describe('that are refused', () => {
    it('without a subscription are told so, and count as dropped', async () => {
      const socket = await house.join((await house.account('johanna')).token);

      socket.send(note(1, 1));
      const refused = await refusal(socket, 'not_subscribed');
      await subscribe(socket, house.parlour);
      socket.send(note(1, 1));

      expect(refused).to.have.keys('type', 'code', 'message', 'seq').and.include({ seq: 1 });
      expect(await refusal(socket, 'intent_dropped')).to.include({ seq: 1 });
    });

    it('by the schema of the game are told so by number, and those around them are applied', async () => {
      const socket = await house.enter('katrin');

      socket.send(note(1, 1));
      socket.send({ type: 'intent', seq: 2, data: { type: 'fly' } });
      socket.send({ type: 'wave', n: 'x', seq: 3 });
      socket.send(note(4, 4));
      const refused = [await refusal(socket, 'bad_request'), await refusal(socket, 'bad_request')];

      expect(refused.map(({ seq }) => seq)).to.deep.equal([2, 3]);
      expect(appliedOf(await noted(socket, 4))).to.deep.equal([1, 4]);
    });

    it('beyond MAX_INTENTS_PER_TICK are the surplus, and the next tick takes as many again', async () => {
      const socket = await house.enter('laura');
      await house.pause();

      for (const seq of [1, 2, 3, 4, 5, 6]) socket.send(note(seq, seq));
      const refused = [await refusal(socket, 'rate_limited'), await refusal(socket, 'rate_limited')];
      await house.step();
      await noted(socket, 4);
      for (const seq of [7, 8, 9, 10]) socket.send(note(seq, seq));
      await house.step();
      const view = await noted(socket, 10);

      expect(refused.map(({ seq }) => seq)).to.deep.equal([5, 6]);
      expect(appliedOf(view)).to.deep.equal([1, 2, 3, 4, 7, 8, 9, 10]);
    });

    it('beyond MAX_INTENTS_PER_TICK are nobody else’s loss', async () => {
      const [greedy, modest] = [await house.enter('monika'), await house.enter('nadine')];
      await house.pause();

      for (const n of [1, 2, 3, 4, 5, 6]) greedy.send(note(n));
      await refusal(greedy, 'rate_limited');
      for (const n of [1, 2, 3, 4]) modest.send(note(n));
      await house.step();

      expect(appliedOf(await noted(modest, 4))).to.deep.equal([1, 2, 3, 4]);
    });

    it('beyond MAX_MESSAGES_PER_SECOND are refused by number, whatever their kind, and the socket stays', async () => {
      const socket = await house.join((await house.account('ottilie')).token);
      const numbers = Array.from({ length: 90 }, (_, index) => index + 1);

      for (const t of numbers) socket.send({ type: 'ping', t });
      for (const seq of numbers) socket.send(note(seq, seq));
      const answers = [await socket.next('error')];
      while (answers.at(-1)?.seq !== 90) answers.push(await socket.next('error'));
      const again = await insist(socket, note(1, 1));

      const surplus = answers.filter(({ code }) => code === 'rate_limited');
      expect(answers.flatMap(({ seq }) => seq ?? [])).to.deep.equal(numbers);
      expect(surplus.filter(({ seq }) => seq === undefined)).to.have.length(90 - socket.all('pong').length);
      expect(surplus.length).to.be.within(1, 180 - MESSAGES_PER_SECOND + 1);
      expect(again).to.include({ code: 'intent_dropped', seq: 1 });
    });
  });

  describe('behind a subscribe that is still under way', () => {
    it('wait for it, in order, with everything else', async () => {
      const socket = await house.enter('paula');
      const witness = await house.enter('renate', house.garden);
      const from = socket.messages.length;

      socket.send({ type: 'subscribe', zone_id: house.garden });
      socket.send(note(1, 1));
      socket.send({ type: 'intent', seq: 2, data: { type: 'fly' } });
      socket.send(note(3, 3));
      socket.send({ type: 'unsubscribe' });
      await socket.next('unsubscribed');

      const answers = socket.messages.slice(from).filter(({ type }) => !['tick', 'telemetry'].includes(type));
      const order = answers.map(({ type, code, seq }) => [code ?? type, seq]);
      expect(order.slice(0, 4)).to.deep.equal([
        ['subscribed', undefined],
        ['intent_received', 1],
        ['bad_request', 2],
        ['intent_received', 3],
      ]);
      // Left before a tick saw it, or after: each number has had one fate.
      const seen = await witness.next('tick', ({ tick_number }) => tick_number > answers[1]?.tick_number + 1);
      const fates = [
        ...eventsOf(witness.all('tick').filter(({ tick_number }) => tick_number <= seen.tick_number)).flatMap(
          ({ seq }) => seq ?? [],
        ),
        ...socket.all('error').flatMap(({ code, seq }) => (code === 'intent_dropped' ? [seq] : [])),
      ];
      expect(fates.sort()).to.deep.equal([1, 3]);
    });
  });

  describe('and other messages that are malformed', () => {
    it('are answered one by one, and the tenth within ten seconds closes with 1008', async () => {
      const socket = await house.enter('sabine');

      for (const text of ['{', 'null', '[]', '5', '"x"', '{}', '{"type":5}', '{"type":"nonsense"}', '{"type":"intent"}']) {
        socket.socket.send(text);
        expect(await refusal(socket, 'bad_request')).to.have.keys('type', 'code', 'message');
      }
      expect(socket.socket.readyState).to.equal(socket.socket.OPEN);
      socket.socket.send(Buffer.from('{"type":"ping"}'), { binary: true });
      const { code } = await socket.closed;

      expect(code).to.equal(1008);
      expect(socket.all('error')).to.have.length(10);
    });

    it('are not those that only the schema of the game refuses', async () => {
      const socket = await house.enter('tanja');

      for (let seq = 1; seq <= 12; seq += 1) socket.send({ type: 'intent', seq, data: { type: 'fly' } });
      for (let seq = 1; seq <= 12; seq += 1) await refusal(socket, 'bad_request');
      socket.send(note(13, 13));

      expect(appliedOf(await noted(socket, 13))).to.deep.equal([13]);
    });

    it('close with 1009 when they are larger than MAX_MESSAGE_BYTES, and not when they are just as large', async () => {
      const socket = await house.enter('ursula');
      const sized = (bytes: number) => {
        const empty = JSON.stringify({ type: 'ping', t: '' }).length;
        return JSON.stringify({ type: 'ping', t: 'x'.repeat(bytes - empty) });
      };

      socket.socket.send(sized(MESSAGE_BYTES));
      await socket.next('pong');
      socket.socket.send(sized(MESSAGE_BYTES + 1));
      const { code } = await socket.closed;

      expect(code).to.equal(1009);
    });
  });

  /** Again and again, until the messages of a second that were too many are forgotten. */
  async function insist(socket: Joined, message: object): Promise<Message> {
    for (;;) {
      socket.send(message);
      const answer = await socket.next('error');
      if (answer.code !== 'rate_limited') return answer;
      await pause(10);
    }
  }
});
