// Writes test-vectors/pfile: small PFILEs, valid and hostile, and what a reader must make of each.
// Independent of src/ on purpose, so that a mistake there cannot hide in the vectors.
// Usage: node tools/make-pfile-vectors.mjs

import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../test-vectors/pfile/', import.meta.url));
const ascii = (text) => Buffer.from(text, 'latin1');
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
const unknown = 0xffffffffffffffffn;

const license = ascii('<?xml version="1.0"?><XrML version="1.2">a license for tests</XrML>');
const content = Buffer.from(Array.from({ length: 32 }, (_, i) => (i * 37 + 11) & 0xff));
const notice = ascii('\r\nThis file is protected.\r\n');

/** Parts back to back in the given order, then single fields overwritten by `patch`. */
function pfile(options = {}) {
  const o = {
    magic: '.pfile',
    version: [3, 0],
    notice,
    extension: ascii('.txt'),
    license,
    metadata: Buffer.alloc(0),
    size: 20n,
    order: ['extension', 'license', 'metadata'],
    gap: 0,
    content,
    patch: {},
    ...options,
  };
  const later = o.version[0] > 2 || (o.version[0] === 2 && o.version[1] >= 1);
  const tableSize = o.tableSize ?? (later ? 40 : 24);
  const tableOffset = 18 + o.notice.length;
  let end = tableOffset + tableSize;
  const fields = {};
  const parts = [];
  for (const name of o.order) {
    if (name === 'metadata' && !later) continue;
    parts.push(Buffer.alloc(o.gap, 0xee), o[name]);
    fields[name] = { offset: end + o.gap, length: o[name].length };
    end += o.gap + o[name].length;
  }
  const f = {
    tableSize,
    extensionOffset: fields.extension.offset,
    extensionLength: fields.extension.length,
    licenseOffset: fields.license.offset,
    licenseLength: fields.license.length,
    contentOffset: end,
    size: o.size,
    metadataOffset: fields.metadata?.offset ?? 0,
    metadataLength: fields.metadata?.length ?? 0,
    noticeLength: o.notice.length,
    ...o.patch,
  };
  const head = Buffer.alloc(18);
  head.write(o.magic, 0, 'latin1');
  head.writeUInt32LE(o.version[0], 6);
  head.writeUInt32LE(o.version[1], 10);
  head.writeUInt32LE(f.noticeLength, 14);
  const table = Buffer.alloc(tableSize);
  const words = [
    'tableSize',
    'extensionOffset',
    'extensionLength',
    'licenseOffset',
    'licenseLength',
    'contentOffset',
  ];
  for (const [i, name] of words.entries()) table.writeUInt32LE(f[name], 4 * i);
  if (later) {
    table.writeBigUInt64LE(f.size, 24);
    table.writeUInt32LE(f.metadataOffset, 32);
    table.writeUInt32LE(f.metadataLength, 36);
  }
  const bytes = Buffer.concat([head, o.notice, table, ...parts, o.content]);
  const expect = {
    formatVersion: o.version.join('.'),
    noticeLength: o.notice.length,
    tableOffset,
    tableSize,
    storedExtension: o.extension.toString('hex'),
    originalExtension: o.safe === undefined ? o.extension.toString('utf8') : o.safe,
    licenseOffset: f.licenseOffset,
    licenseSha256: sha256(o.license),
    storedOriginalSize: later ? String(f.size) : null,
    originalSize: !later || f.size === 0n || f.size === unknown ? null : Number(f.size),
    metadataSha256: later ? sha256(o.metadata) : sha256(''),
    contentOffset: f.contentOffset,
    contentLength: o.content.length,
    contentSha256: sha256(o.content),
    ecbIsReadAs: o.version[0] <= 2 ? 'MICROSOFT.CBC4K' : 'MICROSOFT.ECB',
  };
  return { bytes, expect };
}

const metadata = ascii('<x:xmpmeta xmlns:x="adobe:ns:meta/"/>\0\0\0');
const vectors = [];
const valid = (name, why, options) => vectors.push({ name, why, ...pfile(options) });
const refused = (name, why, error, input) =>
  vectors.push({ name, why, bytes: Buffer.isBuffer(input) ? input : pfile(input).bytes, expect: { error } });

valid('v2.0', 'no original size and no metadata field', { version: [2, 0] });
valid('v2.1', 'the smallest table with all fields', { version: [2, 1], metadata: Buffer.alloc(1024) });
valid('v2.1-table-48', 'eight reserved bytes, size 0 over content that is not empty', {
  version: [2, 1],
  tableSize: 48,
  size: 0n,
  metadata,
});
valid('v2.7', 'an unknown minor version of 2 is read like 2.1', { version: [2, 7], metadata });
valid('v3.0', 'what current writers make', {});
valid('v3.0-size-unknown', 'original size all ones', { size: unknown });
valid('v3.0-size-over-4-gib', 'original size needs more than 32 bits', { size: 0x1_0000_0001n });
valid('v3.255', 'the largest minor version that is one', { version: [3, 255] });
valid('v3.0-no-notice', 'the notice may be empty', { notice: Buffer.alloc(0) });
valid('v3.0-no-extension', 'a file without extension', { extension: Buffer.alloc(0) });
valid('v3.0-table-96', 'a table of a later writer', { tableSize: 96 });
valid('v3.0-other-order', 'metadata first, extension last', {
  metadata,
  order: ['metadata', 'license', 'extension'],
});
valid('v3.0-gaps', 'bytes between the parts that belong to none', { gap: 5, metadata });
valid('v3.0-empty-metadata-at-0', 'an empty part may have any offset before the content', {
  patch: { metadataOffset: 0 },
});
valid('v3.0-license-with-nul', 'the license is kept to the byte', {
  license: Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), license, Buffer.alloc(1)]),
});
valid('v3.0-content-not-whole-blocks', 'the length of the content is for the cipher mode to judge', {
  content: content.subarray(0, 17),
});
valid('v3.0-extension-non-ascii', 'extensions are UTF-8', { extension: Buffer.from('.документ', 'utf8') });
for (const [name, extension] of [
  ['path', '/../x'],
  ['backslash', '.a\\b'],
  ['drive', '.a:b'],
  ['nul', '.tx\0t'],
  ['bare-dot', '.'],
  ['two-dots', '..txt'],
  ['dot-at-the-end', '.txt.'],
  ['space-at-the-end', '.txt '],
  ['no-dot', 'txt'],
  ['long', `.${'x'.repeat(33)}`],
])
  valid(`v3.0-unsafe-extension-${name}`, 'kept, never used in a file name', {
    extension: ascii(extension),
    safe: null,
  });
