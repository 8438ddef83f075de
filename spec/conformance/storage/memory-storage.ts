import { type ByteSink, type ByteSource, concatBytes, memorySource } from '../../../src/bytes/index.ts';
import { SealwrightError } from '../../../src/errors.ts';
import type { FileStorage, StoredSource } from '../../../src/node/bulk/storage/file-storage.ts';

interface Kept {
  readonly bytes: Uint8Array;
  readonly version: string;
  readonly modifiedAt: Date;
}

/** A storage in memory, with the strictness of one that knows conditional writes. */
export function memoryStorage(): FileStorage {
  const files = new Map<string, Kept>();
  let writes = 0;
  return {
    async *list(prefix) {
      for (const path of [...files.keys()].filter((each) => each.startsWith(prefix)).sort()) {
        const found = files.get(path);
        if (found !== undefined) yield { path, size: found.bytes.length, modifiedAt: found.modifiedAt };
      }
    },
    async open(path) {
      const found = files.get(path);
      if (found === undefined) throw refusal('FILE_NOT_FOUND', `${path} does not exist.`, path);
      return storedSource(path, found, () => files.get(path)?.version === found.version);
    },
    async write(path, write, { overwrite = false, replaces, signal } = {}) {
      const pieces: Uint8Array[] = [];
      const sink: ByteSink = { write: (bytes) => void pieces.push(bytes.slice()) };
      const size = await write(sink);
      signal?.throwIfAborted();
      const found = files.get(path);
      if (replaces?.path === path) {
        if (found?.version !== replaces.version) throw refusal('IO_FAILED', `${path} was changed.`, path);
      } else if (found !== undefined && !overwrite)
        throw refusal('OUTPUT_EXISTS', `${path} exists already.`, path);
      files.set(path, { bytes: concatBytes(pieces), version: String(++writes), modifiedAt: new Date() });
      return size;
    },
    async remove(source) {
      const found = files.get(source.path);
      if (found === undefined) return;
      if (found.version !== source.version)
        throw refusal('IO_FAILED', `${source.path} was changed.`, source.path);
      files.delete(source.path);
    },
  };
}

function storedSource(path: string, { bytes, version }: Kept, unchanged: () => boolean): StoredSource {
  const inner: ByteSource = memorySource(bytes);
  return {
    path,
    version,
    size: bytes.length,
    seekable: true,
    read(offset, length, options) {
      if (!unchanged()) throw refusal('IO_FAILED', `${path} was changed while it was read.`, path);
      return inner.read(offset, length, options);
    },
    slice: (offset, length) => inner.slice(offset, length),
    close: async () => undefined,
  };
}

const refusal = (code: SealwrightError['code'], message: string, path: string): SealwrightError =>
  new SealwrightError(code, message, { path });
