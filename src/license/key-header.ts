import { ByteReader, ByteWriter } from '../bytes/index.ts';
import { SealwrightError } from '../errors.ts';

/**
 * The 12 bytes in front of a sealed key. Layout and the four Microsoft markers: [MS-RMPR] 2.2.9.1.13.1;
 * the marker of our own mode is our choice (spec/licenses.md, "Sealed keys").
 */
const markers: ReadonlyMap<number, string> = new Map([
  [0xffff, 'MICROSOFT.ECB'],
  [0xfffe, 'MICROSOFT.CBC4K.NOPADDING'],
  [0xfffd, 'MICROSOFT.CBC4K'],
  [0xfffc, 'MICROSOFT.CBC512.NOPADDING'],
  [0xfff0, 'SEALWRIGHT.GCM64K'],
]);

/** Marker of sealed private keys, which have no cipher mode. */
const unspecified = 0xffff;

const flagAes = 0x0001;
const flagEcb = 0x1000;
const flagCbc = 0x2000;

const headerLength = 12;

/** A sealed key and what its header says of it. */
export interface HeadedKey {
  readonly key: Uint8Array;
  readonly cipherMode: string;
}

/** `KeyHeader || key` for a content key or a session key. */
export function writeHeadedKey(key: Uint8Array, cipherMode: string): Uint8Array {
  const marker = [...markers].find(([, name]) => name === cipherMode)?.[0];
  if (marker === undefined)
    throw new SealwrightError(
      'UNSUPPORTED_CIPHER_MODE',
      `No license can carry a key for the mode "${cipherMode}".`,
    );
  const chaining =
    cipherMode === 'MICROSOFT.ECB' ? flagEcb : cipherMode.startsWith('MICROSOFT.CBC') ? flagCbc : 0;
  return write(key, marker, key.length * 8, flagAes | chaining);
}

/** `KeyHeader || key` for a private key in PKCS#8. */
export function writeHeadedPrivateKey(pkcs8: Uint8Array, bits: number): Uint8Array {
  return write(pkcs8, unspecified, bits, 0);
}

function write(key: Uint8Array, marker: number, bits: number, flags: number): Uint8Array {
  return new ByteWriter()
    .uint16(headerLength + key.length)
    .uint16(marker)
    .uint16(bits)
    .uint16(16)
    .uint32(flags)
    .bytes(key)
    .toBytes();
}

/** Reads `KeyHeader || key`; the key is a copy. */
export function readHeadedKey(bytes: Uint8Array): HeadedKey {
  const reader = new ByteReader(bytes, { what: 'sealed key', code: 'MALFORMED_LICENSE' });
  const size = reader.uint16('key header');
  const marker = reader.uint16('key header');
  reader.uint16('key header'); // key bits: some writers give bytes, so the size above decides
  reader.uint16('key header');
  reader.uint32('key header');
  if (size <= headerLength) throw reader.malformed(`its header claims ${size} bytes for header and key`);
  const cipherMode = markers.get(marker);
  if (cipherMode === undefined)
    throw new SealwrightError(
      'UNSUPPORTED_CIPHER_MODE',
      `The sealed key names the unknown cipher mode 0x${marker.toString(16)}. A newer version may know it.`,
    );
  return { key: new Uint8Array(reader.bytes(size - headerLength, 'key')), cipherMode };
}
