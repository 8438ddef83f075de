import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Folders relative to the project, the real files beside it; they are absent on most machines. */
export const folders = {
  corpus: 'tools/fuzz/corpus',
  officeCorpus: 'tools/fuzz/corpus/office',
  pfileVectors: 'test-vectors/pfile',
  realPfiles: ['../shared/data/samples/pfile', '../shared/data/pfile-samples'],
  realLicenses: [
    '../shared/data/samples/xrml',
    '../shared/data/samples/xrml-docs',
    '../shared/data/publishing-licences',
  ],
  realCompoundFiles: [
    '../shared/data/samples/plaintext',
    '../shared/data/samples/office-irm',
    '../shared/data/samples/xps-encrypted-package',
    '../shared/data/samples/negatives',
  ],
  realProtectedFiles: ['../shared/data/samples/office-irm', '../shared/data/samples/xps-encrypted-package'],
  realDataSpaces: ['../shared/data/samples/office-irm-streams-no-licence'],
  realPdfs: [
    '../shared/data/samples/pdf',
    '../shared/data/samples/plaintext',
    '../shared/data/samples/negatives',
  ],
  realLabels: ['../shared/data/samples/labels'],
} as const;

const largest = 160 * 1024;

/** The files of a folder whose names match, in the order of their names; none if there is no folder. */
export function filesIn(folder: string, name: RegExp): Uint8Array[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((each) => name.test(each))
    .sort()
    .map((each) => join(folder, each))
    .filter((path) => statSync(path).isFile() && statSync(path).size <= largest)
    .map((path) => new Uint8Array(readFileSync(path)));
}

/** One file of our own corpus. */
export const corpusFile = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(join(folders.corpus, name)));
