// Writes test-vectors/property-sets/manifest.json, without the library.
// Run: node tools/make-property-set-vectors.mjs
import { Buffer } from 'node:buffer';
import { writeFileSync } from 'node:fs';

const formats = {
  summary: 'e0859ff2f94f6810ab9108002b27b3d9',
  document: '02d5cdd59c2e1b10939708002b2cf9ae',
  user: '05d5cdd59c2e1b10939708002b2cf9ae',
};

const u32 = (...values) => Buffer.concat(values.map((value) => Buffer.from(Uint32Array.of(value).buffer)));
const padded = (bytes) => Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);
const text = (string, page) =>
  Buffer.from(`${string}\0`, page === 1200 ? 'utf16le' : page === 65001 ? 'utf8' : 'latin1');

const codePage = (page) => [1, u32(2, page)];
const narrow = (id, string, page = 1252) => [
  id,
  Buffer.concat([u32(0x1e, text(string, page).length), padded(text(string, page))]),
];
const wide = (id, string) => [id, Buffer.concat([u32(0x1f, string.length + 1), padded(text(string, 1200))])];
function dictionary(names, page = 1252) {
  const entries = names.map(([id, name]) => {
    const bytes = text(name, page);
    return page === 1200
      ? Buffer.concat([u32(id, bytes.length / 2), padded(bytes)])
      : Buffer.concat([u32(id, bytes.length), bytes]);
  });
  return [0, padded(Buffer.concat([u32(names.length), ...entries]))];
}

/** A section; a third member of a property says that it follows without padding. */
function section(...properties) {
  const head = 8 + 8 * properties.length;
  const table = [];
  let values = Buffer.alloc(0);
  for (const [id, value, packed] of properties) {
    if (!packed) values = padded(values);
    table.push(u32(id, head + values.length));
    values = Buffer.concat([values, value]);
  }
  values = padded(values);
  return Buffer.concat([u32(head + values.length, properties.length), ...table, values]);
}

function stream(sections, filling = 0) {
  let offset = 28 + 20 * sections.length;
  const places = sections.map(([format, bytes]) => {
    const place = Buffer.concat([Buffer.from(formats[format], 'hex'), u32(offset)]);
    offset += bytes.length;
    return place;
  });
  return Buffer.concat([
    Buffer.from('feff000006000200', 'hex'),
    Buffer.alloc(16),
    u32(sections.length),
    ...places,
    ...sections.map(([, bytes]) => bytes),
    Buffer.alloc(filling),
  ]);
}

const id = '10000000-0000-4000-8000-000000000001';
const enabled = [`MSIP_Label_${id}_Enabled`, 'true'];
const named = [`MSIP_Label_${id}_Name`, 'Geschäftlich'];
const bare = ['document', section(codePage(1252))];
const own = ['user', section(dictionary([[2, 'Owner']]), codePage(1252), narrow(2, 'Records'))];
const blob = [2, Buffer.concat([u32(0x41, 4), Buffer.from('01020304', 'hex')])];
const packedList = [13, Buffer.concat([u32(0x101e, 1, 1), Buffer.of(0)])];
const afterList = [12, u32(3, 7), true];

const good = [
  [
    'code page 1252',
    stream([
      bare,
      [
        'user',
        section(
          dictionary([
            [2, enabled[0]],
            [3, named[0]],
          ]),
          codePage(1252),
          narrow(2, enabled[1]),
          narrow(3, named[1]),
        ),
      ],
    ]),
    [enabled, named],
  ],
  [
    'code page 1200: names padded, lengths in units',
    stream([
      bare,
      [
        'user',
        section(
          dictionary(
            [
              [2, 'Ort'],
              [3, 'Zeit'],
            ],
            1200,
          ),
          codePage(1200),
          narrow(2, 'Köln', 1200),
          narrow(3, '', 1200),
        ),
      ],
    ]),
    [
      ['Ort', 'Köln'],
      ['Zeit', ''],
    ],
  ],
  [
    'code page 65001',
    stream([
      bare,
      ['user', section(codePage(65001), dictionary([[2, '区分']], 65001), narrow(2, '機密', 65001))],
    ]),
    [['区分', '機密']],
  ],
  [
    'UTF-16 value in a section of code page 1252',
    stream([bare, ['user', section(dictionary([[2, 'Sensitivity']]), codePage(1252), wide(2, '機密'))]]),
    [['Sensitivity', '機密']],
  ],
  ["no section of a user's own", stream([bare]), []],
  [
    'value behind a list, at no multiple of four; zeros behind the last section',
    stream([['document', section(codePage(1252), packedList, afterList)]], 100),
    [],
  ],
  [
    'property that is no text, and one without a name',
    stream([
      bare,
      ['user', section(dictionary([[2, 'Picture']]), codePage(1252), blob, narrow(9, 'nameless'))],
    ]),
    [],
  ],
  [
    'number and truth value',
    stream([
      bare,
      [
        'user',
        section(
          dictionary([
            [2, 'Bits'],
            [3, 'Final'],
          ]),
          codePage(1252),
          [2, u32(3, 8)],
          [3, u32(0x0b, 0xffff)],
        ),
      ],
    ]),
    [
      ['Bits', '8'],
      ['Final', 'true'],
    ],
  ],
];

