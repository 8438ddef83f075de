// A folder for the files of one run, which can be many gigabytes: it goes also if the run is stopped.
import { mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Makes a new folder in `parent`; `remove` removes it. */
export function workFolder(parent) {
  const path = mkdtempSync(join(resolve(parent), '.sealwright-bench-'));
  const remove = () => rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  const stopped = () => {
    remove();
    process.exit(130);
  };
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, stopped);
  return { path, at: (name) => join(path, name), remove };
}
