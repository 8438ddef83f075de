import { basename } from 'node:path';
import { officeFormat } from '../container/index.ts';
import type { ProtectedFile } from '../node/index.ts';
import type { FileReport } from './file-batch.ts';
import { printable } from './printable.ts';
import { countOf } from './quantity.ts';
import type { Session } from './session.ts';

/** The first bytes of a ZIP file, as most Office documents are. */
const zipMagic = Uint8Array.of(0x50, 0x4b, 3, 4);

/**
 * What is said of a file that was protected (spec/cli.md, "protect").
 *
 * @param formatWasChosen whether the format is what somebody asked for or what the file had before, and so no surprise
 */
export function protectedReport(
  session: Session,
  done: string,
  input: string,
  file: ProtectedFile,
  formatWasChosen: boolean,
): FileReport {
  const { out } = session;
  const isNamedLikeOffice = officeFormat.mayTake(zipMagic, basename(input));
  const notes = [
    ...(file.format === 'pfile' && !formatWasChosen && isNamedLikeOffice
      ? [
          'only named like an Office document, or damaged, or encrypted with a password: it became a PFILE, which Office does not open',
        ]
      : []),
    ...(file.finishedEarlierRun
      ? ['an earlier run had protected it and was interrupted: its policy of that time holds']
      : []),
    ...(file.otherNames > 0
      ? [
          `the original has ${countOf(file.otherNames, 'other name')} (hard links), which still lead to the unprotected content`,
        ]
      : []),
  ];
  return {
    json: {
      output: file.path,
      contentId: file.contentId,
      format: file.format,
      formatVersion: file.formatVersion,
      cipherMode: file.cipherMode ?? null,
      bytesIn: file.bytesIn,
      bytesOut: file.bytesOut,
      finishedEarlierRun: file.finishedEarlierRun,
      otherNames: file.otherNames,
    },
    lines: () => [
      `${out.green(done)} ${printable(input)} ${out.dim('->')} ${out.bold(printable(file.path))}`,
      `  ${out.dim('content')} ${printable(file.contentId)}`,
      ...notes.map((note) => `  ${out.yellow('note')} ${note}`),
    ],
  };
}
