import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { concatBytes, encodeUtf8, memorySource } from '../../src/bytes/index.ts';
import { compoundFileSource, layoutCompoundFile } from '../../src/container/compound-file/layout.ts';
import type { NewStorage, NewStream } from '../../src/container/compound-file/new-compound-file.ts';
import { protect } from '../../src/index.ts';
import { changeLabels, type NewLabel } from '../../src/label/index.ts';
import { fuzzAuthority } from './fuzz-authority.ts';
import { folders } from './samples.ts';
import { wholeSource } from './whole-source.ts';

// Makes the Office part of the corpus with the key that is there: Office documents, protected and labelled, images with
// labels, compound files of both versions.

const folder = join(folders.corpus, 'office');
mkdirSync(folder, { recursive: true });
const write = (name: string, bytes: Uint8Array): void => writeFileSync(join(folder, name), bytes);

const label: NewLabel = {
  id: '20000000-0000-4000-8000-000000000002',
  siteId: '30000000-0000-4000-8000-000000000003',
  name: 'Confidential',
  method: 'Privileged',
  contentBits: 8,
  setDate: new Date('2026-05-04T10:00:00Z'),
};
const labelled = async (bytes: Uint8Array): Promise<Uint8Array> =>
  wholeSource(await changeLabels(memorySource(bytes), { set: label }));

const compound = (entries: readonly (NewStorage | NewStream)[], version?: 3 | 4): Promise<Uint8Array> =>
  wholeSource(compoundFileSource(layoutCompoundFile({ entries }, { version })));
const stream = (name: string, length: number): NewStream => ({
  kind: 'stream',
  name,
  content: Uint8Array.from({ length }, (_, i) => (i * 31 + length) & 0xff),
});

const tree = [
  stream('empty', 0),
  stream('mini', 100),
  stream('just mini', 4095),
  stream('regular', 4096),
  {
    kind: 'storage' as const,
    name: 'a storage',
    entries: [
      stream('larger', 9000),
      { kind: 'storage' as const, name: 'deeper', entries: [stream('mini', 65)] },
    ],
  },
];
write('compound-v3.bin', await compound(tree, 3));
write('compound-v4.bin', await compound(tree, 4));

const part = (xml: string): Uint8Array => encodeUtf8(`<?xml version="1.0" encoding="UTF-8"?>${xml}`);
const office = 'http://schemas.openxmlformats.org';
const document = zipSync(
  {
    '[Content_Types].xml': part(
      `<Types xmlns="${office}/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
    ),
    '_rels/.rels': part(
      `<Relationships xmlns="${office}/package/2006/relationships"><Relationship Id="rId1" Type="${office}/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`,
    ),
    'word/document.xml': part(
      `<w:document xmlns:w="${office}/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>Strictly between us</w:t></w:r></w:p></w:body></w:document>`,
    ),
  },
  { level: 6, mtime: '2026-05-04T10:00:00Z' },
);
/** A document of Word 97-2003 as far as anybody here looks into it, [MS-DOC] 2.5.2. */
const oldDocument = await compound([
  {
    kind: 'stream',
    name: 'WordDocument',
    content: concatBytes([Uint8Array.of(0xec, 0xa5, 0xc1, 0), new Uint8Array(600)]),
  },
  stream('1Table', 300),
]);
const labelledDocument = await labelled(document);
write('labelled.docx', labelledDocument);
write('labelled.doc', await labelled(oldDocument));

const service = (await fuzzAuthority()).as('alice@contoso.com');
const policy = { grants: [{ to: 'bob@contoso.com', rights: ['VIEW'] }] };
const protectAs = async (
  name: string,
  bytes: Uint8Array,
  cipherMode: 'MICROSOFT.CBC4K' | 'MICROSOFT.ECB' | 'SEALWRIGHT.GCM64K',
) => (await protect(bytes, { service, policy, name, cipherMode })).bytes();
write('gcm64k.docx', await protectAs('a.docx', labelledDocument, 'SEALWRIGHT.GCM64K'));
write('cbc4k.xlsx', await protectAs('a.xlsx', document, 'MICROSOFT.CBC4K'));
write('ecb.doc', await protectAs('a.doc', await labelled(oldDocument), 'MICROSOFT.ECB'));

// One dot each, of the fewest bytes that are a whole image.
const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const images = {
  'labelled.gif': '474946383961 0100 0100 80 00 00 000000 ffffff 2c 0000 0000 0100 0100 00 02 02 4401 00 3b',
  'labelled.png':
    '89504e470d0a1a0a 0000000d 49484452 00000001 00000001 08 00 00 00 00 3a7e9b55 0000000a 49444154 789c636000000002000148afa471 00000000 49454e44 ae426082',
  'labelled.jpg':
    'ffd8 ffe0 0010 4a464946 00 0101 00 0001 0001 00 00 ffdb 0043 00 ' +
    `${'01'.repeat(64)} ffc0 000b 08 0001 0001 01 01 11 00 ffc4 0014 00 ${'01'}${'00'.repeat(15)} 00 ffda 0008 01 01 00 00 3f 00 7f ffd9`,
  'labelled.tif':
    '49492a00 0a000000 ff00 0900 0001 0300 01000000 01000000 0101 0300 01000000 01000000 0201 0300 01000000 08000000 0301 0300 01000000 01000000 0601 0300 01000000 01000000 1101 0400 01000000 08000000 1501 0300 01000000 01000000 1601 0300 01000000 01000000 1701 0400 01000000 01000000 00000000',
};
for (const [name, bytes] of Object.entries(images)) write(name, await labelled(hex(bytes)));
console.log(`Wrote ${folder}.`);
