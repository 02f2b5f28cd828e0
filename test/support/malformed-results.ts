/**
 * Everything that makes a result malformed and can be seen without the limits of a server: for what checks results, and for the
 * test kit, which is to refuse the same.
 */

/** A zone `home` of 20×10 with `first` at 1,1 and `second` at 2,2, another zone, and a player who is there. */
export interface MalformedFacts {
  readonly first: string;
  readonly second: string;
  readonly home: string;
  readonly away: string;
  readonly player: string;
}

/** What it is, the result, and what a server says of it. */
export type MalformedResult = readonly [what: string, result: unknown, says: string];

export function malformedResults({ first, second, home, away, player }: MalformedFacts): readonly MalformedResult[] {
  const to = (fields: object): object => ({ id: first, toZone: away, x: 0, y: 0, ...fields });
  const transfer = (fields: object): { transfers: object[] } => ({ transfers: [to(fields)] });
  return [
    ['nothing', undefined, 'onTick returned undefined, not an object'],
    ['a text', 'ok', 'onTick returned "ok", not an object'],
    ['a list', [], 'onTick returned an array, not an object'],
    ['a promise', Promise.resolve({}), 'onTick returned a promise'],
    ['creates that are no list', { creates: {} }, 'creates is an object, not an array'],
    ['a hole in a list', { creates: new Array(1) }, 'creates[0] is undefined, not an object'],
    ['a create without a place', { creates: [{ x: 1 }] }, 'creates[0].y is undefined, not a whole number of cells'],
    ['a fraction of a cell', { creates: [{ x: 0.5, y: 0 }] }, 'creates[0].x is 0.5, not a whole number of cells'],
    ['a number as text', { creates: [{ x: '1', y: 0 }] }, 'creates[0].x is "1", not a whole number of cells'],
    ['a number too large to be exact', { creates: [{ x: 2 ** 53, y: 0 }] }, 'creates[0].x is 9007199254740992'],
    ['infinity', { creates: [{ x: Number.POSITIVE_INFINITY, y: 0 }] }, 'creates[0].x is Infinity'],
    ['a size below 0', { creates: [{ x: 1, y: 1, width: -1 }] }, 'creates[0].width is -1, below 0'],
    ['a place below 0', { creates: [{ x: -1, y: 0 }] }, 'creates[0] puts 1×1 at -1,0, outside the zone of 20×10'],
    ['a place beyond the edge', { creates: [{ x: 19, y: 0, width: 2 }] }, 'creates[0] puts 2×1 at 19,0, outside the zone'],
    ['a point on the far edge', { creates: [{ x: 20, y: 0, width: 0, height: 0 }] }, 'creates[0] puts 0×0 at 20,0, outside'],
    [
      'an id of its own',
      { creates: [{ id: 'mine', x: 0, y: 0 }] },
      'creates[0].id is "mine", which newId() of this tick did not issue',
    ],
    ['metadata that is a list', { creates: [{ x: 0, y: 0, metadata: [] }] }, 'creates[0].metadata is an array, not an object'],
    [
      'metadata that is no JSON',
      { creates: [{ x: 0, y: 0, metadata: { a: { b: Number.NaN } } }] },
      'creates[0].metadata.a.b is NaN',
    ],
    ['an update of an unknown entity', { updates: [{ id: 'nobody', x: 1 }] }, 'updates[0].id is "nobody", which is no entity'],
    ['an update without an id', { updates: [{ x: 1 }] }, 'updates[0].id is undefined, not a non-empty string'],
    ['an update to nowhere', { updates: [{ id: first, x: null }] }, 'updates[0].x is null'],
    ['an update to a place and a width below 0', { updates: [{ id: first, x: 1, y: 1, width: -1 }] }, 'updates[0].width is -1'],
    ['an update to a place and half a height', { updates: [{ id: first, x: 1, y: 1, height: 0.5 }] }, 'updates[0].height is 0.5'],
    ['an update to a place and no metadata', { updates: [{ id: first, x: 1, y: 1, metadata: 1 }] }, 'updates[0].metadata is 1'],
    ['an update out of the zone', { updates: [{ id: first, y: 10 }] }, 'updates[0] puts 1×1 at 1,10, outside the zone'],
    [
      'an update that leaves the zone on its way',
      {
        updates: [
          { id: first, x: 99 },
          { id: first, x: 1 },
        ],
      },
      'updates[0] puts',
    ],
    ['a transfer of an unknown entity', transfer({ id: 'nobody' }), 'transfers[0].id is "nobody", which is no entity'],
    ['a transfer to what can be no zone', transfer({ toZone: 'nowhere' }), 'transfers[0].toZone is "nowhere", which can be no'],
    ['a send to nobody', { sends: [{ data: {} }] }, 'sends[0].toZone is undefined, not a non-empty string'],
    ['a send of nothing', { sends: [{ toZone: away }] }, 'sends[0].data is undefined, not an object'],
    ['a send to what can be no zone', { sends: [{ toZone: 'x', data: {} }] }, 'sends[0].toZone is "x", which can be no'],
    [
      'more sends than a tick may have',
      { sends: Array.from({ length: 1_001 }, () => ({ toZone: away, data: {} })) },
      'sends has 1001 items, more than 1000',
    ],
    ['a count that is none', { metrics: { deaths: '1' } }, 'metrics.deaths is "1", not a number from 0'],
    ['a count that goes down', { metrics: { deaths: -1 } }, 'metrics.deaths is -1, not a number from 0'],
    ['a name that is no metric', { metrics: { 'Deaths today': 1 } }, 'metrics has "Deaths today", which is no name'],
    ['a transfer to its own zone', transfer({ toZone: home }), "transfers[0].toZone is the entity's own zone"],
    ['a transfer to no zone', transfer({ toZone: null }), 'transfers[0].toZone is null, not a non-empty string'],
    ['a transfer between cells', transfer({ x: 1.5 }), 'transfers[0].x is 1.5, not a whole number'],
    ['a transfer to below 0', transfer({ y: -1 }), 'transfers[0].y is -1, below 0'],
    [
      'a second transfer of one entity',
      { transfers: [to({}), to({})] },
      `transfers[1].id is "${first}", which is transferred already`,
    ],
    ['followers that are no list', transfer({ follow: player }), 'transfers[0].follow is "'],
    [
      'one player following two transfers',
      { transfers: [to({ follow: [player] }), to({ id: second, follow: [player] })] },
      'transfers[1].follow names "',
    ],
    ['a delete of an unknown entity', { deletes: ['nobody'] }, 'deletes[0] is "nobody", which is no entity'],
    ['a delete of what is transferred', { ...transfer({}), deletes: [first] }, `deletes[0] is "${first}", which is transferred`],
    ['a second delete', { deletes: [first, first] }, `deletes[1] is "${first}", which is deleted already`],
    ['events that are texts', { events: ['boom'] }, 'events[0] is "boom", not an object'],
    ['extras that are a list', { extras: [] }, 'extras is an array, not an object'],
    ['extras named zone_id', { extras: { zone_id: 1 } }, 'extras has a key named zone_id'],
    ['extras named entities', { extras: { entities: [] } }, 'extras has a key named entities'],
    ['extras named events', { extras: { events: [] } }, 'extras has a key named events'],
    ['a message without a type', { messages: [{ playerId: player }] }, 'messages[0].type is undefined'],
    ['a message without a player', { messages: [{ type: 'hi' }] }, 'messages[0].playerId is undefined'],
    ['a message that is no JSON', { messages: [{ playerId: player, type: 'hi', n: 1n }] }, 'messages[0].n is 1n'],
    ['a document that is a text', { playerStates: [{ playerId: player, state: 'x' }] }, 'playerStates[0].state is "x"'],
    ['a document that is absent', { playerStates: [{ playerId: player }] }, 'playerStates[0].state is undefined'],
    ['metadata of the zone that is null', { zoneMetadata: null }, 'zoneMetadata is null, not an object'],
    ['a wish that is no time', { wakeAt: Number.NaN }, 'wakeAt is NaN, not a time'],
    ['a wish that is a text', { wakeAt: 'soon' }, 'wakeAt is "soon", not a time'],
  ];
}
