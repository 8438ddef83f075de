// Writes test-vectors/office: protected Office files under fixed keys, and files that must be refused.
// Independent of src/ on purpose, so that a mistake there cannot hide in the vectors.
// Usage: node tools/make-office-vectors.mjs

import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { compoundFile, storage, stream } from './office-vectors/compound-file.mjs';
import {
  binding,
  definitionStream,
  mapStream,
  primaryStream,
  useLicenseStream,
  versionStream,
} from './office-vectors/data-spaces.mjs';
import { encrypt } from './office-vectors/encrypt.mjs';

const folder = new URL('../test-vectors/office/', import.meta.url);
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
const plaintextOf = (length) =>
  Buffer.from(Uint8Array.from({ length }, (_, i) => (i * 7 + Math.floor(i / 256) * 13 + 3) % 256));
const license = Buffer.from('<?xml version="1.0"?><XrML version="1.2">a license for tests</XrML>');

const packageNames = {
  content: 'EncryptedPackage',
  space: 'DRMEncryptedDataSpace',
  transform: 'DRMEncryptedTransform',
};
const binaryNames = { content: '\x09DRMContent', space: '\x09DRMDataSpace', transform: '\x09DRMTransform' };

/** A file, and what must be read from it. Every part can be given another way. */
function office(options) {
  const o = {
    names: packageNames,
    version: 3,
    mode: 'MICROSOFT.ECB',
    keyLength: 32,
    plaintextLength: 5000,
    unit: undefined,
    statedSize: undefined,
    licensed: undefined,
    readAs: undefined,
    license,
    primary: {},
    reader: [1, 0],
    labelInfo: undefined,
    useLicenses: [],
    others: [],
    mapped: undefined,
    backwards: undefined,
    ...options,
  };
  const { names, mode } = o;
  const key = createHash('sha512').update(`key of ${mode}`).digest().subarray(0, o.keyLength);
  const plaintext = plaintextOf(o.plaintextLength);
  const bound = binding(names.content, o.license);
  const salt = createHash('sha256').update(`salt ${o.plaintextLength}`).digest();
  const content = encrypt(mode, key, plaintext, { binding: bound, salt, unit: o.unit });
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(o.statedSize ?? BigInt(plaintext.length));
  const file = compoundFile(
    [
      ...o.others,
      stream(names.content, Buffer.concat([size, content])),
      storage(
        '\x06DataSpaces',
        stream('Version', versionStream(o.reader)),
        stream('DataSpaceMap', mapStream([[o.mapped ?? names.content, names.space]])),
        storage('DataSpaceInfo', stream(names.space, definitionStream([names.transform]))),
        storage(
          'TransformInfo',
          storage(
            names.transform,
            stream('\x06Primary', primaryStream(o.license, o.primary)),
            ...o.useLicenses.map(({ streamName, userId, chain }) =>
              stream(streamName, useLicenseStream(userId, chain)),
            ),
          ),
          ...(o.labelInfo === undefined ? [] : [stream('LabelInfo', o.labelInfo)]),
        ),
      ),
    ],
    { version: o.version, backwards: o.backwards },
  );
  const licensed = o.licensed ?? mode;
  return {
    bytes: file.bytes,
    keyHex: key.toString('hex'),
    licensedCipherMode: licensed,
    expect: {
      formatVersion: '1.0',
      contentStream: names.content,
      licenseSha256: sha256(o.license),
      labelInfoSha256: sha256(o.labelInfo ?? ''),
      useLicenses: o.useLicenses.map(({ streamName, userId, chain }) => ({
        streamName,
        userId,
        licenseSha256: sha256(chain),
      })),
      originalSize: plaintext.length,
      contentOffset: file.starts.get(names.content) + 8,
      contentLength: content.length,
      contentSha256: sha256(content),
      bindingSha256: sha256(bound),
      decryptedAs: o.readAs ?? licensed,
      plaintextSha256: sha256(plaintext),
    },
  };
}

const vectors = [];
const valid = (name, why, options) => vectors.push({ name, why, ...office(options) });
const refused = (name, why, error, input) =>
  vectors.push({ name, why, bytes: Buffer.isBuffer(input) ? input : office(input).bytes, expect: { error } });

const modes = {
  ecb: { mode: 'MICROSOFT.ECB', keyLength: 16 },
  cbc4k: { mode: 'MICROSOFT.CBC4K' },
  'cbc4k-filled': { mode: 'MICROSOFT.CBC4K.NOPADDING' },
  cbc512: { mode: 'MICROSOFT.CBC512.NOPADDING' },
  gcm64k: { mode: 'SEALWRIGHT.GCM64K' },
};
for (const [name, mode] of Object.entries(modes)) {
  valid(`package-${name}-v3`, 'content in sectors of 512 bytes', mode);
  valid(`package-${name}-v4`, 'content in sectors of 4096 bytes', { ...mode, version: 4 });
  valid(`binary-${name}-v3`, 'content in the mini stream, unless it is filled', {
    ...mode,
    names: binaryNames,
    plaintextLength: 300,
  });
  valid(`binary-${name}-v4`, 'the same in sectors of 4096 bytes', {
    ...mode,
    names: binaryNames,
    plaintextLength: 300,
    version: 4,
  });
}

