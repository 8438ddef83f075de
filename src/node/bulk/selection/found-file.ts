import { statSync } from 'node:fs';
import { basename, sep } from 'node:path';
import { type ComparedPath, comparedPath } from './glob.ts';

/** What the file system says of a file. */
export interface FileFacts {
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modifiedAt: number;
  /** Number of the owner. */
  readonly uid: number;
}

/** A file that was found in a folder, or was named itself. What takes asking is asked for once, when it is needed. */
export interface FoundFile {
  readonly path: string;
  /** Path below the folder where the listing began; only the name, for a file that was named itself. */
  readonly relativePath: string;
  readonly name: string;
  /** For patterns. */
  compared(): ComparedPath;
  /** `undefined` if the file is gone, or nobody may look at it. */
  facts(): FileFacts | undefined;
}

/** A file at `path`, of which nothing was asked yet. */
export function foundFile(path: string, relativePath: string): FoundFile {
  const slashed = sep === '/' ? relativePath : relativePath.replaceAll(sep, '/');
  return {
    path,
    relativePath,
    name: basename(relativePath),
    compared: once(() => comparedPath(slashed)),
    facts: once(() => lookAt(path)),
  };
}

function once<T>(ask: () => T): () => T {
  let answer: { readonly known: T } | undefined;
  return () => {
    answer ??= { known: ask() };
    return answer.known;
  };
}

function lookAt(path: string): FileFacts | undefined {
  try {
    const { size, mtimeMs, uid } = statSync(path);
    return { size, modifiedAt: mtimeMs, uid };
  } catch {
    return undefined;
  }
}
