import { sha256 } from '@noble/hashes/sha2.js';
import { encodeHex, encodeUtf8 } from '../../bytes/index.ts';

/** A key of a {@link LicenseStore}: a hash of all parts, so that it neither tells them nor mixes them up. */
export const storeKey = (kind: string, ...parts: readonly string[]): string =>
  encodeHex(sha256(encodeUtf8(JSON.stringify([kind, ...parts]))));
