/**
 * The OpenAPI document, made from the route table and its Joi schemas: what is documented is what is
 * checked. The routes of the game are in it too, with their schemas where those are Joi's.
 */
import Joi from 'joi';
import toSwaggerModule from 'joi-to-swagger';
import type { GameRouteSpec } from './game-routes.js';
import { ERROR_STATUS, type ErrorCode } from './reply.js';
import type { RouteAuth, RouteFacts } from './route.js';
import { errorShape } from './shapes.js';

// CommonJS with a `default` of its own: node's default import is the module around it.
const joiToSwagger = toSwaggerModule.default;

type JsonSchema = Readonly<Record<string, unknown>>;

/** What the document says of one call. */
interface Described extends RouteFacts {
  readonly params?: Joi.Schema;
  readonly query?: Joi.Schema;
  readonly body?: Joi.Schema;
}

export interface OpenApi {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, object>>>>;
  readonly [part: string]: unknown;
}

/** The whole document, for OpenAPI 3.0: the dialect that joi-to-swagger speaks. */
export function openApiDocument(table: readonly Described[], game: readonly GameRouteSpec[], version: string): OpenApi {
  const schemas: Record<string, JsonSchema> = {};
  const paths: Record<string, Record<string, object>> = {};
  for (const route of [...table, ...game.map(describeGameRoute)]) {
    const path = openApiPath(route.path);
    paths[path] = { ...paths[path], [route.method]: operation(route, schemas) };
  }
  return {
    openapi: '3.0.3',
    info: {
      title: 'Gridstead',
      version,
      description: 'The REST API. What happens in the world itself goes through the WebSocket at /ws.',
    },
    paths,
    components: { schemas, securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
  };
}

/** `/planets/:id` as OpenAPI writes it: `/planets/{id}`. The braces of optional parts go. */
export function openApiPath(path: string): string {
  return path.replace(/[{}]/g, '').replace(/[:*](\w+)/g, '{$1}');
}

function operation(route: Described, schemas: Record<string, JsonSchema>): object {
  const parameters = [...pathParameters(route, schemas), ...queryParameters(route.query, schemas)];
  return {
    tags: [route.tag],
    summary: route.summary,
    ...(parameters.length > 0 && { parameters }),
    ...(route.body && {
      requestBody: { required: true, content: content('application/json', toJsonSchema(route.body, schemas)) },
    }),
    responses: responses(route, schemas),
    security: SECURITY[route.auth],
  };
}

const SECURITY: Readonly<Record<RouteAuth, readonly object[]>> = { none: [], player: [{ token: [] }], debug: [{ token: [] }] };

// ─── input ───

function pathParameters(route: Described, schemas: Record<string, JsonSchema>): object[] {
  const known = route.params ? propertiesOf(route.params, schemas) : {};
  const names = [...openApiPath(route.path).matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  return names.map((name) => ({ name, in: 'path', required: true, schema: known[name] ?? { type: 'string' } }));
}

function queryParameters(query: Joi.Schema | undefined, schemas: Record<string, JsonSchema>): object[] {
  if (!query) return [];
  const { required } = toJsonSchema(query, schemas);
  const isRequired = (name: string) => Array.isArray(required) && required.includes(name);
  const properties = Object.entries(propertiesOf(query, schemas));
  return properties.map(([name, schema]) => ({ name, in: 'query', required: isRequired(name), schema }));
}

function propertiesOf(schema: Joi.Schema, schemas: Record<string, JsonSchema>): Readonly<Record<string, unknown>> {
  const { properties } = toJsonSchema(schema, schemas);
  return typeof properties === 'object' && properties !== null ? { ...properties } : {};
}

// ─── output ───

function responses(route: Described, schemas: Record<string, JsonSchema>): object {
  const answers: Record<string, object> = {};
  for (const code of refusalsOf(route)) {
    answers[ERROR_STATUS[code]] = { description: code, content: content('application/json', toJsonSchema(errorShape, schemas)) };
  }
  for (const [status, schema] of Object.entries(route.responses)) {
    const type = route.contentType ?? 'application/json';
    answers[status] = {
      description: DESCRIPTIONS[status] ?? 'unavailable',
      ...(schema && { content: content(type, toJsonSchema(schema, schemas)) }),
    };
  }
  return answers;
}

const DESCRIPTIONS: Readonly<Record<string, string>> = { 200: 'OK', 201: 'Created', 204: 'Done' };

/** Most refusals follow from what a route is; it names only those that do not. */
function refusalsOf(route: Described): readonly ErrorCode[] {
  const has = (part: unknown, ...codes: ErrorCode[]): ErrorCode[] => (part ? codes : []);
  return [
    ...has(route.auth !== 'none', 'unauthorized'),
    ...has(route.auth === 'debug', 'forbidden'),
    ...has(route.method !== 'get', 'forbidden'),
    ...has(route.params, 'not_found'),
    ...has(route.query ?? route.body, 'bad_request'),
    ...has(route.body, 'payload_too_large'),
    ...has(route.limited, 'rate_limited'),
    ...(route.refusals ?? []),
    'internal',
    'unavailable',
  ];
}

function content(type: string, schema: JsonSchema): object {
  return { [type]: { schema } };
}

// ─── schemas ───

/** Schemas with a name go to `schemas`, and a reference stands for them. */
function toJsonSchema(schema: Joi.Schema, schemas: Record<string, JsonSchema>): JsonSchema {
  const { swagger, components } = joiToSwagger(schema, { schemas });
  Object.assign(schemas, components?.schemas);
  return swagger;
}

/** A game's route answers what it likes; its schema is shown if it can be. */
function describeGameRoute({ method, path, auth, schema }: GameRouteSpec): Described {
  const shown = schema && showable(schema);
  return {
    method,
    path: `/v1${path}`,
    auth: auth ? 'player' : 'none',
    tag: 'game',
    summary: `${method.toUpperCase()} ${path}, a route of the game`,
    responses: { 200: Joi.any(), 204: null },
    // For a body that cannot be read, and for what a handler asks of the world on its caller's behalf.
    refusals: ['bad_request', 'not_found', ...(method === 'post' ? (['payload_too_large'] as const) : [])],
    ...(shown && (method === 'post' ? { body: shown } : { query: shown })),
  };
}

/** A game may bring a Joi of another version, or types that the converter does not know; then the document leaves the schema out. */
function showable(schema: unknown): Joi.Schema | null {
  try {
    if (!Joi.isSchema(schema)) return null;
    joiToSwagger(schema);
    return schema;
  } catch {
    return null;
  }
}
