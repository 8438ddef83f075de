// The cipher modes of spec/cipher-modes.md and spec/gcm64k.md from node:crypto alone.
import { createCipheriv, createHash, hkdfSync } from 'node:crypto';

const sha256 = (bytes) => createHash('sha256').update(bytes).digest();
const ecb = (key, input) =>
  createCipheriv(`aes-${key.length * 8}-ecb`, key, null)
    .setAutoPadding(false)
    .update(input);

/** With zeros up to a multiple of `unit`. */
export const filled = (bytes, unit) =>
  Buffer.concat([bytes, Buffer.alloc((unit - (bytes.length % unit)) % unit)]);

function cbc(key, plaintext, segment, unit, padded) {
  const count = padded ? Math.floor(plaintext.length / segment) + 1 : Math.ceil(plaintext.length / segment);
  const parts = [];
  for (let k = 0; k < count; k++) {
    const counter = Buffer.alloc(16);
    counter.writeBigUInt64LE(BigInt(k) * unit);
    const cipher = createCipheriv(`aes-${key.length * 8}-cbc`, key, ecb(key, counter));
    cipher.setAutoPadding(padded && k === count - 1);
    parts.push(cipher.update(plaintext.subarray(k * segment, (k + 1) * segment)), cipher.final());
  }
  return Buffer.concat(parts);
}

function gcm64k(key, plaintext, { binding, salt }) {
  const info = Buffer.concat([Buffer.from('SEALWRIGHT.GCM64K\0', 'latin1'), sha256(binding)]);
  const fileKey = Buffer.from(hkdfSync('sha256', key, salt, info, 32));
  const count = Math.max(1, Math.ceil(plaintext.length / 65536));
  const parts = [salt];
  for (let k = 0; k < count; k++) {
    const nonce = Buffer.alloc(12);
    nonce.writeBigUInt64BE(BigInt(k), 3);
    nonce[11] = k === count - 1 ? 1 : 0;
    const cipher = createCipheriv('aes-256-gcm', fileKey, nonce);
    parts.push(
      cipher.update(plaintext.subarray(k * 65536, (k + 1) * 65536)),
      cipher.final(),
      cipher.getAuthTag(),
    );
  }
  return Buffer.concat(parts);
}

/** Content of an Office file, filled as spec/office.md says unless `unit` says otherwise. */
export function encrypt(mode, key, plaintext, { binding, salt, unit } = {}) {
  switch (mode) {
    case 'MICROSOFT.ECB':
      return ecb(key, filled(plaintext, unit ?? 16));
    case 'MICROSOFT.CBC4K':
      return cbc(key, plaintext, 4096, 1n, true);
    case 'MICROSOFT.CBC4K.NOPADDING':
      return cbc(key, filled(plaintext, unit ?? 4096), 4096, 1n, false);
    case 'MICROSOFT.CBC512.NOPADDING':
      return cbc(key, filled(plaintext, unit ?? 16), 512, 512n, false);
    case 'SEALWRIGHT.GCM64K':
      return gcm64k(key, plaintext, { binding, salt });
    default:
      throw new Error(mode);
  }
}
