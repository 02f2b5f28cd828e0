import { expect } from 'chai';
import { type Account, call, login, type Message } from '../../support/player.js';
import { eventsOf, type House, type Joined, note, noted, openHouse, refusal, subscribe } from './house.js';

describe('resuming over the real server', () => {
  let house: House;

  before(async () => {
    house = await openHouse();
  });
  after(() => house.close());
  afterEach(() => house.tidy());

  /** Somebody new in the parlour, who has noted 1, 2 … as far as told. */
  async function present(username: string, notes = 1): Promise<{ account: Account; socket: Joined; token: string }> {
    const account = await house.account(username);
    const socket = await house.join(account.token);
    await subscribe(socket, house.parlour);
    for (let seq = 1; seq <= notes; seq += 1) socket.send(note(seq, seq));
    if (notes > 0) await noted(socket, notes);
    return { account, socket, token: socket.joinAck.resume_token };
  }

  /** What a resume that does not work looks like: joined, from 0, and in no zone. */
  async function expectRefused(socket: Joined): Promise<void> {
    socket.send({ type: 'unsubscribe' });
    expect(socket.joinAck).to.deep.include({ last_seq: 0, dropped: [] });
    expect(await refusal(socket, 'not_subscribed')).to.have.property('type', 'error');
    expect(socket.all('subscribed')).to.deep.equal([]);
  }

  /** Answers what the marked numbers came to. */
  async function resend(socket: Joined, ...numbers: number[]): Promise<unknown[]> {
    const fates = [];
    for (const seq of numbers) {
      socket.send(note(seq, seq));
      const { type, code, duplicate } = await socket.nextOf(
        (message) => message.seq === seq && (message.type === 'error' || message.type === 'intent_received'),
        `an answer to ${seq}`,
      );
      fates.push(code ?? (duplicate ? 'duplicate' : type));
    }
    return fates;
  }

  describe('with a token that works', () => {
    it('is back in its zone without subscribing, and its numbers go on', async () => {
      const { account, socket, token } = await present('alma', 2);
      socket.terminate();

      const again = await house.join(account.token, token);
      const subscribed = await again.next('subscribed');
      const [before, next] = [await resend(again, 1, 2), await resend(again, 3)];
      const view = await noted(again, 3);

      expect(again.joinAck).to.deep.include({ last_seq: 2, dropped: [] });
      expect(again.joinAck.resume_token).not.to.equal(token);
      expect(subscribed.zone_id).to.equal(house.parlour);
      expect([...before, ...next]).to.deep.equal(['duplicate', 'duplicate', 'intent_received']);
      expect(view.state.you.notes).to.deep.equal([1, 2, 3]);
    });

    it('is seen by the game as somebody who left and came back, with one avatar', async () => {
      const witness = await house.enter('betty');
      const { account, socket, token } = await present('cora');
      const joined = await witness.next('tick', (tick) => eventsOf([tick]).some((event) => event.joined === 'cora'));

      socket.terminate();
      await witness.next('tick', (tick) => eventsOf([tick]).some((event) => event.left === 'cora'));
      await house.join(account.token, token);
      await witness.next('tick', (tick) => eventsOf([tick]).some((event) => event.joined === 'cora'));

      const changes = eventsOf(witness.all('tick').filter(({ tick_number }) => tick_number > joined.tick_number));
      expect(changes.flatMap(({ left, joined }) => left ?? joined ?? [])).to.deep.equal(['cora', 'cora']);
      expect((await house.avatars()).filter((name) => name === 'cora')).to.have.length(1);
    });

    it('names the numbers below the last one that were not applied', async () => {
      const { account, socket, token } = await present('dana', 1);
      socket.send({ type: 'intent', seq: 2, data: { type: 'fly' } });
      socket.send(note(5, 5));
      await noted(socket, 5);
      socket.terminate();

      const again = await house.join(account.token, token);

      expect(again.joinAck).to.deep.include({ last_seq: 5, dropped: [2, 3, 4] });
      expect(await resend(again, 2, 4, 5, 6)).to.deep.equal(['intent_dropped', 'intent_dropped', 'duplicate', 'intent_received']);
    });

    it('names the newest 256 of them', async () => {
      const { account, socket, token } = await present('edda', 1);
      socket.send(note(500, 500));
      await noted(socket, 500);
      socket.terminate();

      const { joinAck } = await house.join(account.token, token);

      expect(joinAck.last_seq).to.equal(500);
      expect(joinAck.dropped).to.deep.equal(Array.from({ length: 256 }, (_, index) => 244 + index));
    });

    it('applies once what was sent before the socket went and sent again after', async () => {
      const { account, socket, token } = await present('fanny', 1);
      await house.pause();
      socket.send(note(2, 2));
      await socket.next('intent_received', ({ seq }) => seq === 2);
      socket.terminate();

      const again = await house.join(account.token, token);
      await again.next('subscribed');
      const [fate] = await resend(again, 2);
      await house.resume();
      const [, next] = [again.send(note(3, 3)), await noted(again, 3)];

      expect(again.joinAck).to.deep.include({ last_seq: 1, dropped: [] });
      const notes = next.state.you.notes.filter((n: number) => n === 2);
      expect([fate, notes.length]).to.be.deep.oneOf([
        ['duplicate', 1],
        ['intent_received', 1],
        ['intent_dropped', 0],
      ]);
    });

    it('applies once what waited in a zone that had not seen the player yet', async () => {
      const account = await house.account('gitta');
      const socket = await house.join(account.token);
      await house.pause();
      await subscribe(socket, house.parlour);
      socket.send(note(1, 1));
      await socket.next('intent_received');
      socket.terminate();
      await gone('gitta');

      const again = await house.join(account.token, socket.joinAck.resume_token);
      await again.next('subscribed');
      const [fate] = await resend(again, 1);
      again.send(note(2, 2));
      await house.resume();
      const view = await noted(again, 2);

      expect(again.joinAck).to.deep.include({ last_seq: 0, dropped: [] });
      expect(view.state.you.notes).to.deep.equal(fate === 'intent_dropped' ? [2] : [1, 2]);
    });

    it('takes over from a socket that is still alive: 4409 there, one avatar, no gap in the numbers', async () => {
      const { account, socket, token } = await present('hilde', 2);

      const again = await house.join(account.token, token);
      const { code } = await socket.closed;
      await again.next('subscribed');
      again.send(note(3, 3));
      const view = await noted(again, 3);

      expect(code).to.equal(4409);
      expect(again.joinAck).to.deep.include({ last_seq: 2, dropped: [] });
      expect(view.state.you.notes).to.deep.equal([1, 2, 3]);
      expect((await house.avatars()).filter((name) => name === 'hilde')).to.have.length(1);
    });

    it('is in no zone after an unsubscribe, and its numbers go on', async () => {
      const { account, socket, token } = await present('ingrid', 2);
      socket.send({ type: 'unsubscribe' });
      await socket.next('unsubscribed');
      socket.terminate();

      const again = await house.join(account.token, token);
      again.send({ type: 'unsubscribe' });

      expect(again.joinAck).to.deep.include({ last_seq: 2, dropped: [] });
      expect(await refusal(again, 'not_subscribed')).to.have.property('type', 'error');
      expect(again.all('subscribed')).to.deep.equal([]);
    });

    it('is in the zone that a transfer took it to', async () => {
      const { account, socket, token } = await present('josefa', 1);
      socket.send({ type: 'intent', seq: 2, data: { type: 'walk', to: house.garden } });
      await socket.next('handover');
      socket.terminate();

      const again = await house.join(account.token, token);

      expect(again.joinAck).to.include({ last_seq: 2 });
      expect((await again.next('subscribed')).zone_id).to.equal(house.garden);
      expect((await again.next('tick')).state.you.notes).to.deep.equal([1]);
    });

    it('may be of another session than the token is', async () => {
      const { account, socket, token } = await present('klara');
      const { token: other } = await login(house.server.url, account.username);
      socket.terminate();

      const again = await house.join(other, token);

      expect((await again.next('subscribed')).zone_id).to.equal(house.parlour);
    });
  });

  describe('with a token that has been used', () => {
    it('works until the connection that it opened has spoken', async () => {
      const { account, socket, token } = await present('lore');
      socket.terminate();

      const second = await house.join(account.token, token);
      await second.next('subscribed');
      second.terminate();
      const third = await house.join(account.token, token);
      const zone = (await third.next('subscribed')).zone_id;
      third.send({ type: 'ping' });
      await third.next('pong');
      third.terminate();
      const fourth = await house.join(account.token, token);

      expect(zone).to.equal(house.parlour);
      await expectRefused(fourth);
    });

    it('does not work once that connection has said anything at all', async () => {
      const { account, socket, token } = await present('magda');
      socket.terminate();

      const second = await house.join(account.token, token);
      second.socket.send('nonsense');
      await refusal(second, 'bad_request');
      second.terminate();

      await expectRefused(await house.join(account.token, token));
    });
  });

  describe('with a token that does not work', () => {
    it('because it is nobody’s', async () => {
      const { account } = await present('nelly');

      await expectRefused(await house.join(account.token, 'no such token'));
    });

    it('because it is another player’s', async () => {
      const { token } = await present('oda');
      const thief = await present('petra');

      await expectRefused(await house.join(thief.account.token, token));
    });

    it('because of a join without resume', async () => {
      const { account, token } = await present('rita');
      await house.join(account.token);

      await expectRefused(await house.join(account.token, token));
    });

    it('because its session is over', async () => {
      const { account, token } = await present('selma');
      const { token: other } = await login(house.server.url, account.username);
      await call(house.server.url, 'POST', '/api/auth/logout', { token: account.token });

      await expectRefused(await house.join(other, token));
    });
  });

  it('without a token begins anew: the numbers from 1, nowhere subscribed, the document kept', async () => {
    const { account } = await present('thekla', 3);

    const again = await house.join(account.token);
    const [early] = await resend(again, 1);
    await subscribe(again, house.parlour);
    const [late] = await resend(again, 2);
    // A note of that number was there before: it is the fourth that is waited for.
    const view = await again.next('tick', ({ state }) => state.you.notes.length > 3);

    expect(again.joinAck).to.deep.include({ last_seq: 0, dropped: [] });
    expect([early, late]).to.deep.equal(['not_subscribed', 'intent_received']);
    expect(view.state.you.notes).to.deep.equal([1, 2, 3, 2]);
  });

  it('without a token leaves what the run before it asked for to be applied once', async () => {
    const { account, socket } = await present('ulrike', 1);
    await house.pause();
    socket.send(note(2, 2));
    await socket.next('intent_received', ({ seq }) => seq === 2);

    const again = await house.join(account.token);
    await subscribe(again, house.parlour);
    again.send(note(12, 1));
    await again.next('intent_received');
    await house.resume();
    const view = await noted(again, 12);

    expect(view.state.you.notes.filter((n: number) => n === 12)).to.deep.equal([12]);
    expect(view.state.you.notes.filter((n: number) => n === 2).length).to.be.lessThan(2);
    expect(again.all('error')).to.deep.equal([]);
  });

  for (const [end, ending] of Object.entries({
    'a clean stop': () => house.server.signal('SIGTERM'),
    'a kill': () => house.server.signal('SIGKILL'),
  })) {
    it(`over ${end} says what was applied and what was not, and what is sent again is applied once`, async () => {
      const people = await Promise.all(['vera', 'wanda', 'xenia'].map((name) => present(`${name}-${end.slice(-4)}`, 2)));
      const [vera, wanda, xenia] = people;
      // Refused, passed over, dropped by a failed tick, and one that still waits.
      vera?.socket.send({ type: 'intent', seq: 3, data: { type: 'fly' } });
      vera?.socket.send(note(5, 5));
      await noted(vera?.socket ?? expect.fail(), 5);
      // Resumed, and not a word since: the token that did it still works.
      xenia?.socket.terminate();
      const silent = await house.join(xenia?.account.token ?? '', xenia?.token);
      await silent.next('subscribed');
      await house.pause();
      wanda?.socket.send(note(3, 3));
      await wanda?.socket.next('intent_received', ({ seq }) => seq === 3);

      const { status } = await ending();
      const closed = await Promise.all([vera?.socket, wanda?.socket, silent].map((socket) => socket?.closed));
      await house.server.start();
      const back = await Promise.all(people.map(({ account, token }) => house.join(account.token, token)));
      const zones = await Promise.all(back.map((socket) => socket.next('subscribed')));

      const clean = end === 'a clean stop';
      expect(status).to.equal(clean ? 0 : null);
      expect(closed.every((close) => close?.code === (clean ? 1001 : 1006))).to.equal(true);
      expect(refusalsOf(wanda?.socket)).to.deep.equal(clean ? [3] : []);
      expect(zones.every(({ zone_id }) => zone_id === house.parlour)).to.equal(true);
      expect(back.map(({ joinAck }) => [joinAck.last_seq, joinAck.dropped])).to.deep.equal([
        [5, [3, 4]],
        [2, []],
        [2, []],
      ]);
      const fates = await Promise.all(back.map((socket) => resend(socket, 2, 3, 6)));
      const views = await Promise.all(back.map((socket) => noted(socket, 6)));
      expect(fates).to.deep.equal([
        ['duplicate', 'intent_dropped', 'intent_received'],
        ['duplicate', 'intent_received', 'intent_received'],
        ['duplicate', 'intent_received', 'intent_received'],
      ]);
      expect(views.map(({ state }) => state.you.notes)).to.deep.equal([
        [1, 2, 5, 6],
        [1, 2, 3, 6],
        [1, 2, 3, 6],
      ]);
      expect((await house.avatars()).filter((name) => name.endsWith(end.slice(-4)))).to.have.length(3);
      expect(numbersOf(people, back)).to.equal('rising');
    });
  }

  /** Until the server has noticed that the player's socket went. */
  async function gone(username: string): Promise<void> {
    for (;;) {
      const { body } = await house.asOperator('GET', '/api/debug/connections');
      if (!body.connections.some((connection: Message) => connection.username === username)) return;
    }
  }

  const refusalsOf = (socket: Joined | undefined) =>
    socket?.all('error').flatMap(({ code, seq }) => (code === 'intent_dropped' ? [seq] : []));

  /** Towards each client, over the restart: do the tick numbers of the zone go up? */
  function numbersOf(people: readonly { socket: Joined }[], back: readonly Joined[]): string {
    const each = people.map(({ socket }, index) =>
      [...socket.all('tick'), ...(back[index]?.all('tick') ?? [])].map(({ tick_number }) => tick_number),
    );
    return each.every((numbers) => numbers.every((n, index) => index === 0 || n > numbers[index - 1])) ? 'rising' : String(each);
  }
});
