import { type ByteSource, maxima, type WaitOptions } from '../../bytes/index.ts';

/** What a PDF is, as far as protection goes. */
export type PdfProtection = 'pdf-rights-managed' | 'pdf-password';

/** Bytes read where the trailer or the cross-reference stream begins. */
const trailerWindow = 64 * 1024;

/**
 * Whether a PDF is protected by rights management or by a password: it looks for `/Encrypt` in the trailers
 * (ISO 32000-2, 7.6.2) and for the wrapper of rights-managed PDFs (7.6.7), without parsing the document.
 * `undefined` if neither was found.
 */
export async function pdfProtection(
  source: ByteSource,
  options?: WaitOptions,
): Promise<PdfProtection | undefined> {
  const textAt = async (offset: number, length: number): Promise<string> =>
    latin1(await source.read(Math.max(0, offset), length, options));
  const size = source.size;
  const head = await textAt(0, maxima.recognitionBytes);
  const tail =
    size === undefined || size <= maxima.recognitionBytes
      ? head
      : await textAt(size - maxima.recognitionBytes, maxima.recognitionBytes);
  if (hasWrapper(head) || hasWrapper(tail)) return 'pdf-rights-managed';

  for (const text of await trailers(head, tail, textAt)) {
    const encrypt = /\/Encrypt\s*(?:(\d{1,10})\s+(\d{1,5})\s+R\b|<<)/.exec(text);
    if (encrypt === null) continue;
    if (encrypt[1] === undefined)
      return isRightsManaged(text.slice(encrypt.index)) ? 'pdf-rights-managed' : 'pdf-password';
    const dictionary = await findObject(`${encrypt[1]} ${encrypt[2]} obj`, textAt, size);
    return dictionary !== undefined && isRightsManaged(dictionary) ? 'pdf-rights-managed' : 'pdf-password';
  }
  return undefined;
}

/** The encrypted payload of a wrapper, or the catalog entry that opens it. */
const hasWrapper = (text: string): boolean =>
  (/\/AFRelationship\s*\/EncryptedPayload/.test(text) && /\/Subtype\s*\/MicrosoftIRMServices\b/.test(text)) ||
  /\/D\s*\(MicrosoftIRMServices Protected PDF\.pdf\)/.test(text);

const isRightsManaged = (dictionary: string): boolean =>
  /\/Filter\s*\/MicrosoftIRMServices\b/i.test(dictionary);

/** The texts in which `/Encrypt` is a key of the trailer and not something a page says. */
async function trailers(
  head: string,
  tail: string,
  textAt: (offset: number, length: number) => Promise<string>,
): Promise<string[]> {
  const found: string[] = [];
  for (const text of head === tail ? [tail] : [tail, head])
    for (const match of text.matchAll(/\btrailer\b/g)) {
      if (found.length >= 64) break;
      found.push(upTo(text.slice(match.index, match.index + trailerWindow), 'startxref'));
    }
  const start = [...tail.matchAll(/\bstartxref\s+(\d{1,15})/g)].at(-1)?.[1];
  const stated = start === undefined ? '' : await textAt(Number(start), trailerWindow);
  if (/^\s*(?:xref\b|\d+\s+\d+\s+obj\b)/.test(stated)) found.push(upTo(stated, 'stream'));
  return found;
}

const upTo = (text: string, mark: string): string => text.split(mark, 1)[0] ?? text;

/** The first object of that number in the file, searched in windows up to a limit. */
async function findObject(
  label: string,
  textAt: (offset: number, length: number) => Promise<string>,
  size: number | undefined,
): Promise<string | undefined> {
  const longest = 4096;
  const pattern = new RegExp(`(?<![0-9])${label}\\b`);
  const end = Math.min(size ?? maxima.recognitionBytes, maxima.recognitionSearchBytes);
  for (let at = 0; at < end; at += maxima.recognitionBytes) {
    const text = await textAt(at, maxima.recognitionBytes + longest);
    const match = pattern.exec(text);
    if (match) return upTo(text.slice(match.index, match.index + longest), 'endobj');
  }
  return undefined;
}

/** One character a byte, so that offsets in the text are offsets in the file. */
const latin1 = (bytes: Uint8Array): string => new TextDecoder('latin1').decode(bytes);
