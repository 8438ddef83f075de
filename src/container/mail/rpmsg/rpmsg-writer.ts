import { type ByteSink, type ByteSource, ByteWriter } from '../../../bytes/index.ts';
import { SealwrightError } from '../../../errors.ts';
import { layoutCompoundFile } from '../../compound-file/layout.ts';
import type { CompoundFileLayout } from '../../compound-file/new-compound-file.ts';
import type {
  DocumentTransferOptions,
  DocumentWriter,
  PartCipher,
  WrittenPart,
} from '../../document-format.ts';
import { fillTo } from '../../office/cipher-mode-for.ts';
import { dataSpaceEntries } from '../../office/data-space-entries.ts';
import { binaryNames } from '../../office/data-spaces/names.ts';
import type { StoredUseLicense } from '../../office/office-container.ts';
import { sizePrefixLength } from '../../office/read.ts';
import { storedLicense } from '../../office/stored-license.ts';
import type { FileAttachment, MailMessage } from '../mail-message.ts';
import { rpmsgBinding } from './binding.ts';
import { encryptingSink } from './encrypting-sink.ts';
import { envelopeSink } from './envelope/envelope-sink.ts';
import { type ContentLayout, contentLayout } from './inside/content-layout.ts';
import { piecesWriter } from './pieces-writer.ts';

/** What a `message.rpmsg` is written from, besides the message. */
export interface RpmsgContents {
  readonly publishingLicense: Uint8Array;
  /** LabelInfo that stays readable. */
  readonly metadata?: Uint8Array | undefined;
  /** Use licenses to keep in the file. */
  readonly useLicenses?: readonly StoredUseLicense[] | undefined;
  /** Attachments that are protected themselves: they are written in the place of what the message has. */
  readonly protectedParts?: ReadonlyMap<FileAttachment, WrittenPart> | undefined;
  /** `false` leaves out what only we keep: the original's structure and facts the format has no place for. */
  readonly supplement?: boolean | undefined;
  /** Random bytes for an authenticated mode; only vectors pass their own. */
  readonly randomBytes?: ((length: number) => Uint8Array) | undefined;
}

/**
 * Prepares a `message.rpmsg` of a message's body and attachments (spec/mail.md, "Envelope" to "Attachments"). It is
 * written from its first byte to its last; memory does not grow with the attachments.
 *
 * @param message bodies and attachments are sources of known size, and stay open until it is written
 * @param cipher mode and key; the key is used while it is written, and belongs to the caller
 * @returns the writer; the size is not known before, because the envelope is packed. `writeTo` throws
 * `INVALID_ARGUMENT`, `LIMIT_EXCEEDED`, `MALFORMED_LICENSE`, and what the sources throw
 *
 * @example
 * ```ts
 * const writer = rpmsgWriter(message, { publishingLicense }, { mode: cipherMode('MICROSOFT.CBC4K'), key });
 * await writer.writeTo(sink);
 * ```
 */
export function rpmsgWriter(
  message: MailMessage,
  contents: RpmsgContents,
  cipher: PartCipher,
): DocumentWriter {
  return Object.freeze({
    size: undefined,
    async writeTo(sink: ByteSink, options: DocumentTransferOptions = {}): Promise<number> {
      const { layout, pushed } = await contentLayout(message, contents, options);
      const outer = outerLayout(layout, contents, cipher);
      const envelope = envelopeSink(sink);
      const writeOuter = piecesWriter(envelope, new Map(), options);
      for (const piece of outer.layout.pieces) {
        if ('pendingOffset' in piece) {
          if (piece.pendingOffset > 0) throw new SealwrightError('LIMIT_EXCEEDED', tooLarge);
          await envelope.write(outer.prefix, options);
          await writeContent(layout, pushed, outer, { contents, cipher, sink: envelope, options });
        } else await writeOuter(piece);
      }
      return envelope.end(options);
    },
  });
}

const tooLarge =
  'The message is too large: at most 2 GB of body and attachments can be protected in one. Send large files apart.';

interface OuterLayout {
  readonly layout: CompoundFileLayout;
  /** The size in front of the content. */
  readonly prefix: Uint8Array;
  /** Zeros behind the plain content. */
  readonly filling: number;
  readonly binding: Uint8Array;
}

function outerLayout(
  content: CompoundFileLayout,
  { publishingLicense, metadata, useLicenses }: RpmsgContents,
  { mode }: PartCipher,
): OuterLayout {
  const license = storedLicense(publishingLicense);
  const unit = fillTo(mode);
  const filled = Math.ceil(content.size / unit) * unit;
  const dataSpaces = dataSpaceEntries({
    names: binaryNames,
    license,
    labelInfo: metadata ?? new Uint8Array(0),
    useLicenses: useLicenses ?? [],
  });
  const pendingSize = sizePrefixLength + mode.encryptedLength(filled);
  const layout = layoutCompoundFile({
    entries: [dataSpaces, { kind: 'stream', name: binaryNames.content, content: { pendingSize } }],
  });
  return {
    layout,
    prefix: new ByteWriter().uint64(BigInt(content.size)).toBytes(),
    filling: filled - content.size,
    binding: rpmsgBinding(license),
  };
}

interface ContentWriting {
  readonly contents: RpmsgContents;
  readonly cipher: PartCipher;
  readonly sink: ByteSink;
  readonly options: DocumentTransferOptions;
}

async function writeContent(
  layout: CompoundFileLayout,
  pushed: ContentLayout['pushed'],
  { binding, filling }: OuterLayout,
  { contents, cipher, sink, options }: ContentWriting,
): Promise<void> {
  const encrypting = await encryptingSink(cipher, binding, layout.size + filling, sink, contents.randomBytes);
  try {
    const write = piecesWriter(encrypting, pushed, options, layout.size);
    for (const piece of layout.pieces) await write(piece as ByteSource);
    await encrypting.write(new Uint8Array(filling), options);
    await encrypting.end(options);
  } finally {
    encrypting.wipe();
  }
}
