// Writes test-vectors/rpmsg: protected messages under fixed keys, and files that must be refused.
// Independent of src/ on purpose, so that a mistake there cannot hide in the vectors.
// Usage: node tools/make-rpmsg-vectors.mjs

import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { constants, deflateSync } from 'node:zlib';
import { compoundFile, storage, stream } from './office-vectors/compound-file.mjs';
import { definitionStream, mapStream, primaryStream, versionStream } from './office-vectors/data-spaces.mjs';
import { encrypt } from './office-vectors/encrypt.mjs';

const folder = new URL('../test-vectors/rpmsg/', import.meta.url);
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
const license = Buffer.from('<?xml version="1.0"?><XrML version="1.2">a license for tests</XrML>');
const u8 = (value) => Buffer.of(value);
const u16 = (value) => Buffer.of(value & 255, value >> 8);
const u32 = (value) => Buffer.concat([u16(value & 0xffff), u16(value >>> 16)]);

/** spec/mail.md, "Storage". */
const binding = Buffer.concat(
  [Buffer.from('Sealwright mail 1'), license].flatMap((part) => [u32(part.length), part]),
);

/** spec/mail.md, "Attachments": a count in one byte, or in three. */
const count = (units) => (units < 255 ? u8(units) : Buffer.concat([u8(255), u16(units)]));
const ansi = (text) => Buffer.concat([count(text.length), Buffer.from(text, 'latin1')]);
const wide = (text) => Buffer.concat([count(text.length), Buffer.from(text, 'utf16le')]);
const description = ({ name, ansiName, contentId = '', method = 1, tail = Buffer.alloc(0) }) =>
  Buffer.concat([
    u16(0x0203),
    ...['', '', ansiName, ansiName, '', ''].map(ansi),
    Buffer.alloc(16),
    u32(method),
    ...[contentId, '', '', '', name, name, '', ''].map(wide),
    tail,
  ]);

const attachmentsOf = (files, listed = '') =>
  storage(
    'Attachment List',
    stream('Attachment Info', Buffer.concat([u32(files.length), wide(listed)])),
    ...files.map((file, number) =>
      storage(
        `MailAttachment ${number}`,
        stream('AttachDesc', description(file)),
        stream('AttachContents', file.content),
      ),
    ),
  );

const kinds = { plain: 1, html: 2, rtf: 3 };
const inside = ({ native, codePage, streams, files = [], listed }) =>
  compoundFile([
    stream('OutlookBodyStreamInfo', Buffer.concat([u16(kinds[native]), u32(codePage)])),
    ...Object.entries(streams).map(([name, bytes]) => stream(name, Buffer.from(bytes))),
    ...(files.length > 0 ? [attachmentsOf(files, listed)] : []),
  ]).bytes;

/** One stream that is flushed behind each block: each is packed with the bytes before it as the dictionary, which is the same. */
function envelope(bytes, { length = 4096, own = false } = {}) {
  const parts = [Buffer.from('76e80460c411e386', 'hex')];
  let before = Buffer.alloc(0);
  for (let at = 0; at < bytes.length; at += length) {
    const block = bytes.subarray(at, at + length);
    const packed = own
      ? deflateSync(block)
      : at === 0
        ? deflateSync(block, { level: 9, finishFlush: constants.Z_SYNC_FLUSH })
        : deflateSync(block, {
            level: 9,
            finishFlush: constants.Z_SYNC_FLUSH,
            dictionary: before,
          }).subarray(6);
    before = Buffer.from(bytes.subarray(Math.max(0, at + length - 32768), at + length));
    parts.push(u32(0xfa0), u32(block.length), u32(packed.length), packed);
  }
  return Buffer.concat(parts);
}

function rpmsg({ mode, keyLength = 32, message, packing, unit, change = (bytes) => bytes }) {
  const key = createHash('sha512').update(`key of ${mode}`).digest().subarray(0, keyLength);
  const plaintext = inside(message);
  const salt = createHash('sha256').update(`salt ${plaintext.length}`).digest();
  const content = encrypt(mode, key, plaintext, { binding, salt, unit });
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(plaintext.length));
  const outer = compoundFile([
    stream('\x09DRMContent', Buffer.concat([size, content])),
    storage(
      '\x06DataSpaces',
      stream('Version', versionStream()),
      stream('DataSpaceMap', mapStream([['\x09DRMContent', '\x09DRMDataSpace']])),
      storage('DataSpaceInfo', stream('\x09DRMDataSpace', definitionStream(['\x09DRMTransform']))),
      storage('TransformInfo', storage('\x09DRMTransform', stream('\x06Primary', primaryStream(license)))),
    ),
  ]).bytes;
  const { native, codePage, streams, files = [] } = message;
  return {
    bytes: change(envelope(outer, packing)),
    keyHex: key.toString('hex'),
    licensedCipherMode: mode,
    expect: {
      licenseSha256: sha256(license),
      inflatedSha256: sha256(outer),
      originalSize: plaintext.length,
      plaintextSha256: sha256(plaintext),
      native,
      codePage,
      bodies: Object.fromEntries(Object.entries(streams).map(([name, bytes]) => [name, sha256(bytes)])),
      attachments: files.map(({ name, ansiName, contentId, content, tail }) => ({
        name: name || ansiName,
        contentId: contentId ?? null,
        inline: tail !== undefined,
        sha256: sha256(content),
      })),
    },
  };
}

