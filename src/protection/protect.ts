import { type ByteSource, type ContentInput, sourceOf, wipe } from '../bytes/index.ts';
import { cipherMode, type SegmentEncryptor } from '../cipher/index.ts';
import {
  type ContainerContents,
  type ContainerHeader,
  detectionBytes,
  extensionOf,
  recognise,
} from '../container/index.ts';
import { SealwrightError } from '../errors.ts';
import { containerLabels, type LabelMetadata, readCarriedLabels } from '../label/index.ts';
import type { PublishedLicense, PublishRequest } from '../licensing/index.ts';
import { definePolicy } from '../rights/index.ts';
import { type ChosenFormat, chooseFormat, readableDocument } from './choose-format.ts';
import { encryptingTransform, filledLength, refuseUnpaddable } from './content-transform.ts';
import type { ProtectOptions } from './options.ts';
import type { ProtectedContent } from './protected-content.ts';
import { type PumpedContent, pump, pumpStream } from './pump.ts';
import { type Weave, weave, wovenSink, writeAll } from './weave.ts';

/**
 * Encrypts content under a policy or a template and makes the policy travel with it.
 *
 * Asks the service for a publishing license; the content itself never leaves. Without further options the
 * service chooses the cipher mode: our own authority chooses `SEALWRIGHT.GCM64K`, which detects tampering;
 * `interop: 'microsoft'` asks for `MICROSOFT.CBC4K`, which does not.
 *
 * @param input bytes, a Blob, a Web Stream, or a ByteSource; a stream needs no known length
 * @param options the service, a policy or template, the file's name
 * @returns the protected file, encrypted while you take it, once
 * @throws `ALREADY_PROTECTED`, `INVALID_ARGUMENT`, `TEMPLATE_NOT_FOUND`, `ACCESS_DENIED`, `UNSUPPORTED_CIPHER_MODE`
 * @see spec/architecture.md, "Protect"; spec/pfile.md
 *
 * @example
 * ```ts
 * import { protect } from 'sealwright';
 * const file = await protect(new TextEncoder().encode('Hello'), {
 *   service: authority.as('alice@contoso.com'),
 *   policy: { grants: [{ to: 'bob@contoso.com', rights: ['VIEW', 'PRINT'] }] },
 *   name: 'report.txt',
 * });
 * const bytes = await file.bytes(); // store them as file.name, 'report.ptxt'
 * ```
 */
export async function protect(input: ContentInput, options: ProtectOptions): Promise<ProtectedContent> {
  const given = sourceOf(input);
  // A stream that was handed in is ours to end; what else holds a source closes it.
  const release = given === input ? () => undefined : () => void given.close?.();
  try {
    const source = await readableDocument(given, options);
    await refuseProtected(source, options);
    return await protectSource(source, options, release);
  } catch (error) {
    release();
    throw error;
  }
}

/**
 * {@link protect} for content that is known to be plaintext.
 *
 * @param statedLabels labels for content of a kind that keeps none itself
 * @param anyName whether the content alone may decide that it can have the format, whatever it is named
 */
export async function protectSource(
  source: ByteSource,
  options: ProtectOptions,
  release: () => void = () => undefined,
  statedLabels: readonly LabelMetadata[] = [],
  anyName = false,
): Promise<ProtectedContent> {
  const chosen = await chooseFormat(source, options).catch((error: unknown) => {
    if (!anyName || options.name === undefined) throw error;
    return chooseFormat(source, { ...options, name: undefined });
  });
  const labels = await labelsFor(chosen, options, statedLabels);
  const published = await options.service.publish(publishRequest(options), options);
  try {
    return protectedContent(chosen, labels, options, published, release);
  } catch (error) {
    wipe(published.contentKey);
    throw error;
  }
}

async function refuseProtected(source: ByteSource, options: ProtectOptions): Promise<void> {
  const head = new Uint8Array(await source.read(0, detectionBytes, options));
  const { kind } = await recognise(head, source.seekable ? source : undefined, options);
  if (protectedKinds.has(kind))
    throw new SealwrightError(
      'ALREADY_PROTECTED',
      `${options.name === undefined ? 'The content' : `"${options.name}"`} is protected already. Use reprotect to give it another policy.`,
    );
}

/** What is protected already, by us or in a format of its own, is not wrapped once more. */
const protectedKinds: ReadonlySet<string> = new Set(['pfile', 'office', 'pdf-rights-managed', 'rpmsg']);

type ContainerLabels = Pick<ContainerContents, 'metadata' | 'labelProperties'>;

