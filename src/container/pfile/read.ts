import { type ByteSource, concatBytes, type WaitOptions } from '../../bytes/index.ts';
import { SealwrightError } from '../../errors.ts';
import type { ProtectedContainer } from '../container-format.ts';
import { safeExtension } from './extension.ts';
import { bindingOf, fixedLength, type PfileHeader, unknownSize } from './header.ts';
import { headerFrom, parseFixedFields, parseTable, smallestHead } from './parse-header.ts';
import { checkSignature } from './signature.ts';

/** A PFILE read up to its content, with the fields that only this format has. */
export interface PfileContainer extends ProtectedContainer {
  readonly format: 'pfile';
  /** Everything before the content, taken apart. */
  readonly header: PfileHeader;
  /** The extension as stored; untrusted, not for building file names. */
  readonly storedExtension: Uint8Array;
  /** The original size as stored: 0 and all ones may mean "unknown". `undefined` in version 2.0. */
  readonly storedOriginalSize: bigint | undefined;
}

/** Most heads fit in one read of this size; a stream is never read ahead of its head. */
const readAhead = 64 * 1024;

/**
 * Reads a PFILE up to its content (spec/pfile.md, sections 1 to 4). Needs no key. On a stream it reads
 * forward only and stops at the first byte of content.
 *
 * Throws `NOT_PROTECTED` (no PFILE at all), `MALFORMED_CONTAINER`, `UNSUPPORTED_VERSION`, `LIMIT_EXCEEDED`.
 *
 * @example
 * ```ts
 * const container = await readPfile(memorySource(bytes));
 * container.publishingLicense; // Uint8Array
 * ```
 */
export async function readPfile(source: ByteSource, options?: WaitOptions): Promise<PfileContainer> {
  let head: Uint8Array = new Uint8Array(0);
  const fill = async (needed: number): Promise<void> => {
    if (head.length >= needed) return;
    const wanted = source.seekable ? Math.max(needed, readAhead) : needed;
    if (source.seekable) {
      // From the beginning again: what was read before need not be kept, and is not copied.
      const read = source.read(0, wanted, options);
      head = read instanceof Promise ? await read : read;
      return;
    }
    const more = await source.read(head.length, wanted - head.length, options);
    head = concatBytes([head, more]);
  };
  const need = async (needed: number): Promise<void> => {
    await fill(needed);
    if (head.length < needed) throw cut(head.length, needed);
  };

  await fill(fixedLength);
  checkSignature(head);
  if (head.length < fixedLength) throw cut(head.length, fixedLength);
  const fixed = parseFixedFields(head.subarray(0, fixedLength));
  await need(smallestHead(fixed));
  const table = parseTable(head, fixed);
  const { contentOffset } = table;
  if (source.size !== undefined && source.size <= contentOffset) throw cut(source.size, contentOffset + 1);
  await need(contentOffset);
  // A copy: what a source gives may change with the next read.
  head = head.slice(0, contentOffset);
  return containerFrom(source, head, headerFrom(head, fixed, table));
}

function containerFrom(source: ByteSource, head: Uint8Array, header: PfileHeader): PfileContainer {
  const content = source.slice(header.contentOffset);
  const storedExtension = header.extension.bytes;
  return Object.freeze({
    format: 'pfile',
    formatVersion: `${header.major}.${header.minor}`,
    header,
    publishingLicense: header.license.bytes,
    metadata: header.metadata?.bytes ?? new Uint8Array(0),
    storedExtension,
    originalExtension: safeExtension(storedExtension),
    storedOriginalSize: header.storedOriginalSize,
    originalSize: knownSize(header.storedOriginalSize),
    contentOffset: header.contentOffset,
    get contentLength() {
      return content.size;
    },
    content,
    filling: 0,
    get binding() {
      return bindingOf(head, header);
    },
    cipherModeFor: (licensed: string) => cipherModeFor(header.major, licensed),
  });
}

/** 0 is "unknown" too: some writers leave it so although the content is not empty (spec/pfile.md, section 1.5). */
function knownSize(stored: bigint | undefined): number | undefined {
  if (stored === undefined || stored === 0n || stored === unknownSize) return undefined;
  if (stored <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(stored);
  throw new SealwrightError(
    'MALFORMED_CONTAINER',
    'The PFILE header is damaged: its original size is larger than any file. Get a fresh copy of the file.',
  );
}

/** Before version 3 writers ignored a license that said ECB (spec/pfile.md, section 3). */
const cipherModeFor = (major: number, licensed: string): string =>
  major <= 2 && licensed.toUpperCase() === 'MICROSOFT.ECB' ? 'MICROSOFT.CBC4K' : licensed;

const cut = (length: number, needed: number): SealwrightError =>
  new SealwrightError(
    'MALFORMED_CONTAINER',
    `This PFILE is cut: it ends at byte ${length}, at least ${needed} bytes are needed. Get a fresh copy of the file.`,
    { offset: length },
  );
