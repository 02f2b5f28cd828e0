/**
 * Every message of the protocol as a schema: what the document of the WebSocket is made from, and what tests hold
 * the messages against. Frames are read by `parse.ts` and written by `actors/connection/messages.ts`, which know no Joi.
 */
import Joi from 'joi';

export interface MessageFacts {
  readonly from: 'client' | 'server';
  readonly type: string;
  readonly summary: string;
  /** Of the whole message. */
  readonly schema: Joi.ObjectSchema;
}

const uuid = Joi.string().guid();
const count = Joi.number().integer().min(0);
const seq = Joi.number().integer().min(1).max(Number.MAX_SAFE_INTEGER);
const time = Joi.string().isoDate();
const json = Joi.object().unknown(true);
const anything = Joi.any();

const zone = Joi.object({
  ...{ id: uuid.required(), name: Joi.string().required(), width: count.required(), height: count.required() },
  ...{ metadata: json.required(), created_at: time.required(), updated_at: time.required() },
});
const CODES = [
  ...['bad_request', 'unauthorized', 'forbidden', 'not_subscribed', 'zone_not_found', 'zone_deleted'],
  ...['zone_unavailable', 'rate_limited', 'intent_dropped', 'internal'],
];

export const MESSAGE_TABLE: readonly MessageFacts[] = [
  client(
    'hello',
    'Who this is; the first message where no header or query said it',
    { token: Joi.string().required() },
    { resume: Joi.string() },
  ),
  client(
    'subscribe',
    'Leaves the zone it was on and joins this one',
    { zone_id: Joi.string().required() },
    { sync: Joi.valid('snapshot', 'delta'), acks: Joi.valid('each', 'tick') },
  ),
  client('unsubscribe', 'Leaves the zone it is on', {}),
  client('resync', 'The next message of the zone is a whole tick', {}),
  client('intent', "Queued for the zone's next tick", { data: json.required() }, { seq }),
  client('ping', 'Answered by pong', {}, { t: anything }),
  server('join_ack', 'The client is in', {
    ...{ player_id: uuid.required(), connection_id: uuid.required(), resume_token: Joi.string().required() },
    ...{ last_seq: count.required(), dropped: Joi.array().items(seq).max(256).required() },
    ...{ server_time: time.required(), tick_interval_ms: count.required() },
  }),
  server('subscribed', 'Ticks of this zone follow, the first of them whole', { zone_id: uuid.required(), zone: zone.required() }),
  server('unsubscribed', 'No ticks follow', { zone_id: uuid.required() }),
  server(
    'intent_received',
    'The intent is in the queue; `tick_number` is the first tick that can see it',
    { zone_id: uuid.allow(null).required(), tick_number: count.required() },
    { seq, duplicate: Joi.valid(true) },
  ),
  server('pong', 'Answers ping', { t: anything.required(), server_time: time.required() }),
  server(
    'tick',
    'The state of the zone after a committed tick, as this player sees it',
    { tick_number: count.required(), zone_id: uuid.required(), state: json.required() },
    { ack: seq },
  ),
  server(
    'delta',
    'What changed for this player since the message of tick `base`',
    { tick_number: count.required(), base: count.required(), zone_id: uuid.required(), state: json.required() },
    { ack: seq },
  ),
  server('telemetry', 'How the line and the world are, about once a second', {
    tick_rate: Joi.number().required(),
    rtt_ms: Joi.number().allow(null).required(),
  }),
  server('handover', "The player's entity went to another zone, and the subscription with it", {
    from: Joi.object({ zone_id: uuid.required() }).required(),
    to: Joi.object({
      zone_id: uuid.required(),
      x: Joi.number().integer().required(),
      y: Joi.number().integer().required(),
    }).required(),
  }),
  server(
    'error',
    'Something was refused, dropped, or is no more',
    { code: Joi.valid(...CODES).required(), message: Joi.string().required() },
    { seq, reason: Joi.string() },
  ),
];

function client(type: string, summary: string, required: Joi.SchemaMap, optional: Joi.SchemaMap = {}): MessageFacts {
  // Fields that a message does not have are ignored, so that newer clients can talk to older servers.
  return { from: 'client', type, summary, schema: message(type, { ...required, ...optional }).unknown(true) };
}

function server(type: string, summary: string, required: Joi.SchemaMap, optional: Joi.SchemaMap = {}): MessageFacts {
  return { from: 'server', type, summary, schema: message(type, { ...required, ...optional }) };
}

function message(type: string, fields: Joi.SchemaMap): Joi.ObjectSchema {
  return Joi.object({ type: Joi.valid(type).required(), ...fields });
}
