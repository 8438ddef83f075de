import { type ByteSource, maxima, memorySource, type WaitOptions } from '../../../bytes/index.ts';
import { SealwrightError } from '../../../errors.ts';
import { utf8CodePage, utf16CodePage } from '../../property-set/code-page.ts';
import { encodeMailText } from '../code-pages.ts';
import type { MailBody } from '../mail-message.ts';
import { decompressRtf } from '../rtf/compressed-rtf.ts';
import { type EncapsulatedBody, encapsulatedBody } from '../rtf/encapsulated-body.ts';
import { type MapiMessage, type MapiProperty, propertyOf } from './mapi-message.ts';
import { propertyIds, propertyTypes } from './property-tags.ts';
import {
  integerOf,
  streamBytes,
  streamOf,
  type TextReader,
  textOfBytes,
  textProperty,
} from './property-values.ts';

/** What PidTagNativeBody says, [MS-OXCMSG] 2.2.1.58.2. */
const nativeKinds: Readonly<Record<number, MailBody['native']>> = { 1: 'plain', 2: 'rtf', 3: 'html' };

/**
 * The body of a message in every kind it has. HTML that stands only within RTF is taken out of it. Bodies are in the
 * code page of the message if that has all their characters, else in UTF-8.
 *
 * Throws `LIMIT_EXCEEDED` for a plain body of more than `maxima.mailBodyBytes`.
 */
export async function readBody(
  message: MapiMessage,
  texts: TextReader,
  options?: WaitOptions,
): Promise<MailBody | undefined> {
  const rtfProperty = binary(message, propertyIds.rtfCompressed);
  const rtf = rtfProperty && sourceOf(rtfProperty);
  const htmlProperty = binary(message, propertyIds.html) ?? textProperty(message, propertyIds.html);
  const plain = await bodyText(textProperty(message, propertyIds.body), texts, options);
  const stored = htmlProperty?.type === propertyTypes.binary ? sourceOf(htmlProperty) : undefined;
  let html = stored === undefined ? await bodyText(htmlProperty, texts, options) : undefined;
  let made: EncapsulatedBody | undefined;
  if (stored === undefined && html === undefined && rtfProperty !== undefined) {
    made = await madeFrom(rtfProperty, options);
    if (made?.kind === 'html') html = made.text;
  }
  if (plain === undefined && stored === undefined && html === undefined && rtf === undefined)
    return undefined;

  const native = nativeOf(message, {
    html: stored !== undefined || html !== undefined,
    plain: plain !== undefined,
    rtf: rtf !== undefined && made === undefined,
  });
  const stated = integerOf(message, propertyIds.internetCodepage) ?? texts.codePage;
  // HTML that is stored as bytes is in the stated code page, whatever other bodies need.
  const codePage =
    stored === undefined ? codePageFor([html, native === 'html' ? undefined : plain], stated) : stated;
  const plainBytes = plain === undefined ? undefined : encodeMailText(plain, codePage);
  const htmlBytes = html === undefined ? undefined : encodeMailText(html, codePage);
  return Object.freeze({
    native,
    codePage,
    plain: plainBytes && memorySource(plainBytes),
    html: stored ?? (htmlBytes && memorySource(htmlBytes)),
    rtf,
  });
}

function nativeOf(
  message: MapiMessage,
  has: { readonly html: boolean; readonly plain: boolean; readonly rtf: boolean },
): MailBody['native'] {
  const stated = nativeKinds[integerOf(message, propertyIds.nativeBody) ?? 0];
  if (stated !== undefined && has[stated]) return stated;
  if (has.html) return 'html';
  return has.rtf || !has.plain ? 'rtf' : 'plain';
}

/** The stated code page if it has all characters of the bodies, else one that has. */
function codePageFor(bodies: readonly (string | undefined)[], stated: number): number {
  for (const codePage of [stated, utf8CodePage])
    if (bodies.every((text) => text === undefined || encodeMailText(text, codePage) !== undefined))
      return codePage;
  // Halves of characters, which only UTF-16 can state.
  return utf16CodePage;
}

async function bodyText(
  property: MapiProperty | undefined,
  { codePage }: TextReader,
  options: WaitOptions | undefined,
): Promise<string | undefined> {
  const bytes = property && (await streamBytes(property, maxima.mailBodyBytes, options));
  const text = property && bytes && textOfBytes(property, bytes, codePage);
  return text === '' ? undefined : text;
}

/** What RTF was made from. RTF that cannot be read is kept as it is, and nothing is taken from it. */
async function madeFrom(
  property: MapiProperty,
  options: WaitOptions | undefined,
): Promise<EncapsulatedBody | undefined> {
  try {
    const bytes = await streamBytes(property, maxima.mailBodyBytes, options);
    return bytes && encapsulatedBody(decompressRtf(bytes));
  } catch (error) {
    if (error instanceof SealwrightError && ['MALFORMED_CONTAINER', 'LIMIT_EXCEEDED'].includes(error.code))
      return undefined;
    throw error;
  }
}

const binary = (message: MapiMessage, id: number): MapiProperty | undefined => {
  const property = propertyOf(message, id);
  return property?.type === propertyTypes.binary
    ? property
    : message.properties.find((each) => each.id === id && each.type === propertyTypes.binary);
};

/** The stream of a property as a source; nothing where it is empty. */
function sourceOf(property: MapiProperty): ByteSource | undefined {
  const content = streamOf(property)?.content;
  const source = content instanceof Uint8Array ? memorySource(content) : content;
  return source?.size === 0 ? undefined : source;
}
