import { maxima } from '../../../bytes/index.ts';
import { SealwrightError } from '../../../errors.ts';
import { decodeLicenseText, encodeLicenseText } from '../../../xrml/index.ts';
import type { PdfDictionary, PdfValue } from '../pdf-document.ts';

/** The name of the security handler, and of its crypt filter. */
export const handlerName = 'MicrosoftIRMServices';

const name = (text: string): PdfValue => ({ kind: 'name', text });
const number = (value: number): PdfValue => ({ kind: 'number', text: String(value) });
const dictionary = (entries: readonly (readonly [string, PdfValue])[]): PdfDictionary => ({
  kind: 'dictionary',
  entries: new Map(entries),
});

/** The encryption dictionary of version 2 (spec/pdf.md, "Payload"). `license` is as {@link storedLicense} gives it. */
export const encryptionDictionary = (license: Uint8Array): PdfDictionary =>
  dictionary([
    ['Filter', name(handlerName)],
    ['V', number(5)],
    ['MicrosoftIRMVersion', number(2)],
    ['EncryptMetadata', true],
    [
      'CF',
      dictionary([
        [
          handlerName,
          dictionary([
            ['Type', name('CryptFilter')],
            ['CFM', name('None')],
          ]),
        ],
      ]),
    ],
    ['StmF', name(handlerName)],
    ['StrF', name(handlerName)],
    ['PublishingLicense', { kind: 'string', bytes: license }],
  ]);

/**
 * A publishing license as PDF files store it: UTF-8 with a byte-order mark. Services give it without one or in UTF-16LE
 * too; signatures are over the text and hold in either.
 *
 * Throws `INVALID_ARGUMENT` for an empty one, `LIMIT_EXCEEDED`, `MALFORMED_LICENSE` for what is no text.
 */
export function storedLicense(license: Uint8Array): Uint8Array {
  if (license.length > maxima.licenseBytes)
    throw new SealwrightError(
      'LIMIT_EXCEEDED',
      `The publishing license has ${license.length} bytes; a PDF holds at most ${maxima.licenseBytes}.`,
    );
  const { text, encoding, byteOrderMark } = decodeLicenseText(license);
  if (text.length === 0)
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      'A PDF needs a publishing license; an empty one was given.',
    );
  return encoding === 'utf-8' && byteOrderMark ? license : encodeLicenseText(text);
}
