import { expect } from 'chai';
import type { Entity, EntitySet } from '../../../games/contract.js';
import { EntityIndex } from '../../../src/simulation/entity-index.js';
import { ResidentEntitySet } from '../../../src/simulation/entity-set.js';
import { ResidentEntity } from '../../../src/simulation/resident-entity.js';
import { entity, entityId } from './support.js';

describe('the entities of a zone, as a game sees them', () => {
  it('come in the order of creation, in every answer', () => {
    const set = setOf([4, 2, 9, 1, 7]);

    const ids = [4, 2, 9, 1, 7].map(entityId);
    expect(idsOf(set)).to.deep.equal(ids);
    expect(idsOf(set.at(3, 4))).to.deep.equal(ids);
    expect(idsOf(set.inArea({ x: 0, y: 0, width: 9, height: 9 }))).to.deep.equal(ids);
    expect(set.size).to.equal(5);
  });

  it('come in that order however many they are, and however they lie', () => {
    for (const count of [1, 2, 3, 63, 64, 65, 500]) {
      const numbers = Array.from({ length: count }, (_, place) => ((place * 7919) % 1009) + 1);

      expect(idsOf(setOf(numbers).at(3, 4)), `${count}`).to.deep.equal(numbers.map(entityId));
    }
  });

  it('are found by id, and unknown ones are undefined', () => {
    const set = setOf([1]);

    expect(set.get(entityId(1))?.x).to.equal(3);
    expect(set.get('nobody')).to.equal(undefined);
  });

  it('overlap the others and never themselves', () => {
    const set = setOf([1, 2]);
    const first = set.get(entityId(1)) ?? expect.fail('it is there');

    expect(idsOf(set.overlapping(first))).to.deep.equal([entityId(2)]);
    expect(idsOf(set.overlapping({ ...first, width: 0 }))).to.deep.equal([]);
  });

  it('show six fields and nothing else, and are plain when copied or cloned', () => {
    const [first] = setOf([1]);

    const fields = { id: entityId(1), x: 3, y: 4, width: 1, height: 1, metadata: {} };
    expect({ ...first }).to.deep.equal(fields);
    expect(structuredClone(first)).to.deep.equal(fields);
    expect(JSON.stringify(first)).to.equal(JSON.stringify(fields));
    expect(first).to.be.frozen;
  });
});

describe('an entity that is patched', () => {
  const before = new ResidentEntity(entity(1, { metadata: { hp: 3 } }), 5);

  it('is another object with another text, and the one before is as it was', () => {
    const after = ResidentEntity.patched(before, { x: 9, metadata: { hp: 2 } }, 77);

    expect(ResidentEntity.json(after)).to.equal(JSON.stringify({ ...before, x: 9, metadata: { hp: 2 } }));
    expect(ResidentEntity.stored(after)).to.deep.include({ createdAtMs: 10, updatedAtMs: 77 });
    expect([ResidentEntity.order(after), before.x]).to.deep.equal([5, 3]);
  });

  it('is the very same when nothing changes', () => {
    expect(ResidentEntity.patched(before, { x: 3, metadata: { hp: 3 } }, 77)).to.equal(before);
  });

  it('counts its text in bytes', () => {
    const other = new ResidentEntity(entity(1, { metadata: { name: 'ü' } }), 1);

    expect(ResidentEntity.bytes(other)).to.equal(ResidentEntity.json(other).length + 1);
  });
});

function setOf(numbers: readonly number[]): EntitySet {
  const index = new EntityIndex<ResidentEntity>({ width: 20, height: 20 });
  const residents = numbers.map((number, order) => new ResidentEntity(entity(number), order));
  // Into the index the other way round: its own order must not show.
  for (const resident of [...residents].reverse()) index.insert(resident);
  return new ResidentEntitySet(new Map(residents.map((resident) => [resident.id, resident])), index);
}

function idsOf(entities: Iterable<Entity>): string[] {
  return Array.from(entities, ({ id }) => id);
}