const bytesOf = (length) =>
  Buffer.from(Uint8Array.from({ length }, (_, i) => (i * 7 + (i >> 8) * 13 + 3) % 256));
const plain = { native: 'plain', codePage: 65001, streams: { 'BodyPT-HTML': 'Good morning, Grüße' } };
const html = {
  native: 'html',
  codePage: 1252,
  streams: { 'BodyPT-HTML': Buffer.from('<p>Gr\xfc\xdfe</p>', 'latin1') },
  files: [
    { name: 'Grüße.txt', ansiName: 'Gr__e.txt', content: Buffer.from('a') },
    { name: '', ansiName: 'old.txt', content: bytesOf(5000) },
    {
      name: `${'long '.repeat(60)}.png`,
      ansiName: 'long.png',
      contentId: 'logo@contoso.com',
      content: bytesOf(300),
      tail: Buffer.concat([Buffer.alloc(12), u32(1), u32(4)]),
    },
  ],
  listed: 'MailAttachment 0|MailAtt',
};
const japanese = {
  native: 'rtf',
  codePage: 932,
  streams: { BodyRTF: '{\\rtf1 a}', 'BodyPT-HTML': Buffer.from('3c703e93fa967b8cea3c2f703e', 'hex') },
};

const vectors = [];
const valid = (name, why, options) => vectors.push({ name, why, ...rpmsg(options) });
const refused = (name, why, error, options) =>
  vectors.push({ name, why, bytes: rpmsg(options).bytes, expect: { error } });
const modes = {
  ecb: { mode: 'MICROSOFT.ECB', keyLength: 16 },
  cbc4k: { mode: 'MICROSOFT.CBC4K' },
  'cbc4k-filled': { mode: 'MICROSOFT.CBC4K.NOPADDING' },
  cbc512: { mode: 'MICROSOFT.CBC512.NOPADDING' },
  gcm64k: { mode: 'SEALWRIGHT.GCM64K' },
};
for (const [name, mode] of Object.entries(modes)) valid(name, 'a plain text', { ...mode, message: plain });
const { cbc4k } = modes;
valid('html-and-attachments', 'names in both tables, long ones, a list of names that is cut', {
  ...cbc4k,
  message: html,
});
valid('rtf-japanese', 'RTF with its HTML in code page 932', { ...cbc4k, message: japanese });
valid('own-streams', 'a zlib stream in every block', { ...cbc4k, message: html, packing: { own: true } });
valid('large-blocks', 'blocks of 64 KiB', { ...cbc4k, message: html, packing: { length: 65536 } });
valid('appended', 'with bytes behind', {
  ...cbc4k,
  message: plain,
  change: (bytes) => Buffer.concat([bytes, Buffer.from('\r\n--end of the mail--\r\n')]),
});
refused('cut', 'ends within a block', 'MALFORMED_CONTAINER', {
  ...cbc4k,
  message: html,
  change: (bytes) => bytes.subarray(0, bytes.length - 100),
});
refused('no-block', 'nothing behind the first eight bytes', 'MALFORMED_CONTAINER', {
  ...cbc4k,
  message: plain,
  change: (bytes) => bytes.subarray(0, 8),
});
refused('other-start', 'begins like something else', 'NOT_PROTECTED', {
  ...cbc4k,
  message: plain,
  change: (bytes) => Buffer.concat([u8(0), bytes.subarray(1)]),
});
refused('endless-block', 'a block that claims 4 GB', 'LIMIT_EXCEEDED', {
  ...cbc4k,
  message: plain,
  change: (bytes) => Buffer.concat([bytes.subarray(0, 12), u32(0xffffffff), bytes.subarray(16)]),
});
refused('damaged-block', 'packed bytes that are none', 'MALFORMED_CONTAINER', {
  ...cbc4k,
  message: plain,
  change: (bytes) => Buffer.concat([bytes.subarray(0, 24), Buffer.alloc(40, 0xff), bytes.subarray(64)]),
});

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const listed = vectors.map(({ bytes, name, why, ...rest }) => {
  writeFileSync(new URL(`${name}.rpmsg`, folder), bytes);
  return { name, file: `${name}.rpmsg`, why, sha256: sha256(bytes), ...rest };
});
const manifest = {
  format: 'message.rpmsg',
  specification: 'spec/mail.md',
  note: 'Each file gives the facts under "expect", or the one error code there. Hashes are SHA-256.',
  license: license.toString(),
  vectors: listed,
};
writeFileSync(new URL('manifest.json', folder), `${JSON.stringify(manifest, null, 1)}\n`);
