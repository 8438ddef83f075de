import { type ByteSource, encodeUtf8, equalBytes, type WaitOptions } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import { readZip } from '../zip/read.ts';

const contentTypesName = '[Content_Types].xml';
/** The part every package has, ISO/IEC 29500-2, 10.1.2.2. */
const contentTypesPart = encodeUtf8(contentTypesName);
/** Bytes of a local header before the name of its entry, APPNOTE 4.3.7. */
const localHeaderLength = 30;
/** Folders in which Word, Excel, PowerPoint, Visio and themes keep their parts. */
const officeFolder = /^(?:word|xl|ppt|visio|theme)\//i;

/**
 * Whether a ZIP file is an Office Open XML package. Of a file with an Office name the part with the content types
 * is enough, which most writers put first; without a name its parts must be those of an Office application, because
 * other packages have that part too.
 */
export async function isOfficePackage(
  source: ByteSource,
  head: Uint8Array,
  name: string | undefined,
  options?: WaitOptions,
): Promise<boolean> {
  const first = head.subarray(localHeaderLength, localHeaderLength + contentTypesPart.length);
  if (name !== undefined && equalBytes(first, contentTypesPart)) return true;
  try {
    const { entries } = await readZip(source, { ...options, head });
    if (!entries.has(contentTypesName)) return false;
    return name !== undefined || [...entries.keys()].some((part) => officeFolder.test(part));
  } catch (error) {
    if (error instanceof SealwrightError) return false;
    throw error;
  }
}
