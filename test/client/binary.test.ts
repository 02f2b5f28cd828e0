import { expect } from 'chai';
import fc from 'fast-check';
import type { EntityId, ZoneId } from '../../actors/ids.js';
import type { StoredEntity } from '../../actors/records.js';
import { BinaryDecoder, type ServerMessage } from '../../client/binary.js';
import { ProtocolError } from '../../client/protocol-error.js';
import { Snapshots } from '../../client/snapshots.js';
import type { JsonObject } from '../../games/contract.js';
import { ResidentEntity } from '../../src/simulation/resident-entity.js';
import { Handles, writeDelta, writeWhole } from '../../src/simulation/views/binary-body.js';
import { ByteWriter } from '../../src/simulation/views/byte-writer.js';
import { deltaJson, wholeJson } from '../../src/simulation/views/json-body.js';
import { ShownState } from '../../src/simulation/views/shown-state.js';
import { diffStates } from '../../src/simulation/views/state-diff.js';

const ZONE = '11111111-2222-4333-8444-555555555555' as ZoneId;
const NEXT_ZONE = '99999999-2222-4333-8444-555555555555' as ZoneId;
const idOf = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}` as EntityId;

/** One viewer's connection, sent the same states in both encodings. */
class TwoViewers {
  readonly #handles = new Handles();
  readonly #decoder = new BinaryDecoder();
  readonly #json = new Snapshots();
  readonly #binary = new Snapshots();
  #last: ShownState | null = null;
  bytes = 0;

  constructor(private readonly remembers: boolean) {}

  /** What each of the two applications sees. */
  show(state: ShownState, whole = false, zone = ZONE): { json: JsonObject; binary: JsonObject } {
    const diff = this.#last && !whole ? diffStates(this.#last, state) : null;
    const out = new ByteWriter();
    let text: string;
    out.byte(diff ? 2 : 1);
    out.varuint(0);
    if (diff && this.#last) {
      writeDelta(out, state.tick - this.#last.tick, diff, this.#handles, this.remembers);
      text = `{"type":"delta",${deltaJson(zone, state.tick, this.#last.tick, diff)}`;
    } else {
      writeWhole(out, zone, state, this.#handles);
      text = `{"type":"tick",${wholeJson(zone, state)}`;
    }
    this.#last = state;
    const bytes = out.take();
    this.bytes = bytes.length;
    const message: ServerMessage = JSON.parse(text);
    return { json: sorted(this.#json.apply(message)), binary: sorted(this.#binary.apply(this.#decoder.decode(bytes))) };
  }
}

/** Entities have no order. */
function sorted({ tick, zone, state }: { tick: number; zone: string; state: { [key: string]: unknown } }): JsonObject {
  const entities = Array.isArray(state.entities)
    ? [...state.entities].sort((a, b) => (JSON.stringify(a?.id) < JSON.stringify(b?.id) ? -1 : 1))
    : state.entities;
  return JSON.parse(JSON.stringify({ tick, zone, state: entities === undefined ? state : { ...state, entities } }));
}

const coordinate = fc.oneof(fc.integer({ min: -5, max: 70 }), fc.constantFrom(2 ** 40, -(2 ** 51), 2 ** 53 - 1));
const resident = fc.record({
  n: fc.integer({ min: 0, max: 12 }),
  x: coordinate,
  y: coordinate,
  // Few sizes, so that many do nothing but move.
  width: fc.constantFrom(1, 1, 1, 0, 300),
  height: fc.constant(1),
  metadata: fc.constantFrom({}, { kind: 'walker' }, { kind: 'tree', näme: 'Ölbaum ✓' }),
  order: fc.integer({ min: 0, max: 1 }),
});
const made = fc.record(
  {
    id: fc.constantFrom('a', 'b', 'ç', idOf(50)),
    x: fc.oneof(coordinate, fc.constant(1.5), fc.constant('west')),
    hp: fc.integer(),
    note: fc.json(),
  },
  { requiredKeys: ['id'] },
);
const others = fc.dictionary(
  fc.constantFrom('zone_id', 'events', 'you', 'sight', '__proto__'),
  fc.oneof(fc.constant([]), fc.constant(ZONE), fc.integer(), fc.constant([{ type: 'said' }]), fc.constant(null)),
);
const view = fc.record({
  residents: fc.uniqueArray(resident, { selector: ({ n }) => n }),
  made: fc.array(made, { maxLength: 3 }),
  others,
});

/** `known`: the zone's entities as they were last, and are now: one that is still there is another state of the same. */
function stateOf(
  tick: number,
  { residents, made: own, others: rest }: typeof view extends fc.Arbitrary<infer View> ? View : never,
  known: Map<number, ResidentEntity>,
): ShownState {
  const entities = residents.map(({ n, order, ...fields }) => {
    const change = { ...fields, metadata: { ...fields.metadata } as JsonObject };
    const before = known.get(n * 2 + order);
    const stored: StoredEntity = { ...change, id: idOf(n), createdAtMs: 0, updatedAtMs: 0 };
    const entity = before ? ResidentEntity.patched(before, change, tick) : new ResidentEntity(stored, n * 2 + order);
    known.set(n * 2 + order, entity);
    return entity;
  });
  return new ShownState(
    tick,
    [...entities, ...own],
    new Map(Object.entries(rest).map(([key, value]) => [key, JSON.stringify(value)])),
  );
}

describe('the binary encoding', () => {
  it('gives an application exactly the snapshots that JSON gives it, over skips, resyncs and handovers', () => {
    const change = fc.constantFrom<'delta' | 'whole' | 'handover'>('delta', 'delta', 'whole', 'handover');
    const step = fc.record({ view, skip: fc.integer({ min: 1, max: 300 }), change });
    const stream = fc.array(step, { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(stream, fc.boolean(), (steps, remembers) => {
        const viewers = new TwoViewers(remembers);
        let tick = 1_000;
        let zone = ZONE;
        const known = { [ZONE]: new Map<number, ResidentEntity>(), [NEXT_ZONE]: new Map<number, ResidentEntity>() };
        for (const step of steps) {
          tick += step.skip;
          if (step.change === 'handover') zone = zone === ZONE ? NEXT_ZONE : ZONE;
          const state = stateOf(tick, step.view, known[zone] ?? new Map());
          const { json, binary } = viewers.show(state, step.change !== 'delta', zone);
          expect(binary).to.deep.equal(json);
          const truth = sorted({ tick, zone, state: JSON.parse(state.json()) });
          expect(json).to.deep.equal(truth);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('goes on with one that went and came back between two views, and looks as it did', () => {
    const viewers = new TwoViewers(true);
    const at = (tick: number, order: number, x: number) => {
      const stored = { id: idOf(1), x, y: 2, width: 1, height: 1, metadata: {}, createdAtMs: 0, updatedAtMs: 0 };
      return new ShownState(tick, [new ResidentEntity(stored, order)], new Map());
    };

    const shown = [at(1, 5, 3), at(2, 9, 3), at(3, 9, 4)].map((state) => viewers.show(state));

    for (const { json, binary } of shown) expect(binary).to.deep.equal(json);
  });

  it('introduces in a body that several are sent whoever comes into sight: not all of them have seen the same before', () => {
    const thing = (n: number) => {
      const stored = { id: idOf(n), x: n, y: 2, width: 1, height: 1, metadata: {}, createdAtMs: 0, updatedAtMs: 0 };
      return new ResidentEntity(stored, n);
    };
    const [alone, both] = [[thing(1)], [thing(1), thing(2)]].map((entities) => new ShownState(1, entities, new Map()));
    const write = (encode: (out: ByteWriter) => void) => {
      const out = new ByteWriter();
      encode(out);
      return out.take();
    };
    const body = (from: ShownState | undefined, to: ShownState | undefined, handles: Handles, remembers: boolean) => {
      const diff = from && to ? diffStates(from, to) : null;
      return write((out) => {
        out.byte(2);
        out.varuint(0);
        if (diff) writeDelta(out, 1, diff, handles, remembers);
      });
    };
    const whole = write((out) => {
      out.byte(1);
      out.varuint(0);
      if (alone) writeWhole(out, ZONE, alone, new Handles());
    });

    for (const saw of ['alone', 'with others']) {
      const handles = new Handles();
      body(both, alone, handles, saw === 'alone');
      const other = new BinaryDecoder();
      other.decode(whole);

      expect(other.decode(body(alone, both, handles, saw === 'with others')), saw)
        .to.have.nested.property('state.entities.set')
        .with.lengthOf(1);
    }
  });

  it('takes two bytes for a step of an entity', () => {
    const viewers = new TwoViewers(true);
    const at = (tick: number, x: number) =>
      new ShownState(
        tick,
        Array.from({ length: 50 }, (_, n) => {
          const stored = { id: idOf(n), x: x + n, y: n, width: 1, height: 1, metadata: {}, createdAtMs: 0, updatedAtMs: 0 };
          return new ResidentEntity(stored, n);
        }),
        new Map([['zone_id', `"${ZONE}"`]]),
      );
    viewers.show(at(1_000, 5));
    viewers.show(at(1_001, 6));

    expect(viewers.bytes).to.be.at.most(110);
  });

  it('never throws anything but its own error, whatever the bytes', () => {
    const whole = new ByteWriter();
    whole.byte(1);
    whole.varuint(0);
    const shown = { residents: [], made: [{ id: 'a', x: 3 }], others: { you: 1 } };
    writeWhole(whole, ZONE, stateOf(7, shown as never, new Map()), new Handles());
    const good = whole.take();
    const damaged = fc
      .record({ at: fc.nat(good.length - 1), byte: fc.integer({ min: 0, max: 255 }), cut: fc.nat(good.length) })
      .map(({ at, byte, cut }) => Uint8Array.from(good, (was, i) => (i === at ? byte : was)).subarray(0, cut));
    fc.assert(
      fc.property(fc.array(fc.oneof(damaged, fc.uint8Array({ maxLength: 60 })), { maxLength: 5 }), (messages) => {
        const decoder = new BinaryDecoder();
        for (const bytes of messages) {
          try {
            decoder.decode(bytes);
          } catch (error) {
            expect(error).to.be.instanceOf(ProtocolError);
          }
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('carries any other message as JSON', () => {
    const message = { type: 'handover', from: { zone_id: 'ä' } };

    expect(new BinaryDecoder().decode(Buffer.concat([Buffer.of(0), Buffer.from(JSON.stringify(message))]))).to.deep.equal(
      message,
    );
  });
});
