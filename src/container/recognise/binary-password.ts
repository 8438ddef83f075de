import type { WaitOptions } from '../../bytes/index.ts';
import type { CompoundFile } from '../compound-file/compound-file.ts';
import { startOf } from './start-of.ts';

/** Bytes of a document's stream that tell whether it is encrypted. */
const startLength = 512;

/** Passwords of Word, Excel and PowerPoint 97-2003, which leave the names of the streams as they are. */
export async function hasBinaryPassword(file: CompoundFile, options?: WaitOptions): Promise<boolean> {
  const start = async (name: string): Promise<DataView> => {
    const entry = file.find(name);
    const bytes =
      entry?.kind === 'stream' ? await startOf(file, entry, startLength, options) : new Uint8Array(0);
    return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  };
  return (
    isEncryptedWord(await start('WordDocument')) ||
    isEncryptedExcel(await start('Workbook')) ||
    isEncryptedExcel(await start('Book')) ||
    isEncryptedPowerPoint(await start('Current User'))
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
