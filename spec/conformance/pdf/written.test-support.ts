import { concatBytes } from '../../../src/bytes/index.ts';
import type { DocumentWriter } from '../../../src/container/index.ts';

/** What a writer writes, in the pieces it comes in. */
export async function written(writer: DocumentWriter): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  const size = await writer.writeTo({ write: (bytes) => void parts.push(bytes.slice()) });
  const bytes = concatBytes(parts);
  if (size !== bytes.length) throw new Error(`${size} bytes were said to be written, ${bytes.length} were.`);
  return bytes;
}
