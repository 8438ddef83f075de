import { concatBytes, decodeUtf8, encodeHex, encodeUtf8 } from '../../../src/bytes/index.ts';

/** Where the page runs, and whether it has the WebCrypto of a secure context. */
export function surroundings(): {
  readonly secure: boolean;
  readonly webcrypto: boolean;
  readonly node: boolean;
} {
  return {
    secure: globalThis.isSecureContext,
    webcrypto: typeof globalThis.crypto?.subtle === 'object',
    node: 'process' in globalThis || 'Buffer' in globalThis,
  };
}

/** Text there and back through the bytes of this library. */
export async function roundTrip(
  bytes: Uint8Array,
): Promise<{ readonly bytes: Uint8Array; readonly hex: string }> {
  const copy = concatBytes([encodeUtf8(decodeUtf8(bytes))]);
  return { bytes: copy, hex: encodeHex(copy) };
}
