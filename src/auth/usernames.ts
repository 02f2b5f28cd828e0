/**
 * What may be a username, and when two of them are the same one.
 * A name is one that people can read, type and tell apart: letters of one living script, digits,
 * and `_ - .`. docs/decisions/2026-11-20-usernames.md has the reasons. Uniqueness itself is the
 * store's, by the key made here.
 */
import { readAsLatin, skeleton } from './look-alikes.js';

export type UsernameCheck =
  | { readonly type: 'accepted'; readonly username: string; readonly usernameKey: string }
  | { readonly type: 'refused'; readonly message: string };

/** Longer text than any name can have before normalisation; it is refused unread. */
const MAX_RAW_LENGTH = 256;
const MAX_CHARACTERS = 32;

/** Unicode's recommended scripts; those out of use are full of doubles of Latin letters. */
const SCRIPTS = (
  'Latin Greek Cyrillic Armenian Georgian Hebrew Arabic Thaana Devanagari Bengali Gurmukhi Gujarati Oriya Tamil Telugu ' +
  'Kannada Malayalam Sinhala Thai Lao Tibetan Myanmar Khmer Ethiopic'
).split(' ');

/** Marks above and below that living Latin, Greek and Cyrillic orthographies use; strokes through a letter are not among them. */
const COMMON_MARKS =
  '\\u0300-\\u0304\\u0306-\\u030C\\u030F\\u0311\\u031B\\u0323-\\u0328\\u032D\\u032E\\u0330\\u0331\\u0342\\u0345';

/** A name's letters are all of one of these. Japanese, Chinese and Korean are each written in more than one script. */
const ALPHABETS = [
  ...SCRIPTS.map((script) => alphabet(`\\p{sc=${script}}${script === 'Arabic' ? '\\u064B-\\u0655\\u0670' : ''}`)),
  alphabet('\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\u30FC\\u3099\\u309A'),
  alphabet('\\p{sc=Han}\\p{sc=Bopomofo}'),
  alphabet('\\p{sc=Han}\\uAC00-\\uD7A3'),
];

/** Phonetic and medieval Latin and old Cyrillic letters, but for those of living African orthographies. */
const RARE_LETTERS =
  /[\u01C0-\u01C3\u1C80-\u1C8F\uA640-\uA69F]|(?![ɓɔɖɗəɛɣɨɩɲʉʊʋʒ])[\u0250-\u02AF\u1D00-\u1DBF\u2C60-\u2C7F\uA720-\uA7FF\uAB30-\uAB6F]/u;

/** Accepts or refuses what somebody wants to be called; `username` is the form to store and show. */
export function checkUsername(value: unknown): UsernameCheck {
  if (typeof value !== 'string') return refused('must be a text');
  if (value.length > MAX_RAW_LENGTH) return refused(`must have 1 to ${MAX_CHARACTERS} characters`);
  const username = value.normalize('NFKC');
  const complaint = complaintAbout(username);
  return complaint ? refused(complaint) : { type: 'accepted', username, usernameKey: usernameKey(username) };
}

/**
 * What makes two names one: case-folded, in one Unicode form, look-alikes mapped. Any text has a
 * key, also one that could not be registered. Stored, so it may not change from one version to the next.
 */
export function usernameKey(name: string): string {
  return skeleton(foldCase(name.slice(0, MAX_RAW_LENGTH).normalize('NFKC')).normalize('NFKC'));
}

function complaintAbout(name: string): string | null {
  const length = [...name].length;
  if (length < 1 || length > MAX_CHARACTERS) return `must have 1 to ${MAX_CHARACTERS} characters`;
  if (/[\p{Cs}\p{Cn}\p{Co}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/u.test(name)) {
    return 'must not have invisible or unknown characters';
  }
  if (/\s/u.test(name)) return 'must not have spaces';
  if (!/^[\p{L}\p{M}0-9_.-]+$/u.test(name)) return 'may have letters, the digits 0 to 9, and _ - .';
  if (!/[\p{L}0-9]/u.test(name)) return 'must have a letter or a digit';
  if (/(?<![\p{L}\p{M}])\p{M}|(\p{M})\1|\p{M}{5}/u.test(name.normalize('NFD'))) {
    return 'has marks that belong to no letter, or too many of them';
  }
  if (RARE_LETTERS.test(name) || !ALPHABETS.some((letters) => letters.test(name))) {
    return 'must keep to the letters of one script, as words are written in it today';
  }
  const latin = readAsLatin(name);
  if (latin !== null && latin !== usernameKey(name)) return 'looks like another name in Latin letters';
  return null;
}

/**
 * Unicode's full case folding, as near as JavaScript comes to it: ß, ẞ and SS are one. Upper case is taken
 * of each letter's lower case because ẞ has no other upper case, and lower case letter by letter because
 * that of a Σ would depend on what stands behind it.
 */
function foldCase(name: string): string {
  return Array.from(name.toLowerCase().toUpperCase(), (letter) => letter.toLowerCase()).join('');
}

/** What consists of these letters, common marks, digits and `_ - .`, and of no modifier letter but a repetition or length mark. */
function alphabet(letters: string): RegExp {
  // The rest of \p{Lm} is raised small letters and the likes of apostrophes. A negated \P{Lm} is \p{Lm}, less what is listed.
  const strayModifier = '[^\\P{Lm}\\u30FC\\u3005\\u309D\\u309E\\u30FD\\u30FE\\u0E46\\u0EC6]';
  return new RegExp(`^(?:(?!${strayModifier})[${letters}${COMMON_MARKS}0-9_.-])+$`, 'u');
}

function refused(message: string): UsernameCheck {
  return { type: 'refused', message };
}
