/** The first look at strangers' JSON. */
import { expect } from 'chai';
import fc from 'fast-check';
import { depthWithin, MAX_DEPTH, parseGuarded } from '../../../src/ws/guard.js';

const DANGEROUS = ['__proto__', 'constructor', 'prototype'];

describe('guard', () => {
  it('looks how deep a long text is before anything parses it', () => {
    const { parse } = JSON;
    const parsed: string[] = [];
    JSON.parse = (text: string) => {
      parsed.push(text);
      return parse(text);
    };
    try {
      const deep = '['.repeat(500_000) + ']'.repeat(500_000);

      expect(parseGuarded(deep)).to.include({ ok: false });
      expect(parseGuarded('[1]')).to.include({ ok: true });
    } finally {
      JSON.parse = parse;
    }
    expect(parsed).to.deep.equal(['[1]']);
  });

  it('reads what JSON.parse reads, without the dangerous keys and with 0 for −0', () => {
    const key = fc.oneof(fc.string(), fc.constantFrom(...DANGEROUS, 'proto', 'a'));
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 5, withCrossShrink: true },
        fc.constant(null),
        fc.boolean(),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.string(),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.array(fc.tuple(key, tie('value')), { maxLength: 4 }).map(asObject),
      ),
    }));

    fc.assert(
      fc.property(value, (original) => {
        const text = JSON.stringify(original);

        expect(parseGuarded(text)).to.deep.equal({ ok: true, value: withoutDangerous(JSON.parse(text)) });
      }),
    );
  });

  it('finds a dangerous key that is spelled with escapes', () => {
    const guarded = parseGuarded('{"\\u005f_proto__":{"admin":true},"a":{"c\\u006fnstructor":1,"b":2}}');

    expect(guarded).to.deep.equal({ ok: true, value: { a: { b: 2 } } });
  });

  it('leaves out __proto__ at every depth it admits', () => {
    for (let depth = 1; depth < MAX_DEPTH; depth++) {
      const text = `${'{"a":'.repeat(depth - 1)}{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}}}${'}'.repeat(depth - 1)}`;

      const guarded = parseGuarded(text);

      if (depth + 2 > MAX_DEPTH) expect(guarded.ok).to.equal(false);
      else expect(JSON.stringify(guarded)).to.not.include('admin');
    }
    expect(Object.hasOwn(Object.prototype, 'admin')).to.equal(false);
  });

  it('admits nesting up to the limit and refuses one level more, in short text and in long', () => {
    const nested = (depth: number) => [
      `${'['.repeat(depth)}${']'.repeat(depth)}`,
      `${'{"a":'.repeat(depth - 1)}{}${'}'.repeat(depth - 1)}`,
    ];
    for (const padding of ['', ' '.repeat(5000)]) {
      for (const text of nested(MAX_DEPTH)) expect(parseGuarded(text + padding).ok, text).to.equal(true);
      for (const text of nested(MAX_DEPTH + 1)) {
        expect(parseGuarded(text + padding), text).to.deep.equal({ ok: false, message: 'nested deeper than 16 levels' });
      }
    }
  });

  it('does not count brackets in strings', () => {
    expect(parseGuarded(JSON.stringify({ text: `"\\${'[{'.repeat(100)}` })).ok).to.equal(true);
  });

  it('refuses half a million brackets and kilobytes of openings without recursion', () => {
    expect(parseGuarded('['.repeat(500_000)).ok).to.equal(false);
    expect(parseGuarded('{"a":'.repeat(3277)).ok).to.equal(false);
    expect(depthWithin('['.repeat(500_000), 500_000)).to.equal(true);
  });

  it('refuses numbers that no double holds, however they are written', () => {
    for (const number of ['1e999', '-1e999', '1E+400', `1${'0'.repeat(400)}`, `${'9'.repeat(250)}e99`, '5e00999']) {
      expect(parseGuarded(`{"x":${number}}`), number).to.deep.equal({ ok: false, message: 'a number is out of range' });
    }
  });

  it('makes every way to write −0 a 0', () => {
    for (const number of ['-0', '-0.0', '-0e5', '-1e-400', `-0.${'0'.repeat(400)}1`]) {
      const guarded = parseGuarded(`[${number},{"x":${number}}]`);

      expect(guarded, number).to.deep.equal({ ok: true, value: [0, { x: 0 }] });
    }
  });

  it('refuses what is not JSON', () => {
    for (const text of ['', '{', 'NaN', "{'a':1}", '{"a":1}}', 'undefined', '{"a":Infinity}', '\u0000']) {
      expect(parseGuarded(text), text).to.deep.equal({ ok: false, message: 'not JSON' });
    }
  });
});

function asObject(entries: readonly (readonly [string, unknown])[]): object {
  const object = {};
  // Assignment would set the prototype; a client's text makes an own key.
  for (const [key, value] of entries) {
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  }
  return object;
}

function withoutDangerous(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDangerous);
  if (typeof value === 'number') return value === 0 ? 0 : value;
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => !DANGEROUS.includes(key));
  return asObject(kept.map(([key, inner]) => [key, withoutDangerous(inner)] as const));
}
