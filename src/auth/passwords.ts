/**
 * What a new password must be. Hashing it is left to `hashing.ts`.
 * bcrypt reads 72 bytes and stops at a NUL; a password that it would cut is refused, so that what a
 * player typed is what is checked, to the last byte.
 */

/** As bcrypt reads it: UTF-8. */
const MAX_PASSWORD_BYTES = 72;

/** What is wrong with a new password, in words for the player; null: nothing. `minLength` is in characters (code points). */
export function passwordComplaint(value: unknown, minLength: number): string | null {
  if (typeof value !== 'string') return 'must be a text';
  if (!isHashable(value)) return `must be well-formed text of at most ${MAX_PASSWORD_BYTES} bytes in UTF-8, without NUL`;
  if ([...value].length < minLength) return `must have at least ${minLength} characters`;
  return null;
}

/** Could an account have this password, whatever its least length was at the time? Else no hash may be compared with it. */
export function isHashable(password: string): boolean {
  // \p{Cs} finds lone surrogates only: UTF-8 has no form for them, so two different ones would hash alike.
  return Buffer.byteLength(password, 'utf8') <= MAX_PASSWORD_BYTES && !/[\0\p{Cs}]/u.test(password);
}
