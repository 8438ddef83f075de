import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { telling } from './telling.test-support.ts';

// PDFs put together byte by byte: changed by appending, with damaged cross-references, of nothing but pictures.

/** A document that was changed by appending, twice, by nothing but its bytes. */
export function madeByAppending(folder: string): readonly string[] {
  const path = join(folder, 'appended.pdf');
  writeFileSync(path, appended());
  const damaged = join(folder, 'damaged-references.pdf');
  // Off by two: as if line ends had been changed on the way.
  writeFileSync(
    damaged,
    Buffer.from(
      appended()
        .toString('latin1')
        .replace(/startxref\n\d+/g, 'startxref\n7'),
      'latin1',
    ),
  );
  return ['appended.pdf', 'damaged-references.pdf'];
}

function appended(): Buffer {
  const { word, title, author } = telling;
  let file = '%PDF-1.4\n%\u00e2\u00e3\u00cf\u00d3\n';
  let previous = 0;
  const section = (objects: Readonly<Record<number, string>>): void => {
    const lines = ['0 1\n0000000000 65535 f \n'];
    for (const [number, body] of Object.entries(objects)) {
      lines.push(`${number} 1\n${String(file.length).padStart(10, '0')} 00000 n \n`);
      file += `${number} 0 obj\n${body}\nendobj\n`;
    }
    const start = file.length;
    const before = previous === 0 ? '' : `/Prev ${previous}`;
    file += `xref\n${lines.join('')}trailer\n<</Size 8/Root 1 0 R/Info 6 0 R${before}>>\nstartxref\n${start}\n%%EOF\n`;
    previous = start;
  };
  const contents = (text: string): string => {
    const drawing = `BT /F1 24 Tf 40 100 Td (${text}) Tj ET 0 0.5 0 rg 40 40 120 20 re f`;
    return `<</Length ${drawing.length}>>stream\r\n${drawing}\r\nendstream`;
  };
  section({
    1: '<</Type/Catalog/Pages 2 0 R>>',
    2: '<</Type/Pages/Count 1/Kids[3 0 R]/MediaBox[0 0 300 200]>>',
    3: '<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>',
    4: contents(`${word} at first`),
    5: '<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>',
    6: `<</Title(${title})/Author<${Buffer.from(author, 'latin1').toString('hex')}>>>`,
  });
  section({ 4: contents(`${word} changed`) });
  section({
    3: '<</Type/Page/Parent 2 0 R/Contents 4 0 R/Annots[7 0 R]/Resources<</Font<</F1 5 0 R>>>>>>',
    7: `<</Type/Annot/Subtype/Link/Rect[40 90 200 130]/Border[0 0 1]/A<</S/URI/URI(https://${word}.example/\\(x\\))>>>>`,
  });
  return Buffer.from(file, 'latin1');
}

/** Pictures as pages, the way scanners save them: JPEG data as it is, and raw samples. */
export function madeOfPictures(folder: string, jpeg: Uint8Array | undefined): readonly string[] {
  const names: string[] = [];
  const save = (name: string, dictionary: string, data: Uint8Array): void => {
    writeFileSync(join(folder, name), picturePage(dictionary, data));
    names.push(name);
  };
  if (jpeg !== undefined)
    save(
      'picture-jpeg.pdf',
      '/Width 420 /Height 300 /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode',
      jpeg,
    );
  const raw = Uint8Array.from({ length: 60 * 40 * 3 }, (_, i) => (i * 7 + ((i / 180) | 0) * 5) & 0xff);
  save('picture-raw.pdf', '/Width 60 /Height 40 /ColorSpace /DeviceRGB /BitsPerComponent 8', raw);
  const bits = Uint8Array.from({ length: 8 * 64 }, (_, i) => (i * 37) & 0xff);
  save('picture-bits.pdf', '/Width 64 /Height 64 /ImageMask true /BitsPerComponent 1 /Decode [1 0]', bits);
  return names;
}

function picturePage(dictionary: string, data: Uint8Array): Buffer {
  const parts: Buffer[] = [];
  const offsets: number[] = [];
  let length = 0;
  const add = (part: string | Uint8Array): void => {
    const bytes = typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part);
    parts.push(bytes);
    length += bytes.length;
  };
  add('%PDF-1.5\r');
  const drawing = 'q 200 0 0 150 10 10 cm /I Do Q';
  const objects: readonly (readonly (string | Uint8Array)[])[] = [
    ['<</Type/Catalog/Pages 2 0 R>>'],
    ['<</Type/Pages/Count 1/Kids[3 0 R]>>'],
    ['<</Type/Page/Parent 2 0 R/MediaBox[0 0 220 170]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>>'],
    [`<</Length ${drawing.length}>>\rstream\r\n${drawing}\rendstream`],
    [`<</Type/XObject/Subtype/Image ${dictionary}/Length ${data.length}>>\rstream\n`, data, '\rendstream'],
  ];
  objects.forEach((body, i) => {
    offsets.push(length);
    add(`${i + 1} 0 obj\r`);
    for (const part of body) add(part);
    add('\rendobj\r');
  });
  const start = length;
  const lines = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n\r\n`).join('');
  add(`xref\r0 ${objects.length + 1}\r0000000000 65535 f\r\n${lines}`);
  add(`trailer\r<</Size ${objects.length + 1}/Root 1 0 R>>\rstartxref\r${start}\r%%EOF\r`);
  return Buffer.concat(parts);
}
