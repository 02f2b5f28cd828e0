/** What the REST tests look for in answers: the forms of values, and the one shape of errors. */
import { expect } from 'chai';

export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
export const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

export const ZONE_KEYS = ['id', 'name', 'width', 'height', 'metadata', 'created_at', 'updated_at'];
export const ENTITY_KEYS = ['id', 'zone_id', 'x', 'y', 'width', 'height', 'metadata', 'created_at', 'updated_at'];

interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: an answer has any of many shapes.
  readonly body: any;
}

/** The whole of an error, and nothing besides. */
export function expectError({ status, body }: Answer, expectedStatus: number, code: string): void {
  expect([status, body?.error?.code], JSON.stringify(body)).to.deep.equal([expectedStatus, code]);
  expect(Object.keys(body)).to.deep.equal(['error']);
  const { details = [], ...error } = body.error;
  expect(error).to.have.all.keys('code', 'message');
  for (const detail of details) expect(detail).to.have.all.keys('path', 'message');
}