const cbc4kFilled = { mode: 'MICROSOFT.CBC4K.NOPADDING', licensed: 'MICROSOFT.CBC4K' };
const noPadding = 'MICROSOFT.CBC4K.NOPADDING';
valid('cbc4k-licensed-but-filled', 'the license says CBC4K, the content is filled to whole blocks of 4096', {
  ...cbc4kFilled,
  readAs: noPadding,
});
valid('cbc4k-licensed-but-whole', 'a document of whole blocks, with no padding behind it', {
  ...cbc4kFilled,
  readAs: noPadding,
  plaintextLength: 8192,
});
valid('cbc4k-ambiguous-padded', '4085 bytes: padding and filling end at the same byte; here it is padding', {
  mode: 'MICROSOFT.CBC4K',
  readAs: noPadding,
  plaintextLength: 4085,
});
valid('cbc4k-ambiguous-filled', '4085 bytes: padding and filling end at the same byte; here it is filling', {
  ...cbc4kFilled,
  readAs: noPadding,
  plaintextLength: 4085,
});
valid('cbc4k-4080', 'padding of a whole block of the cipher ends a block of 4096', {
  mode: 'MICROSOFT.CBC4K',
  readAs: noPadding,
  plaintextLength: 4080,
});
valid('cbc4k-4096', 'padding behind a whole block of 4096', {
  mode: 'MICROSOFT.CBC4K',
  plaintextLength: 4096,
});
valid('ecb-filled-4096', 'filled further than needed: the stored size counts', { unit: 4096 });
valid('envelope', 'names of an XPS envelope, a map in another case, bytes behind the license', {
  names: { content: 'EncryptedPackage', space: '127637873429774043', transform: 'EncryptionTransform' },
  mapped: 'encryptedpackage',
  license: Buffer.from('This is no XrML'),
  primary: { trailing: 141 },
});
valid('labels-and-use-licenses', 'what else stands in the clear', {
  labelInfo: Buffer.from('<?xml version="1.0" encoding="utf-8"?><labelList/>'),
  useLicenses: [
    {
      streamName: 'EUL-ETRHA1143ZLUDD412YTI3M5CTZ',
      userId: 'Windows:user@contoso.com',
      chain: Buffer.from(
        '<?xml version="1.0"?><CERTIFICATECHAIN><CERTIFICATE>PAA+AA==</CERTIFICATE></CERTIFICATECHAIN>',
      ),
    },
  ],
  others: [stream('\x05SummaryInformation', Buffer.alloc(48)), storage('MsoDataStore')],
});
valid('content-backwards', 'the sectors of the content stand in the file last to first', {
  plaintextLength: 9000,
  backwards: 'EncryptedPackage',
});
valid('transform-in-lower-case', 'class ids have no case', {
  primary: { id: '{c73dfacd-061f-43b0-8b64-0c620d2a8b50}' },
});

const small = { plaintextLength: 100 };
refused('newer-version', 'readers of version 1.1 are asked for', 'UNSUPPORTED_VERSION', {
  ...small,
  reader: [1, 1],
});
refused('newer-transform', 'readers of version 2.0 are asked for', 'UNSUPPORTED_VERSION', {
  ...small,
  primary: { reader: [2, 0] },
});
refused('unknown-transform', 'a class id nobody knows', 'UNSUPPORTED_FORMAT', {
  ...small,
  primary: { id: '{01234567-89AB-CDEF-0123-456789ABCDEF}' },
});
refused('password', 'encrypted with a password', 'UNSUPPORTED_FORMAT', {
  ...small,
  primary: { id: '{FF9A3F03-56EF-4613-BDD5-5A41C1D07246}' },
  others: [stream('EncryptionInfo', Buffer.alloc(224))],
});
refused('empty-license', 'nobody can be asked for the key', 'MALFORMED_CONTAINER', {
  ...small,
  license: Buffer.alloc(0),
});
refused('map-names-nothing', 'the stream in the map is not there', 'MALFORMED_CONTAINER', {
  ...small,
  mapped: 'Elsewhere',
});
refused('size-beyond-content', 'the document would be longer than its content', 'MALFORMED_CONTAINER', {
  ...small,
  statedSize: 113n,
});
refused('size-64-bit', 'a size that is all ones', 'MALFORMED_CONTAINER', {
  ...small,
  statedSize: 2n ** 64n - 1n,
});
refused('license-too-large', 'a license of more than 1 MiB', 'LIMIT_EXCEEDED', {
  ...small,
  // Only its length says so.
  primary: { claimed: 2 ** 21 },
});
refused(
  'half',
  'cut in the middle',
  'MALFORMED_CONTAINER',
  (() => {
    const { bytes } = office({});
    return bytes.subarray(0, bytes.length >> 1);
  })(),
);
refused(
  'plain',
  'a compound file that is not protected',
  'NOT_PROTECTED',
  compoundFile([stream('WordDocument', Buffer.alloc(100))]).bytes,
);
refused('not-compound', 'a ZIP file', 'NOT_PROTECTED', Buffer.from('504b0304', 'hex'));

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
writeFileSync(
  new URL('manifest.json', folder),
  `${JSON.stringify(
    {
      format: 'protected Office file',
      specification: 'spec/office.md',
      note: 'Each file gives the facts under "expect", or the one error code there. Hashes are SHA-256.',
      plaintextRule: 'byte i = (i*7 + floor(i/256)*13 + 3) mod 256',
      license: license.toString(),
      vectors: vectors.map(({ name, why, bytes, ...rest }) => ({
        name,
        file: `${name}.bin`,
        why,
        sha256: sha256(bytes),
        ...rest,
      })),
    },
    null,
    1,
  )}\n`,
);
for (const { name, bytes } of vectors) writeFileSync(new URL(`${name}.bin`, folder), bytes);
