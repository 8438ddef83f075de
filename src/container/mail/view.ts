import { type ByteSource, maxima, type WaitOptions } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import { decodeMailText } from './code-pages.ts';
import type { HeaderField, MailBody } from './mail-message.ts';
import { decodedWords, unfolded } from './mime/index.ts';

/** The first value of a field as it stands, its folds taken out; names compare without case. */
export function fieldOf(fields: readonly HeaderField[], name: string): string | undefined {
  const wanted = name.toLowerCase();
  const found = fields.find((field) => field.name.toLowerCase() === wanted);
  return found && unfolded(found.value).trim();
}

/** The same as people read it: encoded words decoded, and on one line whatever they hold. */
export function fieldText(fields: readonly HeaderField[], name: string): string | undefined {
  const value = fieldOf(fields, name);
  return value === undefined ? undefined : decodedWords(value).replace(/\p{Cc}+/gu, ' ');
}

/** A body as text, in its code page; `undefined` if there is none of that kind. Throws `LIMIT_EXCEEDED`. */
export async function bodyText(
  body: MailBody | undefined,
  kind: 'plain' | 'html',
  options?: WaitOptions,
): Promise<string | undefined> {
  const source = body?.[kind];
  if (body === undefined || source === undefined) return undefined;
  return decodeMailText(await wholeBody(source, options), body.codePage).replace(/^\ufeff/, '');
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
