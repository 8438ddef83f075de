/** What the documents of the tests say, are called, and were written by: nothing of it may be read in a protected file. */
export const telling = {
  word: 'Zephyrquill',
  title: 'Heliotrope Ledger',
  author: 'Marguerite Oldcastle',
  attachment: 'wages of 2031.txt',
  attached: 'Quixotically attached text.',
  /** Its bytes are others in PDFDocEncoding than in UTF-8. */
  accented: 'Ñandú für Žofia Åström',
  /** In no encoding of one byte. */
  wide: '秘密の帳簿 Тайна',
} as const;

/** One way in which a text may stand in a file. */
export type Spelling = readonly [what: string, bytes: Buffer];

let known: readonly Spelling[] | undefined;

/** In how many bytes, orders and escapes the texts may stand in a file. */
export function spellings(): readonly Spelling[] {
  if (known === undefined) {
    // Where a text is the same in two encodings, it is searched for once.
    const all = Object.entries(telling).flatMap(([what, text]) => spellingsOf(what, text));
    const apart = new Map(
      all.toReversed().map((spelling) => [spelling[1].toString('latin1'), spelling] as const),
    );
    known = [...apart.values()];
  }
  return known;
}

/** @param what is said in a message instead of the text */
function spellingsOf(what: string, text: string): readonly Spelling[] {
  const littleEndian = Buffer.from(text, 'utf16le');
  const encoded: Spelling[] = [
    ['UTF-8', Buffer.from(text)],
    ['UTF-16LE', littleEndian],
    ['UTF-16BE', Buffer.from(littleEndian).swap16()],
  ];
  const single = pdfDocEncoded(text);
  if (single !== undefined) encoded.push(['PDFDocEncoding', single]);
  const written = encoded.flatMap(([encoding, bytes]): readonly Spelling[] => {
    const hexadecimal = bytes.toString('hex');
    return [
      [encoding, bytes],
      [`hexadecimal ${encoding}`, Buffer.from(hexadecimal)],
      [`capital hexadecimal ${encoding}`, Buffer.from(hexadecimal.toUpperCase())],
      [`octal escapes of ${encoding}`, Buffer.from(escaped(bytes))],
    ];
  });
  written.push(['an address', Buffer.from(encodeURIComponent(text))]);
  return written.map(([how, bytes]) => [`${what} in ${how}`, bytes]);
}

/** Characters of PDFDocEncoding (ISO 32000-2, annex D.2) beyond Latin-1 that the texts have. */
const beyondLatin1: Readonly<Record<string, number>> = { Ž: 0x99, ž: 0x9e, '€': 0xa0 };

/** A text in PDFDocEncoding; `undefined` if it has characters that are not in there. */
export function pdfDocEncoded(text: string): Buffer | undefined {
  const codes = [...text].map((character) => beyondLatin1[character] ?? (character.codePointAt(0) as number));
  return codes.every((code) => code < 256) ? Buffer.from(codes) : undefined;
}

/** The inside of a string in parentheses, with escapes for all that is not visible. */
export const escaped = (bytes: Uint8Array): string =>
  [...bytes]
    .map((byte) =>
      byte >= 0x20 && byte < 0x7f && !'()\\'.includes(String.fromCharCode(byte))
        ? String.fromCharCode(byte)
        : `\\${byte.toString(8).padStart(3, '0')}`,
    )
    .join('');
