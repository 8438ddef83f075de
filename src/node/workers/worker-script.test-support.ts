import { createHash } from 'node:crypto';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const folder = fileURLToPath(new URL('../../../node_modules/.cache/sealwright/', import.meta.url));
const made = new Map<string, Promise<URL>>();

/**
 * The script of the threads, made from the sources, since threads run no TypeScript. Each process makes its own and
 * gives it the name of its content: processes side by side write the same, and nothing stale is ever run.
 *
 * @param entry another script than the product's, beside the caller
 */
export function workerScriptFromSources(entry = new URL('./worker.ts', import.meta.url)): Promise<URL> {
  const known = made.get(entry.href);
  if (known !== undefined) return known;
  const making = bundle(fileURLToPath(entry));
  made.set(entry.href, making);
  return making;
}

async function bundle(entry: string): Promise<URL> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    packages: 'external',
    logLevel: 'error',
  });
  const script = outputFiles[0]?.contents ?? new Uint8Array(0);
  const name = createHash('sha256').update(script).digest('hex').slice(0, 20);
  mkdirSync(folder, { recursive: true });
  const temporary = `${folder}${name}.${process.pid}.tmp`;
  writeFileSync(temporary, script);
  renameSync(temporary, `${folder}${name}.mjs`);
  return pathToFileURL(`${folder}${name}.mjs`);
}
