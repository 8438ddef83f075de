import type { NewStream } from '../../compound-file/new-compound-file.ts';

/** Smaller streams share sectors, [MS-CFB] 2.2; applications fill the streams of a document up to this. */
const leastStreamLength = 4096;

/** A stream of these bytes, with zeros up to the size from which it has sectors of its own. */
export function filled(name: string, bytes: Uint8Array): NewStream {
  const content = new Uint8Array(Math.max(bytes.length, leastStreamLength));
  content.set(bytes);
  return { kind: 'stream', name, content };
}
