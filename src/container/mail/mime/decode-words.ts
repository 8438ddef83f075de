import { concatBytes, encodeUtf8 } from '../../../bytes/index.ts';
import { decodeMailText } from '../code-pages.ts';
import { codePageOf } from './charset.ts';
import { base64Decoder } from './decode-base64.ts';
import { headerText } from './header-block.ts';
import { hexPair } from './hexadecimal.ts';

/** An encoded word, RFC 2047 2; white space in its text is not allowed, and found. */
const encodedWord = /=\?([^?\s]{1,128})\?([QqBb])\?([^?]*)\?=/g;

interface Word {
  /** In lower case, without a language, RFC 2231 5. */
  readonly charset: string;
  readonly bytes: Uint8Array;
}

/**
 * A value with its encoded words decoded. White space between two of them is none of the text. A character may be cut in two by the end
 * of a word, which is not allowed: words of one charset are decoded together, unless they only make sense apart.
 *
 * @example
 * ```ts
 * decodedWords('=?utf-8?Q?J=C3=B6rg?='); // 'Jörg'
 * ```
 */
export function decodedWords(value: string): string {
  let text = '';
  let at = 0;
  let run: Word[] = [];
  const flush = (): void => {
    if (run.length > 0) text += textOfRun(run);
    run = [];
  };
  for (const match of value.matchAll(encodedWord)) {
    const [whole, charset = '', encoding = '', content = ''] = match;
    const between = value.slice(at, match.index);
    const word = {
      charset: (charset.split('*')[0] as string).toLowerCase(),
      bytes: bytesOfWord(encoding, content),
    };
    if (run.length === 0 || /[^ \t\r\n]/.test(between)) {
      flush();
      text += between;
    } else if (run.at(-1)?.charset !== word.charset) flush();
    run.push(word);
    at = match.index + whole.length;
  }
  flush();
  return text + value.slice(at);
}

function textOfRun(run: readonly Word[]): string {
  const { charset } = run[0] as Word;
  const together = textOfCharset(concatBytes(run.map(({ bytes }) => bytes)), charset);
  return run.length > 1 && together.includes('\ufffd')
    ? run.map(({ bytes }) => textOfCharset(bytes, charset)).join('')
    : together;
}

function bytesOfWord(encoding: string, content: string): Uint8Array {
  if (encoding === 'Q' || encoding === 'q')
    return withoutEscapes(encodeUtf8(content.replaceAll('_', ' ')), 0x3d);
  const encoded = encodeUtf8(content);
  const target = new Uint8Array(base64Decoder.most(encoded.length));
  return target.subarray(0, base64Decoder.decode(encoded, base64Decoder.start, true, target).written);
}

/** Bytes with what is escaped by a mark and two hexadecimal digits. */
export function withoutEscapes(bytes: Uint8Array, mark: number): Uint8Array {
  const target = new Uint8Array(bytes.length);
  let length = 0;
  for (let at = 0; at < bytes.length; at++) {
    const escaped = bytes[at] === mark ? hexPair(bytes, at + 1) : undefined;
    target[length++] = escaped ?? (bytes[at] as number);
    if (escaped !== undefined) at += 2;
  }
  return target.subarray(0, length);
}

/** Text of bytes in a charset. Where it is unknown, or ASCII that is none, the bytes say most. */
export function textOfCharset(bytes: Uint8Array, charset: string): string {
  const codePage = codePageOf(charset);
  return codePage === undefined || codePage === 20127 ? headerText(bytes) : decodeMailText(bytes, codePage);
}
