import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Whether a program is installed here. Tests that need it are skipped, and shown as such, where it is not. */
export const installed = (program: string): boolean =>
  spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined;

/** Runs a program; what it writes to its standard output. Warnings of qpdf are no failure. */
export function run(program: string, args: readonly string[]): string {
  try {
    return execFileSync(program, args, { encoding: 'utf8', maxBuffer: 256 * 1024 * 1024, stdio: 'pipe' });
  } catch (error) {
    const { status, stdout } = error as { status?: number; stdout?: string };
    if (program === 'qpdf' && status === 3) return stdout ?? '';
    throw error;
  }
}

/** A folder that is gone at the end. */
export function temporaryFolder(): { readonly path: (name: string) => string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'sealwright-pdf-'));
  return { path: (name) => join(folder, name), remove: () => rmSync(folder, { recursive: true }) };
}

const samples = fileURLToPath(new URL('../../../../../shared/data/samples/', import.meta.url));

/** Paths of real PDFs in a folder of samples; none where there are no samples. */
export const realPdfs = (folder: string): readonly string[] =>
  existsSync(join(samples, folder))
    ? readdirSync(join(samples, folder))
        .filter((name) => name.endsWith('.pdf'))
        .map((name) => join(samples, folder, name))
    : [];

export const fileBytes = (path: string): Uint8Array => new Uint8Array(readFileSync(path));
