import { type ByteSource, maxima, type WaitOptions } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import type { CompoundFile, CompoundStream } from '../compound-file/compound-file.ts';
import { readCompoundFile } from '../compound-file/read.ts';
import { isCompoundFile } from '../compound-file/signature.ts';
import type { ContainerReadOptions } from '../container-format.ts';
import { bindingOf } from './binding.ts';
import { cipherModeFor, fillingBlock } from './cipher-mode-for.ts';
import { dataSpacesStorage, labelInfoStream, transformsStorage } from './data-spaces/names.ts';
import { versionText } from './data-spaces/version.ts';
import { findProtected } from './find-protected.ts';
import type { OfficeContainer } from './office-container.ts';
import { readUseLicenses } from './read-use-licenses.ts';

const documentSummaryStream = '\x05DocumentSummaryInformation';
/** Bytes of the size in front of the content, [MS-OFFCRYPTO] 2.2.10. */
export const sizePrefixLength = 8;

/**
 * Reads a protected Office file up to its content (spec/office.md, "Reading"). Needs no key, and reads
 * nothing of the content but the size in front of it.
 *
 * @param source the file, seekable and of known size
 * @param options `compoundFile`, if the directory was read already
 *
 * Throws `NOT_PROTECTED`, `UNSUPPORTED_FORMAT` (encrypted with a password, or in an unknown way),
 * `UNSUPPORTED_VERSION`, `MALFORMED_CONTAINER`, `LIMIT_EXCEEDED`.
 *
 * @example
 * ```ts
 * const container = await readOffice(memorySource(bytes));
 * container.contentStream; // 'EncryptedPackage'
 * ```
 */
export async function readOffice(
  source: ByteSource,
  options?: ContainerReadOptions,
): Promise<OfficeContainer> {
  const file = options?.compoundFile ?? (await compoundFileOf(source, options));
  const { content: stream, transform, transformStorage, versions } = await findProtected(file, options);
  const license = transform.license;
  if (license.length === 0)
    throw malformed('it holds no publishing license, so nobody can be asked for its key');
  const { content, originalSize, contentOffset } = await openContent(source, file, stream, options);
  const contentLength = stream.size - sizePrefixLength;
  const publishingLicense = license.slice();
  return Object.freeze({
    format: 'office',
    formatVersion: versionText(versions.reader),
    publishingLicense,
    metadata: await readClear(
      file,
      [dataSpacesStorage, transformsStorage, labelInfoStream],
      maxima.metadataBytes,
      options,
    ),
    documentSummary: await readClear(file, [documentSummaryStream], maxima.propertySetBytes, options),
    originalExtension: undefined,
    originalSize,
    contentOffset,
    contentLength,
    content,
    filling: fillingBlock,
    contentStream: stream.name,
    useLicenses: await readUseLicenses(file, transformStorage, options),
    get binding() {
      return bindingOf(stream.name, publishingLicense);
    },
    cipherModeFor: (licensed: string) => cipherModeFor(licensed, originalSize, contentLength),
  });
}

async function compoundFileOf(source: ByteSource, options: WaitOptions | undefined): Promise<CompoundFile> {
  if (isCompoundFile(await source.read(0, 8, options))) return readCompoundFile(source, options);
  throw new SealwrightError(
    'NOT_PROTECTED',
    'This is not a protected Office file: it is no compound file. It may be an unprotected document, or protected in another format.',
    { offset: 0 },
  );
}

/**
 * The size in front of the content, read at its place in the file: the chain of the content's sectors is long in a
 * large file, and is followed only once the content is read.
 */
async function openContent(
  source: ByteSource,
  file: CompoundFile,
  stream: CompoundStream,
  options: WaitOptions | undefined,
) {
  if (stream.size < sizePrefixLength) throw malformed('its content ends before the size in front of it');
  const start = await file.offsetOf(stream, options);
  const prefix = start === undefined ? undefined : await source.read(start, sizePrefixLength, options);
  if (
    start === undefined ||
    prefix?.length !== sizePrefixLength ||
    isCut(source.size ?? 0, file, stream, start)
  )
    throw malformed('its content reaches beyond its end: it was cut');
  const stated = new DataView(prefix.buffer, prefix.byteOffset).getBigUint64(0, true);
  const contentLength = stream.size - sizePrefixLength;
  // No mode makes content shorter than the document.
  if (stated > BigInt(contentLength))
    throw malformed(
      `it states a document of ${stated} bytes, but its content has ${contentLength}: it was cut or changed`,
    );
  return {
    content: file.open(stream, true).slice(sizePrefixLength),
    originalSize: Number(stated),
    contentOffset: start + sizePrefixLength,
  };
}

/**
 * Whether content is missing at the end of the file. A file may end inside its last sector, where what is missing counts
 * as zeros; content in one run, as all writers make it, must not reach that far.
 */
function isCut(size: number, file: CompoundFile, stream: CompoundStream, start: number): boolean {
  const endsInsideSector = size % (file.version === 4 ? 4096 : 512) !== 0;
  return stream.size > size || (endsInsideSector && start + stream.size > size);
}

/** A stream that stands outside the protection; one that cannot be read is the same as none. */
async function readClear(
  file: CompoundFile,
  path: readonly string[],
  maximum: number,
  options: WaitOptions | undefined,
): Promise<Uint8Array> {
  const entry = file.find(...path);
  if (entry?.kind !== 'stream') return new Uint8Array(0);
  try {
    return await file.read(entry, maximum, options);
  } catch (error) {
    if (error instanceof SealwrightError) return new Uint8Array(0);
    throw error;
  }
}

const malformed = (problem: string): SealwrightError =>
  new SealwrightError(
    'MALFORMED_CONTAINER',
    `The protected Office file is damaged: ${problem}. Get a fresh copy of the file.`,
  );
