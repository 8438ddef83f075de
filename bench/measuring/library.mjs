// The library that is measured: `dist`, or the build in the folder that SEALWRIGHT_DIST names.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const distFolder = resolve(
  process.env.SEALWRIGHT_DIST ?? fileURLToPath(new URL('../../dist', import.meta.url)),
);

/** What `sealwright/ENTRY` exports: `libraryEntry('node')`. */
export function libraryEntry(entry) {
  const path = join(distFolder, entry, 'index.js');
  if (!existsSync(path)) throw new Error(`${path} is not there: run npm run build, or set SEALWRIGHT_DIST.`);
  return import(pathToFileURL(path));
}
