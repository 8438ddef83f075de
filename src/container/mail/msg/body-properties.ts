import { encodeUtf16le, equalBytes, maxima, type WaitOptions } from '../../../bytes/index.ts';
import { SealwrightError } from '../../../errors.ts';
import { decodeMailText, encodeMailText } from '../code-pages.ts';
import type { MailBody } from '../mail-message.ts';
import type { MapiMessage, MapiProperty } from './mapi-message.ts';
import { propertyIds, propertyTypes } from './property-tags.ts';
import { streamBytes, streamOf, type TextReader } from './property-values.ts';

/** The property that a body of a kind is kept in. */
export const bodyIds: Readonly<Record<MailBody['native'], number>> = {
  plain: propertyIds.body,
  html: propertyIds.html,
  rtf: propertyIds.rtfCompressed,
};

/**
 * Which properties can be written again from the native body, byte by byte. Other kinds of body are lost where only
 * the native one travels, so their properties must be kept.
 */
export async function isInBody(
  message: MapiMessage,
  body: MailBody | undefined,
  { codePage }: TextReader,
  options?: WaitOptions,
): Promise<(property: MapiProperty) => boolean> {
  if (body === undefined) return () => false;
  const found = message.properties.filter(
    ({ id, streams }) => id === bodyIds[body.native] && streams.length > 0,
  );
  const property = found[0];
  if (property === undefined || found.length > 1 || streamOf(property) === undefined) return () => false;
  if (property.type !== propertyTypes.binary) {
    const stored = await streamBytes(property, maxima.mailBodyBytes, options);
    const again = await bodyBytes(body, property.type, codePage, options);
    if (stored === undefined || again === undefined || !equalBytes(stored, again)) return () => false;
  } else if (body[body.native] === undefined || body[body.native] !== streamOf(property)?.content)
    return () => false;
  return (each) => each === property;
}

/** The native body as the text of a property; `undefined` if it cannot be. */
export async function bodyBytes(
  body: MailBody,
  type: number,
  codePage: number,
  options?: WaitOptions,
): Promise<Uint8Array | undefined> {
  const text = await bodyText(body, body.native, options);
  if (text === undefined) return undefined;
  return type === propertyTypes.string ? encodeUtf16le(text) : encodeMailText(text, codePage);
}

/** A body as text. Throws `LIMIT_EXCEEDED` for one of more than `maxima.mailBodyBytes`. */
export async function bodyText(
  body: MailBody,
  kind: 'plain' | 'html' | 'rtf',
  options?: WaitOptions,
): Promise<string | undefined> {
  const source = kind === 'rtf' ? undefined : body[kind];
  if (source === undefined) return undefined;
  const size = source.size ?? 0;
  if (size > maxima.mailBodyBytes)
    throw new SealwrightError(
      'LIMIT_EXCEEDED',
      `The body of the message has ${size} bytes; at most ${maxima.mailBodyBytes} are turned into another form.`,
    );
  return decodeMailText(await source.read(0, size, options), body.codePage);
}
