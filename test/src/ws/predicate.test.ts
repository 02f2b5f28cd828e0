/** Predicates never accept what Joi would refuse or change; and the schemas that games have get one. */
import { isDeepStrictEqual } from 'node:util';
import { expect } from 'chai';
import fc from 'fast-check';
import Joi from 'joi';
import type { Schema } from '../../../games/contract.js';
import { intents } from '../../../games/movement/intents.js';
import { compilePredicate } from '../../../src/ws/predicate.js';

const OPTIONS = { convert: false, abortEarly: true };

describe('predicate', () => {
  it('accepts only what Joi accepts and gives back as it is, whatever the schema', () => {
    const met = { accepted: 0, refused: 0, notCompiled: 0 };
    fc.assert(
      fc.property(arbitrarySchema(), fc.array(arbitraryValue(), { minLength: 20, maxLength: 20 }), (schema, values) => {
        const accepts = compilePredicate(schema);
        for (const value of values) {
          if (!accepts) met.notCompiled++;
          else if (accepts(value)) {
            met.accepted++;
            expect(unchangedByJoi(schema, value), `${JSON.stringify(schema.describe())} ${JSON.stringify(value)}`).to.equal(true);
          } else met.refused++;
        }
      }),
      { numRuns: 500 },
    );

    // A property about things that never happen holds too.
    expect(Math.min(met.accepted, met.refused, met.notCompiled)).to.be.greaterThan(200);
  });

  it('accepts all that Joi leaves as it is, where the schema has only what is understood', () => {
    const cases: [Joi.Schema, unknown][] = [
      [Joi.any(), { a: [1] }],
      [Joi.boolean(), false],
      [Joi.number(), -7.25],
      [Joi.number().integer().min(-1).max(1), 0],
      [Joi.number().greater(1).less(2), 1.5],
      [Joi.number().positive(), 1],
      [Joi.number().negative(), -1],
      [Joi.number().allow(null), null],
      [Joi.string(), 'x'],
      [Joi.string().min(0).max(3), ''],
      [Joi.string().length(2).allow(''), ''],
      [Joi.string().length(2), 'ab'],
      [Joi.string().pattern(/^a\/b$/i), 'A/B'],
      [Joi.string().invalid('b'), 'a'],
      [Joi.valid('a', 1, null), 1],
      [Joi.array(), [1, 'a', null]],
      [Joi.array().items(Joi.number()).min(1).max(2), [1, 2]],
      [Joi.array().length(1), [[]]],
      [Joi.object(), { anything: 1 }],
      [Joi.object({}), {}],
      [Joi.object({ a: Joi.any() }).unknown(), { b: 1 }],
      [Joi.object({ a: 5, b: [1, 2], c: { d: Joi.string() } }), { a: 5, b: 2, c: { d: 'x' } }],
      [Joi.object({ a: Joi.number().default(1), b: Joi.number() }), { a: 2 }],
      [Joi.object({ a: Joi.number().label('x').description('y').unit('cells').note('z').example(1) }).meta({ m: 1 }), { a: 2 }],
      [Joi.object({ a: Joi.number() }).prefs({ convert: false, abortEarly: false }).messages({ 'any.only': 'no' }), { a: 2 }],
    ];

    for (const [schema, value] of cases) {
      expect(unchangedByJoi(schema, value)).to.equal(true);
      expect(compilePredicate(schema)?.(value), JSON.stringify(schema.describe())).to.equal(true);
    }
  });

  it('leaves to Joi what Joi refuses or changes', () => {
    const cases: [Joi.Schema, unknown][] = [
      [Joi.number(), '5'],
      [Joi.number(), -0],
      [Joi.number(), 2 ** 53],
      [Joi.number().integer(), 0.5],
      [Joi.number().min(1).max(3), 4],
      [Joi.string(), ''],
      [Joi.string().max(2), 'abc'],
      [Joi.valid('a'), 'b'],
      [Joi.invalid('a'), 'a'],
      [Joi.any().required(), undefined],
      [Joi.array().items(Joi.number()), ['1']],
      [Joi.array(), {}],
      [Joi.object(), []],
      [Joi.object({}), { a: 1 }],
      [Joi.object({ a: Joi.number().required() }), {}],
      [Joi.object({ a: Joi.number().default(1) }), {}],
      [Joi.object({ a: Joi.any() }).unknown(), JSON.parse('{"__proto__":1}')],
    ];

    for (const [schema, value] of cases) {
      expect(unchangedByJoi(schema, value)).to.equal(false);
      expect(compilePredicate(schema)?.(value) ?? false, JSON.stringify(schema.describe())).to.equal(false);
    }
  });

  it('is not made of a schema with anything in it that is not understood', () => {
    const schemas: Joi.Schema[] = [
      Joi.number().multiple(2),
      Joi.number().min(Joi.ref('other')),
      Joi.number().unsafe(),
      Joi.number().custom((value) => value + 1),
      Joi.number().min(1).warn(),
      Joi.string().trim(),
      Joi.string().max(3, 'utf8'),
      Joi.string().pattern(/a/, { invert: true }),
      Joi.string().empty('x'),
      Joi.string().isoDate(),
      Joi.boolean().truthy('yes'),
      Joi.any().strip(),
      Joi.any().forbidden(),
      Joi.any().failover(1),
      Joi.any().when('other', { is: 1, otherwise: Joi.forbidden() }),
      Joi.valid({ a: 1 }),
      Joi.valid(Joi.ref('other')),
      Joi.array().items(Joi.number(), Joi.string()),
      Joi.array().items(Joi.number().required()),
      Joi.array().ordered(Joi.number()),
      Joi.array().unique(),
      Joi.array().single(),
      Joi.array().sparse(),
      Joi.object().min(1),
      Joi.object().pattern(/a/, 1),
      Joi.object({ a: 1 }).rename('b', 'a'),
      Joi.object({ a: 1, b: 2 }).and('a', 'b'),
      Joi.object({ toString: Joi.any() }),
      Joi.object({ a: 1 }).prefs({ convert: true }),
      Joi.object({ a: 1 }).prefs({ allowUnknown: true }),
      Joi.alternatives(1, 2),
      Joi.date(),
      Joi.binary(),
      Joi.link('#a'),
    ];

    for (const schema of schemas) {
      expect(compilePredicate(schema), JSON.stringify(schema.describe())).to.equal(null);
      expect(compilePredicate(Joi.object({ a: Joi.array().items(Joi.object({ b: schema })) }))).to.equal(null);
    }
  });

  it('is not made of an extension that goes by the name of a type, nor of what is no Joi schema', () => {
    const extended = Joi.extend({ type: 'number', base: Joi.number(), validate: (value) => ({ value: value + 1 }) });
    const deceptive = { validate: (value: unknown) => ({ value }), describe: () => ({ type: 'any' }) };

    for (const schema of [
      extended.number(),
      Joi.object({ a: extended.number() }),
      Joi.array().items(extended.number()),
      deceptive,
    ]) {
      expect(compilePredicate(schema)).to.equal(null);
    }
  });

  it('is made of every intent of the movement game', () => {
    expect(Object.values(intents).map((schema: Schema) => compilePredicate(schema) !== null)).to.not.include(false);
    expect(compilePredicate(intents.move)?.({ type: 'move', dx: 1, dy: 0 })).to.equal(true);
    expect(compilePredicate(intents.move)?.({ type: 'move', dx: 2, dy: 0 })).to.equal(false);
  });
});

