/** What a game lets its players do, as the play page reads it from the server's own document. */
import { expect } from 'chai';
import Joi from 'joi';
import frontier from '../../../games/frontier/index.js';
import movement from '../../../games/movement/index.js';
import { asyncApiDocument } from '../../../src/http/asyncapi.js';
import { type Declared, readDeclared } from '../../../web/play/declared.js';

function declared(game: Parameters<typeof asyncApiDocument>[0]): Declared {
  return readDeclared(JSON.parse(JSON.stringify(asyncApiDocument(game, '1'))));
}

const type = Joi.any();
const cells = Joi.number().integer().min(-1).max(1).required();

describe('what can be done', () => {
  it('has controls of its own for all of movement and frontier', () => {
    expect(declared(movement)).to.deep.equal({ step: 'move', canTalk: true, canPickUp: true, others: [] });
    expect(declared(frontier)).to.deep.equal({ step: null, canTalk: false, canPickUp: true, others: [] });
  });

  it('has a step in whatever intent takes dx and dy, and nothing else', () => {
    const walk = Joi.object({ type, dx: cells, dy: cells });
    const jump = Joi.object({ type, dx: cells, dy: cells, high: Joi.boolean() });

    const found = declared({ intents: { walk, jump } });

    expect(found.step).to.equal('walk');
    expect(found.others.map((deed) => deed.type)).to.deep.equal(['jump']);
  });

  it('has a field for each thing that is to be said with a deed, by its schema', () => {
    const shout = Joi.object({
      type,
      text: Joi.string().max(20).required(),
      times: Joi.number().integer().min(1).max(3),
      pitch: Joi.number(),
      mood: Joi.string().valid('glad', 'sad'),
      softly: Joi.boolean(),
      to: Joi.array().items(Joi.string()),
    });

    const [deed] = declared({ messages: { shout }, intents: { shout } }).others;

    expect(deed).to.include({ type: 'shout', form: 'message' });
    expect(deed?.fields.map(({ name, kind, isRequired, least, most }) => [name, kind, isRequired, least, most])).to.deep.equal([
      ['text', 'text', true, null, 20],
      ['times', 'whole', false, 1, 3],
      ['pitch', 'number', false, null, null],
      ['mood', 'choice', false, null, null],
      ['softly', 'switch', false, null, null],
      ['to', 'json', false, null, null],
    ]);
    expect(deed?.fields[3]?.choices).to.deep.equal(['glad', 'sad']);
  });

  it('tells what has the name of something that it knows, and other fields, from it', () => {
    const say = Joi.object({ type, number: Joi.number() });

    expect(declared({ intents: { say } })).to.deep.include({ canTalk: false });
    expect(declared({ intents: { say } }).others.map((deed) => deed.type)).to.deep.equal(['say']);
  });

  it('is nothing where a game declares nothing, or the document is none', () => {
    const nothing = { step: null, canTalk: false, canPickUp: false, others: [] };

    expect(declared({})).to.deep.equal(nothing);
    for (const other of [null, 'no', { components: { messages: { a: { name: 'intent.x', tags: [{ name: 'game' }] } } } }])
      expect(readDeclared(other)).to.deep.equal(nothing);
  });
});
