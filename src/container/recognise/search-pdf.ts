import { type ByteSource, maxima, type WaitOptions } from '../../bytes/index.ts';
import { findAllBytes, findBytes, textAt } from './find-bytes.ts';

/** What a PDF is, as far as protection goes. */
export type PdfProtection = 'pdf' | 'pdf-password';

/** Bytes read where the trailer or the cross-reference stream begins. */
const trailerWindow = 64 * 1024;

/**
 * The same for a document whose structure cannot be read, or of which only the beginning is there: it looks for
 * `/Encrypt` in the trailers (ISO 32000-2, 7.6.2) and for the wrapper of rights-managed PDFs (7.6.7), without parsing
 * the document. `undefined` if neither was found.
 */
export async function searchedPdfProtection(
  source: ByteSource,
  options?: WaitOptions,
): Promise<PdfProtection | undefined> {
  // A copy: what a source gives may change with the next read.
  const read = async (offset: number, length: number): Promise<Uint8Array> =>
    new Uint8Array(await source.read(Math.max(0, offset), length, options));
  const size = source.size;
  const head = await read(0, maxima.recognitionBytes);
  const tail =
    size === undefined || size <= maxima.recognitionBytes
      ? head
      : await read(size - maxima.recognitionBytes, maxima.recognitionBytes);
  if (hasWrapper(head) || hasWrapper(tail)) return 'pdf';

  for (const text of await trailers(head, tail, read)) {
    const encrypt = /\/Encrypt\s*(?:(\d{1,10})\s+(\d{1,5})\s+R\b|<<)/.exec(text);
    if (encrypt === null) continue;
    if (encrypt[1] === undefined) return isRightsManaged(text.slice(encrypt.index)) ? 'pdf' : 'pdf-password';
    const dictionary = await findObject(`${encrypt[1]} ${encrypt[2]} obj`, read, size);
    return dictionary !== undefined && isRightsManaged(dictionary) ? 'pdf' : 'pdf-password';
  }
  return undefined;
}

type Read = (offset: number, length: number) => Promise<Uint8Array>;

/** Bytes behind a mark that are held against a pattern. */
const patternLength = 256;

/** Whether `pattern`, which begins with `mark`, stands somewhere. */
function holds(bytes: Uint8Array, mark: string, pattern: RegExp): boolean {
  for (const at of findAllBytes(bytes, mark)) if (pattern.test(textAt(bytes, at, patternLength))) return true;
  return false;
}

/** The encrypted payload of a wrapper, or the catalog entry that opens it. */
const hasWrapper = (bytes: Uint8Array): boolean =>
  findBytes(bytes, 'MicrosoftIRMServices') >= 0 &&
  ((holds(bytes, '/AFRelationship', /^\/AFRelationship\s*\/EncryptedPayload/) &&
    holds(bytes, '/Subtype', /^\/Subtype\s*\/MicrosoftIRMServices\b/)) ||
    holds(bytes, '/D', /^\/D\s*\(MicrosoftIRMServices Protected PDF\.pdf\)/));

const isRightsManaged = (dictionary: string): boolean =>
  /\/Filter\s*\/MicrosoftIRMServices\b/i.test(dictionary);

/** Trailers that are looked at; each change of a file may have added one. */
const mostTrailers = 64;

/** The texts in which `/Encrypt` is a key of the trailer and not something a page says. */
async function trailers(head: Uint8Array, tail: Uint8Array, read: Read): Promise<string[]> {
  const found: string[] = [];
  for (const bytes of head === tail ? [tail] : [tail, head])
    for (const at of findAllBytes(bytes, 'trailer')) {
      if (found.length >= mostTrailers) break;
      if (isWord(bytes, at - 1) || isWord(bytes, at + 'trailer'.length)) continue;
      found.push(textAt(bytes, at, trailerWindow, 'startxref'));
    }
  let start: string | undefined;
  for (const at of findAllBytes(tail, 'startxref'))
    if (!isWord(tail, at - 1))
      start = /^startxref\s+(\d{1,15})/.exec(textAt(tail, at, patternLength))?.[1] ?? start;
  const stated = start === undefined ? undefined : await read(Number(start), trailerWindow);
  if (stated !== undefined && /^\s*(?:xref\b|\d+\s+\d+\s+obj\b)/.test(textAt(stated, 0, patternLength)))
    found.push(textAt(stated, 0, trailerWindow, 'stream'));
  return found;
}

/** Whether the byte at `at` would continue a word. */
const isWord = (bytes: Uint8Array, at: number): boolean => at >= 0 && /\w/.test(textAt(bytes, at, 1));

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;

/** The first object of that number in the file, searched in windows up to a limit. */
async function findObject(label: string, read: Read, size: number | undefined): Promise<string | undefined> {
  const longest = 4096;
  const end = Math.min(size ?? maxima.recognitionBytes, maxima.recognitionSearchBytes);
  for (let at = 0; at < end; at += maxima.recognitionBytes) {
    const bytes = await read(at, maxima.recognitionBytes + longest);
    for (const start of findAllBytes(bytes, label))
      if (!isDigit(bytes[start - 1]) && !isWord(bytes, start + label.length))
        return textAt(bytes, start, longest, 'endobj');
  }
  return undefined;
}
