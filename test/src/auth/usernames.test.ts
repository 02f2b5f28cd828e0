import { expect } from 'chai';
import fc from 'fast-check';
import { LOOK_ALIKES, pairs, skeleton } from '../../../src/auth/look-alikes.js';
import { checkUsername, usernameKey } from '../../../src/auth/usernames.js';

describe('usernames', () => {
  const living = [
    ['alice', 'bot-12', 'x_y.z', 'A', '7', 'Łukasz', 'Đorđe', 'Nguyễn', 'İpek', 'Straße', 'Ɛdem', 'a'.repeat(32)],
    ['Вера', 'Олександр', 'Ёлка', 'Οδυσσεύς', 'Νίκος', 'Անահիտ', 'ქეთევანი', 'שרה', 'مريم', 'مُنى', 'अमित', 'สมชาย'],
    ['太郎', 'ひろし', 'ローラ', '田中さん', '김철수', '金철수', '王小明', 'ㄅㄆ'],
  ].flat();
  for (const name of living) {
    it(`may be ${name}`, () => {
      expect(checkUsername(name)).to.deep.include({ type: 'accepted', username: name.normalize('NFKC') });
    });
  }

  const refused: Record<string, readonly unknown[]> = {
    'no text': [undefined, null, 7, true, ['ann'], { $gt: '' }],
    'empty or too long': ['', 'a'.repeat(33), 'a'.repeat(100_000), '😀'.repeat(33)],
    'spaces of any kind': ['a b', ' ann', 'ann ', 'a\u00A0b', 'a\u3000b', 'a\tb', 'a\nb', 'ﷺ'],
    'invisible characters': [
      'a\u200Bb',
      'a\u200Db',
      'a\u2060b',
      'a\u00ADb',
      'a\uFEFFb',
      'a\u034Fb',
      'a\uFE0Fb',
      'a\u{E0041}b',
      'ᅟ',
      'ㅤ',
    ],
    'direction marks': ['a\u200Fb', 'a\u202Eb', 'a\u2066b', 'a\u061Cb'],
    'controls, unassigned and lone surrogates': ['a\0b', 'a\u007Fb', 'a\u0378b', 'a\uFFFFb', 'a\uE000b', 'a\uD800', '\uDC00a'],
    'what is no letter or digit': ['a@b', "a'b", 'a"b', '<b>', 'a,b', 'a/b', '😀', '٣', '½', '-', '...'],
    'letters of two scripts': ['аdmin', 'adмin', 'αdmin', 'taro太郎', 'abאב', 'Вeра'],
    'letters out of use, and of phonetics': ['Ꭺdmin', 'ɡood', 'ᴀdmin', 'ǃkung', 'ꙮ', 'aʼb', 'ᚠᚢ', 'ⲁ'],
    'marks that belong to no letter, pile up or strike through': [
      '\u0301a',
      '-\u0301',
      'a\u0301\u0301',
      'e\u0301\u0302\u0303\u0304\u0306',
      'd\u0335',
    ],
    'small Greek or Cyrillic letters that read as another Latin name': ['νο', 'νό', 'υγν', 'гера'],
  };
  for (const [what, names] of Object.entries(refused)) {
    it(`may not have ${what}`, () => {
      for (const name of names) expect(checkUsername(name).type, JSON.stringify(name)?.slice(0, 60)).to.equal('refused');
    });
  }

  const same: readonly (readonly string[])[] = [
    ['Admin', 'admin', 'ADMIN', 'ａｄｍｉｎ', '𝒜𝒹𝓂𝒾𝓃', 'аdmin', 'Аdmin', 'adm1n', 'adrnin', 'ADMlN', 'Αdmin'],
    ['Straße', 'STRASSE', 'strasse', 'STRAẞE', 'Ｓtraße'],
    ['José', 'Jose\u0301', 'JOSÉ', 'J0sé'],
    ['Вера', 'Bepa', 'BEPA', 'ВЕРА'],
    ['ΝΟ', 'NO', 'no', 'n0'],
    ['Ipek', 'İpek', 'ıpek', 'IPEK', 'lpek'],
    ['ΟΔΥΣΣΕΥΣ', 'οδυσσευς', 'οδυσσευσ'],
    ['ニ', '二'],
    ['æsir', 'aesir'],
    ['wolf', 'vvolf'],
  ];
  for (const [name, ...others] of same) {
    it(`count ${name} and ${others.join(', ')} as one`, () => {
      for (const other of others) expect(usernameKey(other), other).to.equal(usernameKey(name ?? ''));
    });
  }

  it('stay apart when a reader can tell them apart', () => {
    const names = [
      'ann',
      'anne',
      'bot-2',
      'bot-3',
      'bot_2',
      'bot.2',
      'jose',
      'josé',
      'саша',
      'sasha',
      'ħ',
      'h',
      'đ',
      'd',
      'ø',
      'o',
    ];

    expect(new Set(names.map(usernameKey)).size).to.equal(names.length);
  });

  it('have a key that is its own key, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        const key = usernameKey(text);
        expect(usernameKey(key)).to.equal(key);
      }),
    );
  });

  it('have one key for all cases and forms of an accepted name', () => {
    const letters = fc.constantFrom(...'abilmorwzßæıéđàαβγδσςжюяїбחאกあ太가0123-_.');
    fc.assert(
      fc.property(fc.string({ unit: letters, minLength: 1, maxLength: 12 }), (text) => {
        const check = checkUsername(text);
        fc.pre(check.type === 'accepted');
        const spellings = [check.username, text.toUpperCase(), text.toLowerCase(), text.normalize('NFD')];
        for (const spelling of spellings) expect(usernameKey(spelling)).to.equal(check.usernameKey);
      }),
    );
  });
});

describe('the table of look-alikes', () => {
  it('has only letters of the script that it names, or digits', () => {
    for (const [script, row] of Object.entries(LOOK_ALIKES)) {
      const letters = pairs(row).map(([letter]) => letter);
      expect(letters.join(''), script).to.match(new RegExp(`^[\\p{scx=${script}}\\p{sc=${script}}0-9]+$`, 'u'));
    }
  });

  it('names each letter once', () => {
    const letters = Object.values(LOOK_ALIKES).flatMap((row) => pairs(row).map(([letter]) => letter));

    expect(letters).to.have.lengthOf.above(100);
    expect(new Set(letters).size).to.equal(letters.length);
  });

  it('leads to letters that stand for themselves', () => {
    for (const [, double] of Object.values(LOOK_ALIKES).flatMap(pairs)) expect(skeleton(double)).to.equal(double);
  });
});
