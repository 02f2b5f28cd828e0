/**
 * Who is calling: the token of a request, the address that limits count against, and whether the caller
 * sits at this very machine. Whether the token is good is the accounts' to say.
 */
import type { Request } from 'express';
import { isLocalhostOrigin } from './origins.js';

/** The token of `Authorization: Bearer TOKEN`; null: none, or another scheme. */
export function bearerToken(request: Request): string | null {
  return /^Bearer +([\x21-\x7e]+)$/i.exec(request.headers.authorization?.trim() ?? '')?.[1] ?? null;
}

/** The client's address, as far as the trusted proxies are believed; '' for a socket that is gone already. */
export function clientAddress(request: Request): string {
  return request.ip ?? '';
}

/**
 * Does the call come from this machine? The socket itself must: no header can pretend that. A proxy here
 * passes on calls from anywhere, so the address it names must be this machine too, and one that is not trusted,
 * or names the address in a header that is not read here, may not show. A page of another site, brought here by a name that resolves to this machine, is no local caller.
 */
export function isLocalCaller(request: Request, trustProxy: number): boolean {
  if (!isLoopback(request.socket.remoteAddress) || !isLoopback(request.ip)) return false;
  const isNamed = trustProxy > 0 && Boolean(request.headers['x-forwarded-for']);
  if (!isNamed && PROXY_HEADERS.some((name) => request.headers[name] !== undefined)) return false;
  return request.headers.origin === undefined || isLocalhostOrigin(request.headers.origin);
}

const PROXY_HEADERS = ['x-forwarded-for', 'forwarded', 'x-real-ip'];

/** 127.0.0.0/8 and ::1, also as IPv4 written in IPv6. */
export function isLoopback(address: string | undefined): boolean {
  return address !== undefined && /^(::1|(::ffff:)?127(\.\d{1,3}){3})$/i.test(address);
}