function unchangedByJoi(schema: Schema, value: unknown): boolean {
  const checked = schema.validate(value, OPTIONS);
  return checked.error === undefined && isDeepStrictEqual(checked.value, value);
}

// ─── schemas ───

type Change = (schema: Joi.Schema) => Joi.Schema;

/** What can be done to a schema of any type. Some of it makes Joi change a value; all of it may be combined. */
const CHANGES: readonly Change[] = [
  (schema) => schema.required(),
  (schema) => schema.required(),
  (schema) => schema.optional(),
  (schema) => schema.allow(null, '', 1),
  (schema) => schema.valid('a', 2, true),
  (schema) => schema.valid('a').allow('b'),
  (schema) => schema.invalid('ab', 3, null),
  (schema) => schema.default('a'),
  (schema) => schema.label('label').note('note').meta({ a: 1 }),
  (schema) => schema.prefs({ convert: false }),
];
const RARE_CHANGES: readonly Change[] = [
  (schema) => schema.strip(),
  (schema) => schema.forbidden(),
  (schema) => schema.failover('a'),
  (schema) => schema.empty(Joi.valid('a', 1)),
  (schema) => schema.prefs({ convert: true }),
  (schema) => schema.custom((value) => (value === 1 ? 2 : value)),
  (schema) => schema.when('other', { is: 1, otherwise: Joi.forbidden() }),
  (schema) => schema.raw(),
];
const NUMBERS: readonly ((schema: Joi.NumberSchema) => Joi.Schema)[] = [
  (schema) => schema.integer(),
  (schema) => schema.min(1),
  (schema) => schema.max(2),
  (schema) => schema.min(-1).max(1).integer(),
  (schema) => schema.greater(0).less(5),
  (schema) => schema.positive(),
  (schema) => schema.negative(),
  (schema) => schema.multiple(2),
  (schema) => schema.precision(1),
  (schema) => schema.unsafe(),
  (schema) => schema.min(Joi.ref('other')),
  (schema) => schema.cast('string'),
];
const STRINGS: readonly ((schema: Joi.StringSchema) => Joi.Schema)[] = [
  (schema) => schema.min(2),
  (schema) => schema.min(0),
  (schema) => schema.max(2),
  (schema) => schema.length(2),
  (schema) => schema.length(0),
  (schema) => schema.min(0).max(1),
  (schema) => schema.pattern(/^[abc]*$/),
  (schema) => schema.pattern(/B/i).pattern(/a/),
  (schema) => schema.pattern(/a/, { invert: true }),
  (schema) => schema.trim(),
  (schema) => schema.lowercase(),
  (schema) => schema.insensitive(),
  (schema) => schema.max(2).truncate(),
  (schema) => schema.alphanum(),
];
const ARRAYS: readonly ((schema: Joi.ArraySchema) => Joi.Schema)[] = [
  (schema) => schema.min(1),
  (schema) => schema.max(1),
  (schema) => schema.length(2),
  (schema) => schema.unique(),
  (schema) => schema.sparse(),
  (schema) => schema.sort(),
];
const OBJECTS: readonly ((schema: Joi.ObjectSchema) => Joi.Schema)[] = [
  (schema) => schema.unknown(),
  (schema) => schema.unknown(false),
  (schema) => schema.min(1),
  (schema) => schema.rename('a', 'b', { ignoreUndefined: true }),
  (schema) => schema.pattern(/d/, Joi.number()),
  (schema) => schema.or('a', 'b'),
  (schema) => schema.default(),
];

