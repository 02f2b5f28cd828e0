/**
 * One zone's failure, of any kind, is its own: its senders are told, it comes back from the last commit, after growing
 * pauses, or is quarantined; the other zones and their sockets notice nothing. How long quarantines last is
 * `test/actors/supervisor`.
 */
import { expect } from 'chai';
import type { Stage } from '../../support/flow-games/puppet.js';
import { enter, make, obeyed, order, type Performer, rising, Theatre } from '../../support/flow-games/theatre.js';
import type { Message } from '../../support/player.js';

describe('a zone that fails', function () {
  this.timeout(20_000);
  let theatre: Theatre;
  /** Two zones of others, in which nothing may be seen of all this. */
  let bystanders: readonly Bystander[];

  before(async () => {
    theatre = await Theatre.open('puppet.ts', { ZONE_WORKERS: '1', ZONE_TICK_BUDGET_MS: '200' });
  });
  beforeEach(async () => {
    bystanders = await Promise.all([watch(), watch()]);
  });
  afterEach(async () => {
    await theatre.resume();
    await theatre.everybodyOut();
  });
  after(() => theatre?.close());

  it('loses the one intent that made it fail, and tells its sender; the others wait for the next tick', async () => {
    const zone = await theatre.zone();
    const [vandal, victim] = [await theatre.playerIn(zone), await theatre.playerIn(zone)];
    const id = await make(vandal, 1, { x: 2, y: 2 });
    await theatre.pause();
    await waits(victim, { type: 'do', note: 'before', result: { updates: [{ id, x: 9 }] } }, 1);
    await waits(vandal, { type: 'throw' }, 2);
    await waits(victim, { type: 'note', note: 'behind' }, 2);
    await theatre.resume();

    const lost = await vandal.socket.next('error');
    const healed = await victim.socket.next('tick', ({ ack }) => ack === 2);

    expect(lost).to.include({ code: 'intent_dropped', seq: 2, reason: 'poison' });
    expect(healed.state.entities.map(({ x }: { x: number }) => x)).to.deep.equal([9]);
    expect(victim.socket.all('error')).to.deep.equal([]);
    expect((await theatre.log(zone)).flatMap(({ notes }) => notes)).to.deep.equal([
      [1, 'before'],
      [2, 'behind'],
    ]);
    for (const { socket } of [vandal, victim]) {
      expect(socket.texts.join()).not.to.contain('CANARY');
      rising(socket.all('tick'));
    }
    await undisturbed();
  });

  it('loses all intents of a tick that none of them made fail, and tells all senders', async () => {
    const zone = await theatre.zone({ fails: 'throws', failsWhile: 'even' });
    await theatre.pause();
    // Before the zone is awake: an even tick would fail it already.
    await untilNextIsOdd();
    const [one, other] = [await theatre.player(), await theatre.player()];
    for (const { socket } of [one, other]) {
      socket.send({ type: 'subscribe', zone_id: zone });
      await socket.next('subscribed');
    }
    await theatre.step();
    await waits(one, { type: 'note', note: 'lost' }, 1);
    await waits(one, { type: 'note', note: 'lost too' });
    await waits(other, { type: 'note', note: 'lost as well' }, 1);

    const { missed } = await theatre.step();
    const lost = [await one.socket.next('error'), await one.socket.next('error'), await other.socket.next('error')];
    order(one, { type: 'note', note: 'sent again' }, 1);
    const resent = await one.socket.next('error');
    await live(zone);
    await waits(one, { type: 'note', note: 'at last' }, 2);
    await theatre.step();
    await one.socket.next('tick', ({ ack }) => ack === 2);

    expect(missed).to.deep.equal([zone]);
    expect(lost.map(({ code, seq, reason }) => [code, seq, reason])).to.deep.equal([
      ['intent_dropped', 1, undefined],
      ['intent_dropped', undefined, undefined],
      ['intent_dropped', 1, undefined],
    ]);
    expect(resent).to.include({ code: 'intent_dropped', seq: 1 });
    expect((await theatre.log(zone)).flatMap(({ notes }) => notes)).to.deep.equal([[2, 'at last']]);
    await theatre.resume();
    await undisturbed();
  });

  /** Gives an order that is in the queue when this resolves. */
  async function waits(player: Performer, data: object, seq?: number): Promise<void> {
    order(player, data, seq);
    await player.socket.next('intent_received', (message) => message.seq === seq);
  }

  /** Steps a paused world, until the next tick has an odd number. */
  async function untilNextIsOdd(): Promise<void> {
    const { body } = await theatre.asOperator('POST', '/api/debug/tick/pause');
    if (body.tick_number % 2 === 1) await theatre.step();
  }

  async function live(zone: string): Promise<void> {
    await theatre.until('the zone to be live again', async () =>
      JSON.stringify((await theatre.actor(zone))?.state).includes('live'),
    );
  }

  it('is quarantined when its game goes wrong at every tick, in whichever way: its players are told, and can go elsewhere', async () => {
    const sound = await theatre.zone();
    await Promise.all((['throws', 'promise', 'nonsense', 'outside'] as const).map((fails) => quarantines(fails, sound)));
    await undisturbed();
  });

  async function quarantines(fails: Stage['fails'], sound: string): Promise<void> {
    const broken = await theatre.zone({ fails });
    const [player, late] = [await theatre.player(), await theatre.player()];
    player.socket.send({ type: 'subscribe', zone_id: broken });
    await player.socket.next('subscribed');
    order(player, { type: 'note', note: 'never' }, 1);

    const dropped = await player.socket.next('error', ({ code }) => code === 'intent_dropped');
    await player.socket.next('error', ({ code }) => code === 'zone_unavailable');
    order(player, { type: 'note', note: 'refused' }, 2);
    const refused = await player.socket.next('error');
    late.socket.send({ type: 'subscribe', zone_id: broken });
    const locked = await late.socket.next('error');
    const seen = await quarantined(broken);
    await enter(player, sound);
    const deleted = await theatre.asOperator('DELETE', `/api/zones/${broken}`);

    expect(dropped.seq, fails).to.equal(1);
    expect(refused, fails).to.include({ code: 'zone_unavailable', seq: 2 });
    expect(locked, fails).to.include({ code: 'zone_unavailable' });
    expect(seen, fails).to.include({ state: 'quarantined', restarts: 5, quarantines: 1 });
    expect(seen.last_error.message).to.be.a('string');
    expect(player.socket.all('tick').filter(({ zone_id }) => zone_id === broken)).to.deep.equal([]);
    expect(player.socket.texts.join() + late.socket.texts.join()).not.to.contain('CANARY');
    expect(deleted.status, fails).to.equal(204);
  }

  it('is ended by a promise or a timer of its game no more than by a throw: the server and the others go on', async () => {
    const zone = await theatre.zone();
    const player = await theatre.playerIn(zone);

    order(player, { type: 'stray' }, 1);
    await player.socket.nextOf(({ ack, seq }) => ack === 1 || seq === 1, 'the fate of the order');
    await new Promise((resolve) => setTimeout(resolve, 50));
    await obeyed(player, { type: 'note', note: 'still here' }, 2);

    await undisturbed();
  });

  it('can be deleted while it waits for its restart', async () => {
    const zone = await theatre.zone();
    const player = await theatre.playerIn(zone);
    for (const seq of [1, 2, 3]) {
      order(player, { type: 'throw' }, seq);
      await player.socket.next('error', (message) => message.seq === seq);
    }

    const { status } = await theatre.asOperator('DELETE', `/api/zones/${zone}`);

    expect(status).to.equal(204);
    expect(await player.socket.next('error')).to.include({ code: 'zone_deleted' });
    await enter(player, await theatre.zone());
    await undisturbed();
  });

  it('sends back what makes it fail, with who has followed it there, and is as it was', async () => {
    const [home, glass] = [await theatre.zone(), await theatre.zone({ fails: 'throws', failsWhile: 'bomb' })];
    const player = await theatre.playerIn(home);
    const bomb = await make(player, 1, { x: 3, y: 4, metadata: { bomb: true } });

    order(player, { type: 'do', result: { transfers: [{ id: bomb, toZone: glass, x: 1, y: 1, follow: [player.id] }] } }, 2);
    const [there, back] = [await player.socket.next('handover'), await player.socket.next('handover')];
    const healed = await obeyed(player, { type: 'note', note: 'at home' }, 3);
    const witness = await theatre.playerIn(glass);

    expect([there.to.zone_id, back.to.zone_id, healed.zone_id]).to.deep.equal([glass, home, home]);
    expect(player.socket.all('error')).to.deep.equal([]);
    expect(await theatre.actor(glass)).to.deep.include({ state: { live: 'ticking' }, quarantines: 0 });
    expect(witness.socket.all('error')).to.deep.equal([]);
    await undisturbed();
  });

  it('is stopped when its game does not come back: its neighbours in the same thread lose nothing', async () => {
    const zone = await theatre.zone();
    const player = await theatre.playerIn(zone);
    const id = await make(player, 1, { x: 2, y: 2 });

    order(player, { type: 'hang' }, 2);
    const dropped = await player.socket.next('error');
    const [seen, healed] = await Promise.all([
      Promise.all(bystanders.map((bystander) => obeyed(bystander, { type: 'note', note: 'moved' }, 2))),
      obeyed(player, { type: 'note', note: 'again' }, 3),
    ]);

    expect(dropped).to.include({ code: 'intent_dropped', seq: 2 });
    expect(healed.state.entities.map((entity: { id: string }) => entity.id)).to.deep.equal([id]);
    for (const [index, { socket, zone: other, first }] of bystanders.entries()) {
      expect(seen[index]?.state).to.deep.equal(first.state);
      expect(socket.all('error')).to.deep.equal([]);
      rising(socket.all('tick'));
      expect((await theatre.log(other)).flatMap(({ left }) => left)).to.deep.equal([]);
    }
  });

  interface Bystander extends Performer {
    readonly zone: string;
    readonly first: Message;
    readonly entity: string;
  }

  async function watch(): Promise<Bystander> {
    const zone = await theatre.zone();
    const player = await theatre.playerIn(zone);
    const entity = await make(player, 1, { x: 5, y: 5 });
    return { ...player, zone, entity, first: await player.socket.next('tick') };
  }

  /** Not a tick missed, not an error, the same state, and their orders are obeyed. */
  async function undisturbed(): Promise<void> {
    for (const { zone, entity, first, ...player } of bystanders) {
      const { socket } = player;
      const last = await obeyed(player, { type: 'note', note: 'all is well' }, 2);
      expect(socket.all('error')).to.deep.equal([]);
      expect(socket.all('handover')).to.deep.equal([]);
      const ticks = socket.all('tick').filter(({ tick_number }) => tick_number >= first.tick_number);
      // The next one may have come with it.
      expect(ticks.slice(-2)).to.include(last);
      for (const { state } of ticks) expect(state).to.deep.equal(first.state);
      expect(first.state.entities.map(({ id }: { id: string }) => id)).to.deep.equal([entity]);
      expect((await theatre.actor(zone))?.restarts).to.equal(0);
      await theatre.withoutGaps(zone, ticks);
    }
  }

  async function quarantined(zone: string): Promise<Message> {
    const { body } = await theatre.asOperator('GET', '/api/debug/actors');
    const groups = body.children.filter(({ kind }: Message) => kind === 'zone-group');
    const actor = groups.flatMap(({ children }: Message) => children).find(({ zone_id }: Message) => zone_id === zone);
    expect(actor).to.deep.include(await theatre.actor(zone));
    return actor;
  }
});

describe('a game that hangs on the main thread', function () {
  this.timeout(20_000);

  it('ends the process with 70 and a line that names the zone', async () => {
    const theatre = await Theatre.open('hanger.mjs', { ZONE_WORKERS: '0', ZONE_TICK_BUDGET_MS: '50' });
    try {
      const zone = await theatre.zone();
      const player = await theatre.playerIn(zone);

      order(player, { hang: true }, 1);
      const { status, stderr } = await theatre.server.ended;

      expect(status).to.equal(70);
      expect(stderr).to.match(new RegExp(`^gridstead: .*${zone}`, 'm'));
    } finally {
      await theatre.close();
    }
  });
});