valid('v3.0-unsafe-extension-bidi', 'kept, never used in a file name', {
  extension: Buffer.from('.\u202etxt', 'utf8'),
  safe: null,
});
valid('v3.0-unsafe-extension-not-utf8', 'kept, never used in a file name', {
  extension: Buffer.from([0x2e, 0xff, 0xfe]),
  safe: null,
});

refused('empty', 'nothing at all', 'NOT_PROTECTED', Buffer.alloc(0));
refused(
  'text',
  'a text under a protected name',
  'NOT_PROTECTED',
  ascii('Nothing here is protected, whatever the name says.\n'),
);
refused(
  'text-that-starts-with-the-magic',
  'the version numbers tell',
  'NOT_PROTECTED',
  ascii('.pfile is how such files begin.\n'),
);
refused('magic-only', 'six bytes prove nothing', 'NOT_PROTECTED', ascii('.pfile'));
refused('magic-in-capitals', 'the signature is compared with case', 'NOT_PROTECTED', { magic: '.PFILE' });
refused('v256.0', 'such a version is not a version', 'NOT_PROTECTED', { version: [256, 0] });
refused('v3.256', 'such a version is not a version', 'NOT_PROTECTED', { version: [3, 256] });
for (const version of [
  [0, 1],
  [1, 0],
  [4, 0],
  [255, 255],
])
  refused(`v${version.join('.')}`, 'no layout is published', 'UNSUPPORTED_VERSION', { version });

const whole = pfile({ metadata }).bytes;
const offsets = pfile({ metadata }).expect;
const cut = (name, length) =>
  refused(`cut-${name}`, 'the file ends too early', 'MALFORMED_CONTAINER', whole.subarray(0, length));
cut('in-the-version', 9);
cut('in-the-notice', 30);
cut('in-the-table', offsets.tableOffset + 30);
cut('in-the-license', offsets.licenseOffset + 10);
cut('before-the-content', offsets.contentOffset);

const damage = (name, patch, options = {}) =>
  refused(name, 'a field that does not fit', 'MALFORMED_CONTAINER', { ...options, patch });
const excess = (name, patch) => refused(name, 'a field beyond its limit', 'LIMIT_EXCEEDED', { patch });
damage('notice-past-the-end', { noticeLength: 60_000 });
excess('notice-too-long', { noticeLength: 65_537 });
excess('notice-of-4-gib', { noticeLength: 0xffffffff });
damage('table-of-0-bytes', { tableSize: 0 });
damage('table-of-23-bytes', { tableSize: 23 }, { version: [2, 0] });
damage('table-of-39-bytes', { tableSize: 39 });
damage('table-past-the-end', { tableSize: 4000 });
excess('table-of-4-gib', { tableSize: 0xffffffff });
damage('extension-in-the-table', { extensionOffset: 20 });
damage('extension-far-away', { extensionOffset: 0xffffffff });
excess('extension-of-4-gib', { extensionLength: 0xffffffff });
damage('license-missing', { licenseLength: 0 });
damage('license-over-the-extension', { licenseOffset: offsets.licenseOffset - 1 });
damage('license-that-wraps-at-4-gib', { licenseOffset: 0xfffffff0, licenseLength: 0x20 });
damage('license-into-the-content', { licenseLength: license.length + 1 });
excess('license-too-long', { licenseLength: 1024 * 1024 + 1 });
damage('metadata-over-the-license', { metadataOffset: offsets.licenseOffset, metadataLength: 1 });
damage('metadata-far-away', { metadataOffset: 0xf0000000, metadataLength: 16 });
damage('metadata-empty-but-far-away', { metadataOffset: 0xf0000000 });
excess('metadata-too-long', { metadataLength: 0x80000000 });
damage('content-at-0', { contentOffset: 0 });
damage('content-in-the-table', { contentOffset: offsets.tableOffset + 8 });
damage('content-over-the-license', { contentOffset: offsets.licenseOffset + 4 });
damage('content-past-the-end', { contentOffset: 100_000 });
excess('content-too-far-away', { contentOffset: 0xffffffff });
damage('size-beyond-any-file', { size: 1n << 53n });

mkdirSync(folder, { recursive: true });
for (const name of readdirSync(folder)) if (name.endsWith('.bin')) rmSync(folder + name);
const manifest = {
  format: 'PFILE',
  specification: 'spec/pfile.md',
  note: 'Each file gives the facts under "expect", or the one error code there. Hashes are SHA-256, absent facts null.',
  vectors: vectors.map(({ name, why, bytes, expect }) => {
    const file = `${name}.bin`;
    writeFileSync(folder + file, bytes);
    return { name, file, why, sha256: sha256(bytes), expect };
  }),
};
writeFileSync(`${folder}manifest.json`, `${JSON.stringify(manifest, null, 2)}\n`);
