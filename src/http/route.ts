/**
 * A row of the route table: one call of the REST API with all that is known about it. Mounting, role
 * checks, input checks and the OpenAPI document are derived from these rows; nothing states a path twice.
 */
import type Joi from 'joi';
import type { Identity } from '../../actors/control.js';
import { type Checked, type Detail, type ErrorCode, failure, type Reply } from './reply.js';

/** `none`: anybody. `debug`: 401 without a session, 403 without the role. */
export type RouteAuth = 'none' | 'player' | 'debug';

/** The outside of a route: what the document shows and what is checked before it runs. */
export interface RouteFacts {
  readonly method: 'get' | 'post' | 'delete';
  /** As express takes it: `/api/zones/:id`. */
  readonly path: string;
  readonly auth: RouteAuth;
  readonly tag: 'accounts' | 'zones' | 'debug' | 'operation' | 'game';
  readonly summary: string;
  /** true: each call counts against the limit of its address. */
  readonly limited?: boolean;
  /** By status; null: no body. */
  readonly responses: Readonly<Record<number, Joi.Schema | null>>;
  /** Refusals beyond those that follow from the rest of the row. */
  readonly refusals?: readonly ErrorCode[];
  /** JSON where absent. */
  readonly contentType?: string;
}

/** The checked input of one call. */
export interface Call<Params, Query, Body> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** The client's address, for limits. */
  readonly address: string;
  /** true: the caller sits at this machine. */
  readonly isLocal: boolean;
}
type Handler<Input> = (call: Input) => Reply | Promise<Reply>;

/** Input schemas. Path parts that do not fit are a 404, the rest a 400. An absent schema: the input is not looked at. */
interface Inputs<Params, Query, Body> {
  readonly params?: Joi.ObjectSchema<Params>;
  readonly query?: Joi.ObjectSchema<Query>;
  readonly body?: Joi.ObjectSchema<Body>;
}

/** A call before its input is checked. */
export interface RawCall extends Call<unknown, unknown, unknown> {
  readonly identity: Identity | null;
}

/** A row of the table, its types closed over. */
export interface Route extends RouteFacts, Inputs<unknown, unknown, unknown> {
  /** Checks the input, then answers. Rejects only with what nobody expected, and `StoreUnavailableError`. */
  run(call: RawCall): Promise<Reply>;
}

/** A route that anybody may call. */
export function openRoute<Params = undefined, Query = undefined, Body = undefined>(
  row: Omit<RouteFacts, 'auth'> & Inputs<Params, Query, Body> & { readonly handle: Handler<Call<Params, Query, Body>> },
): Route {
  return {
    ...row,
    auth: 'none',
    async run(raw) {
      const call = checkCall(row, raw);
      return call.type === 'ok' ? row.handle(call.value) : call.reply;
    },
  };
}

/** A route for players that are logged in, or for the debug role only. */
export function playerRoute<Params = undefined, Query = undefined, Body = undefined>(
  row: RouteFacts & { readonly auth: 'player' | 'debug' } & Inputs<Params, Query, Body> & {
      readonly handle: Handler<Call<Params, Query, Body> & { readonly identity: Identity }>;
    },
): Route {
  return {
    ...row,
    async run(raw) {
      if (!raw.identity) return failure('unauthorized', 'log in first');
      const call = checkCall(row, raw);
      return call.type === 'ok' ? row.handle({ ...call.value, identity: raw.identity }) : call.reply;
    },
  };
}

/** Numbers in paths and query strings are text and are converted; in a body they must be numbers. */
function checkCall<P, Q, B>(schemas: Inputs<P, Q, B>, raw: RawCall): Checked<Call<P, Q, B>> {
  const params = check(schemas.params, raw.params, true);
  if (params.type === 'refused') return { type: 'refused', reply: failure('not_found', 'there is nothing with this id') };
  const query = check(schemas.query, raw.query, true);
  if (query.type === 'refused') return query;
  const body = check(schemas.body, raw.body, false);
  if (body.type === 'refused') return body;
  const { address, isLocal } = raw;
  return { type: 'ok', value: { params: params.value, query: query.value, body: body.value, address, isLocal } };
}

function check<Value>(schema: Joi.ObjectSchema<Value> | undefined, input: unknown, convert: boolean): Checked<Value> {
  // Without a schema the type parameter is its default, undefined; the compiler cannot tie the two together.
  if (!schema) return { type: 'ok', value: undefined as Value };
  const { error, value } = schema.required().validate(input, { convert, abortEarly: hasTooManyFields(input) });
  if (!error) return { type: 'ok', value };
  return { type: 'refused', reply: failure('bad_request', 'the request does not fit', error.details.map(toDetail)) };
}

/** Complaining of each of thousands of unknown fields holds up everybody; of so many, the first complaint stands for all. */
const MAX_FIELDS = 100;

/** Is this more than any call takes, so that looking for all that is wrong would only cost time? */
export function hasTooManyFields(input: unknown): boolean {
  return typeof input === 'object' && input !== null && Object.keys(input).length > MAX_FIELDS;
}

function toDetail({ path, message }: Joi.ValidationErrorItem): Detail {
  return { path: path.join('.'), message };
}
