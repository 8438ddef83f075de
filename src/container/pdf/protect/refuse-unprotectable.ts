import type { WaitOptions } from '../../../bytes/index.ts';
import { SealwrightError } from '../../../errors.ts';
import type { PdfDictionary, PdfDocument, PdfValue } from '../pdf-document.ts';
import { asCount, asDictionary, asName, itemsOf } from '../read/dictionary.ts';

/** Form fields that are looked at for signatures. */
const mostFields = 10_000;

/** Bits of `/SigFlags` (ISO 32000-2, 12.7.3). */
const signaturesExist = 1;
const appendOnly = 2;

/**
 * Refuses documents that protection would damage or that nobody could open afterwards: encrypted or signed ones, dynamic
 * forms, wrappers of other handlers (spec/pdf.md, "Payload").
 *
 * Throws `UNSUPPORTED_FORMAT` with the reason and what to do.
 */
export async function refuseUnprotectable(document: PdfDocument, options?: WaitOptions): Promise<void> {
  const resolve = (value: PdfValue | undefined): Promise<PdfValue> => document.resolve(value, options);
  const dictionary = async (value: PdfValue | undefined) => asDictionary(await resolve(value));
  if (document.encrypted) {
    const encryption = await dictionary(document.trailer.entries.get('Encrypt'));
    throw asName(await resolve(encryption?.entries.get('Filter'))) === 'Standard'
      ? refusal('it is encrypted with a password', 'password', 'Remove the password first')
      : refusal('it is encrypted already', 'encrypted', 'Remove that protection first');
  }
  const catalog = await dictionary(document.trailer.entries.get('Root'));
  if (catalog === undefined) return;
  for (const item of itemsOf(await resolve(catalog.entries.get('AF')))) {
    const file = await dictionary(item);
    if (asName(await resolve(file?.entries.get('AFRelationship'))) === 'EncryptedPayload')
      throw refusal('it holds an encrypted document', 'encrypted', 'Protect the document itself');
  }
  const permissions = await dictionary(catalog.entries.get('Perms'));
  for (const kind of ['DocMDP', 'UR3', 'UR'])
    if ((await dictionary(permissions?.entries.get(kind))) !== undefined) throw signed();
  const form = await dictionary(catalog.entries.get('AcroForm'));
  if (form === undefined) return;
  const flags = asCount(await resolve(form.entries.get('SigFlags'))) ?? 0;
  if ((flags & appendOnly) !== 0 || ((flags & signaturesExist) !== 0 && (await hasSignature(form, resolve))))
    throw signed();
  const dynamic = (await resolve(catalog.entries.get('NeedsRendering'))) === true;
  if (dynamic && (await resolve(form.entries.get('XFA'))) !== null)
    throw refusal('it is a dynamic XFA form', 'dynamic-xfa', 'Save or print it as an ordinary PDF');
}

/** Whether a form has a signature field that was signed; empty ones are only waiting. */
async function hasSignature(
  form: PdfDictionary,
  resolve: (value: PdfValue | undefined) => Promise<PdfValue>,
): Promise<boolean> {
  const waiting: { readonly value: PdfValue; readonly kindAbove: string | undefined }[] = [];
  const fields = itemsOf(await resolve(form.entries.get('Fields')));
  // A form with more fields than are looked at may be signed.
  if (fields.length > mostFields) return true;
  for (const value of fields) waiting.push({ value, kindAbove: undefined });
  for (const { value, kindAbove } of waiting) {
    const field = asDictionary(await resolve(value));
    if (field === undefined) continue;
    // Fields take their kind from those above them (ISO 32000-2, 12.7.4).
    const kind = asName(await resolve(field.entries.get('FT'))) ?? kindAbove;
    if (kind === 'Sig' && (await resolve(field.entries.get('V'))) !== null) return true;
    for (const kid of itemsOf(await resolve(field.entries.get('Kids')))) {
      if (waiting.length >= mostFields) return true;
      waiting.push({ value: kid, kindAbove: kind });
    }
  }
  return false;
}

const signed = (): SealwrightError =>
  refusal(
    'it is signed, and the signature would not hold any more',
    'signed',
    'Protect the version before it was signed',
  );

const refusal = (why: string, reason: string, what: string): SealwrightError =>
  new SealwrightError(
    'UNSUPPORTED_FORMAT',
    `The PDF cannot be protected in its own format: ${why}. ${what}, or choose the format pfile.`,
    { reason },
  );
