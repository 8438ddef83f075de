import { existsSync, readFileSync } from 'node:fs';

let version: string | undefined;

/** The version of this package. */
export function packageVersion(): string {
  version ??= readVersion();
  return version;
}

// A build moves this code into folders of any depth below the package.
function readVersion(): string {
  const above = ['./', '../', '../../', '../../../'].map(
    (path) => new URL(`${path}package.json`, import.meta.url),
  );
  const found = above.find((file) => existsSync(file));
  if (found === undefined) return 'unknown';
  const { version: read } = JSON.parse(readFileSync(found, 'utf8')) as { version: string };
  return read;
}
