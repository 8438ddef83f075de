import { basename } from 'node:path';
import { type ContainerName, officeFormat } from '../container/index.ts';
import type { ProtectedFile } from '../node/index.ts';
import { type DocumentOptions, usedDocumentOptions } from './document-options.ts';
import type { FileReport } from './file-batch.ts';
import { printable } from './printable.ts';
import { countOf } from './quantity.ts';
import type { Session } from './session.ts';

/** The first bytes of a ZIP file, as most Office documents are. */
const zipMagic = Uint8Array.of(0x50, 0x4b, 3, 4);

/**
 * What is said of a file that was protected (spec/cli.md, "protect").
 *
 * @param chosen what was chosen for documents of one kind, which says nothing about others
 * @param formatWasChosen whether the format is what somebody asked for or what the file had before, and so no surprise
 */
export function protectedReport(
  session: Session,
  done: string,
  input: string,
  file: ProtectedFile,
  chosen: DocumentOptions,
  formatWasChosen: boolean,
): FileReport {
  const { out } = session;
  const named = kindByName(basename(input));
  const notes = [
    ...(file.format === 'pfile' && !formatWasChosen && named !== undefined
      ? [
          `only named like ${named.like}, or damaged${named.office ? ', or encrypted with a password' : ''}: it became a PFILE, which ${named.programs} not open`,
        ]
      : []),
    ...withoutEffect(file.format, chosen),
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

/** What a file should have been by its name, where that has a protected format of its own. */
function kindByName(
  name: string,
): { readonly like: string; readonly programs: string; readonly office: boolean } | undefined {
  if (officeFormat.mayTake(zipMagic, name)) {
    return { like: 'an Office document', programs: 'Office does', office: true };
  }
  if (/\.pdf$/i.test(name)) return { like: 'a PDF', programs: 'PDF readers do', office: false };
  if (/\.(?:eml|msg)$/i.test(name)) return { like: 'a message', programs: 'mail programs do', office: false };
  return undefined;
}

/** A PDF may travel in a message, and a message not in a PDF. */
function withoutEffect(format: ContainerName, chosen: DocumentOptions): readonly string[] {
  if (format === 'mail') return [];
  const { pdf, mail } = usedDocumentOptions(chosen);
  const options = format === 'pdf' ? mail : [...pdf, ...mail];
  const last = options.at(-1);
  if (last === undefined) return [];
  const list = [...(options.length > 1 ? [options.slice(0, -1).join(', ')] : []), last].join(' and ');
  const missing = [
    ...(format === 'pdf' || pdf.length === 0 ? [] : ['no PDF']),
    ...(mail.length === 0 ? [] : ['no message']),
  ];
  return [`${list} had no effect: this is ${missing.join(' and ')}`];
}
