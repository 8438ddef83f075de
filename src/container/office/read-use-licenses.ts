import { maxima, type WaitOptions } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import type { CompoundFile, CompoundStorage } from '../compound-file/compound-file.ts';
import { useLicensePrefix } from './data-spaces/names.ts';
import { decodeUserId, parseUseLicense } from './data-spaces/use-license.ts';
import type { StoredUseLicense } from './office-container.ts';

/**
 * The use licenses kept in a transform's storage. One that is damaged is passed over: the document opens
 * without it. Of very many, or very large ones, the first are looked at (spec/office.md, "Limits").
 */
export async function readUseLicenses(
  file: CompoundFile,
  transform: CompoundStorage,
  options?: WaitOptions,
): Promise<readonly StoredUseLicense[]> {
  const found: StoredUseLicense[] = [];
  let looked = 0;
  let bytes = 0;
  for (const entry of transform.entries) {
    if (entry.kind !== 'stream' || !entry.name.toUpperCase().startsWith(useLicensePrefix)) continue;
    bytes += entry.size;
    if (++looked > maxima.dataSpaceEntries || bytes > maxima.headBytes) break;
    try {
      const stored = parseUseLicense(await file.read(entry, maxima.transformBytes, options));
      const userId = decodeUserId(stored.userId);
      if (userId !== undefined)
        found.push(Object.freeze({ streamName: entry.name, userId, license: stored.license }));
    } catch (error) {
      if (!(error instanceof SealwrightError)) throw error;
    }
  }
  return Object.freeze(found);
}
