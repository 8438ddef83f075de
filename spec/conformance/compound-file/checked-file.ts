/** A rule of the format that a file breaks, by a short name, and where. Never with content of the file. */
export interface CompoundFileProblem {
  readonly rule: string;
  readonly where: string;
}

/** The bytes that are checked: read piece by piece, so that a file may be larger than memory. */
export interface CheckedBytes {
  readonly size: number;
  read(offset: number, length: number): Uint8Array | Promise<Uint8Array>;
}

/** A file on its way through the checks. */
export interface CheckedFile {
  readonly bytes: CheckedBytes;
  readonly problem: (rule: string, where?: string | number) => void;
}

export async function viewAt(file: CheckedFile, offset: number, length: number): Promise<DataView> {
  const bytes = await file.bytes.read(offset, length);
  if (bytes.length < length) {
    const filled = new Uint8Array(length);
    filled.set(bytes);
    return new DataView(filled.buffer);
  }
  return new DataView(bytes.buffer, bytes.byteOffset, length);
}

/** Whether `length` bytes at `offset` are zero. */
export async function zeroAt(file: CheckedFile, offset: number, length: number): Promise<boolean> {
  return (await file.bytes.read(offset, length)).every((byte) => byte === 0);
}
