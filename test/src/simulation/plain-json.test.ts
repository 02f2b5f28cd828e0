import { expect } from 'chai';
import fc from 'fast-check';
import { plainCopy, plainObject, show } from '../../../src/simulation/plain-json.js';
import { ResidentEntity } from '../../../src/simulation/resident-entity.js';
import { entity } from './support.js';

describe('a plain copy', () => {
  it('is equal to any JSON, another object, and frozen to the bottom', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }).filter(hasNoProto), (value) => {
        const copy = plainCopy(value, 'value');

        expect(JSON.stringify(copy)).to.equal(JSON.stringify(value));
        expect(isFrozenThrough(copy)).to.equal(true);
      }),
    );
  });

  it('leaves out keys that are undefined, and knows no -0', () => {
    const copy = plainObject({ a: undefined, b: -0 }, 'value');

    expect(Object.keys(copy)).to.deep.equal(['b']);
    expect(Object.is(copy.b, 0)).to.equal(true);
  });

  it('takes an entity as the plain object that it is for a game', () => {
    const resident = new ResidentEntity(entity(1), 1);

    expect(plainObject({ seen: resident }, 'event')).to.deep.equal({ seen: { ...resident } });
  });

  it('refuses what JSON cannot say, and names the place', () => {
    const cycle: Record<string, unknown> = {};
    cycle.self = cycle;
    const cases: [unknown, string][] = [
      [{ at: { x: Number.NaN } }, 'value.at.x is NaN, which is not JSON'],
      [{ list: [1, undefined] }, 'value.list[1] is undefined, which is not JSON'],
      [{ f: () => 1 }, 'value.f is a function, which is not JSON'],
      [{ n: 5n }, 'value.n is 5n, which is not JSON'],
      [{ when: new Date(0) }, 'value.when is an instance of a class, not a plain object'],
      [{ map: new Map() }, 'value.map is an instance of a class, not a plain object'],
      [JSON.parse('{"__proto__":{"admin":true}}'), 'value has a key named __proto__'],
    ];

    for (const [value, message] of cases) expect(() => plainCopy(value, 'value')).to.throw(message);
    expect(() => plainCopy(cycle, 'value')).to.throw('nested deeper than 32 levels, or in a cycle');
  });

  it('allows 32 levels and no more', () => {
    const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);

    expect(() => plainCopy(nested(32), 'value')).not.to.throw();
    expect(() => plainCopy(nested(33), 'value')).to.throw('nested deeper');
  });
});

describe('a value in an error message', () => {
  it('is short, and never a whole document', () => {
    expect(show('x'.repeat(500))).to.have.length.below(70);
    expect(show({ secret: 1 })).to.equal('an object');
    expect(show([1])).to.equal('an array');
    expect(show(undefined)).to.equal('undefined');
  });
});

function hasNoProto(value: unknown): boolean {
  return !JSON.stringify(value).includes('"__proto__"');
}

function isFrozenThrough(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return Object.isFrozen(value) && Object.values(value).every(isFrozenThrough);
}
