/**
 * Frontier as its players meet it, over the real server's wire: joining, walking, seeing one another, things, borders, coming
 * back. What the rules are is in test/games/frontier; what kills do to it in test/flows/chaos.
 */
import { expect } from 'chai';
import { flowGame } from '../../support/built.js';
import { type Account, call, type JoinedSocket, type Message, PlayerSocket, register } from '../../support/player.js';
import { TestServer } from '../../support/server.js';
import { until } from '../../support/until.js';

describe('playing frontier', function () {
  this.timeout(30_000);
  let server: TestServer;
  let env: Record<string, string>;
  let operator: Account;
  const open: PlayerSocket[] = [];

  before(async () => {
    env = { GAME: flowGame('little-frontier.ts'), TICK_INTERVAL_MS: '20', SNAPSHOT_EVERY_TICKS: '2' };
    server = await TestServer.start({ env });
    operator = await register(server.url, 'operator');
  });
  afterEach(() => {
    for (const socket of open.splice(0)) socket.terminate();
  });
  after(() => server.dispose());

  it('begins in the cell of a spawn, with all that a newcomer has, and afterwards with what changed only', async () => {
    const ada = await player('ada');

    const subscribed = await ada.next('subscribed');
    const first = await ada.next('tick');
    const next = await ada.next('tick');

    expect(subscribed.zone.metadata).to.deep.equal({ column: 1, row: 1 });
    expect(first.state)
      .to.include.all.keys('inventory', 'equipment', 'skills')
      .and.deep.include({ cell: { column: 1, row: 1 } });
    expect(first.state.player).to.include({ kind: 'player', name: 'ada', vx: 0, vz: 0 });
    expect(first.state.inventory.items.map(({ template }: { template: string }) => template)).to.include('short_sword');
    expect(next.state).to.not.have.any.keys('inventory', 'equipment', 'skills');
    expect(next.tick_number - first.tick_number).to.be.at.least(2);
  });

  it('walks as it is asked to, acks what it took, and shows players to one another', async () => {
    const [ben, cho] = [await player('ben'), await player('cho')];
    const start = await ben.next('tick', ({ state }) => state.player !== null);
    await cho.next('tick', ({ state }) => seen(state, 'ben') !== undefined);

    // Slowly: whoever runs is out of sight before a busy machine has shown it.
    ben.send({ type: 'input', seq: 1, dt: 99, intent: { x: 0.1, z: 0 } });
    const acked = await ben.next('tick', ({ ack }) => ack === 1);
    const walking = await cho.next('tick', ({ state }) => seen(state, 'ben')?.vx > 0);

    expect(acked.state.player.vx).to.equal(100);
    expect(acked.state.player.x).to.be.greaterThan(start.state.player.x);
    // At most one tick's way for each tick, whatever the client says about time.
    const ticks = acked.tick_number - start.tick_number;
    expect(acked.state.player.x - start.state.player.x).to.be.at.most(2 * ticks);
    expect(seen(walking.state, 'ben')).to.include({ kind: 'player', vx: 100, vz: 0 });
  });

  it('answers equip once for each number, and sends the equipment when it changed', async () => {
    const dora = await player('dora');
    const { state } = await dora.next('tick');
    const sword = instanceOf(state, 'short_sword');

    dora.send({ type: 'equip', seq: 1, instance_id: sword, slot: 'main_hand' });
    const result = await dora.next('equipment_result');
    const told = await dora.next('tick', (tick) => 'equipment' in tick.state);
    dora.send({ type: 'equip', seq: 1, instance_id: sword, slot: 'main_hand' });
    const again = await dora.next('intent_received', ({ duplicate }) => duplicate === true);
    dora.send({ type: 'unequip', seq: 2, slot: 'tail' });
    const refused = await dora.next('equipment_result');

    expect(result).to.include({ operation: 'equip', slot: 'main_hand', success: true, code: 'ok' });
    expect(told.state.equipment.slots.main_hand).to.include({ instance_id: sword });
    expect(told.state.equipment.version).to.be.at.most(told.tick_number);
    expect(again.seq).to.equal(1);
    expect(refused).to.include({ operation: 'unequip', slot: 'tail', success: false, code: 'illegal_slot' });
    expect(dora.all('equipment_result')).to.have.length(2);
  });

  it('wears what is used, teaches its user, and counts it', async () => {
    const lea = await player('lea');
    const { state } = await lea.next('tick');
    lea.send({ type: 'equip', seq: 1, instance_id: instanceOf(state, 'short_sword'), slot: 'main_hand' });
    const { equipment } = (await lea.next('tick', (tick) => 'main_hand' in (tick.state.equipment?.slots ?? {}))).state;
    // The slot is locked for a moment, by the server's clock.
    for (let seq = 2; lea.all('use_result').every(({ code }) => code !== 'ok'); seq++) {
      lea.send({ type: 'use', seq, slot: 'main_hand' });
      await lea.next('use_result');
    }

    const told = await lea.next('tick', (tick) => 'skills' in tick.state && tick.tick_number > equipment.version);

    const { durability } = equipment.slots.main_hand;
    expect(lea.all('use_result').at(-1)).to.include({ slot: 'main_hand', success: true, durability: durability - 1 });
    expect(told.state.equipment.slots.main_hand.durability).to.equal(durability - 1);
    expect(told.state.skills).to.deep.include({ points: { blades: 1 } });
    expect(await metric('frontier_use_ok_total')).to.be.at.least(1);
  });

  it('refuses what makes no sense, and plays on', async () => {
    const emil = await player('emil');
    emil.send({ type: 'input', seq: 1, intent: { x: 2, z: 0 } });
    const refused = await emil.next('error');
    emil.send({ type: 'input', seq: 2, intent: { x: 1, z: 0 } });

    await emil.next('tick', ({ ack }) => ack === 2);

    expect(refused).to.include({ code: 'bad_request', seq: 1 });
  });

  it('takes a player over a border, tells so, counts it and how long it took, and sends nothing twice', async () => {
    const fleur = await player('fleur');
    await fleur.next('tick', ({ state }) => state.player !== null);
    fleur.send({ type: 'input', seq: 1, intent: { x: 1, z: 0 } });

    const handover = await fleur.next('handover');
    const there = await fleur.next('tick');
    fleur.send({ type: 'input', seq: 2, intent: { x: 0, z: 0 } });
    await fleur.next('tick', ({ ack }) => ack === 2);

    expect(there.zone_id).to.equal(handover.to.zone_id).and.not.equal(handover.from.zone_id);
    expect(there.state.cell).to.deep.equal({ column: 2, row: 1 });
    expect(there.state).to.not.have.any.keys('inventory', 'skills');
    const ticks = fleur.all('tick').map(({ tick_number }) => tick_number);
    expect(ticks).to.deep.equal([...ticks].sort((a, b) => a - b));
    expect(await metric('frontier_handovers_total')).to.be.at.least(1);
    expect(await metric('gridstead_handover_ms_count')).to.be.at.least(1);
    expect(await metric('frontier_bots_spawned_total')).to.be.at.least(1);
    expect(await metric('frontier_equipment_ok_total')).to.be.at.least(1);
  });

  it('lets nobody into a cell that it has not walked to', async () => {
    const gus = await player('gus');
    const { zone } = await gus.next('subscribed');
    const { zones } = (await call(server.url, 'GET', '/api/zones', { token: operator.token })).body;
    const other = zones.find(({ id }: { id: string }) => id !== zone.id);
    gus.send({ type: 'subscribe', zone_id: other.id });

    const refused = await gus.next('error');

    expect(refused.code).to.equal('forbidden');
    await gus.next('tick');
  });

  it('resumes where a player was, with its numbers', async () => {
    const hal = await player('hal');
    await hal.next('tick', ({ state }) => state.player !== null);
    hal.send({ type: 'input', seq: 1, intent: { x: 0, z: 0.2 } });
    const last = await hal.next('tick', ({ ack, state }) => ack === 1 && state.player.vz > 0);
    hal.terminate();

    const again = await PlayerSocket.join(server.socketUrl, accounts.get('hal')?.token ?? '', hal.joinAck.resume_token);
    open.push(again);
    const back = await again.next('tick', ({ state }) => state.player !== null);

    expect(again.joinAck).to.include({ last_seq: 1 });
    expect(back.zone_id).to.equal(last.zone_id);
    expect(back.state.player.z).to.be.at.least(last.state.player.z);
    expect(back.state).to.include.all.keys('inventory', 'equipment', 'skills');
  });

  it('keeps a player when it leaves, and on demand, and gives it back over a restart', async () => {
    const ida = await player('ida');
    const { state } = await ida.next('tick', (tick) => tick.state.player !== null);
    ida.send({ type: 'drop', seq: 1, instance_id: instanceOf(state, 'bread'), quantity: 1 });
    await ida.next('item_result', ({ code }) => code === 'ok');
    const saved = await checkpoint('ida');
    ida.terminate();
    await until(async () => (await checkpoint('ida')).state.at !== null);
    const left = await checkpoint('ida');

    await server.signal('SIGTERM');
    await server.start();
    const back = await (await again('ida')).next('tick', (tick) => tick.state.player !== null);

    expect(saved.state.inventory.find(({ template }: { template: string }) => template === 'bread').quantity).to.equal(2);
    expect(left.state).to.deep.include({ at: { x: state.player.x, z: state.player.z }, avatar: null });
    expect(back.state.player).to.include({ x: state.player.x, z: state.player.z });
    expect(back.state.inventory.items.find(({ template }: { template: string }) => template === 'bread').quantity).to.equal(2);
  });

  it('brings documents of an older item file up to date, and replaces and keeps what it cannot, while the session goes on', async () => {
    const jan = await player('jan');
    const { state } = await jan.next('tick', (tick) => tick.state.player !== null);
    await player('kim').then((kim) => kim.next('tick', (tick) => tick.state.player !== null));
    jan.send({ type: 'drop', seq: 1, instance_id: instanceOf(state, 'leather_cap') });
    await jan.next('item_result', ({ code }) => code === 'ok');
    await server.signal('SIGTERM');
    env.GAME = flowGame('later-frontier.ts');

    await server.start();
    const migrated = await again('jan');
    const replaced = await again('kim');
    const inventory = (await migrated.next('tick', (tick) => tick.state.player !== null)).state.inventory;
    const told = await replaced.next('document_replaced');
    const goesOn = await replaced.next('tick', (tick) => tick.state.player !== null);

    expect(inventory.items.map(({ template }: { template: string }) => template)).to.have.members([
      'short_sword',
      'round_shield',
      'loaf',
    ]);
    expect(migrated.all('document_replaced')).to.have.length(0);
    expect(told.reason).to.be.a('string');
    expect(goesOn.state.inventory.items.map(({ template }: { template: string }) => template)).to.deep.equal(['loaf']);
    const kept = (await checkpoint('kim')).state.kept;
    expect(kept[0].inventory.map(({ template }: { template: string }) => template)).to.include('leather_cap');
    expect(await metric('frontier_documents_migrated_total')).to.be.at.least(1);
    expect(await metric('frontier_documents_replaced_total')).to.be.at.least(1);
  });

  const accounts = new Map<string, Account>();

  async function player(name: string): Promise<JoinedSocket> {
    accounts.set(name, await register(server.url, name));
    return await again(name);
  }

  async function again(name: string): Promise<JoinedSocket> {
    const joined = await PlayerSocket.join(server.socketUrl, accounts.get(name)?.token ?? '');
    open.push(joined);
    return joined;
  }

  async function checkpoint(name: string) {
    const path = `/api/debug/players/${accounts.get(name)?.id}/checkpoint`;
    return (await call(server.url, 'POST', path, { token: operator.token })).body;
  }

  async function metric(name: string): Promise<number> {
    const text = await (await fetch(`${server.url}/metrics`)).text();
    return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
  }
});

function seen(state: Message, name: string) {
  return state.entities.find((entity: { name: string }) => entity.name === name);
}

function instanceOf({ inventory }: Message, template: string): string {
  return inventory.items.find((item: { template: string }) => item.template === template).instance_id;
}
