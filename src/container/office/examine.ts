import type { ByteSource, WaitOptions } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import type { CompoundFile } from '../compound-file/compound-file.ts';
import { readCompoundFile } from '../compound-file/read.ts';
import { isCompoundFile } from '../compound-file/signature.ts';
import type { DocumentInput } from '../container-format.ts';
import { officeProtection } from '../recognise/office.ts';
import { isZip } from '../zip/read.ts';
import { applicationOf, type OfficeDocument, readOfficeDocument } from './document-parts.ts';
import { hasOfficeExtension } from './extension.ts';
import { isOfficePackage } from './office-package.ts';

/** Whether a document that begins so may be an Office document; {@link examine} then looks into it. */
export const mayTake = (head: Uint8Array, name: string | undefined): boolean =>
  (name === undefined || hasOfficeExtension(name)) && (isZip(head) || isCompoundFile(head));

/**
 * Looks at a document that is to be protected. It must be an Office document by its name (or have none) and by
 * its content; what is protected already, encrypted with a password, damaged, or named like another kind of
 * file is none (spec/office.md, "Documents").
 *
 * @returns what the header needs to know of it, or `undefined`: such documents become a PFILE
 */
export async function examine(
  { head, source, name, compoundFile: known }: DocumentInput,
  options?: WaitOptions,
): Promise<OfficeDocument | undefined> {
  if (!mayTake(head, name)) return undefined;
  if (isZip(head))
    return (await isOfficePackage(source, head, name, options))
      ? readOfficeDocument({ name }, options)
      : undefined;
  const compoundFile = await binaryDocument(source, head, known, options);
  return compoundFile && readOfficeDocument({ compoundFile, name }, options);
}

async function binaryDocument(
  source: ByteSource,
  head: Uint8Array,
  known: CompoundFile | undefined,
  options: WaitOptions | undefined,
): Promise<CompoundFile | undefined> {
  try {
    const file = known ?? (await readCompoundFile(source, { ...options, head }));
    const application = applicationOf(file);
    // Drawings of Visio 2010 and before are not among what Office protects.
    if (application === undefined || application === 'visio') return undefined;
    return (await officeProtection(file, options)) === undefined ? file : undefined;
  } catch (error) {
    if (error instanceof SealwrightError) return undefined;
    throw error;
  }
}
