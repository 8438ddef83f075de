import type { ByteSource, WaitOptions } from '../../bytes/index.ts';
import { type CompoundDirectory, readCompoundDirectory } from './compound-directory.ts';

/** What a compound file is, as far as protection goes. */
export type OfficeProtection = 'office' | 'office-password';

/**
 * Whether a compound file is protected by rights management or by a password ([MS-OFFCRYPTO] 2.1, 2.2, 2.3
 * and the flags of the old binary formats). `undefined` if neither, or if it cannot be told.
 */
export async function officeProtection(
  source: ByteSource,
  options?: WaitOptions,
): Promise<OfficeProtection | undefined> {
  const directory = await readCompoundDirectory(source, options);
  if (directory === undefined) return undefined;
  const root = directory.children();
  // Rights management first: its files carry a readable placeholder document beside the protected one.
  if (root.has('\x09DRMContent')) return 'office';
  if (root.has('EncryptedPackage')) {
    if (root.has('EncryptionInfo')) return 'office-password';
    if (root.has('\x06DataSpaces')) return 'office';
  }
  return (await binaryPassword(directory)) ? 'office-password' : undefined;
}

/** Passwords of Word, Excel and PowerPoint 97-2003, which leave the names of the streams as they are. */
async function binaryPassword(directory: CompoundDirectory): Promise<boolean> {
  const root = directory.children();
  const startOf = async (name: string): Promise<DataView> => {
    const entry = root.get(name);
    const bytes = entry === undefined ? new Uint8Array(0) : await directory.startOf(entry);
    return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  };
  return (
    isEncryptedWord(await startOf('WordDocument')) ||
    isEncryptedExcel(await startOf('Workbook')) ||
    isEncryptedExcel(await startOf('Book')) ||
    isEncryptedPowerPoint(await startOf('Current User'))
  );
}

/** FibBase.fEncrypted, [MS-DOC] 2.5.2. */
const isEncryptedWord = (start: DataView): boolean =>
  start.byteLength >= 12 &&
  start.getUint16(0, true) === 0xa5ec &&
  (start.getUint16(0x0a, true) & 0x0100) !== 0;

/** A FilePass record (0x2F) among the first ones, [MS-XLS] 2.4.117. */
function isEncryptedExcel(start: DataView): boolean {
  for (let at = 0; at + 4 <= start.byteLength; at += 4 + start.getUint16(at + 2, true)) {
    const record = start.getUint16(at, true);
    if (at === 0 && record !== 0x0809) return false;
    if (record === 0x002f) return true;
  }
  return false;
}

/** CurrentUserAtom.headerToken of an encrypted document, [MS-PPT] 2.3.2. */
const isEncryptedPowerPoint = (start: DataView): boolean =>
  start.byteLength >= 16 && start.getUint32(12, true) === 0xf3d1c4df;
