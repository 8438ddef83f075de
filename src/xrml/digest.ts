import { sha1 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { encodeUtf16le } from '../bytes/index.ts';

/** The digest algorithms of genuine documents, in their spelling. */
export type DigestAlgorithm = 'SHA1' | 'SHA256';

/** Whether `name` is one of {@link DigestAlgorithm}. */
export const isDigestAlgorithm = (name: string | undefined): name is DigestAlgorithm =>
  name === 'SHA1' || name === 'SHA256';

/** Digest of license text: always over its UTF-16LE bytes, however the license is stored (spec/xrml.md, "Signed bytes"). */
export function digestOfText(algorithm: DigestAlgorithm, text: string): Uint8Array {
  const bytes = encodeUtf16le(text);
  return algorithm === 'SHA1' ? sha1(bytes) : sha256(bytes);
}
