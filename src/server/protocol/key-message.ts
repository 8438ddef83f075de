import type { KeyMessage } from '../../licensing/index.ts';
import { writeBase64 } from './wire-values.ts';

/** A content key as the protocol has it. The text cannot be wiped: it lives as long as the answer. */
export const keyMessage = (license: {
  readonly contentKey: Uint8Array;
  readonly cipherMode: string;
}): KeyMessage => ({
  Value: writeBase64(license.contentKey),
  Algorithm: 'AES',
  CipherMode: license.cipherMode,
  Size: license.contentKey.length,
});
