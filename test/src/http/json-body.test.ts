import { expect } from 'chai';
import fc from 'fast-check';
import { parseJsonBody } from '../../../src/http/json-body.js';

describe('a JSON body', () => {
  it('is an object, and nothing else', () => {
    for (const text of ['[]', '"text"', '5', 'null', 'true', '', '{', '{}x', "{'a':1}"]) {
      expect(parseJsonBody(text).type, text).to.equal('refused');
    }
    expect(parseJsonBody(' {"a": [1]} ')).to.deep.equal({ type: 'ok', value: { a: [1] } });
  });

  it('loses the keys that reach prototypes, at every depth', () => {
    const poison = '{"__proto__":{"x":1},"constructor":{"prototype":{"x":1}},"kept":[{"__proto__":{"x":1},"prototype":2,"y":3}]}';

    const parsed = parseJsonBody(poison);

    expect(parsed).to.deep.equal({ type: 'ok', value: { kept: [{ y: 3 }] } });
    expect(Reflect.get({}, 'x')).to.equal(undefined);
  });

  it('may be sixteen levels deep, and no deeper, brackets in strings not counted', () => {
    const nested = (depth: number) => `{"a":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;

    expect(parseJsonBody(nested(16)).type).to.equal('ok');
    expect(parseJsonBody(nested(17)).type).to.equal('refused');
    expect(parseJsonBody('{"a":'.repeat(13_000)).type).to.equal('refused');
    expect(parseJsonBody(JSON.stringify({ a: '[{'.repeat(100) })).type).to.equal('ok');
  });

  it('has no number or text that could not be stored again', () => {
    for (const text of ['{"a":1e999}', '{"a":[-1e999]}', '{"a":"\\u0000"}', '{"a":"\\ud800"}', '{"\\udc00":1}']) {
      expect(parseJsonBody(text).type, text).to.equal('refused');
    }
    expect(parseJsonBody('{"a":"\\ud83d\\ude00 ä"}')).to.deep.equal({ type: 'ok', value: { a: '😀 ä' } });
  });

  it('comes out as it went in, when it is honest', () => {
    const honest = fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), fc.jsonValue({ maxDepth: 3, noUnicodeString: true }));
    fc.assert(
      fc.property(honest, (value) => {
        const text = JSON.stringify(value);
        fc.pre(!/proto|constructor|\\u/.test(text));
        expect(parseJsonBody(text)).to.deep.equal({ type: 'ok', value: JSON.parse(text) });
      }),
    );
  });
});
