import {
  type ByteSource,
  type ContentInput,
  sliceSource,
  sourceOf,
  type WaitOptions,
  wipe,
} from '../bytes/index.ts';
import {
  type CipherMode,
  cipherMode,
  cipherModeNames,
  decryptedSource,
  type SegmentDecryptor,
} from '../cipher/index.ts';
import type { ProtectedContainer } from '../container/index.ts';
import { decryptionFailed, SealwrightError } from '../errors.ts';
import { readContainerLabels } from '../label/index.ts';
import type { UseLicense } from '../licensing/index.ts';
import { hasRight } from '../rights/index.ts';
import type { CarriedCipher } from './content-carrier.ts';
import { decryptingTransform, largestFilling } from './content-transform.ts';
import type { OpenedContent } from './opened-content.ts';
import type { OpenOptions } from './options.ts';
import { admitted, carrierHere, pumpStream, streamWindowLength, wholeSegments } from './pump.ts';
import { type FoundContainer, readContainer } from './read-container.ts';

/**
 * Opens protected content for the user the service acts for: asks for a use license and gives the rights
 * and the content. Refused users get `ACCESS_DENIED` with the rule that refused and whom to ask.
 *
 * @param input bytes, a Blob, a Web Stream, or a ByteSource; random access needs one of the seekable kinds
 * @param options the service, and the name of the file for the service's log
 * @returns rights, validity and content; call `close` when done, it wipes the key
 * @throws `NOT_PROTECTED`, `UNSUPPORTED_FORMAT`, `MALFORMED_CONTAINER`, `MALFORMED_LICENSE`, `UNTRUSTED_LICENSE`,
 *   `ACCESS_DENIED`, `UNSUPPORTED_CIPHER_MODE`, and while reading `DECRYPTION_FAILED`
 * @see spec/architecture.md, "Open"
 *
 * @example
 * ```ts
 * import { open } from 'sealwright';
 * const opened = await open(bytes, { service: authority.as('bob@contoso.com') });
 * opened.require('PRINT'); // throws ACCESS_DENIED unless Bob may print
 * const plaintext = await opened.bytes();
 * opened.close();
 * ```
 */
export async function open(input: ContentInput, options: OpenOptions): Promise<OpenedContent> {
  const source = sourceOf(input);
  // A stream that was handed in is ours to end; what else holds a source closes it.
  const release = source === input ? () => undefined : () => void source.close?.();
  let license: UseLicense | undefined;
  try {
    const found = await readContainer(source, options);
    license = await options.service.acquireUseLicense(found.container.publishingLicense, {
      contentName: options.name,
      signal: options.signal,
    });
    return openedContent(found, license, options, release);
  } catch (error) {
    wipe(license?.contentKey);
    release();
    throw error;
  }
}

function openedContent(
  { container, format }: FoundContainer,
  license: UseLicense,
  options: OpenOptions,
  release: () => void,
): OpenedContent {
  const mode = modeFor(container, license, options);
  const key = license.contentKey;
  const plaintextSize = knownSize(mode, container);
  const now = options.now ?? (() => new Date());
  const decryptors = new Set<SegmentDecryptor>();
  let randomAccess: Promise<ByteSource> | undefined;
  let closed = false;

  function refuseLate(): void {
    if (closed)
      throw new SealwrightError(
        'INVALID_ARGUMENT',
        'The content was closed and its key is wiped. Open it again.',
      );
    const until = license.contentValidUntil;
    if (until !== undefined && now() >= until)
      throw new SealwrightError('ACCESS_DENIED', `The content expired at ${until.toISOString()}.`, {
        rule: 'expired',
      });
  }
  function discard(decryptor: SegmentDecryptor): void {
    decryptors.delete(decryptor);
    decryptor.wipe();
  }
  async function decryption(wait: WaitOptions) {
    refuseLate();
    const preamble = new Uint8Array(await container.content.read(0, mode.preambleLength, wait));
    refuseLate(); // the content may have been closed meanwhile, and a wiped key would decrypt to noise
    const decryptor = await mode.decryptor(key, preamble, {
      binding: container.binding,
      backend: options.backend,
    });
    decryptors.add(decryptor);
    try {
      refuseLate();
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
    name:
      options.name === undefined ? undefined : format.originalName(options.name, container.originalExtension),
    format: container.format,
    formatVersion: container.formatVersion,
    cipherMode: mode.name,
    authenticated: mode.authenticated,
    contentId: license.contentId,
    templateId: license.templateId,
    owner: license.owner,
    issuedTo: license.issuedTo,
    rights: license.rights,
    contentValidUntil: license.contentValidUntil,
    licenseValidUntil: license.licenseValidUntil,
    onlineOnly: license.onlineOnly,
    policy: license.policy,
    signedApplicationData: license.signedApplicationData,
    encryptedApplicationData: license.encryptedApplicationData,
    labels: readContainerLabels(container),
    size: plaintextSize,
    may: (right) => hasRight(license.rights, right),
    require(right) {
      if (!hasRight(license.rights, right)) throw rightMissing(right, license);
    },
    stream(transfer) {
      let end: (() => void) | undefined;
      const wait = { signal: options.signal, ...transfer };
      const begin = async () => {
        const begun = await decryption(wait);
        end = begun.end;
        return { prefix: [], transform: admitted(begun.transform, refuseLate) };
      };
      return pumpStream(segments, begin, () => end?.(), wait);
    },
    async bytes(transfer) {
      return new Uint8Array(
        await new Response(opened.stream(transfer) as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer(),
      );
    },
    async source() {
      refuseLate();
      if (!container.content.seekable)
        throw new SealwrightError(
          'INVALID_ARGUMENT',
          'Random access needs bytes, a Blob or a file; the content came as a stream.',
        );
      randomAccess ??= (async () =>
        guarded(
          await decryptedSource(container.content, mode, key, {
            binding: container.binding,
            backend: options.backend,
            plaintextLength: container.originalSize,
          }),
          refuseLate,
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
        return await carrier.carry({ source: segments, sink, transform, admit: refuseLate, cipher }, wait);
      } finally {
        end();
      }
    },
    close() {
      closed = true;
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
function modeFor(container: ProtectedContainer, license: UseLicense, options: OpenOptions): CipherMode {
  const name = container.cipherModeFor(license.cipherMode);
  const wanted = name.toUpperCase();
  return options.cipherModes?.find((mode) => mode.name.toUpperCase() === wanted) ?? cipherMode(name);
}

const isOurs = (mode: CipherMode): boolean =>
  (cipherModeNames as readonly string[]).includes(mode.name) && cipherMode(mode.name) === mode;

/** A source each of whose reads asks `check` first. */
function guarded(source: ByteSource, check: () => void): ByteSource {
  const readInto = source.readInto?.bind(source);
  const checked: ByteSource = {
    size: source.size,
    seekable: true,
    read(offset, length, wait) {
      check();
      return source.read(offset, length, wait);
    },
    ...(readInto && {
      readInto(offset: number, target: Uint8Array, wait?: WaitOptions) {
        check();
        return readInto(offset, target, wait);
      },
    }),
    slice: (offset, length) => sliceSource(checked, offset, length),
    close: () => source.close?.(),
  };
  return checked;
}

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

function rightMissing(right: string, license: UseLicense): SealwrightError {
  const ask = license.referrer ?? license.owner;
  return new SealwrightError(
    'ACCESS_DENIED',
    `${license.issuedTo} does not have the right ${right.toUpperCase()} (granted: ${license.rights.join(', ')}). Ask ${ask} for it.`,
    { rule: 'right-not-granted', right: right.toUpperCase(), referrer: ask },
  );
}
