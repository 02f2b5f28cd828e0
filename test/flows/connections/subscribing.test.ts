import { expect } from 'chai';
import { call } from '../../support/player.js';
import { behind, eventsOf, type House, note, noted, openHouse, refusal, subscribe } from './house.js';

describe('subscribing over the real server', () => {
  let house: House;

  before(async () => {
    house = await openHouse();
  });
  after(() => house.close());
  afterEach(() => house.tidy());

  it('is answered with the zone as REST shows it, then ticks, the first whole', async () => {
    const { token } = await house.account('anton');
    const socket = await house.join(token);

    const subscribed = await subscribe(socket, house.parlour);
    const first = await socket.next('tick');
    const { body: zone } = await call(house.server.url, 'GET', `/api/zones/${house.parlour}`, { token });

    expect(subscribed).to.deep.equal({ type: 'subscribed', zone_id: house.parlour, zone });
    expect(first).to.have.keys('type', 'tick_number', 'zone_id', 'state');
    expect(first.zone_id).to.equal(house.parlour);
    expect(first.state).to.have.keys('zone_id', 'entities', 'events', 'here', 'you');
    expect(first.state.here).to.include('anton');
    const avatar = first.state.entities.find(({ metadata }: { metadata: { name: string } }) => metadata.name === 'anton');
    expect(avatar).to.have.keys('id', 'x', 'y', 'width', 'height', 'metadata');
  });

  it('gives the ticks from then on, each once and in order', async () => {
    const socket = await house.enter('berta');

    const first = await socket.next('tick');
    await socket.next('tick', ({ tick_number }) => tick_number >= first.tick_number + 8);

    const numbers: number[] = socket.all('tick').map(({ tick_number }) => tick_number);
    expect(numbers).to.deep.equal([...new Set(numbers)].sort((a, b) => a - b));
  });

  it('shows no events of ticks before it', async () => {
    await house.enter('caesar');
    const socket = await house.enter('daniel');

    const [first] = socket.all('tick');

    expect(eventsOf([first ?? expect.fail()]).filter(({ tick }) => tick)).to.deep.equal([{ tick: first?.tick_number }]);
  });

  describe('to another zone', () => {
    it('leaves the old one in a tick, says so, and nothing of the old one comes after', async () => {
      const witness = await house.enter('emil');
      const mover = await house.enter('franz');

      const subscribed = await subscribe(mover, house.garden);
      await mover.next('tick', ({ zone_id }) => zone_id === house.garden);
      await mover.next('tick');

      const later = behind(mover, subscribed).filter(({ type }) => type === 'tick');
      expect(later.map(({ zone_id }) => zone_id)).to.satisfy((zones: string[]) => zones.every((id) => id === house.garden));
      const left = await witness.next('tick', ({ state }) =>
        eventsOf([{ type: 'tick', state }]).some((event) => event.left === 'franz'),
      );
      expect(left.tick_number).to.be.lessThan(later[0]?.tick_number);
      expect(eventsOf(later).filter((event) => event.joined === 'franz')).to.have.length(1);
    });

    it('takes the document along', async () => {
      const socket = await house.enter('gustav');
      socket.send(note(7));
      await noted(socket, 7);

      await subscribe(socket, house.garden);

      expect((await socket.next('tick')).state.you.notes).to.deep.equal([7]);
    });

    it('reports what waits in the old one as dropped, and queues what comes behind in the new one', async () => {
      const socket = await house.enter('hector');
      await house.pause();

      socket.send(note(1, 1));
      await socket.next('intent_received');
      socket.send({ type: 'subscribe', zone_id: house.garden });
      socket.send(note(2, 2));
      const dropped = await refusal(socket, 'intent_dropped');
      await socket.next('subscribed');
      const received = await socket.next('intent_received');
      await house.resume();
      const view = await noted(socket, 2);

      expect(dropped).to.include({ type: 'error', seq: 1 });
      expect(received).to.include({ seq: 2, zone_id: house.garden });
      expect(view.state.you.notes).to.deep.equal([2]);
    });

    it('reports what waits in a zone that has not seen the player yet, too', async () => {
      const witness = await house.enter('ignaz');
      const socket = await house.join((await house.account('jolanda')).token);
      await house.pause();

      await subscribe(socket, house.parlour);
      socket.send(note(1, 1));
      await socket.next('intent_received');
      socket.send({ type: 'unsubscribe' });
      const dropped = await refusal(socket, 'intent_dropped');
      const tick_number = await house.step();
      const seen = await witness.next('tick', (tick) => tick.tick_number === tick_number);

      expect(dropped).to.include({ seq: 1 });
      expect(eventsOf([seen])).to.deep.equal([{ tick: tick_number }]);
    });

    it('is allowed once each tick', async () => {
      const socket = await house.enter('jakob');
      await house.pause();
      await house.step();

      // Of the zone that it is in, which nobody has to be waited for; many, because a paused world counts by time.
      const asked = Array.from({ length: 10 }, () => socket.send({ type: 'subscribe', zone_id: house.parlour }));
      const answers = [];
      for (const _ of asked)
        answers.push(await socket.nextOf(({ type }) => type === 'subscribed' || type === 'error', 'an answer'));
      await house.step();
      const { zone_id } = await subscribe(socket, house.garden);

      const refused = answers.filter(({ type }) => type === 'error');
      expect(answers[0]).to.include({ type: 'subscribed' });
      expect(refused.length).to.be.at.least(1);
      for (const error of refused) expect(error).to.have.keys('type', 'code', 'message').and.include({ code: 'rate_limited' });
      expect(zone_id).to.equal(house.garden);
    });

    it('may be asked for again in the tick after one that had to wait for its own', async () => {
      const socket = await house.enter('konrad');

      for (const zone of [house.garden, house.parlour, house.garden]) {
        const { zone_id } = await subscribe(socket, zone);
        expect(zone_id).to.equal(zone);
        await socket.next('tick', (tick) => tick.zone_id === zone);
      }

      expect(socket.all('error')).to.deep.equal([]);
    });
  });

  describe('to the same zone again', () => {
    it('changes the options, and leaves nothing and joins nothing', async () => {
      const socket = await house.enter('ludwig');

      const subscribed = await subscribe(socket, house.parlour, { acks: 'tick' });
      socket.send(note(1, 1));
      await socket.next('tick', ({ ack }) => ack === 1);

      expect(socket.all('intent_received')).to.deep.equal([]);
      const events = eventsOf(behind(socket, subscribed).filter(({ type }) => type === 'tick'));
      expect(events.filter((event) => event.left ?? event.joined)).to.deep.equal([]);
    });
  });

  describe('that fails leaves things as they were', () => {
    /** Is still subscribed, with options and place unharmed. */
    async function unharmed(socket: Awaited<ReturnType<House['enter']>>): Promise<void> {
      const from = socket.messages.length;
      socket.send(note(1, 1));
      await noted(socket, 1);
      const heard = socket.messages.slice(from).filter(({ type }) => type !== 'telemetry');
      expect(heard.map(({ type }) => type)).to.include('intent_received');
      expect(heard.filter(({ type }) => type === 'tick').every(({ zone_id }) => zone_id === house.parlour)).to.equal(true);
      expect(eventsOf(heard.filter(({ type }) => type === 'tick')).filter((event) => event.left)).to.deep.equal([]);
    }

    it('with zone_not_found where there is none', async () => {
      const socket = await house.enter('moritz');

      for (const zone_id of ['00000000-0000-4000-8000-000000000000', 'no uuid', '']) {
        socket.send({ type: 'subscribe', zone_id });
        expect(await refusal(socket, 'zone_not_found')).to.have.keys('type', 'code', 'message');
      }

      await unharmed(socket);
    });

    it('with forbidden where the game does not admit the player', async () => {
      const locked = await house.zone('locked', { locked: true });
      const socket = await house.enter('norbert');

      socket.send({ type: 'subscribe', zone_id: locked });
      expect(await refusal(socket, 'forbidden')).to.have.keys('type', 'code', 'message');

      await unharmed(socket);
    });

    it('with zone_unavailable where the zone is in quarantine', async () => {
      const haunted = await house.zone('haunted', { haunted: true });
      const brave = await house.join((await house.account('otto')).token);
      await subscribe(brave, haunted);
      const told = await refusal(brave, 'zone_unavailable');
      const socket = await house.enter('paul');

      brave.send(note(1, 1));
      const refusedIntent = await brave.next('error', ({ seq }) => seq === 1);
      socket.send({ type: 'subscribe', zone_id: haunted });
      expect(await refusal(socket, 'zone_unavailable')).to.have.keys('type', 'code', 'message');

      await unharmed(socket);
      expect([told, refusedIntent].map(({ code }) => code)).to.deep.equal(['zone_unavailable', 'zone_unavailable']);
      expect([...brave.texts, ...socket.texts].join()).not.to.contain('CANARY');
    });

    it('with bad_request where it is malformed', async () => {
      const socket = await house.enter('quentin');

      for (const odd of [
        {},
        { zone_id: 5 },
        { zone_id: house.garden, acks: 'never' },
        { zone_id: house.garden, sync: 'often' },
      ]) {
        socket.send({ type: 'subscribe', ...odd });
        expect(await refusal(socket, 'bad_request')).to.have.keys('type', 'code', 'message');
      }

      await unharmed(socket);
    });

    it('and does not count against the one of this tick', async () => {
      const socket = await house.enter('robert');
      await house.pause();

      socket.send({ type: 'subscribe', zone_id: 'nowhere' });
      await refusal(socket, 'zone_not_found');

      expect(await subscribe(socket, house.garden)).to.have.property('zone_id', house.garden);
    });
  });

  describe('ends', () => {
    it('with unsubscribe: nothing of the zone comes after, and the zone sees the player leave', async () => {
      const witness = await house.enter('stefan');
      const socket = await house.enter('tobias');

      socket.send({ type: 'unsubscribe' });
      const answer = await socket.next('unsubscribed');
      await witness.next('tick', ({ state }) => state.events.some((event: { left?: string }) => event.left === 'tobias'));

      expect(answer).to.deep.equal({ type: 'unsubscribed', zone_id: house.parlour });
      expect(behind(socket, answer).filter(({ type }) => type !== 'telemetry')).to.deep.equal([]);
    });

    it('not twice', async () => {
      const socket = await house.join((await house.account('ulrich')).token);

      socket.send({ type: 'unsubscribe' });

      expect(await refusal(socket, 'not_subscribed')).to.have.keys('type', 'code', 'message');
    });

    it('with the zone, and says so', async () => {
      const doomed = await house.zone('doomed');
      const socket = await house.enter('viktor', doomed);

      await house.asOperator('DELETE', `/api/zones/${doomed}`);
      await refusal(socket, 'zone_deleted');
      socket.send(note(1, 1));

      expect(await socket.next('error')).to.include({ code: 'not_subscribed', seq: 1 });
      expect(await subscribe(socket, house.parlour)).to.have.property('zone_id', house.parlour);
    });
  });

  describe('resync', () => {
    it('makes the next message of the zone a whole tick, once each tick', async () => {
      const socket = await house.enter('walter', house.parlour, { sync: 'delta' });
      await house.pause();

      socket.send({ type: 'resync' });
      socket.send({ type: 'resync' });
      const refused = await refusal(socket, 'rate_limited');
      const read = socket.messages.length;
      await house.step();
      await socket.next('tick');

      expect(refused).to.have.keys('type', 'code', 'message');
      const next = socket.messages.slice(read).find(({ type }) => type === 'tick' || type === 'delta');
      expect(next).to.include({ type: 'tick', zone_id: house.parlour });
    });

    it('needs a subscription', async () => {
      const socket = await house.join((await house.account('xaver')).token);

      socket.send({ type: 'resync' });

      expect(await refusal(socket, 'not_subscribed')).to.have.keys('type', 'code', 'message');
    });
  });

  describe('and a handover', () => {
    it('moves the subscription along, in this order: the last of the old zone, handover, the new zone', async () => {
      const socket = await house.enter('yannick');

      socket.send({ type: 'intent', seq: 1, data: { type: 'walk', to: house.garden } });
      const handover = await socket.next('handover');
      const first = await socket.next('tick');

      expect(handover).to.deep.equal({
        type: 'handover',
        from: { zone_id: house.parlour },
        to: { zone_id: house.garden, x: 3, y: 4 },
      });
      expect(first).to.include({ zone_id: house.garden, ack: 1 });
      expect(first.state.here).to.include('yannick');
      expect(behind(socket, handover).filter(({ zone_id }) => zone_id === house.parlour)).to.deep.equal([]);
      expect(await house.avatars(house.garden)).to.include('yannick');
    });
  });

  describe('and a view that fails', () => {
    it('costs that player this message, tells nothing of why, and nobody else anything', async () => {
      const neighbour = await house.enter('zacharias');
      const socket = await house.enter('adele');

      socket.send({ type: 'intent', data: { type: 'veil', on: true } });
      const error = await refusal(socket, 'internal');
      await house.pause();
      const stepped = [await house.step(), await house.step()];
      for (const tick of stepped) await neighbour.next('tick', ({ tick_number }) => tick_number === tick);
      await house.resume();
      socket.send({ type: 'intent', data: { type: 'veil', on: false } });
      await socket.next('tick');

      expect(error).to.have.keys('type', 'code', 'message');
      expect(socket.texts.join()).not.to.contain('CANARY');
    });
  });
});