const changes = [
  [
    'a pair beside another one',
    stream([bare, own]),
    [['Owner', 'Records'], enabled],
    stream([
      bare,
      [
        'user',
        section(
          dictionary([
            [2, 'Owner'],
            [3, enabled[0]],
          ]),
          codePage(1252),
          narrow(2, 'Records'),
          narrow(3, enabled[1]),
        ),
      ],
    ]),
  ],
  [
    'a section where there was none',
    stream([bare]),
    [enabled],
    stream([bare, ['user', section(dictionary([[2, enabled[0]]]), codePage(1252), narrow(2, enabled[1]))]]),
  ],
  ['the last pair goes, and its section', stream([bare, own]), [], stream([bare])],
  [
    'what is no text stays, and keeps its identifier',
    stream([bare, ['user', section(dictionary([[2, 'Picture']]), codePage(1252), blob)]]),
    [enabled],
    stream([
      bare,
      [
        'user',
        section(
          dictionary([
            [2, 'Picture'],
            [3, enabled[0]],
          ]),
          codePage(1252),
          blob,
          narrow(3, enabled[1]),
        ),
      ],
    ]),
  ],
  [
    'a linked value goes with its property',
    stream([
      bare,
      [
        'user',
        section(
          dictionary([[2, 'Owner']]),
          codePage(1252),
          narrow(2, 'Records'),
          narrow(0x0100_0002, 'bookmark'),
        ),
      ],
    ]),
    [enabled],
    stream([bare, ['user', section(dictionary([[2, enabled[0]]]), codePage(1252), narrow(2, enabled[1]))]]),
  ],
  [
    'a character that the code page lacks',
    stream([bare, own]),
    [['Owner', '記録']],
    stream([bare, ['user', section(dictionary([[2, 'Owner']]), codePage(1252), wide(2, '記録'))]]),
  ],
  [
    'values at no multiple of four stay where they are',
    stream([['document', section(codePage(1252), packedList, afterList)]]),
    [enabled],
    stream([
      ['document', section(codePage(1252), packedList, afterList)],
      ['user', section(dictionary([[2, enabled[0]]]), codePage(1252), narrow(2, enabled[1]))],
    ]),
  ],
];

const patched = (at, value, base = stream([bare, own])) => {
  const bytes = Buffer.from(base);
  bytes.writeUInt32LE(value, at);
  return bytes;
};
const userAt = 0x44 + bare[1].length;
const damaged = [
  ['empty but for two bytes', Buffer.from('feff', 'hex'), 'MALFORMED_CONTAINER'],
  ['other byte order', patched(0, 0x0000_fffe + 0x100), 'MALFORMED_CONTAINER'],
  ['no section', patched(24, 0), 'MALFORMED_CONTAINER'],
  ['4 billion sections', patched(24, 0xffff_ffff), 'MALFORMED_CONTAINER'],
  ['section within the head', patched(44, 16), 'MALFORMED_CONTAINER'],
  ['section behind the end', patched(64, 0x7fff_ffff), 'MALFORMED_CONTAINER'],
  ['section longer than the stream', patched(userAt, 0x0100_0000), 'MALFORMED_CONTAINER'],
  ['4 billion properties', patched(userAt + 4, 0xffff_ffff), 'LIMIT_EXCEEDED'],
  ['more properties than fit', patched(userAt + 4, 1000), 'MALFORMED_CONTAINER'],
  ['value within the table', patched(userAt + 12, 8), 'MALFORMED_CONTAINER'],
  ['two values in one place', patched(userAt + 20, 0x20), 'MALFORMED_CONTAINER'],
  ['one identifier twice', patched(userAt + 16, 2), 'MALFORMED_CONTAINER'],
  ['4 billion names', patched(userAt + 0x20, 0xffff_ffff), 'LIMIT_EXCEEDED'],
  ['name of 4 billion bytes', patched(userAt + 0x28, 0xffff_ffff), 'MALFORMED_CONTAINER'],
];

const manifest = {
  note: 'Streams as hexadecimal. "read": the properties of a user\'s own. "change": the stream after these became the text properties. "refuse": the error code.',
  read: good.map(([why, bytes, properties]) => ({ why, stream: bytes.toString('hex'), properties })),
  change: changes.map(([why, before, properties, after]) => ({
    why,
    before: before.toString('hex'),
    properties,
    after: after.toString('hex'),
  })),
  refuse: damaged.map(([why, bytes, code]) => ({ why, stream: bytes.toString('hex'), code })),
};
const target = new URL('../test-vectors/property-sets/manifest.json', import.meta.url);
writeFileSync(target, `${JSON.stringify(manifest, null, 1)}\n`);
