import { type ByteSource, type WaitOptions, wipe } from '../bytes/index.ts';
import {
  type CipherMode,
  cipherMode,
  cipherModeNames,
  decryptedSource,
  type SegmentDecryptor,
} from '../cipher/index.ts';
import type { ProtectedContainer, ProtectedFacts } from '../container/index.ts';
import { decryptionFailed, SealwrightError } from '../errors.ts';
import type { UseLicense } from '../licensing/index.ts';
import type { CarriedCipher } from './content-carrier.ts';
import { decryptingTransform, largestFilling } from './content-transform.ts';
import { guardedSource } from './guarded-source.ts';
import type { OpenedContent } from './opened-content.ts';
import { admissionOf, openedFacts } from './opened-facts.ts';
import type { OpenOptions } from './options.ts';
import { admitted, carrierHere, pumpStream, streamWindowLength, wholeSegments } from './pump.ts';
import type { FoundContainer } from './read-container.ts';

/** Content of one run that `license` opens. `release` is called when it is closed. */
export function openedContent(
  { container, format }: FoundContainer,
  license: UseLicense,
  options: OpenOptions,
  release: () => void,
): OpenedContent {
  const mode = modeFor(container, license, options);
  const key = license.contentKey;
  const plaintextSize = knownSize(mode, container);
  const admission = admissionOf(license, options);
  const decryptors = new Set<SegmentDecryptor>();
  let randomAccess: Promise<ByteSource> | undefined;

  function discard(decryptor: SegmentDecryptor): void {
    decryptors.delete(decryptor);
    decryptor.wipe();
  }
  async function decryption(wait: WaitOptions) {
    admission.check();
    const preamble = new Uint8Array(await container.content.read(0, mode.preambleLength, wait));
    admission.check(); // the content may have been closed meanwhile, and a wiped key would decrypt to noise
    const decryptor = await mode.decryptor(key, preamble, {
      binding: container.binding,
      backend: options.backend,
    });
    decryptors.add(decryptor);
    try {
      admission.check();
      if (mode.authenticated) await authenticateEnd(mode, container, decryptor, wait);
    } catch (error) {
      discard(decryptor);
      throw error;
    }
    return {
      preamble,
      transform: decryptingTransform(mode, decryptor, container.originalSize, container.filling),
      end: () => discard(decryptor),
    };
  }
  const segments = container.content.slice(mode.preambleLength);
  /** Whether others can do the arithmetic from a description. */
  const ours = options.backend === undefined && isOurs(mode);

  const opened: OpenedContent = {
    ...openedFacts(format, container, mode, license, options),
    size: plaintextSize,
    stream(transfer) {
      let end: (() => void) | undefined;
      const wait = { signal: options.signal, ...transfer };
      const begin = async () => {
        const begun = await decryption(wait);
        end = begun.end;
        return { prefix: [], transform: admitted(begun.transform, admission.check) };
      };
      return pumpStream(segments, begin, () => end?.(), wait);
    },
    async bytes(transfer) {
      return new Uint8Array(
        await new Response(opened.stream(transfer) as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer(),
      );
    },
    async source() {
      admission.check();
      if (!container.content.seekable)
        throw new SealwrightError(
          'INVALID_ARGUMENT',
          'Random access needs bytes, a Blob or a file; the content came as a stream.',
        );
      randomAccess ??= (async () =>
        guardedSource(
          await decryptedSource(container.content, mode, key, {
            binding: container.binding,
            backend: options.backend,
            plaintextLength: container.originalSize,
          }),
          admission.check,
        ))();
      try {
        return await randomAccess;
      } catch (error) {
        randomAccess = undefined; // a failing disk may answer the next time
        throw error;
      }
    },
    async read(offset, length, wait) {
      const source = await opened.source();
      return source.read(offset, length, wait);
    },
    async writeTo(sink, transfer) {
      const wait = { signal: options.signal, ...transfer };
      const { transform, preamble, end } = await decryption(wait);
      const cipher: CarriedCipher | undefined = !ours
        ? undefined
        : {
            direction: 'decrypt',
            cipherMode: mode.name,
            key,
            preamble,
            binding: container.binding,
            fillTo: 1,
            statedSize: container.originalSize,
            filling: container.filling,
          };
      const carrier = options.carrier ?? carrierHere;
      try {
        return await carrier.carry(
          { source: segments, sink, transform, admit: admission.check, cipher },
          wait,
        );
      } finally {
        end();
      }
    },
    close() {
      admission.close();
      for (const decryptor of decryptors) decryptor.wipe();
      randomAccess?.then(
        (source) => source.close?.(),
        () => undefined,
      );
      wipe(key);
      release();
    },
  };
  return Object.freeze(opened);
}

/** The mode of the content, one that was handed in included. */
export function modeFor(container: ProtectedFacts, license: UseLicense, options: OpenOptions): CipherMode {
  const name = container.cipherModeFor(license.cipherMode);
  const wanted = name.toUpperCase();
  return options.cipherModes?.find((mode) => mode.name.toUpperCase() === wanted) ?? cipherMode(name);
}

const isOurs = (mode: CipherMode): boolean =>
  (cipherModeNames as readonly string[]).includes(mode.name) && cipherMode(mode.name) === mode;

/** The plaintext size, as far as lengths tell; refuses a container whose stated size cannot be true. */
function knownSize(
  mode: CipherMode,
  { contentLength, originalSize, filling }: ProtectedContainer,
): number | undefined {
  if (contentLength === undefined) return originalSize;
  const { minimum, maximum } = mode.plaintextLengthBounds(contentLength);
  if (originalSize === undefined) return minimum === maximum && mode.alignment === 1 ? minimum : undefined;
  const least = mode.alignment === 1 ? minimum : maximum - largestFilling(mode, filling);
  if (originalSize >= least && originalSize <= maximum) return originalSize;
  if (mode.authenticated) throw decryptionFailed();
  throw new SealwrightError(
    'MALFORMED_CONTAINER',
    `The file states a size of ${originalSize} bytes, but its content has room for ${least} to ${maximum}: it was cut or changed. Get a fresh copy.`,
  );
}

/**
 * A file that was cut between two segments would give its authentic beginning before the end is missed.
 * Where the end can be reached, it is authenticated before the first byte is given.
 */
async function authenticateEnd(
  mode: CipherMode,
  { content, contentLength }: ProtectedContainer,
  decryptor: SegmentDecryptor,
  wait: WaitOptions,
): Promise<void> {
  const length = (contentLength ?? 0) - mode.preambleLength;
  // A content of one window is decrypted as a whole before any of it is given.
  if (!content.seekable || length <= wholeSegments(streamWindowLength, mode.encryptedSegmentLength)) return;
  const last = Math.ceil(length / mode.encryptedSegmentLength) - 1;
  const start = last * mode.encryptedSegmentLength;
  const segment = await content.read(mode.preambleLength + start, length - start, wait);
  const output = new Uint8Array(segment.length);
  await decryptor.decrypt(segment, last, true, output);
  wipe(output);
}
