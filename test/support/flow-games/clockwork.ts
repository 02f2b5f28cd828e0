/**
 * A game for seeing that nothing happened: each tick of a zone counts, and chains what was said in it into a digest.
 * Two histories that ever parted, by a tick that was lost, doubled or taken back, have other digests for good. The zones in
 * which a test makes things go wrong are the same, and do as they are told.
 */
import { createHash } from 'node:crypto';
import Joi from 'joi';
import type { GameModule, JsonObject, Tick, TickResult } from '../../../games/contract.js';

/** What each player of a zone is shown. */
export interface Clock {
  readonly count: number;
  readonly digest: string;
  /** Every word with the count of its tick. */
  readonly words: readonly (readonly [number, string])[];
}

export const AT_FIRST: Clock = { count: 0, digest: '', words: [] };

/** One tick further: all that this game is, when nobody makes it fail. */
export function turned({ count, digest, words }: Clock, said: readonly string[]): Clock {
  const next = createHash('sha1')
    .update(`${digest}|${count + 1}|${said.join()}`)
    .digest('hex');
  return { count: count + 1, digest: next, words: [...words, ...said.map((word) => [count + 1, word] as const)] };
}

type Order = JsonObject & { readonly type: string };

const hoard: unknown[] = [];
const orders = ['throw', 'break', 'hang', 'eat', 'buffers', 'promise', 'stray'];

const clockwork: GameModule<Order> = {
  name: 'clockwork',
  intents: {
    say: Joi.object({ type: Joi.any(), word: Joi.string().required() }),
    swell: Joi.object({ type: Joi.any(), bytes: Joi.number().required() }),
    dawdle: Joi.object({ type: Joi.any(), ms: Joi.number().required() }),
    ...Object.fromEntries(orders.map((type) => [type, Joi.object({ type: Joi.any() })])),
  },
  onTick(tick) {
    const standing = [...tick.entities][0];
    if (standing?.metadata.broken) throw new Error('broken for good');
    const told = tick.intents.map(({ data }) => obey(data)).find((answer) => answer !== null);
    if (told) return told as TickResult; // what is no result is for the framework to refuse
    return advance(tick, standing?.id);
  },
  getPlayerState({ entities }) {
    const clock = [...entities][0]?.metadata ?? null;
    return { clock, ...(clock?.swollen !== undefined && { ballast: 'x'.repeat(Number(clock.swollen)) }) };
  },
};
export default clockwork;

function advance(tick: Tick<Order>, id: string | undefined): TickResult {
  const clock = ([...tick.entities][0]?.metadata ?? AT_FIRST) as unknown as Clock; // this game wrote it
  const said = tick.intents.flatMap(({ data }) => (data.type === 'say' ? String(data.word) : []));
  const broken = tick.intents.some(({ data }) => data.type === 'break');
  const swelling = tick.intents.find(({ data }) => data.type === 'swell');
  const swollen = swelling ? swelling.data.bytes : [...tick.entities][0]?.metadata.swollen;
  const more = { ...(broken && { broken }), ...(swollen !== undefined && { swollen }) };
  const metadata = { ...turned(clock, said), ...more } as unknown as JsonObject; // plain data, all of it
  return id ? { updates: [{ id, metadata }] } : { creates: [{ x: 0, y: 0, metadata }] };
}

/** null: it harms nobody. Anything else is no result of a tick. */
function obey(order: Order): unknown {
  switch (order.type) {
    case 'throw':
      throw new Error('as it was told');
    case 'hang':
      for (;;);
    case 'eat':
      for (;;) hoard.push(new Array(100_000).fill(Math.sqrt(hoard.length)));
    case 'buffers':
      for (;;) hoard.push(Buffer.alloc(2 ** 20, 1));
    case 'promise':
      return new Promise(() => {});
    case 'stray':
      setTimeout(() => Promise.reject(new Error('a promise that was rejected late')), 1);
      return null;
    case 'dawdle':
      for (const untilMs = Date.now() + Number(order.ms); Date.now() < untilMs; );
      return null;
    default:
      return null;
  }
}
