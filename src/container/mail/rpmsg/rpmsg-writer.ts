import { type ByteSink, type ByteSource, ByteWriter, type WaitOptions } from '../../../bytes/index.ts';
import { SealwrightError } from '../../../errors.ts';
import { layoutCompoundFile } from '../../compound-file/layout.ts';
import type { PendingPiece } from '../../compound-file/new-compound-file.ts';
import type { DocumentTransferOptions, DocumentWriter, PartCipher } from '../../document-format.ts';
import { fillTo } from '../../office/cipher-mode-for.ts';
import { dataSpaceEntries } from '../../office/data-space-entries.ts';
import { binaryNames } from '../../office/data-spaces/names.ts';
import type { StoredUseLicense } from '../../office/office-container.ts';
import { sizePrefixLength } from '../../office/read.ts';
import { storedLicense } from '../../office/stored-license.ts';
import type { FileAttachment, MailMessage } from '../mail-message.ts';
import type { SizedPart } from '../sized-writer.ts';
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
  readonly protectedParts?: ReadonlyMap<FileAttachment, SizedPart> | undefined;
  /** `false` leaves out what only we keep: the original's structure and facts the format has no place for. */
  readonly supplement?: boolean | undefined;
  /** Random bytes for an authenticated mode; only vectors pass their own. */
  readonly randomBytes?: ((length: number) => Uint8Array) | undefined;
}

/** Writes a `message.rpmsg`. It can be written more than once; sizes do not change, encrypted bytes may. */
export interface RpmsgWriter extends DocumentWriter {
  /** Finds out how many bytes it will have, without encrypting any. Throws as `writeTo`. */
  measure(options?: WaitOptions): Promise<number>;
}

/**
 * Prepares a `message.rpmsg` of a message's body and attachments (spec/mail.md, "Envelope" to "Attachments"). It is
 * written from its first byte to its last; memory does not grow with the attachments.
 *
 * @param message bodies and attachments are sources of known size, and stay open until it is written
 * @param cipher mode and key; the key is used while it is written, and belongs to the caller
 * @returns the writer; its size is known after it was measured, because the envelope is packed. `writeTo` throws
 * `INVALID_ARGUMENT`, `LIMIT_EXCEEDED`, `MALFORMED_LICENSE`, and what the sources throw
 *
 * @example
 * ```ts
 * const writer = rpmsgWriter(message, { publishingLicense }, { mode: cipherMode('MICROSOFT.CBC4K'), key });
 * await writer.writeTo(sink);
 * ```
 */
export function rpmsgWriter(message: MailMessage, contents: RpmsgContents, cipher: PartCipher): RpmsgWriter {
  let layouts: Promise<Layouts> | undefined;

  function layout(options: WaitOptions | undefined): Promise<Layouts> {
    layouts ??= layOut(message, contents, cipher, options);
    layouts.catch(() => {
      layouts = undefined; // a source may answer the next time
    });
    return layouts;
  }

  return Object.freeze({
    size: undefined,
    async measure(options?: WaitOptions): Promise<number> {
      const { before, behind } = await layout(options);
      const envelope = envelopeSink({ write: () => undefined });
      await writePieces(before, envelope, options);
      return envelope.sizeWith(
        sum(behind.map((piece) => ('length' in piece ? piece.length : piece.size) ?? 0)),
      );
    },
    async writeTo(sink: ByteSink, options: DocumentTransferOptions = {}): Promise<number> {
      const { before, behind, inner, prefix, filling, binding } = await layout(options);
      const envelope = envelopeSink(sink);
      await writePieces(before, envelope, options);
      for (const piece of behind)
        if ('read' in piece) await writePieces([piece], envelope.encrypted, options);
        else {
          await envelope.encrypted.write(prefix, options);
          const size = inner.layout.size + filling;
          const encrypting = await encryptingSink(
            cipher,
            binding,
            size,
            envelope.encrypted,
            contents.randomBytes,
          );
          try {
            const write = piecesWriter(encrypting, inner.pushed, options, inner.layout.size);
            for (const each of inner.layout.pieces) await write(each);
            await encrypting.write(new Uint8Array(filling), options);
            await encrypting.end(options);
          } finally {
            encrypting.wipe();
          }
        }
      return envelope.end(options);
    },
  });
}

async function writePieces(
  pieces: readonly ByteSource[],
  sink: ByteSink,
  options: WaitOptions | undefined,
): Promise<void> {
  const write = piecesWriter(sink, new Map(), { signal: options?.signal });
  for (const piece of pieces) await write(piece);
}

/** Where everything goes. */
interface Layouts {
  /** The compound file inside. */
  readonly inner: ContentLayout;
  /** The pieces of the one around it up to the content. */
  readonly before: readonly ByteSource[];
  /** Its content and what fills it up. All of that is stored, not packed: then the size does not depend on how it is encrypted. */
  readonly behind: readonly (ByteSource | PendingPiece)[];
  /** The size in front of the content. */
  readonly prefix: Uint8Array;
  /** Zeros behind the plain content. */
  readonly filling: number;
  readonly binding: Uint8Array;
}

async function layOut(
  message: MailMessage,
  contents: RpmsgContents,
  { mode }: PartCipher,
  options: WaitOptions = {},
): Promise<Layouts> {
  const inner = await contentLayout(message, contents, options);
  const { size } = inner.layout;
  const license = storedLicense(contents.publishingLicense);
  const unit = fillTo(mode);
  const filled = Math.ceil(size / unit) * unit;
  const dataSpaces = dataSpaceEntries({
    names: binaryNames,
    license,
    labelInfo: contents.metadata ?? new Uint8Array(0),
    useLicenses: contents.useLicenses ?? [],
  });
  const pendingSize = sizePrefixLength + mode.encryptedLength(filled);
  const { pieces } = layoutCompoundFile({
    entries: [dataSpaces, { kind: 'stream', name: binaryNames.content, content: { pendingSize } }],
  });
  const at = pieces.findIndex((piece) => 'pendingOffset' in piece);
  const behind = pieces.slice(at);
  // Beyond 2 GiB there is a sector that belongs to nothing.
  if (behind.filter((piece) => 'pendingOffset' in piece).length > 1)
    throw new SealwrightError('LIMIT_EXCEEDED', tooLarge);
  return {
    inner,
    before: pieces.slice(0, at) as readonly ByteSource[],
    behind,
    prefix: new ByteWriter().uint64(BigInt(size)).toBytes(),
    filling: filled - size,
    binding: rpmsgBinding(license),
  };
}

const tooLarge =
  'The message is too large: at most 2 GB of body and attachments can be protected in one. Send large files apart.';

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
