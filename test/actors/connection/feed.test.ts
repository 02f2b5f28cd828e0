import { expect } from 'chai';
import { Feed, type SubscriptionOptions } from '../../../actors/connection/feed.js';
import { newUuid, type ZoneId } from '../../../actors/ids.js';
import type { ZoneInfo } from '../../../actors/records.js';
import { FakeClock } from '../../support/fake-clock.js';
import { RecordingTelemetry } from '../../support/recording-telemetry.js';

const OPTIONS: SubscriptionOptions = { acks: 'tick', sync: 'snapshot' };

function zone(): ZoneInfo {
  return { id: newUuid<ZoneId>(), name: 'z', width: 1, height: 1, metadata: {}, createdAtMs: 0, updatedAtMs: 0 };
}

function started() {
  const sent: { type: string; [field: string]: unknown }[] = [];
  const outbox = {
    encoding: 'json' as const,
    lagging: false,
    send: (text: string) => void sent.push(JSON.parse(text)),
    sendParts: (head: string, body: Uint8Array) => outbox.send(head + Buffer.from(body).toString()),
  };
  const scheduler = { next: 10 };
  const clock = new FakeClock();
  const telemetry = new RecordingTelemetry();
  let lost = 0;
  const feed = new Feed({ outbox, scheduler, clock, telemetry, lost: () => void lost++ });
  const show = (from: ZoneId, tick: number, isDelta = false) =>
    feed.tick(from, tick, Buffer.from(`"tick_number":${tick}}`), isDelta);
  return { feed, sent, outbox, scheduler, clock, telemetry, show, lost: () => lost };
}

