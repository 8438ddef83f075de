import { archiveKey, writeArchiveHeader } from '../../src/authority/archive/archive-header.ts';
import { concatBytes } from '../../src/bytes/index.ts';
import { cipherMode } from '../../src/cipher/index.ts';

export const passphrase = 'fuzz';

/** Encrypts lines of JSON as an export is, with one round, so that what reads them can be reached quickly. */
export async function sealedArchive(lines: Uint8Array): Promise<Uint8Array> {
  const header = { iterations: 1, salt: new Uint8Array(16).fill(1) };
  const binding = writeArchiveHeader(header);
  const mode = cipherMode('SEALWRIGHT.GCM64K');
  const encryptor = await mode.encryptor(await archiveKey(passphrase, header), {
    binding,
    randomBytes: (length) => new Uint8Array(length).fill(2),
  });
  const body = new Uint8Array(mode.encryptedLength(lines.length));
  const length = await encryptor.encrypt(lines, 0, true, body);
  return concatBytes([binding, encryptor.preamble, body.subarray(0, length)]);
}
