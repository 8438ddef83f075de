import { type ContentInput, sourceOf, wipe } from '../bytes/index.ts';
import { cipherMode, type SegmentEncryptor } from '../cipher/index.ts';
import { type ContainerContents, type ContainerHeader, extensionOf } from '../container/index.ts';
import { SealwrightError } from '../errors.ts';
import { containerLabels, type LabelMetadata, readCarriedLabels } from '../label/index.ts';
import type { PublishedLicense, PublishRequest } from '../licensing/index.ts';
import { definePolicy } from '../rights/index.ts';
import { type ChosenFormat, chooseFormat, recogniseDocument, refuseProtected } from './choose-format.ts';
import type { ContentJourney } from './content-carrier.ts';
import { encryptingTransform, filledLength, refuseUnpaddable } from './content-transform.ts';
import type { ProtectOptions } from './options.ts';
import type { ProtectedContent } from './protected-content.ts';
import { carrierHere, type PumpedContent, pumpStream } from './pump.ts';
import { type Weave, weave, wovenSink, writeAll } from './weave.ts';
import { smallLength, writeAtOnce } from './write-at-once.ts';

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
    const start = await recogniseDocument(given, options);
    refuseProtected(start, options.name);
    return await protectChosen(await chooseFormat(start, options), options, release);
  } catch (error) {
    release();
    throw error;
  }
}

/**
 * {@link protect} for a document whose format is chosen and that is known to be plaintext.
 *
 * @param statedLabels labels for content of a kind that keeps none itself
 */
export async function protectChosen(
  chosen: ChosenFormat,
  options: ProtectOptions,
  release: () => void = () => undefined,
  statedLabels: readonly LabelMetadata[] = [],
): Promise<ProtectedContent> {
  const labels = await labelsFor(chosen, options, statedLabels);
  const published = await options.service.publish(publishRequest(options), options);
  try {
    return protectedContent(chosen, labels, options, published, release);
  } catch (error) {
    wipe(published.contentKey);
    throw error;
  }
}

type ContainerLabels = Pick<ContainerContents, 'metadata' | 'labelProperties'>;

/** What the container states of labels: what it is told to, else what the document states, else `stated`. */
async function labelsFor(
  { format, source, head, recognition }: ChosenFormat,
  { metadata, signal }: ProtectOptions,
  stated: readonly LabelMetadata[],
): Promise<ContainerLabels> {
  if (metadata !== undefined) return { metadata };
  const inside = await readCarriedLabels(source, { head, recognition, signal });
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
      preamble: encryptor.preamble,
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
        const taken = await take();
        const small = smallLength(content.size, header);
        if (small !== undefined) return await writeAtOnce(source, taken, small, sink, wait);
        const { transform, prefix, woven, preamble } = taken;
        await writeAll(sink, prefix, wait);
        const journey: ContentJourney = {
          source,
          transform,
          // With nothing to insert, the content is one run in the file.
          sink: header.insertions?.length ? wovenSink(sink, woven) : sink,
          cipher:
            options.backend !== undefined
              ? undefined
              : {
                  direction: 'encrypt',
                  cipherMode: mode.name,
                  key,
                  preamble,
                  binding: header.binding,
                  fillTo,
                  statedSize: undefined,
                  filling: 0,
                },
        };
        const length = await (options.carrier ?? carrierHere).carry(journey, wait);
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
  readonly preamble: Uint8Array;
}

/** Bytes of the container around and within the content. */
const surroundings = ({ bytes, insertions = [], trailer }: ContainerHeader): number =>
  bytes.length +
  insertions.reduce((sum, insertion) => sum + insertion.bytes.length, 0) +
  (trailer?.length ?? 0);
