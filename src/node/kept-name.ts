import { extname } from 'node:path';

/** What was done to a file, as the name of the new one beside it says. */
export type NameSuffix = 'protected' | 'unprotected';

/**
 * The name of a new file whose usual name would be that of its original: `report.docx` beside itself gives
 * `report-protected.docx`, and that gives `report.docx` again, wherever its content goes
 * (spec/files.md, "Outputs").
 *
 * @param sameFolder whether the new file lies beside the original
 */
export function keptName(name: string, suffix: NameSuffix, sameFolder: boolean): string {
  const extension = extname(name);
  const stem = name.slice(0, name.length - extension.length);
  if (suffix === 'unprotected' && stem.endsWith('-protected') && stem !== '-protected')
    return stem.slice(0, -'-protected'.length) + extension;
  return sameFolder ? `${stem}-${suffix}${extension}` : name;
}