/** What the container states of labels: what it is told to, else what the document states, else `stated`. */
async function labelsFor(
  { format, source }: ChosenFormat,
  { metadata, signal }: ProtectOptions,
  stated: readonly LabelMetadata[],
): Promise<ContainerLabels> {
  if (metadata !== undefined) return { metadata };
  const inside = await readCarriedLabels(source, { signal });
  const carried =
    inside.labels.length > 0 ? inside : { labelInfo: undefined, properties: stated, labels: stated };
  return containerLabels(format.name, carried);
}

function publishRequest(options: ProtectOptions): PublishRequest {
  const { policy, template, owner, name, interop } = options;
  if ((policy === undefined) === (template === undefined))
    throw new SealwrightError(
      'INVALID_ARGUMENT',
      'Give either a policy or the id of a template, and not both.',
    );
  const shared = {
    cipherMode: options.cipherMode ?? (interop === 'microsoft' ? 'MICROSOFT.CBC4K' : undefined),
    owner,
    contentName: name,
  };
  return policy === undefined
    ? { ...shared, templateId: template as string }
    : { ...shared, policy: definePolicy(policy) };
}

function protectedContent(
  { format, document, source }: ChosenFormat,
  labels: ContainerLabels,
  options: ProtectOptions,
  published: PublishedLicense,
  release: () => void,
): ProtectedContent {
  const mode = cipherMode(published.cipherMode);
  const fillTo = format.fillTo(mode);
  const { size } = source;
  if (format.needsRandomAccess) refuseUnpaddable(mode, size);
  const contentSize = size === undefined ? undefined : mode.encryptedLength(filledLength(size, fillTo));
  const header = format.header({
    document,
    contentSize,
    publishingLicense: published.publishingLicense,
    originalExtension: options.name === undefined ? '' : extensionOf(options.name),
    ...labels,
    originalSize: size,
    formatVersion: options.formatVersion,
  });
  const key = published.contentKey;
  let taken = false;
  let discarded = false;
  let encryptor: SegmentEncryptor | undefined;

  const discard = (): void => {
    taken = true;
    discarded = true;
    encryptor?.wipe();
    wipe(key);
    release();
  };
  async function take(): Promise<WovenContent> {
    if (taken)
      throw new SealwrightError(
        'INVALID_ARGUMENT',
        'The protected content was taken already and its key is wiped. Call protect again.',
      );
    taken = true;
    const woven = weave(header);
    encryptor = await mode.encryptor(key, { binding: header.binding, backend: options.backend });
    if (discarded) {
      encryptor.wipe();
      throw new SealwrightError(
        'INVALID_ARGUMENT',
        'The protected content was discarded before it was written. Call protect again.',
      );
    }
    return {
      transform: encryptingTransform(mode, encryptor, fillTo),
      // The preamble is content; nothing of the container's stands that early in it.
      prefix: [header.bytes, ...woven.next(encryptor.preamble)],
      woven,
    };
  }

  const content: ProtectedContent = {
    name: options.name === undefined ? undefined : format.protectedName(options.name),
    format: format.name,
    formatVersion: header.formatVersion,
    cipherMode: mode.name,
    contentId: published.contentId,
    owner: published.owner,
    publishingLicense: published.publishingLicense,
    size: contentSize === undefined ? undefined : contentSize + surroundings(header),
    stream(transfer) {
      refuseUnpaddable(mode, size);
      return pumpStream(source, take, discard, { signal: options.signal, ...transfer });
    },
    async bytes(transfer) {
      return new Uint8Array(
        await new Response(content.stream(transfer) as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer(),
      );
    },
    async writeTo(sink, transfer) {
      const sizeLater =
        size === undefined && sink.writeAt !== undefined ? header.originalSizeField : undefined;
      if (sizeLater === undefined) refuseUnpaddable(mode, size);
      const wait = { signal: options.signal, ...transfer };
      try {
        const { transform, prefix, woven } = await take();
        await writeAll(sink, prefix, wait);
        const length = await pump(source, transform, wovenSink(sink, woven), wait);
        await writeAll(sink, woven.end(), wait);
        if (sizeLater !== undefined)
          await sink.writeAt?.(sizeLater.offset, sizeLater.encode(source.size ?? 0), wait);
        return surroundings(header) + mode.preambleLength + length;
      } finally {
        discard();
      }
    },
    discard,
  };
  return Object.freeze(content);
}

/** What is pumped, and what the container puts among it. */
interface WovenContent extends PumpedContent {
  readonly woven: Weave;
}

/** Bytes of the container around and within the content. */
const surroundings = ({ bytes, insertions = [], trailer }: ContainerHeader): number =>
  bytes.length +
  insertions.reduce((sum, insertion) => sum + insertion.bytes.length, 0) +
  (trailer?.length ?? 0);
