// Writes test-vectors/pdf: strings and streams of protected PDFs under fixed keys, small protected documents, and such that
// must be refused. Independent of src/ on purpose, so that a mistake there cannot hide in the vectors.
// Usage: node tools/make-pdf-vectors.mjs

import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { zlibSync } from 'fflate';
import { encrypt } from './office-vectors/encrypt.mjs';

const folder = new URL('../test-vectors/pdf/', import.meta.url);
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
const dataOf = (length) =>
  Buffer.from(Uint8Array.from({ length }, (_, i) => (i * 7 + Math.floor(i / 256) * 13 + 3) % 256));
const keyOf = (mode, length) =>
  createHash('sha512').update(`key of a PDF in ${mode}`).digest().subarray(0, length);
const license = Buffer.from('\u{feff}<?xml version="1.0"?><XrML version="1.2">a license (for) tests</XrML>');

const modes = ['MICROSOFT.CBC4K', 'MICROSOFT.CBC512.NOPADDING', 'MICROSOFT.ECB'];

/** A unit: length, data, padding. Empty ones are empty. */
function unit(mode, key, data, { claim = data.length } = {}) {
  if (data.length === 0) return Buffer.alloc(0);
  const prefix = Buffer.alloc(4);
  prefix.writeUInt32BE(claim);
  return encrypt(mode, key, Buffer.concat([prefix, data]), { unit: 16 });
}

const unitVectors = modes.flatMap((mode) =>
  [16, 32].flatMap((keyLength) =>
    [0, 1, 11, 12, 13, 28, 507, 508, 509, 4091, 4092, 4093, 8188, 8189, 20_000].map((length) => {
      const key = keyOf(mode, keyLength);
      const encrypted = unit(mode, key, dataOf(length));
      return {
        cipherMode: mode,
        keyHex: key.toString('hex'),
        length,
        encryptedLength: encrypted.length,
        ...(encrypted.length <= 48 && { encryptedHex: encrypted.toString('hex') }),
        sha256: sha256(encrypted),
      };
    }),
  ),
);

const title = Buffer.from('A title (with parentheses)');
const contents = Buffer.from('BT /F 12 Tf (Hello) Tj ET');
const packed = 'SEALED IN AN OBJECT STREAM';

/** A small protected document, put together by hand; everything can be given another way. */
function payload(options = {}) {
  const o = {
    mode: 'MICROSOFT.CBC4K',
    keyLength: 32,
    encryption: undefined,
    string: undefined,
    stream: undefined,
    streamKeys: '',
    compressed: false,
    ...options,
  };
  const key = keyOf(o.mode, o.keyLength);
  const seal = (data, more) => unit(o.mode, key, data, more);
  const parts = [];
  const places = new Map();
  let length = 0;
  const raw = (piece) => {
    const bytes = typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece;
    parts.push(bytes);
    length += bytes.length;
  };
  const object = (number, ...pieces) => {
    places.set(number, length);
    raw(`${number} 0 obj\n`);
    for (const piece of pieces) raw(piece);
    raw('\nendobj\n');
  };
  const hex = (bytes) => `<${bytes.toString('hex')}>`;
  const filter =
    '/CF<</MicrosoftIRMServices<</Type/CryptFilter/CFM/None>>>>/StmF/MicrosoftIRMServices/StrF/MicrosoftIRMServices';
  const encryption =
    o.encryption ??
    `/Filter/MicrosoftIRMServices/V 5/MicrosoftIRMVersion 2/EncryptMetadata true${filter}/PublishingLicense ${hex(license)}`;
  raw('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n');
  object(1, '<</Type/Catalog/Pages 2 0 R>>');
  object(2, '<</Type/Pages/Kids[3 0 R]/Count 1>>');
  object(3, '<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R/Resources<<>>>>');
  const stream = o.stream ? o.stream(seal) : seal(contents);
  object(4, `<<${o.streamKeys}/Length ${stream.length}>>stream\n`, stream, '\nendstream');
  object(5, `<</Title ${hex(o.string ? o.string(seal) : seal(title))}/Empty()/Author null>>`);
  object(6, `<<${encryption.replace('FILTER', filter)}>>`);
  const trailer =
    '/Root 1 0 R/Info 5 0 R/Encrypt 6 0 R/ID[<00112233445566778899aabbccddeeff><00112233445566778899aabbccddeeff>]';
  if (o.compressed) {
    const inside = seal(Buffer.from(zlibSync(Buffer.from(`8 0 (${packed})`))));
    object(
      7,
      `<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length ${inside.length}>>stream\n`,
      inside,
      '\nendstream',
    );
    const start = length;
    places.set(9, start);
    const rows = Array.from({ length: 10 }, (_, number) => {
      const row = Buffer.alloc(7);
      row[0] = number === 0 ? 0 : number === 8 ? 2 : 1;
      row.writeUInt32BE(number === 8 ? 7 : (places.get(number) ?? 0), 1);
      if (number === 0) row.writeUInt16BE(65535, 5);
      return row;
    });
    const table = Buffer.concat(rows);
    raw(`9 0 obj\n<</Type/XRef/Size 10/W[1 4 2]${trailer}/Length ${table.length}>>stream\n`);
    raw(table);
    raw(`\nendstream\nendobj\nstartxref\n${start}\n%%EOF\n`);
  } else {
    const start = length;
    const entries = [1, 2, 3, 4, 5, 6].map(
      (number) => `${String(places.get(number)).padStart(10, '0')} 00000 n \n`,
    );
    raw(
      `xref\n0 7\n0000000000 65535 f \n${entries.join('')}trailer\n<</Size 7${trailer}>>\nstartxref\n${start}\n%%EOF\n`,
    );
  }
  return { bytes: Buffer.concat(parts), key, mode: o.mode };
}

