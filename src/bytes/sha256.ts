import { sha256 as portable } from '@noble/hashes/sha2.js';
import { plainView } from './plain-view.ts';
import { encodeBase64, encodeUtf8, encodeUtf16le } from './text.ts';

/** The few members of `node:crypto` we call. */
interface NodeHashing {
  createHash(algorithm: 'sha256'): NodeHash;
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

interface NodeProcess {
  readonly getBuiltinModule?: (name: string) => unknown;
}

// Asked for at run time and not imported, so that a bundle for a browser holds no Node module.
const { process } = globalThis as { readonly process?: NodeProcess };
const native = process?.getBuiltinModule?.('node:crypto') as NodeHashing | undefined;

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
    : plainView(native.createHash('sha256').update(text, 'utf16le').digest());
