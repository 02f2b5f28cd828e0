import { expect } from 'chai';
import fc from 'fast-check';
import type { JournalRow, StoredEntity } from '../../../actors/records.js';
import { CorruptBodyError } from '../../../src/simulation/body-reader.js';
import { foldZone, restoreZone } from '../../../src/simulation/fold.js';
import { scripted, stillGame, walkingGame } from '../../support/games.js';
import { anyScript } from './scripts.js';
import { CREATED_AT_MS, HOME, held, intent, request, resident, stored, textOf, viewers, zone } from './support.js';

describe('a zone that is restored', () => {
  it('is empty at tick 0 when it never ticked', () => {
    const loaded = resident(stillGame, stored({ info: zone({ metadata: { open: true } }), wakeAtMs: 77 })).loaded();

    expect(loaded).to.deep.equal({ tick: 0, tickedAtMs: CREATED_AT_MS, wakeAtMs: 77, metadata: { open: true }, players: [] });
  });

  it('counts as ticked until it is known to have lived', () => {
    const until = (tickedUntilMs: number) => resident(stillGame, stored({ tickedUntilMs })).loaded().tickedAtMs;

    expect(until(5_000)).to.equal(5_000);
    expect(until(5)).to.equal(CREATED_AT_MS);
  });

  it('never runs the game', () => {
    const { row } = resident(walkingGame).step(request(1, { joins: [held(1)] }));
    const forbidden = scripted(() => {
      throw new Error('the game was run');
    });

    const restored = resident(forbidden, stored({ journal: row ? [row] : [] }));

    expect(restored.loaded().players).to.deep.equal([held(1, { stay: 5 })]);
    expect(restored.read(({ entitySet }) => entitySet.at(0, 0).length)).to.equal(1);
  });

  it('does not apply rows that its checkpoint has already', () => {
    const live = resident(scripted(() => ({ creates: [{ x: 0, y: 0 }] })));
    const rows = [1, 2].flatMap((tick) => live.step(request(tick)).row ?? []);
    live.adopt(2);

    const restored = resident(stillGame, stored({ checkpoint: live.checkpoint(), journal: rows }));

    expect(restored.read(({ entities }) => entities.size)).to.equal(2);
    expect(restored.checkpoint().changed).to.deep.equal([]);
  });

  it('knows when an entity changed last that went and came back within one tick', () => {
    const live = resident(
      scripted(({ entities, tickNumber }) =>
        tickNumber === 1
          ? { creates: [{ x: 3, y: 4 }] }
          : {
              updates: [...entities].flatMap(({ id }) => [
                { id, x: 9 },
                { id, x: 3 },
              ]),
            },
      ),
    );
    const journal = [1, 2].flatMap((tick) => live.step(request(tick)).row ?? []);
    live.adopt(2);

    expect(withoutClock(Buffer.from(foldZone(stored({ journal })).body).toString())).to.equal(withoutClock(textOf(live)));
  });

  it('is what it was at the last tick, whatever happened', () => {
    fc.assert(
      fc.property(anyScript(), fc.nat(), (script, cut) => {
        const live = resident(scripted(script.game));
        const checkpointAt = cut % (script.lastTick + 1);
        let checkpoint = null;
        const journal: JournalRow[] = [];
        const projection = new Map<string, StoredEntity>();
        for (const made of script.requests) {
          const { row } = live.step(made);
          live.adopt(made.tick);
          if (row) journal.push(row);
          if (made.tick === checkpointAt) {
            checkpoint = live.checkpoint();
            project(projection, checkpoint);
          }
        }

        const source = stored({ checkpoint, journal });
        const folded = foldZone(source);
        project(projection, folded);

        expect(withoutClock(Buffer.from(folded.body).toString())).to.equal(withoutClock(textOf(live)));
        expect(restoreZone(source).state.bytes).to.equal(live.read(({ bytes }) => bytes));
        const byId = (a: StoredEntity, b: StoredEntity) => (a.id < b.id ? -1 : 1);
        const whole = resident(stillGame, source).read(
          ({ entitySet }) => entitySet.inArea({ x: 0, y: 0, width: 20, height: 10 }).length,
        );
        expect(whole).to.equal(projection.size);
        expect([...projection.values()].sort(byId).map(({ id, x }) => [id, x])).to.deep.equal(
          live.read(({ entities }) => [...entities.values()].sort((a, b) => (a.id < b.id ? -1 : 1)).map(({ id, x }) => [id, x])),
        );
      }),
      { numRuns: 200 },
    );
  });

  it('goes on as the live one would have', () => {
    const live = resident(walkingGame);
    const first = live.step(request(1, { joins: [held(1)] }));
    const restored = resident(walkingGame, stored({ journal: first.row ? [first.row] : [] }));
    const next = request(2, { intents: [intent(1, 1, { dx: 3 })], viewers: viewers(1, 1) });

    expect({ ...restored.step(next), row: null }).to.deep.equal({ ...live.step(next), row: null });
    live.adopt(2);
    restored.adopt(2);
    expect(textOf(restored)).to.equal(textOf(live));
  });
});

describe('a stored body', () => {
  const live = resident(walkingGame);
  const { row } = live.step(request(3, { joins: [held(1)] }));
  live.adopt(3);
  const checkpoint = live.checkpoint();

  const cases: [string, (text: string) => string, string][] = [
    ['is cut off', (text) => text.slice(0, -5), 'JSON'],
    ['is empty', () => '', 'JSON'],
    ['is of a newer version', (text) => text.replace('"v":1', '"v":2'), 'it has version 2, and this server reads 1'],
    ['is of another tick', (text) => text.replace('"tick":3', '"tick":4'), 'it says tick 4'],
    ['has an entity without a place', (text) => text.replace('"x":0,', ''), '.x is not a whole number'],
    ['has a player without a stay', (text) => text.replace('"stay":5,', ''), '.stay is not a whole number'],
    ['has no time', (text) => text.replace('"at":', '"ab":'), 'body.at is not a time'],
  ];
  for (const [what, damage, message] of cases) {
    it(`that ${what} stops the restore, and says so`, () => {
      const damaged = (body: Uint8Array | undefined) => Buffer.from(damage(Buffer.from(body ?? []).toString()));

      expect(() => restoreZone(stored({ checkpoint: { tick: 3, body: damaged(checkpoint.body) } }))).to.throw(
        CorruptBodyError,
        message,
      );
      expect(() => restoreZone(stored({ journal: [{ tick: 3, body: damaged(row?.body) }] }))).to.throw(
        CorruptBodyError,
        `stored state of zone ${HOME} at tick 3 cannot be read`,
      );
    });
  }

  it('is not taken for one of the other kind', () => {
    expect(() => restoreZone(stored({ journal: [{ tick: 3, body: checkpoint.body }] }))).to.throw(
      'it is a checkpoint, not a tick',
    );
  });
});

function project(
  table: Map<string, StoredEntity>,
  { changed, gone }: ReturnType<ReturnType<typeof resident>['checkpoint']>,
): void {
  for (const id of gone) table.delete(id);
  for (const entity of changed) table.set(entity.id, entity);
}

/** A tick without a row is not written, and what it was called and when it was is not known after a restore. */
function withoutClock(text: string): string {
  return text.replace(/"tick":\d+,"at":\d+/, '');
}
