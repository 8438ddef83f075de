import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { workerProtocol } from './worker-messages.ts';

declare const __filename: string | undefined;

/** Where this code ended up; in CommonJS there is no `import.meta.url`, and in some bundles there is neither. */
const here: string | undefined =
  typeof __filename === 'string' ? pathToFileURL(__filename).href : import.meta.url;

/** Seen from a chunk in `dist/`, from an entry in a folder of `dist/`, and from one a folder deeper. */
const candidates = ['./node/worker.js', '../node/worker.js', '../../node/worker.js'];

/**
 * The script of the threads, or `undefined` where this library was bundled without it or runs from its sources. It is
 * known by what it says, not by its name alone: a program may have a worker of its own there.
 */
export function findWorkerScript(from: string | undefined = here): URL | undefined {
  if (!from?.startsWith('file:')) return undefined;
  return candidates.map((path) => new URL(path, from)).find(isWorkerScript);
}

/** Whether `script` is a script of ours. */
export function isWorkerScript(script: URL): boolean {
  try {
    if (script.protocol !== 'file:' || !existsSync(script)) return false;
    return readFileSync(fileURLToPath(script), 'latin1').includes(workerProtocol);
  } catch {
    return false;
  }
}
