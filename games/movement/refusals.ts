/**
 * Why an intent changed nothing, told to the one who asked: a message `refused` with the intent's `seq`. What no world
 * could grant the schemas have refused already; this is what this one does not grant now.
 */
import type { ReceivedIntent } from '../contract.js';
import type { Intent } from './intents.js';
import type { Turn } from './turn.js';

const REASONS = {
  blocked: 'something is in the way',
  one_step: 'nobody makes two steps at once',
  nothing_here: 'there is nothing here to take',
  hands_full: 'you cannot carry more',
  not_carried: 'you do not carry that',
  no_space: 'something lies here already',
  gone: 'you are on your way through a gate',
  no_walker: 'the place is full: wait until somebody leaves',
} as const;

export type Refusal = keyof typeof REASONS;

export function refuse(turn: Turn, { playerId, seq, data }: ReceivedIntent<Intent>, reason: Refusal): void {
  const asked = { intent: data.type, ...(seq !== undefined && { seq }) };
  turn.result.messages.push({ playerId, type: 'refused', ...asked, reason, message: REASONS[reason] });
}
