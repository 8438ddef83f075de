import { zipSync } from 'fflate';

// Documents made here, for what has to hold without real files at hand.

const main: Readonly<Record<string, readonly [part: string, type: string, xml: string]>> = {
  '.docx': [
    'word/document.xml',
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml',
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>Strictly between us</w:t></w:r></w:p></w:body></w:document>',
  ],
  '.xlsx': [
    'xl/workbook.xml',
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml',
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheets/></workbook>',
  ],
  '.pptx': [
    'ppt/presentation.xml',
    'application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml',
    '<p:presentation xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"/>',
  ],
};

const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';

/** A package of the smallest kind, with other parts if given. */
export function newPackage(
  extension: '.docx' | '.xlsx' | '.pptx',
  parts: Record<string, Uint8Array> = {},
): Uint8Array {
  const [part, type, xml] = main[extension] as readonly [string, string, string];
  const text = (content: string): Uint8Array => new TextEncoder().encode(head + content);
  return zipSync(
    {
      '[Content_Types].xml': text(
        `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="bin" ContentType="application/octet-stream"/><Override PartName="/${part}" ContentType="${type}"/></Types>`,
      ),
      '_rels/.rels': text(
        `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="${part}"/></Relationships>`,
      ),
      [part]: text(xml),
      ...parts,
    },
    { level: 0, mtime: '2026-01-01T00:00:00Z' },
  );
}

/** Bytes that do not compress and are the same each time. */
export function noise(length: number): Uint8Array {
  const words = new Uint32Array(Math.ceil(length / 4));
  let state = 0x9e3779b9;
  for (let i = 0; i < words.length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[i] = state;
  }
  return new Uint8Array(words.buffer, 0, length);
}
