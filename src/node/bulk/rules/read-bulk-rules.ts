import { readFileSync, type Stats, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { maxima } from '../../../bytes/index.ts';
import { SealwrightError } from '../../../errors.ts';
import { fileError } from '../../file-error.ts';
import { openFileSource } from '../../file-source.ts';
import type { BulkRules } from './bulk-rules.ts';
import { maxRulesLength, type ParseBulkRulesOptions, parseRules } from './parse-bulk-rules.ts';
import type { DocumentAt } from './read-document-settings.ts';

/**
 * Reads the rules file at `path` and checks it whole, before anything starts. The cover pages that it names are PDFs beside it.
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
    return parseRules(decoded(await source.read(0, source.size), path), options, documentsBeside(path));
  } finally {
    await source.close();
  }
}

/** Reads PDFs by paths from the folder of the rules file. Rules are read once, before anything starts. */
const documentsBeside =
  (rules: string): DocumentAt =>
  (named) => {
    const path = resolve(dirname(rules), named);
    let facts: Stats;
    try {
      facts = statSync(path);
      if (facts.isFile() && facts.size <= maxima.pdfCoverBytes) return new Uint8Array(readFileSync(path));
    } catch (error) {
      throw fileError(error, { action: 'read', path });
    }
    // A pipe or a device has no size, and may have no end.
    if (!facts.isFile())
      throw new SealwrightError('NOT_A_FILE', `${path} is no regular file: name a PDF`, { path });
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      `${path} is larger than the ${maxima.pdfCoverBytes} bytes that a cover page may have`,
      { path },
    );
  };

function decoded(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw invalid(path, 'is no text in UTF-8: save it in that encoding');
  }
}

const invalid = (path: string, what: string): SealwrightError =>
  new SealwrightError('INVALID_ARGUMENT', `The rules file ${path} ${what}.`, { path });
