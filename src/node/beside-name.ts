import { extname } from 'node:path';

/** What was done to a file, as the name of the new one beside it says. */
export type NameSuffix = 'protected' | 'unprotected';

/**
 * The name of a new file that lies beside its original and would bear the same name: `report.docx` gives
 * `report-protected.docx`, and that gives `report.docx` again when its protection is taken off
 * (spec/files.md, "Outputs").
 */
export function besideName(name: string, suffix: NameSuffix): string {
  const extension = extname(name);
  const stem = name.slice(0, name.length - extension.length);
  if (suffix === 'unprotected' && stem.endsWith('-protected') && stem !== '-protected')
    return stem.slice(0, -'-protected'.length) + extension;
  return `${stem}-${suffix}${extension}`;
}
