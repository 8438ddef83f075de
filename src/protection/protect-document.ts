import { type ByteSink, type ByteSource, maxima, wipe, writtenBytes } from '../bytes/index.ts';
import { type CipherMode, type CipherModeName, cipherMode } from '../cipher/index.ts';
import type {
  AnyFormat,
  DocumentContents,
  DocumentFormat,
  DocumentPart,
  DocumentWriter,
  WrittenPart,
} from '../container/index.ts';
import { SealwrightError } from '../errors.ts';
import { containerLabels, readCarriedLabels } from '../label/index.ts';
import type { PublishedLicense } from '../licensing/index.ts';
import { chooseFormat, recogniseDocument } from './choose-format.ts';
import type { ProtectOptions } from './options.ts';
import { type ContainerLabels, protectedContent } from './protect-content.ts';
import type { ProtectedContent } from './protected-content.ts';
import { writtenStream } from './written-stream.ts';

/** A document to be protected part by part. */
export interface DocumentToProtect {
  readonly format: DocumentFormat;
  readonly document: object;
  readonly source: ByteSource;
}

/**
 * The cipher mode to ask the service for: what was `wanted`, or what the format prefers.
 * Throws `UNSUPPORTED_CIPHER_MODE` for one that the format cannot carry.
 */
export function carriedMode(
  format: AnyFormat,
  wanted: CipherModeName | undefined,
): CipherModeName | undefined {
  if (format.encrypts !== 'parts' || format.cipherModes === undefined) return wanted;
  if (wanted === undefined) return format.cipherModes[0];
  refuseMode(format, wanted);
  return wanted;
}

function refuseMode({ name, cipherModes }: DocumentFormat, wanted: string): void {
  if (cipherModes === undefined || cipherModes.some((mode) => mode === wanted)) return;
  throw new SealwrightError(
    'UNSUPPORTED_CIPHER_MODE',
    `The format ${name} cannot carry the cipher mode ${wanted}. Choose one of ${cipherModes.join(', ')}, or the format pfile.`,
  );
}

/** A document under a license that was published for it. `release` is called when it was taken or discarded. */
export function protectedDocument(
  toProtect: DocumentToProtect,
  labels: ContainerLabels,
  options: ProtectOptions,
  published: PublishedLicense,
  release: () => void,
): ProtectedContent {
  const { format } = toProtect;
  const mode = cipherMode(published.cipherMode);
  refuseMode(format, mode.name);
  const key = published.contentKey;
  const { name, formatVersion = format.version } = options;
  const partKeys: Uint8Array[] = [];
  let discarded = false;
  /** A wiped key would encrypt as well as any other, and everybody knows it. */
  const refuseDiscarded = (): void => {
    if (discarded)
      throw new SealwrightError(
        'INVALID_ARGUMENT',
        'The protected content was discarded before all of it was written. Call protect again.',
      );
  };
  /** A copy of the key for a part: content wipes its key when it was written, and that of the document has to last. */
  const ownKey = (): Uint8Array => {
    refuseDiscarded();
    const partKey = key.slice();
    partKeys.push(partKey);
    return partKey;
  };
  const writer = documentWriter(toProtect, labels, options, { published, mode, key, ownKey }, 0);
  let taken = false;

  const discard = (): void => {
    taken = true;
    discarded = true;
    wipe(key);
    for (const partKey of partKeys) wipe(partKey);
    release();
  };
  const take = (): void => {
    if (taken)
      throw new SealwrightError(
        'INVALID_ARGUMENT',
        'The protected content was taken already and its key is wiped. Call protect again.',
      );
    taken = true;
  };
  const content: ProtectedContent = {
    name: name === undefined ? undefined : format.protectedName(name),
    format: format.name,
    formatVersion,
    cipherMode: mode.name,
    contentId: published.contentId,
    owner: published.owner,
    publishingLicense: published.publishingLicense,
    size: writer.size,
    stream: (transfer) => writtenStream((sink) => content.writeTo(sink, transfer), discard),
    bytes: (transfer) => writtenBytes((sink) => content.writeTo(sink, transfer)),
    async writeTo(sink, transfer) {
      take();
      try {
        const admitted: ByteSink = {
          write(bytes, wait) {
            refuseDiscarded();
            return sink.write(bytes, wait);
          },
        };
        return await writer.writeTo(admitted, { signal: options.signal, ...transfer });
      } finally {
        discard();
      }
    },
    discard,
  };
  return Object.freeze(content);
}

/** What the parts of a document have in common: its license, and the key in as many copies as they take. */
interface SharedLicense {
  readonly published: PublishedLicense;
  readonly mode: CipherMode;
  readonly key: Uint8Array;
  readonly ownKey: () => Uint8Array;
}

/**
 * What writes a document as often as it is asked to, until the key is wiped.
 *
 * @param depth documents that it travels in; what is attached deeper than `maxima.mailDepth` stays as it is
 */
function documentWriter(
  { format, document, source }: DocumentToProtect,
  labels: ContainerLabels,
  options: ProtectOptions,
  license: SharedLicense,
  depth: number,
): DocumentWriter {
  const { backend, name, settings = {}, formatVersion = format.version } = options;
  const contents: DocumentContents = {
    ...labels,
    publishingLicense: license.published.publishingLicense,
    name,
    formatVersion,
    settings,
    protectPart:
      settings.mail?.protectAttachments === false || depth >= maxima.mailDepth
        ? undefined
        : (part, wait) => protectedPart(part, { ...options, ...wait }, license, depth + 1),
  };
  return format.protect(document, source, contents, { mode: license.mode, key: license.key, backend });
}

/**
 * An attachment under the license of the document it travels in, where its kind has a protected format of its own. It can
 * be written more than once: sizes stand in front of contents, and some are known only when everything was written.
 */
async function protectedPart(
  { name, source }: DocumentPart,
  options: ProtectOptions,
  license: SharedLicense,
  depth: number,
): Promise<WrittenPart | undefined> {
  // What was chosen for the message is not meant for what travels in it.
  const settings = { ...options, name, format: undefined, formatVersion: undefined, metadata: undefined };
  const start = await recogniseDocument(source, settings);
  if (start.recognition?.kind !== 'plain') return undefined;
  const chosen = await chooseFormat(start, settings).catch((error: unknown) => {
    // A signed PDF, say: it stays as it is within the message. A source that fails, or an end that was asked for, is passed on.
    if (error instanceof SealwrightError && error.code !== 'IO_FAILED') return undefined;
    throw error;
  });
  const format = chosen?.format;
  if (chosen === undefined || format === undefined || format.name === 'pfile') return undefined;
  const labels = containerLabels(format.name, await readCarriedLabels(source, { ...start, ...options }));
  if (format.encrypts === 'content') {
    const prepare = (): ProtectedContent => {
      const published = { ...license.published, contentKey: license.ownKey() };
      return protectedContent({ ...chosen, format }, labels, settings, published, () => undefined);
    };
    const first = prepare();
    first.discard();
    return {
      name: first.name,
      size: first.size,
      writeTo: (sink, transfer) => prepare().writeTo(sink, transfer),
    };
  }
  if (format.cipherModes?.every((mode) => mode !== license.mode.name)) return undefined;
  const { size, writeTo } = documentWriter({ ...chosen, format }, labels, settings, license, depth);
  return { name: name === undefined ? undefined : format.protectedName(name), size, writeTo };
}
