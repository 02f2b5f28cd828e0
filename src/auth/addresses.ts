/**
 * What one client is, seen from its address, for limits on guessing.
 */
import { isIPv6 } from 'node:net';

/**
 * The part of an address that a client cannot choose: an IPv4 address whole, of an IPv6 address the
 * network (its first 64 bits), because each household has 2^64 addresses to call from.
 */
export function addressGroup(address: string): string {
  const plain = address.split('%', 1)[0] ?? address;
  if (!isIPv6(plain)) return plain;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(plain);
  if (mapped?.[1]) return mapped[1];
  const [head = '', tail] = plain.split('::');
  const front = groups(head);
  const missing = tail === undefined ? 0 : 8 - front.length - groups(tail).length - (tail.includes('.') ? 1 : 0);
  const all = [...front, ...Array<string>(missing).fill('0'), ...groups(tail ?? '')];
  return all
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}

function groups(part: string): string[] {
  return part === '' ? [] : part.split(':');
}
