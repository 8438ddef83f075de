import { type ByteSource, concatenatedSource, type SourcePart } from '../../bytes/index.ts';
import type { ZipArchive } from './archive.ts';
import { endOf } from './write-end.ts';
import { blankRecord, localEntry, movedRecord, newRecord, pack } from './write-entry.ts';

/**
 * An archive after changes of whole entries. Replaced ones keep their place, new ones come last; of every
 * other entry each byte stays, and of its record in the directory all but the offset. Nothing is copied: the
 * result reads from the archive's source. The same changes give the same bytes.
 *
 * @param changes content by name; `undefined` takes the entry out
 *
 * @example
 * ```ts
 * const edited = editZip(archive, new Map([['docProps/custom.xml', bytes]]));
 * ```
 */
export function editZip(
  archive: ZipArchive,
  changes: ReadonlyMap<string, Uint8Array | undefined>,
): ByteSource {
  const { source, entries, layout } = archive;
  const parts: SourcePart[] = [];
  let written = 0;
  let copied = 0;
  const write = (bytes: Uint8Array): number => {
    parts.push(bytes);
    written += bytes.length;
    return written - bytes.length;
  };
  /** Passes on what stands in the source up to `limit`. */
  const copyTo = (limit: number): void => {
    if (limit > copied) parts.push(source.slice(copied, limit - copied));
    written += Math.max(0, limit - copied);
    copied = limit;
  };
  const records = new Map<string, Uint8Array>();
  const inFileOrder = [...entries.values()].sort((a, b) => a.offset - b.offset);
  for (const entry of inFileOrder) {
    if (!changes.has(entry.name)) {
      const moved = entry.offset - copied + written;
      copyTo(entry.limit);
      records.set(entry.name, movedRecord(entry, moved - layout.base));
      continue;
    }
    copyTo(entry.offset);
    copied = entry.limit;
    const content = changes.get(entry.name);
    if (content === undefined) continue;
    const file = pack(content);
    const offset = write(localEntry(file, entry.record));
    records.set(entry.name, movedRecord(newRecord(file, entry.record), offset - layout.base));
  }
  copyTo(layout.directoryOffset);
  for (const [name, content] of changes) {
    if (content === undefined || entries.has(name)) continue;
    const file = pack(content);
    const blank = blankRecord(name);
    const offset = write(localEntry(file, blank));
    records.set(name, movedRecord(newRecord(file, blank), offset - layout.base));
  }
  // In the order of the old directory; new ones stand at its end.
  const order = [...entries.keys(), ...records.keys()];
  const directoryOffset = written;
  const names = new Set(order.filter((name) => records.has(name)));
  for (const name of names) write(records.get(name) as Uint8Array);
  for (const bytes of endOf(archive, names.size, directoryOffset, written)) write(bytes);
  return concatenatedSource(parts);
}
