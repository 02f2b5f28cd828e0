/**
 * Letters that a reader takes for one another, for names that consist of one script each.
 * A small table of our own in the manner of Unicode's TR39; docs/decisions/2026-11-20-usernames.md
 * says why, and what it leaves out. What counts as a name is left to `usernames.ts`.
 *
 * The table decides stored keys. A change to it makes the keys of standing accounts wrong, and
 * needs a migration that computes them anew.
 */

/**
 * By script: what a letter is taken for, and the small letters that are (themselves, or as capitals)
 * taken for it. A test holds each letter to its script, since the eye cannot.
 */
export const LOOK_ALIKES: Readonly<Record<string, string>> = {
  // I, l and 1, O and 0 cannot be told apart in many fonts, and names have no case: i is l, and o is 0.
  Latin: 'l=1iɩ o=0 rn=m vv=w ae=æ oe=œ b=ƅ k=ĸ p=ƿ e=ɛ đ=ðɖ ə=ǝ s=ƨ 3=ȝʒ 5=ƽ 8=ȣ',
  Cyrillic:
    'a=а b=вь c=с d=ԁ e=ҽеє g=ԍ h=нһ j=ј k=к l=іӏ o=о p=р q=ԛ s=ѕ t=т v=ѵ x=х y=уү rn=м vv=ԝ ae=ӕ ' +
    'ə=ә ɵ=өѳ đ=ђ ħ=ћ 3=зӡ 4=ч 6=б γ=г λ=л π=п φ=ф',
  // By the capitals; see SMALL_DOUBLES for small letters that look like something else.
  Greek: 'a=α b=β e=ε h=η j=ϳ k=κ l=ι n=ν o=ο p=ρ t=τ x=χ y=υ z=ζ rn=μ vv=ω ɵ=θ',
  Armenian: 'g=ց h=հ j=յ l=լ n=ո o=օ q=զ s=տ u=ս',
  Hebrew: 'l=ןו o=ס',
  Arabic: 'l=ا o=ه',
  Malayalam: 'o=ഠ',
  Oriya: 'o=ଠ',
  Myanmar: 'o=ဝ',
  // Ideographs and kana may stand in one name.
  Han: 'l=丨',
  Katakana: '一=ー 二=ニ 八=ハ 力=カ 千=チ 卜=ト 口=ロ 夕=タ 工=エ 才=オ へ=ヘ り=リ',
  // Marks: a breve for a caron, a comma below for a cedilla.
  Inherited: '\u030C=\u0306 \u0327=\u0326',
};

const DOUBLES = new Map(Object.values(LOOK_ALIKES).flatMap(pairs));

/** Small letters that are taken for another Latin letter than their capitals are. */
const SMALL_DOUBLES = new Map(pairs('v=ν u=υ n=η y=γ o=σ r=г'));

/** What a case-folded name amounts to for a reader: two names of one skeleton are one name. Not for display. */
export function skeleton(folded: string): string {
  // i and j have their dot anyway; another one above it is not seen.
  const letters = folded.normalize('NFD').replace(/(?<=[ijіј])\u0307/gu, '');
  return Array.from(letters, (letter) => DOUBLES.get(letter) ?? letter)
    .join('')
    .normalize('NFC');
}

/**
 * The skeleton of the Latin name that a reader sees in this one by its small letters, which can be
 * another than its own: Greek `νο` reads as `vo`, while `ΝΟ` reads as `NO`. null: there is none.
 */
export function readAsLatin(name: string): string | null {
  const letters = Array.from(name.normalize('NFD'));
  if (!letters.some((letter) => SMALL_DOUBLES.has(letter))) return null;
  const seen = letters.map((letter) => SMALL_DOUBLES.get(letter) ?? skeleton(letter.toLowerCase())).join('');
  return /^[a-z0-9._\p{Mn}-]+$/u.test(seen) ? skeleton(seen) : null;
}

/** Each letter of a row of the table, with what it is taken for. */
export function pairs(row: string): [letter: string, double: string][] {
  return row.split(' ').flatMap((entry) => {
    const [double = '', letters = ''] = entry.split('=');
    return Array.from(letters, (letter): [string, string] => [letter, double]);
  });
}
