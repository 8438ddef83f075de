import { describe, expect, it } from 'vitest';
import { decodedWords } from './decode-words.ts';
import { parseStructuredField } from './structured-field.ts';

describe('a name in encoded words', () => {
  it('in Windows-1252, or what is taken for it, has its quotes, dashes and euro signs', () => {
    const all = '€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ';
    const bytes = [
      ...'80 82 83 84 85 86 87 88 89 8a 8b 8c 8e 91 92 93 94 95 96 97 98 99 9a 9b 9c 9e 9f'.split(' '),
    ];
    const quoted = bytes.map((byte) => `=${byte}`).join('');
    for (const charset of ['windows-1252', 'iso-8859-1', 'CP1252', 'x-unknown', 'us-ascii'])
      expect(decodedWords(`=?${charset}?Q?${quoted}?=`)).toBe(all);
    const escaped = bytes.map((byte) => `%${byte}`).join('');
    const field = parseStructuredField(`attachment; filename*=windows-1252'en'${escaped}.txt`);
    expect(field.parameters.get('filename')).toBe(`${all}.txt`);
  });

  it('is whole where a character was cut in two by the end of a word', () => {
    expect(decodedWords('=?utf-8?Q?=e2=82?= =?UTF-8?Q?=ac?=')).toBe('€');
    expect(decodedWords('=?utf-8?B?4oI=?=\r\n =?utf-8*en?B?rA==?=')).toBe('€');
    expect(decodedWords('=?utf-8?B?4oI=?= =?utf-8?q?=ac?=')).toBe('€');
    expect(decodedWords('=?iso-2022-jp?B?GyRCRnwbKEI=?= =?iso-2022-jp?B?GyRCS1wbKEI=?=')).toBe('日本');
  });

  it('keeps what stands around and between words, but no white space between two', () => {
    expect(decodedWords('Re: =?utf-8?Q?a_b?= =?utf-8?Q?c?= d =?utf-8?Q?e?=')).toBe('Re: a bc d e');
    expect(decodedWords('=?utf-8?Q?a?=, =?utf-8?Q?b?=')).toBe('a, b');
    expect(decodedWords('=?utf-8?X?a?= =?b? ?= =??Q?a?= =')).toBe('=?utf-8?X?a?= =?b? ?= =??Q?a?= =');
    expect(decodedWords('=?utf-8?Q?=80?= =?utf-8?Q?=e2=82=ac?=')).toBe('\ufffd€');
    expect(decodedWords('=?utf-7?Q?a=80?= =?utf-8?Q?=zz=?=')).toBe('a\ufffd=zz=');
  });
});

describe('a parameter in several pieces', () => {
  const nameOf = (text: string): string | undefined =>
    parseStructuredField(`attachment; ${text}`).parameters.get('filename');

  it('is put together, a character that was cut in two included', () => {
    expect(nameOf("filename*1*=%82%ac; filename*0*=utf-8''%e2; filename*2=%41")).toBe('€%41');
    expect(nameOf('filename*0="a b"; filename*1=".txt"')).toBe('a b.txt');
  });

  it('ends where a piece is missing, and is nothing without the first', () => {
    expect(nameOf('filename*0=a; filename*2=b')).toBe('a');
    expect(nameOf('filename*999=a; filename=b')).toBe('b');
  });
});