describe('what zones tell a client', () => {
  it('begins with the tick after the subscription', () => {
    const { feed, sent, show } = started();
    const here = zone();
    feed.subscribe(here, OPTIONS);

    const views = [9, 10].map((tick) => feed.viewing(here.id, tick)?.sinceTick);
    for (const tick of [9, 10]) show(here.id, tick);

    expect(views).to.deep.equal([undefined, 9]);
    expect(sent.map(({ type, tick_number }) => tick_number ?? type)).to.deep.equal(['subscribed', 10]);
  });

  it('does not tell again what the join has told, although the commit is answered only after it', () => {
    const { feed, sent, show } = started();
    const here = zone();
    feed.applied(14);
    feed.joined(15);
    feed.subscribe(here, OPTIONS);
    feed.applied(15);
    show(here.id, 10);
    feed.applied(16);
    show(here.id, 11);

    expect(sent.slice(1).map(({ ack }) => ack)).to.deep.equal([undefined, 16]);
  });

  it('has the events since the last view', () => {
    const { feed, show } = started();
    const here = zone();
    feed.subscribe(here, OPTIONS);

    show(here.id, 12);

    expect([13, 15].map((tick) => feed.viewing(here.id, tick)?.sinceTick)).to.deep.equal([12, 12]);
  });

  it('builds on the last message, and begins anew after a skip, a handover, a resync', () => {
    const { feed, outbox, show } = started();
    const [here, there] = [zone(), zone()];
    const base = (of: ZoneInfo) => feed.viewing(of.id, 90)?.base;
    feed.subscribe(here, { ...OPTIONS, sync: 'delta' });

    const bases = [base(here)];
    for (const [tick, begin] of [
      [10, () => {}],
      [11, () => feed.resync()],
      [12, () => feed.handedOver(here.id, there.id, 0, 0)],
    ] as const) {
      show(here.id, tick);
      bases.push(base(here));
      begin();
      bases.push(base(tick === 12 ? there : here));
    }
    show(there.id, 13);
    outbox.lagging = true;
    feed.viewing(there.id, 14);
    outbox.lagging = false;
    bases.push(base(there));

    expect(bases).to.deep.equal([null, 10, 10, 11, null, 12, null, null]);
  });

  it('says which message the client has had last, over skips and handovers, until it subscribes or asks again', () => {
    const { feed, outbox, show } = started();
    const [here, there] = [zone(), zone()];
    const last = (of: ZoneInfo) => feed.viewing(of.id, 90)?.lastTick;
    feed.subscribe(here, OPTIONS);

    const lasts = [last(here)];
    show(here.id, 10);
    lasts.push(last(here));
    outbox.lagging = true;
    feed.viewing(here.id, 11);
    outbox.lagging = false;
    lasts.push(last(here));
    feed.handedOver(here.id, there.id, 0, 0);
    lasts.push(last(there));
    show(there.id, 12);
    feed.resync();
    // It was under way: it was made for a client that had everything.
    show(there.id, 13);
    lasts.push(last(there));
    show(there.id, 14);
    lasts.push(last(there));
    feed.subscribe(there, OPTIONS);
    lasts.push(last(there));

    expect(lasts).to.deep.equal([null, 10, 10, 10, null, 14, null]);
  });

  it('is no difference that was under way when the client asked for a whole one', () => {
    const { feed, sent, show } = started();
    const here = zone();
    feed.subscribe(here, { ...OPTIONS, sync: 'delta' });
    show(here.id, 10);

    feed.applied(3);
    feed.resync();
    show(here.id, 11, true);
    const since = { ...feed.viewing(here.id, 12) };
    show(here.id, 12);
    show(here.id, 13, true);

    expect(since).to.include({ sinceTick: 10, base: null });
    expect(sent.slice(1)).to.deep.equal([
      { type: 'tick', tick_number: 10 },
      { type: 'tick', ack: 3, tick_number: 12 },
      { type: 'delta', tick_number: 13 },
    ]);
  });

  it('is nothing of a subscription that is over, of the same zone neither', () => {
    const { feed, sent, scheduler, show } = started();
    const here = zone();
    feed.subscribe(here, OPTIONS);
    scheduler.next = 12;

    feed.unsubscribe();
    feed.subscribe(here, OPTIONS);
    show(here.id, 11);
    feed.unsubscribe();
    show(here.id, 12);
    feed.gameMessage(here.id, '{"type":"late"}');
    feed.viewFailed(here.id);
    feed.handedOver(here.id, zone().id, 0, 0);

    expect(sent.map(({ type }) => type)).to.deep.equal(['subscribed', 'subscribed']);
  });

  it('follows a handover with its options, and brings the ack of the old zone', () => {
    const { feed, sent, scheduler, clock, telemetry, show } = started();
    const [here, there] = [zone(), zone()];
    feed.subscribe(here, OPTIONS);
    scheduler.next = 11;

    feed.applied(5);
    feed.handedOver(here.id, there.id, 3, 4);
    show(here.id, 11);
    clock.advance(30);
    show(there.id, 12);

    expect(sent.slice(1)).to.deep.equal([
      { type: 'handover', from: { zone_id: here.id }, to: { zone_id: there.id, x: 3, y: 4 } },
      { type: 'tick', tick_number: 12, ack: 5 },
    ]);
    expect(feed.subscription).to.deep.equal({ zone: there.id, ...OPTIONS, fromTick: 11 });
    expect(telemetry.observations).to.deep.equal([{ name: 'handover_ms', ms: 30 }]);
  });

  it('is no view while the client lags, and counts each that was not made', () => {
    const { feed, outbox } = started();
    const here = zone();
    feed.subscribe(here, OPTIONS);

    outbox.lagging = true;
    const lagging = [feed.viewing(here.id, 10), feed.viewing(here.id, 11)];
    outbox.lagging = false;

    expect(lagging).to.deep.equal([null, null]);
    expect(feed.viewing(here.id, 12)).to.include({ sinceTick: 11, base: null });
    expect(feed.droppedSnapshots).to.equal(2);
  });

  it('ends with the zone, or where the player cannot leave the last one', () => {
    const { feed, sent, lost } = started();
    const here = zone();

    for (const end of [() => feed.zoneDeleted(here.id), () => feed.cannotLeave(here.id)]) {
      feed.subscribe(here, OPTIONS);
      end();
    }

    expect(sent.map(({ type, code }) => code ?? type)).to.deep.equal([
      'subscribed',
      'zone_deleted',
      'subscribed',
      'zone_unavailable',
    ]);
    expect([feed.subscription, lost()]).to.deep.equal([null, 2]);
  });
});
