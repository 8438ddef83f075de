import { SealwrightError } from '../../../errors.ts';
import { openFileSource } from '../../file-source.ts';
import type { BulkRules } from './bulk-rules.ts';
import { maxRulesLength, type ParseBulkRulesOptions, parseBulkRules } from './parse-bulk-rules.ts';

/**
 * Reads the rules file at `path` and checks it whole, before anything starts.
 *
 * @throws SealwrightError `INVALID_ARGUMENT` with every mistake, `FILE_NOT_FOUND`, `NOT_A_FILE`, `PERMISSION_DENIED`, `IO_FAILED`
 * @see spec/bulk.md, "Rules"
 *
 * @example
 * ```ts
 * import { protectFiles, readBulkRules } from 'sealwright/node';
 * await protectFiles('documents', { service, rules: await readBulkRules('rules.json'), inPlace: true });
 * ```
 */
export async function readBulkRules(path: string, options: ParseBulkRulesOptions = {}): Promise<BulkRules> {
  const source = await openFileSource(path);
  try {
    if (source.size > maxRulesLength)
      throw invalid(path, `is larger than ${maxRulesLength} bytes, which rules are not`);
    return parseBulkRules(decoded(await source.read(0, source.size), path), options);
  } finally {
    await source.close();
  }
}

function decoded(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw invalid(path, 'is no text in UTF-8: save it in that encoding');
  }
}

const invalid = (path: string, what: string): SealwrightError =>
  new SealwrightError('INVALID_ARGUMENT', `The rules file ${path} ${what}.`, { path });
