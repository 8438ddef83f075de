import { type ByteSource, type WaitOptions, zeroSource } from '../../../../bytes/index.ts';
import { SealwrightError } from '../../../../errors.ts';
import type { CompoundStorage, CompoundStream } from '../../../compound-file/compound-file.ts';
import type { NewStorage, NewStream } from '../../../compound-file/new-compound-file.ts';
import type { FileAttachment, MailAttachment, MailMessage } from '../../mail-message.ts';
import { mapiEntries } from '../../msg/index.ts';
import type { SizedPart } from '../../sized-writer.ts';
import {
  attachmentPrefix,
  attachmentsInfoStream,
  attachmentsStorage,
  contentsStream,
  descriptionStream,
  embeddedStorage,
  iconStream,
  objectStorage,
} from '../names.ts';
import type { PushedPieces } from '../pieces-writer.ts';
import { ansiCodePage } from './ansi-code-page.ts';
import { attachMethods, serializeDescription } from './attachment-description.ts';
import { attachmentsInfo, extensionOf, shortName } from './attachment-names.ts';

/** The storage of all attachments, and what writes itself in it. */
export interface AttachmentEntries {
  /** None where the message has no attachments. */
  readonly storages: readonly NewStorage[];
  /** By the source that keeps its place. */
  readonly pushed: PushedPieces;
}

/** Lays out the attachments of a message (spec/mail.md, "Attachments"). Throws `INVALID_ARGUMENT`, `LIMIT_EXCEEDED`. */
export async function attachmentEntries(
  { attachments, body }: MailMessage,
  protectedParts: ReadonlyMap<FileAttachment, SizedPart> | undefined,
  options?: WaitOptions,
): Promise<AttachmentEntries> {
  const pushed = new Map<ByteSource, SizedPart>();
  if (attachments.length === 0) return { storages: [], pushed };
  const codePage = ansiCodePage(body?.codePage);
  const entries: (NewStorage | NewStream)[] = [
    stream(attachmentsInfoStream, attachmentsInfo(attachments.length, body?.native === 'rtf')),
  ];
  for (const [number, attachment] of attachments.entries()) {
    const part = attachment.kind === 'file' ? protectedParts?.get(attachment) : undefined;
    const name = part === undefined ? attachment.name : (part.name ?? attachment.name);
    const content = part === undefined ? await contentOf(attachment, options) : placeOf(part, pushed);
    entries.push({
      kind: 'storage',
      name: `${attachmentPrefix}${number}`,
      ...(attachment.kind === 'storage' && { classId: attachment.storage.classId }),
      entries: [stream(descriptionStream, describe(attachment, name, codePage)), ...content],
    });
  }
  return { storages: [{ kind: 'storage', name: attachmentsStorage, entries }], pushed };
}

const stream = (name: string, content: Uint8Array | ByteSource): NewStream => ({
  kind: 'stream',
  name,
  content,
});

const methods = {
  file: attachMethods.byValue,
  message: attachMethods.embeddedMessage,
  storage: attachMethods.storage,
} as const;

function describe(attachment: MailAttachment, name: string | undefined, codePage: number): Uint8Array {
  const { kind, contentId, contentLocation, created, modified } = attachment;
  const isFile = kind === 'file' && name !== undefined && name !== '';
  return serializeDescription(
    {
      method: methods[kind],
      created,
      modified,
      rendered: undefined,
      ...(name !== undefined && { displayName: name }),
      ...(isFile && { longFileName: name, fileName: shortName(name), extension: extensionOf(name) }),
      ...(contentId !== undefined && { contentId }),
      ...(contentLocation !== undefined && { contentLocation }),
    },
    codePage,
  );
}

async function contentOf(
  attachment: MailAttachment,
  options: WaitOptions | undefined,
): Promise<readonly (NewStorage | NewStream)[]> {
  switch (attachment.kind) {
    case 'file':
      return [stream(contentsStream, attachment.content)];
    case 'message':
      return [
        {
          kind: 'storage',
          name: embeddedStorage,
          entries: await mapiEntries(attachment.message, options),
        },
      ];
    case 'storage':
      return objectEntries(attachment.storage, attachment.open);
  }
}

const reserved = [descriptionStream, iconStream, contentsStream, embeddedStorage, objectStorage].map((name) =>
  name.toUpperCase(),
);

/** What an object holds, beside the description; in a storage of its own where names are the same. */
function objectEntries(
  storage: CompoundStorage,
  open: (stream: CompoundStream) => ByteSource,
): readonly (NewStorage | NewStream)[] {
  const entries = copiedEntries(storage, open);
  const collides = entries.some(({ name }) => reserved.includes(name.toUpperCase()));
  return collides ? [{ kind: 'storage', name: objectStorage, entries }] : entries;
}

/** No deeper than the directory that was read, which has a limit. */
function copiedEntries(
  storage: CompoundStorage,
  open: (stream: CompoundStream) => ByteSource,
): (NewStorage | NewStream)[] {
  return storage.entries.map((entry) => {
    if (entry.kind === 'stream') return stream(entry.name, open(entry));
    const { name, classId, stateBits, created, modified } = entry;
    return {
      kind: 'storage',
      name,
      classId,
      stateBits,
      created,
      modified,
      entries: copiedEntries(entry, open),
    };
  });
}

/** Keeps the place of a part that writes itself. */
function placeOf(part: SizedPart, pushed: Map<ByteSource, SizedPart>): readonly NewStream[] {
  const { size } = part;
  if (size > mostPushedBytes)
    throw new SealwrightError(
      'LIMIT_EXCEEDED',
      `A protected attachment has ${size} bytes; a message holds at most ${mostPushedBytes}. Send it apart.`,
    );
  const place = zeroSource(size);
  pushed.set(place, part);
  return [stream(contentsStream, place)];
}

/** Beyond 2 GiB a compound file has a sector within that belongs to nothing. */
const mostPushedBytes = 1024 ** 3;
