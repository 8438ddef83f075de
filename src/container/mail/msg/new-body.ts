import { maxima, type WaitOptions } from '../../../bytes/index.ts';
import type { MailBody } from '../mail-message.ts';
import { compressRtf } from '../rtf/compress-rtf.ts';
import { isPlainRtf } from '../rtf/compressed-rtf.ts';
import { bodyText } from './body-properties.ts';
import type { MapiProperty } from './mapi-message.ts';
import { binaryProperty, integerProperty, textProperties } from './new-properties.ts';
import { propertyIds as ids } from './property-tags.ts';

/** What PidTagNativeBody says of a kind. */
const nativeNumbers = { plain: 1, rtf: 2, html: 3 } as const;

/** The bodies of a message as properties. Throws `LIMIT_EXCEEDED` for plain text that is too long. */
export async function newBodyProperties(
  body: MailBody | undefined,
  options?: WaitOptions,
): Promise<MapiProperty[]> {
  if (body === undefined) return [];
  const { html, rtf, codePage, native } = body;
  const plain = await bodyText(body, 'plain', options);
  return [
    ...textProperties(ids.body, plain),
    ...(html === undefined || html.size === 0 ? [] : [binaryProperty(ids.html, html)]),
    ...(rtf === undefined || rtf.size === 0
      ? []
      : [binaryProperty(ids.rtfCompressed, await stored(rtf, options))]),
    integerProperty(ids.nativeBody, nativeNumbers[native]),
    integerProperty(ids.internetCodepage, codePage),
  ];
}

/** RTF as an item keeps it: compressed. */
async function stored(rtf: NonNullable<MailBody['rtf']>, options?: WaitOptions) {
  const size = rtf.size ?? 0;
  if (size > maxima.mailBodyBytes || !isPlainRtf(await rtf.read(0, 5, options))) return rtf;
  return compressRtf(await rtf.read(0, size, options));
}
