// Makes test-vectors/cipher/*.json from node:crypto alone, one segment at a time, sharing no code with src/:
// a second implementation of spec/cipher-modes.md and spec/gcm64k.md that the library is tested against.
// Run: node tools/make-cipher-vectors.mjs
import { createCipheriv, createHash, hkdfSync } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';

const folder = new URL('../test-vectors/cipher/', import.meta.url);
const plaintextRule = 'byte i = (i*7 + floor(i/256)*13 + 3) mod 256';
const plaintextOf = (length) =>
  Buffer.from(Uint8Array.from({ length }, (_, i) => (i * 7 + Math.floor(i / 256) * 13 + 3) % 256));
const keyOf = (length, seed) => createHash('sha512').update(`key ${seed}`).digest().subarray(0, length);
const sha256 = (bytes) => createHash('sha256').update(bytes).digest();
const shown = (bytes) =>
  bytes.length <= 128
    ? { contentHex: bytes.toString('hex') }
    : {
        contentFirst64Hex: bytes.subarray(0, 64).toString('hex'),
        contentLast64Hex: bytes.subarray(-64).toString('hex'),
      };
const result = (bytes) => ({
  contentLength: bytes.length,
  contentSha256: sha256(bytes).toString('hex'),
  ...shown(bytes),
});

const block = (name, key, input) => createCipheriv(name, key, null).setAutoPadding(false).update(input);

function counterBlock(value) {
  const counter = Buffer.alloc(16);
  counter.writeBigUInt64LE(value);
  return counter;
}

function cbc(key, plaintext, segmentLength, unit, padded, firstSegment = 0n) {
  const parts = [];
  const bits = key.length * 8;
  const segments = padded
    ? Math.floor(plaintext.length / segmentLength) + 1
    : Math.ceil(plaintext.length / segmentLength);
  for (let k = 0; k < segments; k++) {
    const iv = block(`aes-${bits}-ecb`, key, counterBlock((firstSegment + BigInt(k)) * unit));
    const cipher = createCipheriv(`aes-${bits}-cbc`, key, iv);
    cipher.setAutoPadding(padded && k === segments - 1);
    parts.push(cipher.update(plaintext.subarray(k * segmentLength, (k + 1) * segmentLength)), cipher.final());
  }
  return Buffer.concat(parts);
}

const microsoft = {
  'MICROSOFT.CBC4K': (key, plaintext) => cbc(key, plaintext, 4096, 1n, true),
  'MICROSOFT.CBC4K.NOPADDING': (key, plaintext) => cbc(key, plaintext, 4096, 1n, false),
  'MICROSOFT.CBC512.NOPADDING': (key, plaintext) => cbc(key, plaintext, 512, 512n, false),
  'MICROSOFT.ECB': (key, plaintext) => block(`aes-${key.length * 8}-ecb`, key, plaintext),
};

function gcm64k(key, binding, salt, plaintext) {
  const info = Buffer.concat([Buffer.from('SEALWRIGHT.GCM64K\0', 'latin1'), sha256(binding)]);
  const fileKey = Buffer.from(hkdfSync('sha256', key, salt, info, 32));
  const segments = Math.max(1, Math.ceil(plaintext.length / 65536));
  const parts = [salt];
  for (let k = 0; k < segments; k++) {
    const nonce = Buffer.alloc(12);
    nonce.writeBigUInt64BE(BigInt(k), 3);
    nonce[11] = k === segments - 1 ? 1 : 0;
    const cipher = createCipheriv('aes-256-gcm', fileKey, nonce);
    parts.push(
      cipher.update(plaintext.subarray(k * 65536, (k + 1) * 65536)),
      cipher.final(),
      cipher.getAuthTag(),
    );
  }
  return { content: Buffer.concat(parts), fileKey };
}

const modeCases = [];
for (const [cipherMode, encrypt] of Object.entries(microsoft))
  for (const keyLength of [16, 24, 32])
    for (const plaintextLength of [
      0, 1, 16, 511, 512, 528, 4095, 4096, 4112, 8192, 12345, 131072, 400000, 400016,
    ]) {
      if (cipherMode !== 'MICROSOFT.CBC4K' && plaintextLength % 16 !== 0) continue;
      const key = keyOf(keyLength, cipherMode);
      const content = encrypt(key, plaintextOf(plaintextLength));
      modeCases.push({ cipherMode, keyHex: key.toString('hex'), plaintextLength, ...result(content) });
    }

const farCases = [];
for (const firstSegment of [2n ** 20n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 32n, 2n ** 40n + 5n])
  for (const [cipherMode, segmentLength, unit] of [
    ['MICROSOFT.CBC4K.NOPADDING', 4096, 1n],
    ['MICROSOFT.CBC512.NOPADDING', 512, 512n],
  ]) {
    const key = keyOf(32, 'far');
    const content = cbc(key, plaintextOf(2 * segmentLength), segmentLength, unit, false, firstSegment);
    farCases.push({
      cipherMode,
      keyHex: key.toString('hex'),
      firstSegment: Number(firstSegment),
      plaintextLength: 2 * segmentLength,
      ...result(content),
    });
  }

const gcmCases = [];
for (const plaintextLength of [0, 1, 15, 16, 65535, 65536, 65537, 131072, 200000])
  for (const binding of ['', 'a container header']) {
    const key = keyOf(32, 'gcm64k');
    const salt = sha256(Buffer.from(`salt ${plaintextLength} ${binding}`));
    const { content, fileKey } = gcm64k(key, Buffer.from(binding), salt, plaintextOf(plaintextLength));
    gcmCases.push({
      keyHex: key.toString('hex'),
      bindingHex: Buffer.from(binding).toString('hex'),
      saltHex: salt.toString('hex'),
      fileKeyHex: fileKey.toString('hex'),
      plaintextLength,
      ...result(content),
    });
  }

/** What must be refused: changes to the case of 131,072 bytes with a binding. */
const refused = [
  { name: 'cut after the salt', change: 'truncate', length: 32 },
  { name: 'cut after the first segment', change: 'truncate', length: 32 + 65552 },
  { name: 'cut in the last tag', change: 'truncate', length: 32 + 2 * 65552 - 1 },
  { name: 'one bit of the salt', change: 'flip', offset: 0 },
  { name: 'one bit of the first segment', change: 'flip', offset: 32 },
  { name: 'one bit of the first tag', change: 'flip', offset: 32 + 65536 },
  { name: 'one bit of the last tag', change: 'flip', offset: 32 + 2 * 65552 - 1 },
  { name: 'the segments swapped', change: 'swap' },
  { name: 'sixteen zero bytes appended', change: 'append', length: 16 },
  {
    name: 'another binding',
    change: 'binding',
    bindingHex: Buffer.from('a container headeR').toString('hex'),
  },
].map((row) => ({ ...row, code: 'DECRYPTION_FAILED' }));

mkdirSync(folder, { recursive: true });
const write = (name, value) => writeFileSync(new URL(name, folder), `${JSON.stringify(value, null, 1)}\n`);
write('microsoft-modes.json', {
  description: 'Content under the modes of spec/cipher-modes.md; far cases start at a late segment.',
  plaintextRule,
  cases: modeCases,
  far: farCases,
});
write('gcm64k.json', {
  description: 'Content under the mode of spec/gcm64k.md, and changes that must be refused.',
  plaintextRule,
  cases: gcmCases,
  refused: {
    of: { plaintextLength: 131072, bindingHex: Buffer.from('a container header').toString('hex') },
    changes: refused,
  },
});
