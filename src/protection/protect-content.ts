import type { ByteSource } from '../bytes/index.ts';
import { wipe } from '../bytes/index.ts';
import { cipherMode, type SegmentEncryptor } from '../cipher/index.ts';
import {
  type ContainerContents,
  type ContainerFormat,
  type ContainerHeader,
  extensionOf,
} from '../container/index.ts';
import { SealwrightError } from '../errors.ts';
import type { PublishedLicense } from '../licensing/index.ts';
import type { ContentJourney } from './content-carrier.ts';
import { encryptingTransform, filledLength, refuseUnpaddable } from './content-transform.ts';
import type { ProtectOptions } from './options.ts';
import type { ProtectedContent } from './protected-content.ts';
import { carrierHere, type PumpedContent, pumpStream } from './pump.ts';
import { type Weave, weave, wovenSink, writeAll } from './weave.ts';
import { smallLength, writeAtOnce } from './write-at-once.ts';

/** What a container states of labels. */
export type ContainerLabels = Pick<ContainerContents, 'metadata' | 'labelProperties'>;

/** A document to be protected in a format of one run of content. */
export interface ContentToProtect {
  readonly format: ContainerFormat;
  readonly document: object;
  readonly source: ByteSource;
}

/** Content under a license that was published for it. `release` is called when it was taken or discarded. */
export function protectedContent(
  { format, document, source }: ContentToProtect,
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
  const refuseDiscarded = (): void => {
    if (discarded)
      throw new SealwrightError(
        'INVALID_ARGUMENT',
        'The protected content was discarded before it was written. Call protect again.',
      );
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
    if (discarded) encryptor.wipe();
    refuseDiscarded();
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
          // A wiped key would encrypt as well as any other, and everybody knows it.
          admit: refuseDiscarded,
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
