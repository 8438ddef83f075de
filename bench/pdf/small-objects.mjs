// A PDF of many small objects, as long reports and tagged documents are: pages with a few words each, links, bookmarks and
// the elements of a structure tree.
import { createHash } from 'node:crypto';
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import { libraryEntry } from '../measuring/library.mjs';

/** Objects of each page: itself, its text, four links, three bookmarks, nine elements. */
const objectsPerPage = 18;

/** The bookmarks of a page follow each other; those of the next page are as far away as that page is. */
const bookmarkBefore = (number, i) => {
  const before = i > 0 ? number - 1 : number + 2 - objectsPerPage;
  return before > 0 ? `/Prev ${before} 0 R` : '';
};
const bookmarkBehind = (number, i) => (i < 2 ? number + 1 : number - 2 + objectsPerPage);

/** Writes a PDF of `objects` objects, more or less, each an object by itself, with a cross-reference table. */
export function writeSmallObjects(path, objects) {
  const pages = Math.max(1, Math.round(objects / objectsPerPage));
  const file = openSync(path, 'wx');
  const offsets = [];
  let position = 0;
  let pending = [];
  let pendingLength = 0;
  const write = (data) => {
    const chunk = typeof data === 'string' ? Buffer.from(data, 'latin1') : data;
    pending.push(chunk);
    pendingLength += chunk.length;
    position += chunk.length;
    if (pendingLength > 2 ** 20) flush();
  };
  const flush = () => {
    writeSync(file, Buffer.concat(pending));
    pending = [];
    pendingLength = 0;
  };
  const object = (number, text) => {
    offsets[number] = position;
    write(`${number} 0 obj\n${text}\nendobj\n`);
  };
  try {
    write('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n');
    object(1, '<</Type/Catalog/Pages 2 0 R/Outlines 3 0 R/StructTreeRoot 4 0 R/MarkInfo<</Marked true>>>>');
    let next = 5;
    const kids = [];
    const bookmarks = [];
    const elements = [];
    for (let page = 0; page < pages; page++) {
      const [own, text, first] = [next, next + 1, next + 2];
      kids.push(`${own} 0 R`);
      const links = [0, 1, 2, 3].map((i) => `${first + i} 0 R`).join(' ');
      object(
        own,
        `<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>/StructParents ${page}/Contents ${text} 0 R/Annots[${links}]>>`,
      );
      const words = deflateSync(`BT /F1 12 Tf 72 720 Td (Page ${page} says a few words of its own.) Tj ET`);
      offsets[text] = position;
      write(`${text} 0 obj\n<</Filter/FlateDecode/Length ${words.length}>>\nstream\n`);
      write(words);
      write('\nendstream\nendobj\n');
      next = first;
      for (let i = 0; i < 4; i++)
        object(
          next++,
          `<</Type/Annot/Subtype/Link/Rect[${72 + i} ${100 * i} 200.5 ${100 * i + 14}]/Border[0 0 0]/A<</S/URI/URI(https://example.com/page/${page}/link/${i})>>>>`,
        );
      for (let i = 0; i < 3; i++) {
        bookmarks.push(next);
        object(
          next,
          `<</Title(Chapter ${page}.${i}: what the bookmark says)/Parent 3 0 R${bookmarkBefore(next, i)}/Next ${bookmarkBehind(next, i)} 0 R/Dest[${own} 0 R/XYZ 72 ${700 - 100 * i} null]>>`,
        );
        next++;
      }
      for (let i = 0; i < 9; i++) {
        elements.push(next);
        const alternative = i % 3 === 0 ? `/Alt(Figure ${i} of page ${page})` : '';
        object(next++, `<</Type/StructElem/S/P/P 4 0 R/Pg ${own} 0 R/K ${i}/Lang(en-GB)${alternative}>>`);
      }
    }
    object(2, `<</Type/Pages/Count ${pages}/Kids[${kids.join(' ')}]>>`);
    const [first, last] = [bookmarks[0], bookmarks.at(-1)];
    object(3, `<</Type/Outlines/First ${first} 0 R/Last ${last} 0 R/Count ${bookmarks.length}>>`);
    object(4, `<</Type/StructTreeRoot/K[${elements.map((number) => `${number} 0 R`).join(' ')}]>>`);
    const start = position;
    write(`xref\n0 ${offsets.length}\n0000000000 65535 f \n`);
    for (let number = 1; number < offsets.length; number++)
      write(`${String(offsets[number]).padStart(10, '0')} 00000 n \n`);
    write(`trailer\n<</Size ${offsets.length}/Root 1 0 R/ID[<00><00>]>>\nstartxref\n${start}\n%%EOF\n`);
    flush();
  } finally {
    closeSync(file);
  }
  return { objects: offsets.length - 1, bytes: position };
}

/** SHA-256 over the titles of the bookmarks in their order, and the text of their pages, whatever the objects are called. */
export async function hashOfSmallObjects(path) {
  const { pdfModule } = await libraryEntry('container');
  const { readPdf } = await pdfModule();
  const file = new Uint8Array(readFileSync(path));
  const document = await readPdf(memory(file));
  const hash = createHash('sha256');
  const root = await document.resolve(document.trailer.entries.get('Root'));
  const outlines = await document.resolve(root.entries.get('Outlines'));
  const last = outlines.entries.get('Last').number;
  for (let next = outlines.entries.get('First'); next !== undefined; ) {
    const bookmark = await document.resolve(next);
    hash.update(bookmark.entries.get('Title').bytes);
    const page = await document.resolve(bookmark.entries.get('Dest').items[0]);
    const { data } = await document.object(page.entries.get('Contents').number);
    hash.update(await data.read(0, data.size));
    next = next.number === last ? undefined : bookmark.entries.get('Next');
  }
  return hash.digest('hex');
}

const memory = (bytes) => ({
  size: bytes.length,
  seekable: true,
  read: (offset, length) => bytes.subarray(offset, offset + length),
  slice: (offset, length) =>
    memory(bytes.subarray(offset, length === undefined ? undefined : offset + length)),
});
