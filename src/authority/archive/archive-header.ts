import { ByteReader, ByteWriter, encodeUtf8, wipe } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';

const magic = encodeUtf8('SEALWRIGHT-AUTHORITY');
const version = 1;

/** PBKDF2 rounds of a new export; a reader accepts no more than {@link maximumIterations}. */
export const exportIterations = 600_000;
const maximumIterations = 10_000_000;

const saltLength = 16;

/** Bytes of the header: magic, version, rounds, salt. Bound into the encryption that follows. */
export const archiveHeaderLength = magic.length + 4 + 4 + saltLength;

/** What stands in the clear at the start of an export (spec/authority.md, "Export"). */
export interface ArchiveHeader {
  readonly iterations: number;
  readonly salt: Uint8Array;
}

export const writeArchiveHeader = ({ iterations, salt }: ArchiveHeader): Uint8Array =>
  new ByteWriter().bytes(magic).uint32(version).uint32(iterations).bytes(salt).toBytes();

/** Throws `MALFORMED_ARCHIVE`, `UNSUPPORTED_VERSION`, `LIMIT_EXCEEDED`. */
export function readArchiveHeader(bytes: Uint8Array): ArchiveHeader {
  const reader = new ByteReader(bytes, { what: 'authority export', code: 'MALFORMED_ARCHIVE' });
  const start = reader.bytes(magic.length, 'header');
  if (start.some((byte, i) => byte !== magic[i]))
    throw new SealwrightError(
      'MALFORMED_ARCHIVE',
      'The file is not an authority export. Choose the file that "sealwright export" wrote.',
    );
  const found = reader.uint32('version');
  if (found !== version)
    throw new SealwrightError(
      'UNSUPPORTED_VERSION',
      `The authority export has version ${found}; this version of Sealwright reads ${version}. Update Sealwright.`,
    );
  const iterations = reader.bounded(reader.uint32('rounds'), maximumIterations, 'rounds');
  if (iterations === 0) throw reader.malformed('it states no rounds');
  return { iterations, salt: reader.bytes(saltLength, 'salt').slice() };
}

/** The 32-byte content key of an export. Wipe it when done. */
export async function archiveKey(
  passphrase: string,
  { salt, iterations }: ArchiveHeader,
): Promise<Uint8Array> {
  const { subtle } = globalThis.crypto;
  const secret = encodeUtf8(passphrase);
  try {
    const material = await subtle.importKey('raw', secret as Uint8Array<ArrayBuffer>, 'PBKDF2', false, [
      'deriveBits',
    ]);
    const derivation = { name: 'PBKDF2', hash: 'SHA-256', salt: salt as Uint8Array<ArrayBuffer>, iterations };
    return new Uint8Array(await subtle.deriveBits(derivation, material, 256));
  } finally {
    wipe(secret);
  }
}
