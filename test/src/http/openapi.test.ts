import { expect } from 'chai';
import Joi from 'joi';
import { collectGameRoutes } from '../../../src/http/game-routes.js';
import { openApiPath } from '../../../src/http/openapi.js';
import { type Edge, startEdge } from './edge.js';

const CALLS = { view: async () => ({}), intent: async () => 'applied' as const };

describe('the OpenAPI document', () => {
  let edge: Edge;
  let document: Record<string, unknown>;
  before(async () => {
    const gameRoutes = collectGameRoutes((api) => {
      api.post('/planets/:planet/rename', { schema: Joi.object({ name: Joi.string().max(9).required() }) }, () => ({}));
      api.post('/planets/:planet/leave', {}, () => ({}));
      api.get('/planets', { auth: false, schema: Joi.object({ near: Joi.number().integer() }) }, () => ({}));
      api.delete('/planets/:planet', { schema: { validate: (value) => ({ value }) } }, () => undefined);
    }, CALLS);
    edge = await startEdge({ gameRoutes });
    document = { ...(await edge.call('GET', '/openapi.json')).json };
  });
  after(() => edge.close());

  const operation = (path: string, method: string) => {
    expect(document.paths).to.have.property(path);
    return (document.paths as Record<string, Record<string, Record<string, unknown>>>)[path]?.[method];
  };

  it('lists every route of the table, with every answer it documents', () => {
    for (const route of edge.table) {
      const described = operation(openApiPath(route.path), route.method);
      expect(described, `${route.method} ${route.path}`).to.include.keys('summary', 'responses', 'security');
      expect(described?.responses).to.include.keys(Object.keys(route.responses));
      expect(described?.responses).to.include.keys(route.auth === 'none' ? ['500'] : ['401', '500']);
    }
  });

  it('shows input as it is checked', () => {
    const create = operation('/api/zones', 'post');
    const area = operation('/api/debug/zones/{id}/entities', 'get');

    expect(create).to.have.nested.property('requestBody.content.application/json.schema.properties.name.maxLength', 64);
    expect(create).to.have.nested.property('requestBody.content.application/json.schema.additionalProperties', false);
    expect(area?.parameters).to.deep.include({
      name: 'id',
      in: 'path',
      required: true,
      schema: { type: 'string', format: 'uuid' },
    });
    expect(area?.parameters).to.be.an('array').with.length(5);
  });

  it('has the routes of the game, with the schemas that it can show', () => {
    const rename = operation('/v1/planets/{planet}/rename', 'post');
    const planets = operation('/v1/planets', 'get');

    expect(rename).to.have.nested.property('requestBody.content.application/json.schema.properties.name.maxLength', 9);
    expect(rename?.security).to.deep.equal([{ token: [] }]);
    expect(planets?.security).to.deep.equal([]);
    expect(planets?.parameters).to.deep.equal([{ name: 'near', in: 'query', required: false, schema: { type: 'integer' } }]);
    expect(operation('/v1/planets/{planet}', 'delete')?.parameters).to.have.length(1);
  });

  it('has each status that a route of the game can be answered with, whatever schema that has', () => {
    const statuses = (path: string, method: string) => Object.keys(operation(path, method)?.responses ?? {});

    expect(statuses('/v1/planets', 'get')).to.deep.equal(['200', '204', '400', '404', '500', '503']);
    for (const path of ['rename', 'leave'].map((call) => `/v1/planets/{planet}/${call}`)) {
      expect(statuses(path, 'post'), path).to.include.members(['400', '401', '403', '404', '413']);
    }
  });

  it('has everything that it refers to', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name);

    expect(references).to.include.members(['Zone', 'Error', 'Actor']);
    for (const name of references) expect(document).to.have.nested.property(`components.schemas.${name}`);
  });
});
