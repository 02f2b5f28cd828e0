import { expect } from 'chai';
import { Lights } from '../../../web/console/lights.js';
import { Model } from '../../../web/console/model.js';
import type { AwakeRow, EntityRow, Happened, PulseMessage } from '../../../web/console/wire.js';

/** A world of two zones, told what happens in it. */
function watched() {
  const [model, lights] = [new Model(), new Lights()];
  const zone = (id: string) => ({ id, name: id, width: 10, height: 10 });
  model.tell({ type: 'zones', zones: [zone('here'), zone('there')], links: [] });
  const pulse = (news: Partial<Pick<PulseMessage, 'awake' | 'happened' | 'entities' | 'views'>> = {}) => {
    const tick = { paused: false, tick_number: 9, tick_interval_ms: 50, drift_ms: 0, p99_duration_ms: 1, skipped_ticks: 0 };
    const message: PulseMessage = {
      ...{ type: 'pulse', at: 0, status: { tick, live_zones: 2, connections: 0 }, down: [], game: null },
      ...{
        lost: 0,
        views: { same: 0, strange: null },
        loop_delay_ms: { mean: 0, max: 0 },
        awake: [],
        happened: [],
        entities: [],
        ...news,
      },
    };
    model.tell(message);
    lights.check(model, message);
  };
  const broken = () => lights.all().flatMap(({ name, broken: why }) => (why ? `${name}: ${why}` : []));
  const views = () => lights.all()[3];
  return { pulse, broken, views };
}

function live(zone: number, tick: number, mailbox = 0): AwakeRow {
  return [zone, 'live', tick, 0, 0, 1, mailbox];
}

function tick(zone: number, number: number): Happened {
  return { type: 'tick', zone, tick: number, at: 0, costs: [0, 0, 0, 0, 0, 0] };
}

describe('the lights of a console', () => {
  it('stay green over ticks, jumps, restarts and crossings', () => {
    const { pulse, broken } = watched();
    const crate: EntityRow = ['crate', 1, 1, 1, 1, {}];

    pulse({
      awake: [live(0, 5, 1), live(1, 5)],
      happened: [tick(0, 5), tick(1, 5)],
      entities: [{ zone: 0, count: 1, list: [crate] }],
    });
    pulse({ awake: [[0, 'restoring', 0, 0, 1, 1, 1]], happened: [{ type: 'failed', zone: 0, at: 0, message: 'x' }] });
    // Read one after the other: it went over in between.
    pulse({
      entities: [
        { zone: 0, count: 1, list: [crate] },
        { zone: 1, count: 1, list: [crate] },
      ],
    });
    pulse({ awake: [live(0, 1_005)], happened: [tick(0, 1_005)], entities: [{ zone: 1, count: 1, list: [crate] }] });

    expect(broken()).to.deep.equal([]);
  });

  it('turn red when a state is taken back, and stay so', () => {
    const { pulse, broken } = watched();
    pulse({ awake: [live(0, 7)] });
    pulse({ awake: [live(0, 6)] });
    pulse({ awake: [live(0, 9)] });

    expect(broken()).to.deep.equal(['Nothing seen is taken back: zone here went from tick 7 back to 6']);
  });

  it('turn red when something is in two places for long', () => {
    const { pulse, broken } = watched();
    const both = [0, 1].map((zone) => ({ zone, count: 1, list: [['crate', 1, 1, 1, 1, {}] as EntityRow] }));
    pulse({ entities: both });
    pulse({ entities: both });

    expect(broken()).to.deep.equal(['Each entity is in one place: entity crate was in two zones, twice in a row']);
  });

  it('turn red when intents wait and wait', () => {
    const { pulse, broken } = watched();
    pulse({ awake: [live(0, 1, 5)] });
    pulse({ awake: [live(0, 40, 400)] });

    expect(broken()).to.deep.equal(['Intents are taken: 400 intents wait in zone here']);
  });

  it('turn red when a tick comes twice', () => {
    const { pulse, broken } = watched();
    pulse({ happened: [tick(1, 3)] });
    pulse({ happened: [tick(1, 3)] });

    expect(broken()).to.deep.equal(['Ticks go forward: zone there ticked 3 after 3']);
  });

  it('leave the one for views empty until one was looked at, and count over restarts of the server', () => {
    const { pulse, views } = watched();
    pulse();
    const before = views();
    for (const same of [0, 7, 9, 2]) pulse({ views: { same, strange: null } });

    expect(before).to.deep.include({ isSeen: false, broken: null });
    expect(views()).to.deep.include({ isSeen: true, broken: null });
    expect(views()?.seen).to.equal('of the views of players, 11 were looked at, and were what the game shows');
  });

  it('turn red when a player was sent something else than the game shows', () => {
    const { pulse, broken } = watched();
    pulse({ views: { same: 1, strange: 'a player in zone here was sent a secret' } });
    pulse({ views: { same: 2, strange: null } });

    expect(broken()).to.deep.equal(['Views are what the game shows: a player in zone here was sent a secret']);
  });

  it('turn red when a zone misses a tick because another failed', () => {
    const { pulse, broken } = watched();
    pulse({ awake: [live(0, 1), live(1, 1)] });
    pulse({
      happened: [
        { type: 'failed', zone: 0, at: 0, message: 'x' },
        { type: 'missed', zone: 1, tick: 2, at: 0 },
      ],
    });

    expect(broken()).to.deep.equal(['A failure stays in its zone: zone there missed a tick when another failed']);
  });
});
