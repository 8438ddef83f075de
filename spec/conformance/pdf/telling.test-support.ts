/** What the documents of the tests say, are called, and were written by: nothing of it may be read in a protected file. */
export const telling = {
  word: 'Zephyrquill',
  title: 'Heliotrope Ledger',
  author: 'Marguerite Oldcastle',
  attachment: 'wages of 2031.txt',
  attached: 'Quixotically attached text.',
} as const;

/** In how many bytes and orders the texts may stand in a file. */
export function spellings(): readonly (readonly [what: string, bytes: Buffer])[] {
  return Object.entries(telling).flatMap(([what, text]) => {
    const utf16 = Buffer.from(text, 'utf16le');
    return [
      [`${what} in ASCII`, Buffer.from(text, 'latin1')],
      [`${what} in UTF-16LE`, utf16],
      [`${what} in UTF-16BE`, Buffer.from(utf16).swap16()],
      [`${what} in hexadecimal`, Buffer.from(Buffer.from(text, 'latin1').toString('hex'), 'latin1')],
      [
        `${what} in capital hexadecimal`,
        Buffer.from(Buffer.from(text, 'latin1').toString('hex').toUpperCase(), 'latin1'),
      ],
    ] as const;
  });
}
