/** What a peer's server is told on its command line, and what it says when it is ready. */
import type { AddressInfo } from 'node:net';
import type { Form } from '../contestants.js';

export interface PeerArguments {
  readonly form: Form;
  readonly zones: number;
  readonly tickIntervalMs: number;
}

/** Made and read in one place: the other end is `launch.ts`. */
export function peerArguments({ form, zones, tickIntervalMs }: PeerArguments): string[] {
  return [form, String(zones), String(tickIntervalMs)];
}

export function readPeerArguments([form, zones, tickIntervalMs]: readonly string[]): PeerArguments {
  return { form: form === 'fog' ? 'fog' : 'plain', zones: Number(zones), tickIntervalMs: Number(tickIntervalMs) };
}

/** The line that Gridstead prints too. */
export function sayReady(address: AddressInfo | string | null): void {
  if (address === null || typeof address === 'string') throw new Error('the server listens on no port');
  process.stdout.write(`listening on http://127.0.0.1:${address.port}\n`);
}