const packedLicense = (bytes) => Buffer.from(zlibSync(bytes)).toString('base64');
const good = {
  version: '2',
  licenseSha256: sha256(license),
  title: title.toString(),
  contents: contents.toString(),
};
const wide = Buffer.from('<XrML version="1.2">a license for tests</XrML>', 'utf16le');

const documents = [
  ...modes.map((mode) => ({
    name: `version-2-${mode.split('.')[1].toLowerCase()}`,
    why: `version 2 under ${mode}, without a wrapper`,
    made: payload({ mode, keyLength: mode === 'MICROSOFT.ECB' ? 16 : 32 }),
    expect: good,
  })),
  {
    name: 'object-stream',
    why: 'an object stream is encrypted as a whole, the strings in it are not',
    made: payload({ compressed: true }),
    expect: { ...good, packed },
  },
  {
    name: 'version-1',
    why: 'version 1: the license is base64 of zlib data',
    made: payload({
      mode: 'MICROSOFT.ECB',
      keyLength: 16,
      encryption: `/Filter/MicrosoftIRMServices/V 4/MicrosoftIRMVersion 1FILTER/PublishingLicense(${packedLicense(license)})`,
    }),
    expect: { ...good, version: '1' },
  },
  {
    name: 'version-1-utf-16',
    why: 'version 1 with its license in UTF-16LE, and no version stated',
    made: payload({
      encryption: `/Filter/MicrosoftIRMServices/V 4FILTER/PublishingLicense(${packedLicense(wide)})`,
    }),
    expect: { ...good, version: '1', licenseSha256: sha256(wide) },
  },
  {
    name: 'stream-in-the-clear',
    why: 'a stream that says that it is not encrypted',
    made: payload({ streamKeys: '/Filter[/Crypt]/DecodeParms[<</Name/Identity>>]', stream: () => contents }),
    expect: good,
  },
  {
    name: 'filled-chunk',
    why: 'a unit filled up to a whole chunk: its length says where the data ends',
    made: payload({
      stream: (seal) =>
        seal(Buffer.concat([contents, Buffer.alloc(4080 - contents.length)]), { claim: contents.length }),
    }),
    expect: good,
  },
  {
    name: 'claims-too-much',
    why: 'a string that claims more bytes than it has',
    made: payload({ string: (seal) => seal(title, { claim: 0x7fffffff }) }),
    expect: { openError: 'DECRYPTION_FAILED' },
  },
  {
    name: 'claims-too-little',
    why: 'a stream with more than a chunk behind its data',
    made: payload({ stream: (seal) => seal(dataOf(9000), { claim: 5 }) }),
    expect: { openError: 'DECRYPTION_FAILED' },
  },
  {
    name: 'cut-unit',
    why: 'a stream that ends inside a block',
    made: payload({ stream: (seal) => seal(contents).subarray(0, -5) }),
    expect: { openError: 'DECRYPTION_FAILED' },
  },
  {
    name: 'no-license',
    why: 'nobody can be asked for the key',
    made: payload({ encryption: '/Filter/MicrosoftIRMServices/V 5/MicrosoftIRMVersion 2FILTER' }),
    expect: { readError: 'MALFORMED_CONTAINER' },
  },
  {
    name: 'later-version',
    why: 'a version that does not exist yet',
    made: payload({
      encryption: '/Filter/MicrosoftIRMServices/V 5/MicrosoftIRMVersion 3FILTER/PublishingLicense(x)',
    }),
    expect: { readError: 'UNSUPPORTED_VERSION' },
  },
  {
    name: 'license-bomb',
    why: 'a license of version 1 that unpacks to far more than a license has',
    made: payload({
      encryption: `/Filter/MicrosoftIRMServices/V 4FILTER/PublishingLicense(${packedLicense(Buffer.alloc(8_000_000))})`,
    }),
    expect: { readError: 'LIMIT_EXCEEDED' },
  },
];

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const vectors = documents.map(({ name, why, made, expect }) => {
  const file = `${name}.pdf`;
  writeFileSync(new URL(file, folder), made.bytes);
  return {
    name,
    file,
    why,
    sha256: sha256(made.bytes),
    keyHex: made.key.toString('hex'),
    cipherMode: made.mode,
    expect,
  };
});
const manifest = {
  format: 'protected PDF',
  specification: 'spec/pdf.md',
  note: 'Units give data by dataRule under keyHex. Each file gives the facts under "expect", or the one error code there. Hashes are SHA-256.',
  dataRule: 'byte i = (i*7 + floor(i/256)*13 + 3) mod 256',
  units: unitVectors,
  vectors,
};
writeFileSync(new URL('manifest.json', folder), `${JSON.stringify(manifest, null, 1)}\n`);
