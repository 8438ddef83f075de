// Has fflate list and extract entries of a ZIP package of which only the parts it looks at are read: it is handed
// small archives made of the directory, or of one entry and its line in the directory.
import { unzipSync } from 'fflate';

const endLength = 22;
const directoryLineLength = 46;

/** All entries, with their lines in the directory. */
export async function listEntries(source) {
  const tail = await source
    .read(Math.max(0, source.size - 64 * 1024), 64 * 1024)
    .then((bytes) => bytes.slice());
  const view = new DataView(tail.buffer);
  let end = tail.length - endLength;
  while (end >= 0 && view.getUint32(end, true) !== 0x06054b50) end--;
  if (end < 0) throw new Error('The package has no end of central directory.');
  const [length, offset] = [view.getUint32(end + 12, true), view.getUint32(end + 16, true)];
  const directory = (await source.read(offset, length)).slice();
  const entries = [];
  unzipSync(archive([], [directory], view.getUint16(end + 10, true)), {
    filter: ({ name }) => {
      entries.push({ name });
      return false;
    },
  });
  const lines = new DataView(directory.buffer);
  let at = 0;
  for (const entry of entries) {
    const lengths = [28, 30, 32].map((field) => lines.getUint16(at + field, true));
    const lineEnd = at + directoryLineLength + lengths.reduce((sum, each) => sum + each, 0);
    entry.line = directory.slice(at, lineEnd);
    entry.packedLength = lines.getUint32(at + 20, true);
    entry.offset = lines.getUint32(at + 42, true);
    at = lineEnd;
  }
  return entries;
}

/** The content of one entry. */
export async function extractEntry(source, { name, line, packedLength, offset }) {
  // The local header repeats the name and may have other extra fields; 30 bytes and some slack hold it.
  const local = (await source.read(offset, 30 + name.length + 1024 + packedLength)).slice();
  const moved = line.slice();
  new DataView(moved.buffer).setUint32(42, 0, true);
  return unzipSync(archive([local], [moved], 1))[name];
}

/** An archive of local entries, directory lines and an end. */
function archive(locals, lines, count) {
  const sum = (parts) => parts.reduce((total, { length }) => total + length, 0);
  const end = new Uint8Array(endLength);
  const view = new DataView(end.buffer);
  view.setUint32(0, 0x06054b50, true);
  view.setUint16(8, count, true);
  view.setUint16(10, count, true);
  view.setUint32(12, sum(lines), true);
  view.setUint32(16, sum(locals), true);
  return new Uint8Array(Buffer.concat([...locals, ...lines, end]));
}
