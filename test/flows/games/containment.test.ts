/**
 * One zone's failure, of any kind, is its own: its senders are told, it comes back from the last commit, after growing
 * pauses, or is quarantined; the other zones and their sockets notice nothing. How long quarantines last is
 * `test/actors/supervisor`.
 */
import { expect } from 'chai';
import type { Stage } from '../../support/flow-games/puppet.js';
import { enter, make, obeyed, order, type Performer, Theatre } from '../../support/flow-games/theatre.js';
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
  afterEach(() => theatre.everybodyOut());
  after(() => theatre?.close());

  it('tells the senders which intents were lost, and goes on from the last commit', async () => {
    const zone = await theatre.zone();
    const [vandal, victim] = [await theatre.playerIn(zone), await theatre.playerIn(zone)];
    const id = await make(vandal, 1, { x: 2, y: 2 });
    await theatre.pause();
    order(victim, { type: 'do', result: { updates: [{ id, x: 9 }] } }, 1);
    order(victim, { type: 'note', note: 'without a number' });
    await victim.socket.next('intent_received', ({ seq }) => seq === undefined);
    order(vandal, { type: 'throw' }, 2);
    await vandal.socket.next('intent_received', ({ seq }) => seq === 2);
    await theatre.resume();

    const lost = [await victim.socket.next('error'), await victim.socket.next('error')];
    const own = await vandal.socket.next('error');
    const resent = await duplicate(victim, 1);
    const healed = await obeyed(victim, { type: 'note', note: 'again' }, 2);

    expect(lost.map(({ code, seq }) => [code, seq])).to.deep.equal([
      ['intent_dropped', 1],
      ['intent_dropped', undefined],
    ]);
    expect(own).to.include({ code: 'intent_dropped', seq: 2 });
    expect(resent).to.include({ code: 'intent_dropped', seq: 1 });
    expect(healed.state.entities.map(({ x }: { x: number }) => x)).to.deep.equal([2]);
    for (const { socket } of [vandal, victim]) {
      expect(socket.texts.join()).not.to.contain('CANARY');
      rising(socket.all('tick'));
    }
    await undisturbed();
  });

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

  it('is stopped when its game does not come back: its neighbours in the same thread are there again within a second', async () => {
    const zone = await theatre.zone();
    const player = await theatre.playerIn(zone);
    const id = await make(player, 1, { x: 2, y: 2 });

    order(player, { type: 'hang' }, 2);
    const dropped = await player.socket.next('error');
    const droppedAtMs = Date.now();
    const [seen, healed] = await Promise.all([
      Promise.all(bystanders.map((bystander) => obeyed(bystander, { type: 'note', note: 'moved' }, 2))),
      obeyed(player, { type: 'note', note: 'again' }, 3),
    ]);

    expect(dropped).to.include({ code: 'intent_dropped', seq: 2 });
    expect(Date.now() - droppedAtMs).to.be.below(2_000);
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
      expect(ticks.at(-1)).to.equal(last);
      for (const { state } of ticks) expect(state).to.deep.equal(first.state);
      expect(first.state.entities.map(({ id }: { id: string }) => id)).to.deep.equal([entity]);
      expect((await theatre.actor(zone))?.restarts).to.equal(0);
      await withoutGaps(zone, ticks);
    }
  }

  /** Every tick number, but for those that the zone missed because the machine was slow, which it counts. */
  async function withoutGaps(zone: string, ticks: readonly Message[]): Promise<void> {
    rising(ticks);
    const numbers = ticks.map(({ tick_number }) => tick_number);
    const skipped = (numbers.at(-1) ?? 0) - (numbers[0] ?? 0) + 1 - numbers.length;
    const missed = (await theatre.actor(zone))?.timings.missed_ticks;
    expect(skipped, 'ticks that were lost').to.be.at.most(missed);
  }

  async function quarantined(zone: string): Promise<Message> {
    const { body } = await theatre.asOperator('GET', '/api/debug/actors');
    const groups = body.children.filter(({ kind }: Message) => kind === 'zone-group');
    const actor = groups.flatMap(({ children }: Message) => children).find(({ zone_id }: Message) => zone_id === zone);
    expect(actor).to.deep.include(await theatre.actor(zone));
    return actor;
  }

  async function duplicate(player: Performer, seq: number): Promise<Message> {
    order(player, { type: 'note', note: 'sent again' }, seq);
    return player.socket.next('error');
  }
});

function rising(ticks: readonly Message[]): void {
  for (const [index, { tick_number }] of ticks.entries()) {
    if (index > 0) expect(tick_number).to.be.greaterThan(ticks[index - 1]?.tick_number);
  }
}

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
