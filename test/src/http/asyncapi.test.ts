import { expect } from 'chai';
import Joi from 'joi';
import { type Edge, startEdge } from './edge.js';

describe('the document of the WebSocket', () => {
  let edge: Edge;
  beforeEach(async () => {
    const move = Joi.object({ type: 'move', dx: Joi.number().integer().required() });
    const fire = { validate: () => ({ value: {} }) };
    edge = await startEdge({ declared: { intents: { move }, messages: { fire } } });
  });
  afterEach(() => edge.close());

  it('has every message of the protocol and of the game, on the side that sends it', async () => {
    const { status, json } = await edge.call('GET', '/asyncapi.json');

    expect(status).to.equal(200);
    expect(json).to.have.property('asyncapi', '3.0.0');
    expect(json).to.have.nested.property('components.messages.join_ack.payload.properties.last_seq');
    expect(json).to.have.nested.property('components.messages.intent\\.move.payload.properties.data.properties.dx');
    const heard = JSON.stringify((json as { operations: { hear: object } }).operations.hear);
    for (const type of ['hello', 'intent', 'intent.move', 'fire']) expect(heard).to.contain(`/messages/${type}"`);
    expect(heard).not.to.contain('/messages/tick"');
  });

  it('names nothing that it does not describe', async () => {
    const { json } = await edge.call('GET', '/asyncapi.json');
    const text = JSON.stringify(json);

    for (const [, path = ''] of text.matchAll(/"\$ref":"#\/([^"]+)"/g)) {
      const found = path.split('/').reduce<unknown>((part, name) => (part as Record<string, unknown>)?.[name], json);
      expect(found, path).to.be.an('object');
    }
  });
});
