import { maxima, type WaitOptions } from '../../../bytes/index.ts';
import type { PdfDictionary, PdfDocument, PdfValue } from '../pdf-document.ts';
import { asDictionary, asName, itemsOf } from '../read/dictionary.ts';
import { readTextString } from '../text-string.ts';
import { payloadFilter, payloadName } from './payload-names.ts';

/** The file specification of the protected document in a wrapper. */
export interface FoundPayload {
  readonly file: PdfDictionary;
  /** The dictionary that says how the payload is encrypted; old wrappers have none. */
  readonly encryption: PdfDictionary | undefined;
}

/**
 * Finds the protected document in a wrapper (spec/pdf.md, "Wrapper"): the associated file that is said to be an
 * encrypted payload of the handler, else the embedded file of the well-known name. `undefined` if there is neither.
 */
export async function findPayload(
  document: PdfDocument,
  options?: WaitOptions,
): Promise<FoundPayload | undefined> {
  const resolve = (value: PdfValue | undefined) => document.resolve(value, options);
  const catalog = asDictionary(await resolve(document.trailer.entries.get('Root')));
  if (catalog === undefined) return undefined;
  const associated = itemsOf(await resolve(catalog.entries.get('AF')));
  for (const item of associated.slice(0, maxima.pdfEmbeddedFiles)) {
    const file = asDictionary(await resolve(item));
    if (asName(await resolve(file?.entries.get('AFRelationship'))) !== 'EncryptedPayload') continue;
    const encryption = asDictionary(await resolve(file?.entries.get('EP')));
    if (file !== undefined && (await isOurs(encryption, resolve))) return { file, encryption };
  }
  const names = asDictionary(await resolve(catalog.entries.get('Names')));
  const file = await namedFile(names?.entries.get('EmbeddedFiles'), resolve);
  const encryption = asDictionary(await resolve(file?.entries.get('EP')));
  // One that says to be encrypted in another way is none of ours, whatever its name.
  if (file === undefined || (encryption !== undefined && !(await isOurs(encryption, resolve))))
    return undefined;
  return { file, encryption };
}

type Resolve = (value: PdfValue | undefined) => Promise<PdfValue>;

/** Handlers are compared without case, as Microsoft's reader does. */
const isOurs = async (encryption: PdfDictionary | undefined, resolve: Resolve): Promise<boolean> =>
  asName(await resolve(encryption?.entries.get('Subtype')))?.toLowerCase() === payloadFilter.toLowerCase();

/** The embedded file of the well-known name in a name tree (ISO 32000-2, 7.9.6); all of its nodes are looked at, up to a limit. */
async function namedFile(root: PdfValue | undefined, resolve: Resolve): Promise<PdfDictionary | undefined> {
  const waiting: (PdfValue | undefined)[] = [root];
  for (let seen = 0; seen < waiting.length && seen < maxima.pdfEmbeddedFiles; seen++) {
    const node = asDictionary(await resolve(waiting[seen]));
    const names = itemsOf(await resolve(node?.entries.get('Names')));
    for (let i = 0; i + 1 < Math.min(names.length, 2 * maxima.pdfEmbeddedFiles); i += 2) {
      const key = await resolve(names[i]);
      if (typeof key === 'object' && key?.kind === 'string' && readTextString(key.bytes) === payloadName)
        return asDictionary(await resolve(names[i + 1]));
    }
    for (const kid of itemsOf(await resolve(node?.entries.get('Kids'))).slice(0, maxima.pdfEmbeddedFiles))
      waiting.push(kid);
  }
  return undefined;
}
