import { type ByteSource, maxima, type WaitOptions } from '../../../bytes/index.ts';
import { decryptedSource } from '../../../cipher/index.ts';
import { SealwrightError } from '../../../errors.ts';
import type { CompoundFile, CompoundStream } from '../../compound-file/compound-file.ts';
import { readCompoundFile } from '../../compound-file/read.ts';
import type { ProtectedFacts } from '../../container-format.ts';
import type { PartCipher } from '../../document-format.ts';
import { cipherModeFor, fillingBlock } from '../../office/cipher-mode-for.ts';
import { dataSpacesStorage, labelInfoStream, transformsStorage } from '../../office/data-spaces/names.ts';
import { versionText } from '../../office/data-spaces/version.ts';
import { findProtected } from '../../office/find-protected.ts';
import type { StoredUseLicense } from '../../office/office-container.ts';
import { sizePrefixLength } from '../../office/read.ts';
import { readUseLicenses } from '../../office/read-use-licenses.ts';
import { rpmsgBinding } from './binding.ts';
import { damagedEnvelope } from './envelope/block.ts';
import { inflatedEnvelope } from './envelope/inflated-envelope.ts';

/** A `message.rpmsg` read so far as no key is needed. */
export interface ProtectedRpmsg extends ProtectedFacts {
  readonly format: 'mail';
  /** The encrypted content, with whatever fills it up to a round size. */
  readonly content: ByteSource;
  /** Bytes of the compound file inside. */
  readonly originalSize: number;
  /** Bytes behind the content proper that may fill it up. */
  readonly filling: number;
  /** What an authenticated mode binds into its key. */
  readonly binding: Uint8Array;
  /** Use licenses kept in the file. They open nothing without their user's key. */
  readonly useLicenses: readonly StoredUseLicense[];
}

/**
 * Reads a `message.rpmsg` up to its encrypted content (spec/mail.md, "Storage"). Needs no key.
 *
 * @param source the file, seekable and of known size; stays open and belongs to the caller
 * @returns license and content; the offset of the content is one in the unpacked file
 * @throws SealwrightError `NOT_PROTECTED` if it is no `message.rpmsg`; `MALFORMED_CONTAINER`, `LIMIT_EXCEEDED`,
 * `UNSUPPORTED_VERSION`, `UNSUPPORTED_FORMAT`; `INVALID_ARGUMENT` for a stream
 *
 * @example
 * ```ts
 * const rpmsg = await readRpmsg(memorySource(bytes));
 * rpmsg.publishingLicense; // what to ask a licensing service with
 * ```
 */
export async function readRpmsg(source: ByteSource, options?: WaitOptions): Promise<ProtectedRpmsg> {
  const envelope = await inflatedEnvelope(source, options);
  const { file, found } = await ofAMessage(async () => {
    const file = await readCompoundFile(envelope, options);
    return { file, found: await findProtected(file, options) };
  });
  const { license } = found.transform;
  if (license.length === 0)
    throw damagedEnvelope('it holds no publishing license, so nobody can be asked for its key');
  const publishingLicense = license.slice();
  const { content, originalSize, contentOffset } = await openContent(file, found.content, options);
  const contentLength = found.content.size - sizePrefixLength;
  return Object.freeze({
    format: 'mail',
    formatVersion: versionText(found.versions.reader),
    publishingLicense,
    metadata: await readLabelInfo(file, options),
    originalExtension: undefined,
    originalSize,
    contentOffset,
    contentLength,
    content,
    filling: fillingBlock,
    useLicenses: await readUseLicenses(file, found.transformStorage, options),
    get binding() {
      return rpmsgBinding(publishingLicense);
    },
    cipherModeFor: (licensed: string) => cipherModeFor(licensed, originalSize, contentLength),
  });
}

/**
 * The decrypted content of a `message.rpmsg`, for random access: a compound file.
 *
 * @param cipher mode and key as the license gives them; the key is copied
 * @returns the source; `close` overwrites its copy of the key
 * @throws SealwrightError `DECRYPTION_FAILED`, also from reads; `MALFORMED_CONTAINER`, `INVALID_ARGUMENT`
 *
 * @example
 * ```ts
 * const message = await readRpmsgContent(await decryptedRpmsg(rpmsg, cipher));
 * ```
 */
export async function decryptedRpmsg(
  rpmsg: ProtectedRpmsg,
  { mode, key, backend }: PartCipher,
  options?: WaitOptions,
): Promise<ByteSource> {
  return decryptedSource(rpmsg.content, mode, key, {
    plaintextLength: rpmsg.originalSize,
    binding: rpmsg.binding,
    backend,
    signal: options?.signal,
  });
}

/** The content and the size in front of it. All of it must be there: what a cut file lacks is not taken for zeros. */
async function openContent(file: CompoundFile, stream: CompoundStream, options: WaitOptions | undefined) {
  const start = stream.size < sizePrefixLength ? undefined : await file.offsetOf(stream, options);
  if (start === undefined) throw damagedEnvelope('its content ends before the size in front of it');
  const opened = file.open(stream, true);
  const prefix = await opened.read(0, sizePrefixLength, options);
  if (prefix.length < sizePrefixLength) throw damagedEnvelope('its content was cut');
  const stated = new DataView(prefix.buffer, prefix.byteOffset).getBigUint64(0, true);
  // No mode makes content shorter.
  if (stated > BigInt(stream.size - sizePrefixLength))
    throw damagedEnvelope(`it states ${stated} bytes of content and has ${stream.size - sizePrefixLength}`);
  return {
    content: opened.slice(sizePrefixLength),
    originalSize: Number(stated),
    contentOffset: start + sizePrefixLength,
  };
}

/** Labels stand outside the protection; what cannot be read is the same as none. */
async function readLabelInfo(file: CompoundFile, options: WaitOptions | undefined): Promise<Uint8Array> {
  const entry = file.find(dataSpacesStorage, transformsStorage, labelInfoStream);
  if (entry?.kind !== 'stream') return new Uint8Array(0);
  try {
    return await file.read(entry, maxima.metadataBytes, options);
  } catch (error) {
    if (error instanceof SealwrightError) return new Uint8Array(0);
    throw error;
  }
}

/** What is said of Office files, which have the same storages, said of a message. */
async function ofAMessage<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof SealwrightError)) throw error;
    // Behind the envelope nothing but a protected message makes sense.
    const code = error.code === 'NOT_PROTECTED' ? 'MALFORMED_CONTAINER' : error.code;
    const message = error.message.replaceAll(/\bOffice file\b/g, 'message.rpmsg');
    throw new SealwrightError(code, message, error.details);
  }
}
