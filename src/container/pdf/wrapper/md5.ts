import { md5 as portable } from '@noble/hashes/legacy.js';
import { builtinModule } from '../../../bytes/index.ts';

/** MD5 of bytes that come in pieces: a checksum that the format asks for, not a protection. */
export interface Md5 {
  update(bytes: Uint8Array): unknown;
  digest(): Uint8Array;
}

/** A new MD5, by the runtime's own code where it has some and allows it. */
export function md5(): Md5 {
  try {
    const native = builtinModule<{ createHash(algorithm: 'md5'): Md5 }>('node:crypto');
    if (native !== undefined) return native.createHash('md5');
  } catch {
    // Runtimes that are restricted to approved algorithms have none.
  }
  return portable.create();
}
