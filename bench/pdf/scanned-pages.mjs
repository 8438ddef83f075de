// A PDF as a scanner makes it: one picture a page, which does not compress any more.
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, statSync, writeSync } from 'node:fs';
import { positionedContent } from '../measuring/content.mjs';
import { libraryEntry } from '../measuring/library.mjs';

/** Writes a PDF of `bytes` bytes, more or less, with pictures of `pictureBytes` each. */
export function writeScannedPages(path, bytes, pictureBytes) {
  const pages = Math.max(1, Math.round(bytes / pictureBytes));
  const content = positionedContent('scanned pages');
  const file = openSync(path, 'wx');
  const offsets = [];
  let position = 0;
  const write = (data) => {
    const chunk = typeof data === 'string' ? Buffer.from(data, 'latin1') : data;
    writeSync(file, chunk);
    position += chunk.length;
  };
  const begin = (number) => {
    offsets[number] = position;
    write(`${number} 0 obj\n`);
  };
  const stream = (number, keys, data) => {
    begin(number);
    write(`<<${keys}/Length ${data.length}>>stream\n`);
    write(data);
    write('\nendstream\nendobj\n');
  };
  try {
    write('%PDF-1.4\n%\xe2\xe3\xcf\xd3\n');
    begin(1);
    write('<</Type/Catalog/Pages 2 0 R>>\nendobj\n');
    const picture = Buffer.allocUnsafe(pictureBytes);
    for (let page = 0; page < pages; page++) {
      const first = 4 + 3 * page;
      begin(first);
      write(
        `<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</XObject<</Im ${first + 2} 0 R>>>>/Contents ${first + 1} 0 R>>\nendobj\n`,
      );
      stream(first + 1, '', Buffer.from('q 595 0 0 842 0 0 cm /Im Do Q'));
      content.fill(picture, page * pictureBytes);
      stream(
        first + 2,
        '/Type/XObject/Subtype/Image/Width 2480/Height 3508/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/DCTDecode',
        picture,
      );
    }
    begin(2);
    const kids = Array.from({ length: pages }, (_, page) => `${4 + 3 * page} 0 R`).join(' ');
    write(`<</Type/Pages/Count ${pages}/Kids[${kids}]>>\nendobj\n`);
    begin(3);
    write('<</Title(Scanned pages)>>\nendobj\n');
    const start = position;
    const entries = offsets.slice(1).map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`);
    write(`xref\n0 ${offsets.length}\n0000000000 65535 f \n${entries.join('')}`);
    write(
      `trailer\n<</Size ${offsets.length}/Root 1 0 R/Info 3 0 R/ID[<00><00>]>>\nstartxref\n${start}\n%%EOF\n`,
    );
  } finally {
    closeSync(file);
  }
  return { pages, bytes: position };
}

/** SHA-256 over the pictures of a PDF in the order of its pages, whatever their objects are called. */
export async function hashOfPictures(path) {
  const { pdfModule } = await libraryEntry('container');
  const { readPdf } = await pdfModule();
  const file = openSync(path, 'r');
  try {
    const document = await readPdf(fileSource(file, statSync(path).size));
    const get = async (dictionary, key) => document.resolve(dictionary?.entries.get(key));
    const catalog = await document.resolve(document.trailer.entries.get('Root'));
    const hash = createHash('sha256');
    for (const page of await pagesOf(document, catalog.entries.get('Pages'))) {
      const pictures = await get(await get(page, 'Resources'), 'XObject');
      const { data } = await document.object(pictures.entries.get('Im').number);
      for (let at = 0; at < data.size; at += 2 ** 20)
        hash.update(await data.read(at, Math.min(2 ** 20, data.size - at)));
    }
    return hash.digest('hex');
  } finally {
    closeSync(file);
  }
}

/** The pages under a node: other programs put many of them into a tree. */
async function pagesOf(document, reference) {
  const node = await document.resolve(reference);
  const kids = await document.resolve(node.entries.get('Kids'));
  if (kids === null) return [node];
  const pages = [];
  for (const kid of kids.items) pages.push(...(await pagesOf(document, kid)));
  return pages;
}

function fileSource(file, size) {
  const slice = (start, limit) => ({
    size: limit,
    seekable: true,
    read(offset, length) {
      const target = Buffer.alloc(Math.max(0, Math.min(length, limit - offset)));
      return target.subarray(0, readSync(file, target, 0, target.length, start + offset));
    },
    slice: (offset, length) => slice(start + offset, length ?? limit - offset),
  });
  return slice(0, size);
}
