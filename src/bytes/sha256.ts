import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 as portable } from '@noble/hashes/sha2.js';
import { builtinModule } from './builtin-module.ts';
import { plainView } from './plain-view.ts';
import { encodeBase64, encodeUtf8, encodeUtf16le } from './text.ts';
import { wipe } from './wipe.ts';
import { concatBytes } from './writer.ts';

/** The few members of `node:crypto` we call. */
interface NodeHashing {
  createHash(algorithm: 'sha256'): NodeHash;
  createHmac(algorithm: 'sha256', key: Uint8Array): NodeHash;
  /** All at once, without an object for it; not everywhere. */
  readonly hash?: {
    (algorithm: 'sha256', data: Uint8Array | string, encoding: 'base64'): string;
    (algorithm: 'sha256', data: Uint8Array, encoding: 'buffer'): Uint8Array;
  };
}

interface NodeHash {
  update(data: Uint8Array | string, encoding?: 'utf16le'): NodeHash;
  digest(): Uint8Array;
  digest(encoding: 'base64'): string;
}

const native = builtinModule<NodeHashing>('node:crypto');

/** SHA-256 of bytes at once, by the runtime's own code where it has some that does not make us wait. */
export function sha256(bytes: Uint8Array): Uint8Array {
  if (native === undefined) return portable(bytes);
  if (native.hash !== undefined) return plainView(native.hash('sha256', bytes, 'buffer'));
  return plainView(native.createHash('sha256').update(bytes).digest());
}

/** {@link sha256} in base64, of bytes or of the UTF-8 of a text. */
export function sha256Base64(data: Uint8Array | string): string {
  if (native === undefined) return encodeBase64(portable(typeof data === 'string' ? encodeUtf8(data) : data));
  if (native.hash !== undefined) return native.hash('sha256', data, 'base64');
  return native.createHash('sha256').update(data).digest('base64');
}

/** {@link sha256} of the UTF-16LE bytes of `text`. */
export const sha256OfUtf16le = (text: string): Uint8Array =>
  native === undefined
    ? portable(encodeUtf16le(text))
    : // From the text itself: its bytes would be one more large array to make and to throw away.
      plainView(native.createHash('sha256').update(text, 'utf16le').digest());

/** A key of 32 bytes by HKDF with SHA-256 (RFC 5869), extracted and expanded. */
export function hkdfSha256(key: Uint8Array, salt: Uint8Array, info: Uint8Array): Uint8Array {
  if (native === undefined) return hkdf(portable, key, salt, info, 32);
  const extracted = native.createHmac('sha256', salt).update(key).digest();
  try {
    // As long as the hash, so the first block is all of it.
    const block = concatBytes([info, Uint8Array.of(1)]);
    return plainView(native.createHmac('sha256', extracted).update(block).digest());
  } finally {
    wipe(extracted);
  }
}
