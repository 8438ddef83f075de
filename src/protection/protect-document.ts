import { type ByteSource, wipe, writtenBytes } from '../bytes/index.ts';
import { type CipherMode, type CipherModeName, cipherMode } from '../cipher/index.ts';
import type {
  AnyFormat,
  DocumentContents,
  DocumentFormat,
  DocumentPart,
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
  { format, document, source }: DocumentToProtect,
  labels: ContainerLabels,
  options: ProtectOptions,
  published: PublishedLicense,
  release: () => void,
): ProtectedContent {
  const mode = cipherMode(published.cipherMode);
  refuseMode(format, mode.name);
  const key = published.contentKey;
  const { backend, name, settings = {}, formatVersion = format.version } = options;
  const contents: DocumentContents = {
    ...labels,
    publishingLicense: published.publishingLicense,
    name,
    formatVersion,
    settings,
    protectPart:
      settings.mail?.protectAttachments === false
        ? undefined
        : (part, wait) => protectedPart(part, mode, { ...options, ...wait }, ownKey()),
  };
  const partKeys: Uint8Array[] = [];
  /** The license for a part: with it, its key is wiped, and that of the document has to last. */
  const ownKey = (): PublishedLicense => {
    const contentKey = key.slice();
    partKeys.push(contentKey);
    return { ...published, contentKey };
  };
  const writer = format.protect(document, source, contents, { mode, key, backend });
  let taken = false;

  const discard = (): void => {
    taken = true;
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
        return await writer.writeTo(sink, { signal: options.signal, ...transfer });
      } finally {
        discard();
      }
    },
    discard,
  };
  return Object.freeze(content);
}

/** An attachment under the license of the document it travels in, where its kind has a protected format of its own. */
async function protectedPart(
  { name, source }: DocumentPart,
  mode: CipherMode,
  options: ProtectOptions,
  license: PublishedLicense,
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
  if (format.encrypts === 'content')
    return partOf(protectedContent({ ...chosen, format }, labels, settings, license, () => undefined));
  if (format.cipherModes?.every((name) => name !== mode.name)) return undefined;
  return partOf(protectedDocument({ ...chosen, format }, labels, settings, license, () => undefined));
}

const partOf = ({ name, size, writeTo }: ProtectedContent): WrittenPart => ({ name, size, writeTo });
