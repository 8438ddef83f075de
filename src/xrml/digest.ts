import { sha1 } from '@noble/hashes/legacy.js';
import { encodeUtf16le, sha256OfUtf16le } from '../bytes/index.ts';

/** The digest algorithms of genuine documents, in their spelling. */
export type DigestAlgorithm = 'SHA1' | 'SHA256';

/** Whether `name` is one of {@link DigestAlgorithm}. */
export const isDigestAlgorithm = (name: string | undefined): name is DigestAlgorithm =>
  name === 'SHA1' || name === 'SHA256';

/** Digest of license text: always over its UTF-16LE bytes, however the license is stored (spec/xrml.md, "Signed bytes"). */
export const digestOfText = (algorithm: DigestAlgorithm, text: string): Uint8Array =>
  algorithm === 'SHA1' ? sha1(encodeUtf16le(text)) : sha256OfUtf16le(text);
