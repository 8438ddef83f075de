import { decodeWords } from 'postal-mime';
import { type ByteSource, maxima, type WaitOptions } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import { decodeCodePage } from '../property-set/code-page.ts';
import type { HeaderField, MailBody } from './mail-message.ts';
import { charsetOf } from './mime/charset.ts';

/** The first value of a field as it stands, its folds taken out; names compare without case. */
export function fieldOf(fields: readonly HeaderField[], name: string): string | undefined {
  const wanted = name.toLowerCase();
  const found = fields.find((field) => field.name.toLowerCase() === wanted);
  return found?.value.replace(/\r?\n(?=[ \t])/g, '').trim();
}

/** The same as people read it, encoded words decoded. */
export function fieldText(fields: readonly HeaderField[], name: string): string | undefined {
  const value = fieldOf(fields, name);
  return value === undefined ? undefined : decodeWords(value);
}

/** A body as text, in its code page; `undefined` if there is none of that kind. Throws `LIMIT_EXCEEDED`. */
export async function bodyText(
  body: MailBody | undefined,
  kind: 'plain' | 'html',
  options?: WaitOptions,
): Promise<string | undefined> {
  const source = body?.[kind];
  if (body === undefined || source === undefined) return undefined;
  return decodedText(await wholeBody(source, options), body.codePage);
}

async function wholeBody(source: ByteSource, options: WaitOptions | undefined): Promise<Uint8Array> {
  const size = source.size ?? 0;
  if (size > maxima.mailBodyBytes)
    throw new SealwrightError(
      'LIMIT_EXCEEDED',
      `The text of the message has ${size} bytes, and at most ${maxima.mailBodyBytes} are read at once. Write the message to a file instead.`,
    );
  return source.read(0, size, options);
}

/** What cannot be decoded shows as U+FFFD; a code page that the runtime does not know is read as Windows' own. */
function decodedText(bytes: Uint8Array, codePage: number): string {
  const charset = westernCodePages.includes(codePage) ? undefined : charsetOf(codePage);
  if (charset !== undefined)
    try {
      return new TextDecoder(charset).decode(bytes);
    } catch {
      // A runtime may come without the rarer encodings.
    }
  return decodeCodePage(bytes, 1252);
}

/** ASCII and ISO 8859-1 are read as Windows' own, as browsers do. */
const westernCodePages: readonly number[] = [1252, 20127, 28591];