function arbitrarySchema(): fc.Arbitrary<Joi.Schema> {
  const { schema } = fc.letrec<{ schema: Joi.Schema; leaf: Joi.Schema }>((tie) => ({
    leaf: changed(
      fc.oneof(
        fc.constantFrom<Joi.Schema>(Joi.any(), Joi.boolean(), Joi.boolean().truthy('a'), Joi.alternatives(Joi.number(), 'a')),
        refined(Joi.number(), NUMBERS),
        refined(Joi.string(), STRINGS),
        refined(Joi.array(), ARRAYS),
        refined(Joi.object(), OBJECTS),
      ),
    ),
    schema: changed(
      fc.oneof(
        { maxDepth: 3, withCrossShrink: true },
        tie('leaf'),
        fc.array(tie('schema'), { maxLength: 2 }).chain((items) => refined(Joi.array().items(...items), ARRAYS)),
        fc
          .dictionary(fc.constantFrom('a', 'b', 'c'), tie('schema'), { maxKeys: 3, noNullPrototype: true })
          .chain((keys) => refined(Joi.object(keys), OBJECTS)),
        fc
          .dictionary(fc.constantFrom('a', 'b', 'c'), tie('leaf'), { maxKeys: 3, noNullPrototype: true })
          .map((keys) => Joi.object(keys)),
      ),
    ),
  }));
  return schema;
}

/** `schema` with some of the rules of its type. Joi refuses some combinations: those are left out. */
function refined<S extends Joi.Schema>(schema: S, rules: readonly ((schema: S) => Joi.Schema)[]): fc.Arbitrary<Joi.Schema> {
  return fc
    .array(fc.constantFrom(...rules), { maxLength: 2 })
    .map((chosen) => chosen.reduce<Joi.Schema>((refinedSoFar, rule) => attempt(rule as Change, refinedSoFar), schema));
}

function changed(schemas: fc.Arbitrary<Joi.Schema>): fc.Arbitrary<Joi.Schema> {
  const change = fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(...CHANGES) },
    { weight: 1, arbitrary: fc.constantFrom(...RARE_CHANGES) },
  );
  return fc
    .tuple(schemas, fc.array(change, { maxLength: 2 }))
    .map(([schema, changes]) => changes.reduce((s, c) => attempt(c, s), schema));
}

function attempt(change: Change, schema: Joi.Schema): Joi.Schema {
  try {
    return change(schema);
  } catch {
    return schema;
  }
}

/** JSON of the few values that the schemas above tell apart. */
function arbitraryValue(): fc.Arbitrary<unknown> {
  const { value } = fc.letrec<{ value: unknown; leaf: unknown }>((tie) => ({
    leaf: fc.constantFrom<unknown>(
      null,
      true,
      false,
      0,
      -0,
      1,
      2,
      3,
      -1,
      0.5,
      1.55,
      2 ** 53,
      'a',
      'b',
      'ab',
      'abc',
      'A',
      'B',
      ' a',
      '',
      '1',
    ),
    value: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      tie('leaf'),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', '__proto__'), tie('value')), { maxLength: 4 }).map(asJsonObject),
      fc.tuple(tie('leaf'), tie('leaf'), tie('leaf')).map(([a, b, c]) => ({ a, b, c })),
    ),
  }));
  return fc.oneof(value, value, value, fc.constant(undefined));
}

/** As `JSON.parse` makes one: any key is a key of its own. */
function asJsonObject(entries: readonly (readonly [string, unknown])[]): object {
  const object = {};
  for (const [key, value] of entries) {
    Object.defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true });
  }
  return object;
}
