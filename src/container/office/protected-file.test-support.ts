import { concatBytes, memorySource } from '../../bytes/index.ts';
import { type CipherOptions, cipherMode } from '../../cipher/index.ts';
import type { ContainerHeader } from '../container-format.ts';
import { fillTo } from './cipher-mode-for.ts';
import { officeHeader } from './layout.ts';
import type { OfficeContainer, OfficeContents } from './office-container.ts';
import { readOffice } from './read.ts';

/** A short license; nothing here looks into it. */
export const license = new TextEncoder().encode(
  '<?xml version="1.0"?><XrML version="1.2">a license for tests</XrML>',
);

/** A protected file is put together as `protect` does it: fill, encrypt, and weave. */
export interface TestFile extends Partial<OfficeContents> {
  readonly plaintext: Uint8Array;
  readonly mode: string;
  readonly key: Uint8Array;
  readonly randomBytes?: CipherOptions['randomBytes'];
  /** Fills up to this instead of what the format says, as other writers do. */
  readonly filledTo?: number;
}

export async function protectedFile(file: TestFile): Promise<Uint8Array> {
  const { plaintext, key, randomBytes, filledTo, ...contents } = file;
  const mode = cipherMode(file.mode);
  const unit = filledTo ?? fillTo(mode);
  const filled = new Uint8Array(Math.ceil(plaintext.length / unit) * unit);
  filled.set(plaintext);
  const contentSize = mode.encryptedLength(filled.length);
  const header = officeHeader({
    publishingLicense: license,
    originalExtension: '',
    ...contents,
    originalSize: plaintext.length,
    contentSize,
  });
  const encryptor = await mode.encryptor(key, {
    binding: header.binding,
    ...(randomBytes && { randomBytes }),
  });
  const output = new Uint8Array(contentSize + 64);
  const written = await encryptor.encrypt(filled, 0, true, output);
  return put(header, concatBytes([encryptor.preamble, output.subarray(0, written)]));
}

/** The whole file around `content`. */
export function put(header: ContainerHeader, content: Uint8Array): Uint8Array {
  const parts = [header.bytes];
  let from = 0;
  for (const { contentOffset, bytes } of header.insertions ?? []) {
    parts.push(content.subarray(from, contentOffset), bytes);
    from = contentOffset;
  }
  return concatBytes([...parts, content.subarray(from), header.trailer ?? new Uint8Array(0)]);
}

/** The document in a protected file, decrypted as `open` does it: the stored size decides. */
export async function openedFile(
  file: Uint8Array,
  key: Uint8Array,
  licensed: string,
): Promise<{ readonly container: OfficeContainer; readonly plaintext: Uint8Array; readonly mode: string }> {
  const container = await readOffice(memorySource(file));
  const mode = cipherMode(container.cipherModeFor(licensed));
  const content = (await container.content.read(0, container.contentLength ?? 0)).slice();
  const decryptor = await mode.decryptor(key, content.subarray(0, mode.preambleLength), {
    binding: container.binding,
  });
  const output = new Uint8Array(content.length + 64);
  const length = await decryptor.decrypt(content.subarray(mode.preambleLength), 0, true, output);
  if (length < (container.originalSize ?? 0)) throw new Error('the content is shorter than stated');
  return { container, plaintext: output.slice(0, container.originalSize), mode: mode.name };
}
